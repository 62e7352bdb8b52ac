"""Every request to the desk passes here: method, form token, account, headers and faults.

A fault is answered here, so that the answer has the desk's headers. Django's own answer would have
none, and its log line would hold the address of a tip.
"""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tips.handling import steps
from tips.keeping.present_keyring import keyring_fault_in_words
from tips.models import HandlerAccount, State, Tip
from tips.sealing.keyring import KeyringError

from . import sessions

logger = logging.getLogger(__name__)

# The script sends it when a person has caused the request, not the page by itself.
ACTIVE_HEADER = "X-Desk-Active"

# A view for handlers gets the user as its second argument; an open page does not.
DeskView = Callable[..., HttpResponseBase]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


class Stop(Exception):
    """Refuses the request; the text tells the one who asked why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class _Refusal(Protocol):
    def __call__(self, request: HttpRequest, status: int, text: str) -> HttpResponse: ...


# Returns the user to hand to the view, in a tuple that may be empty; raises to refuse.
_LetIn = Callable[[HttpRequest], tuple[HandlerAccount] | tuple[()]]


def page(*methods: str) -> Callable[[DeskView], DeskView]:
    """A page for handlers."""
    return _gate(methods, _page_refusal, _handler)


def open_page(*methods: str) -> Callable[[DeskView], DeskView]:
    """A page for those who have not logged in yet."""
    return _gate(methods, _page_refusal, _anybody)


def api(*methods: str) -> Callable[[DeskView], DeskView]:
    """An address that the page's script asks, and may ask by itself."""
    return _gate(methods, _api_refusal, _handler_or_their_page, _JSON)


def file(*methods: str) -> Callable[[DeskView], DeskView]:
    """A download of sealed octets, which a person has asked for."""
    return _gate(methods, _api_refusal, _handler)


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponseBase:
    """Answers 404 at an address that the desk does not have."""
    is_api = request.path.startswith(f"{reverse('desk:queue')}api/")
    refusal = _api_refusal if is_api else _page_refusal
    return _with_headers(refusal(request, 404, _("There is nothing at this address.")))


def refuse_unread(tip: Tip) -> None:
    """Sealed content is handed out only once the log says who opened the tip."""
    if tip.state == State.RECEIVED:
        raise Stop(409, _("Open the tip first."))


def _gate(
    methods: tuple[str, ...], refusal: _Refusal, let_in: _LetIn, content_type: str = _FORM
) -> Callable[[DeskView], DeskView]:
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def decorate(view: DeskView) -> DeskView:
        @csrf_exempt  # the check is made below, without Django's answer and log line
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                _check_method(request, allowed)
                user = let_in(request)
                _check_content(request, content_type)
                _check_token(request)
                response = view(request, *user, *args, **kwargs)
            except Exception as fault:
                response = _answer_to(fault, request, refusal)
                if response.status_code == 405:
                    response.headers["Allow"] = ", ".join(sorted(allowed))
            return _with_headers(response)

        return gated

    return decorate


def _handler(request: HttpRequest) -> tuple[HandlerAccount]:
    return (sessions.handler_of(request, keeps_awake=True),)


def _handler_or_their_page(request: HttpRequest) -> tuple[HandlerAccount]:
    """A page that asks by itself does not keep the session alive."""
    is_caused = request.method == "POST" or ACTIVE_HEADER in request.headers
    return (sessions.handler_of(request, keeps_awake=is_caused),)


def _anybody(request: HttpRequest) -> tuple[()]:
    return ()


def _answer_to(fault: Exception, request: HttpRequest, refusal: _Refusal) -> HttpResponse:
    match fault:
        case Stop():
            return refusal(request, fault.status, fault.text)
        case sessions.LoggedOut():
            if refusal is _page_refusal:
                return _to_login(request)
            return refusal(request, 401, _("You have been logged out. Log in again."))
        case Http404() | Tip.DoesNotExist():
            return refusal(request, 404, _("The tip does not exist, or has been purged."))
        case steps.Refused():
            return refusal(request, 400, str(fault))
        case KeyringError():
            return refusal(request, 503, keyring_fault_in_words(fault))
        case RequestDataTooBig():
            return refusal(request, 413, _("What was sent is too large."))
        case SuspiciousOperation() | UnreadablePostError():
            return refusal(request, 400, _("What was sent cannot be read."))
    # Where it went wrong, never with what: texts and values of faults may quote a tip's id.
    where = traceback.extract_tb(fault.__traceback__)[-1]
    logger.error(
        "%s in %s of %s, line %s",
        type(fault).__name__,
        where.name,
        Path(where.filename).name,
        where.lineno,
    )
    is_outage = isinstance(fault, (OperationalError, InterfaceError))
    response = refusal(
        request, 503 if is_outage else 500, _("Something went wrong with us. Try again in a while.")
    )
    if is_outage:
        response.headers["Retry-After"] = "30"
    return response


def _to_login(request: HttpRequest) -> HttpResponse:
    address = reverse("desk:log_in")
    if request.method in ("GET", "HEAD") and request.path != reverse("desk:queue"):
        address += f"?nasta={request.path}"
    return HttpResponseRedirect(address)


def _page_refusal(request: HttpRequest, status: int, text: str) -> HttpResponse:
    try:
        return render(request, "tips/desk/refused.html", {"text": text}, status=status)
    except Exception:
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _api_refusal(request: HttpRequest, status: int, text: str) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)


def _check_method(request: HttpRequest, allowed: set[str]) -> None:
    if request.method not in allowed:
        raise Stop(405, _("That is not possible here."))


def _check_content(request: HttpRequest, content_type: str) -> None:
    """Refuses other types, such as a form with a file, which Django would write to the disk."""
    has_content = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
    if request.method == "POST" and has_content and request.content_type != content_type:
        raise Stop(400, _("What was sent cannot be read."))


class _TokenCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Stop(403, _("The page has been open for too long. Reload it and try again."))


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_token_check = _TokenCheck(_nothing)


def _check_token(request: HttpRequest) -> None:
    """Django's CSRF check."""
    _token_check.process_request(request)
    _token_check.process_view(request, _nothing, (), {})


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Adds the headers that every answer of the desk has, refusals too."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    # django-csp leaves an answer alone that has a policy.
    response.headers["Content-Security-Policy"] = build_policy(settings.CSP_FOR_DESK)
    if response.status_code >= 400 and isinstance(response, HttpResponse):
        # Logged here: Django's own line would hold the address, and with it the id of a tip.
        log_response("%s", response.status_code, response=response, logger=logger, level="debug")
    return response
