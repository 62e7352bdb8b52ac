"""What every address of the desk passes: method, form token, account, headers, and faults.

A fault is answered here, so that its answer has the desk's headers and no log holds the address
of a tip: Django's own would.
"""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
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
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tips.handling import handlers
from tips.models import State, Tip

logger = logging.getLogger(__name__)

# Sent along when a person has caused the question, and not a page that asks by itself.
ACTIVE_HEADER = "X-Desk-Active"

Answer = Callable[..., HttpResponseBase]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


class Stop(Exception):
    """The answer to a request that goes no further; the text is for the one who asked."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class _Refusal(Protocol):
    def __call__(self, request: HttpRequest, status: int, text: str) -> HttpResponse: ...


def page(*methods: str) -> Callable[[Answer], Answer]:
    """A page for handlers."""
    return _gate(methods, _page_refusal)


def open_page(*methods: str) -> Callable[[Answer], Answer]:
    """A page for those who have not logged in yet."""
    return _gate(methods, _page_refusal, for_handlers=False)


def api(*methods: str) -> Callable[[Answer], Answer]:
    """An address that the page's script asks, and may ask by itself."""
    return _gate(methods, _api_refusal, _JSON, is_caused=_caused_by_a_person)


def file(*methods: str) -> Callable[[Answer], Answer]:
    """Sealed octets, which somebody has asked for by pressing something."""
    return _gate(methods, _api_refusal)


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponseBase:
    """The answer at an address that the desk does not have."""
    is_api = request.path.startswith(f"{reverse('desk:queue')}api/")
    refusal = _api_refusal if is_api else _page_refusal
    return _with_headers(refusal(request, 404, _("There is nothing at this address.")))


def refuse_unread(tip: Tip) -> None:
    """What is sealed in a tip is handed out when its log says that somebody has opened it."""
    if tip.state == State.RECEIVED:
        raise Stop(409, _("Open the tip first."))


def user_of(request: HttpRequest) -> AbstractUser:
    """The handler whom the gate has let in."""
    user = getattr(request, "desk_user", None)
    if user is None:
        raise handlers.LoggedOut
    return user


def _gate(
    methods: tuple[str, ...],
    refusal: _Refusal,
    content_type: str = _FORM,
    *,
    for_handlers: bool = True,
    is_caused: Callable[[HttpRequest], bool] = lambda request: True,
) -> Callable[[Answer], Answer]:
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def decorate(view: Answer) -> Answer:
        @csrf_exempt  # not from the check, which is made below: from Django's answer and log line
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                _check_method(request, allowed)
                if for_handlers:
                    user = handlers.handler_of(request, keeps_awake=is_caused(request))
                    vars(request)["desk_user"] = user
                _check_content(request, content_type)
                _check_token(request)
                response = view(request, *args, **kwargs)
            except Exception as fault:
                response = _answer_to(fault, request, refusal)
                if response.status_code == 405:
                    response.headers["Allow"] = ", ".join(sorted(allowed))
            return _with_headers(response)

        return gated

    return decorate


def _answer_to(fault: Exception, request: HttpRequest, refusal: _Refusal) -> HttpResponse:
    match fault:
        case Stop():
            return refusal(request, fault.status, fault.text)
        case handlers.LoggedOut():
            if refusal is _page_refusal:
                return _to_login(request)
            return refusal(request, 401, _("You have been logged out. Log in again."))
        case handlers.NotAHandler():
            return refusal(request, 403, _("Your account does not have access to the tips."))
        case Http404() | Tip.DoesNotExist():
            return refusal(request, 404, _("The tip does not exist, or has been purged."))
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
    return refusal(request, 500, _("Something went wrong with us. Try again in a while."))


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
    """Refuses what would be read as something else, such as a file to be laid on the disk."""
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
    """Django's check against forms from elsewhere."""
    _token_check.process_request(request)
    _token_check.process_view(request, _nothing, (), {})


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    """What every answer of the desk carries, also when it is a refusal."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    vars(response)["_csp_config"] = settings.CSP_FOR_DESK
    if response.status_code >= 400:
        # Django's log line would hold the address, and with it the id of a tip.
        vars(response)["_has_been_logged"] = True
    return response


def _caused_by_a_person(request: HttpRequest) -> bool:
    return request.method == "POST" or ACTIVE_HEADER in request.headers
