"""Every request to the desk passes here: method, form token, account, headers and faults.

A fault is answered here, so that the answer has the desk's headers. Django's own answer would have
none, and its log line would hold the address of a tip.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
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

from tips.accounts.passkeys import DeskPlace
from tips.accounts.people import Unfit
from tips.accounts.secrets_file import NoKeyFile
from tips.handling import steps
from tips.keeping.present_keyring import keyring_fault_in_words
from tips.login.journal import note_attempt
from tips.models import DeskSession, Handler, State, Tip
from tips.sealing.keyring import KeyringError

from . import sessions

logger = logging.getLogger(__name__)

# The script sends it when a person has caused the request, not the page by itself.
ACTIVE_HEADER = "X-Desk-Active"
# No form and no link can send it.
SCRIPT_HEADER = "X-Desk"

# A view for handlers gets the handler as its second argument, one of accounts the session, and one
# that is open to all neither.
DeskView = Callable[..., HttpResponseBase]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


DESK_DOOR = "desk"


class Stop(Exception):
    """Refuses the request; the text tells the one who asked why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class _Refusal(Protocol):
    def __call__(self, request: HttpRequest, status: int, text: str) -> HttpResponse: ...


@dataclass(frozen=True)
class _Rules:
    """How an address is kept: who comes in, and what a request must carry."""

    refusal: _Refusal
    # The session of the one who asks, None where nobody needs one; raises to refuse.
    let_in: Callable[[HttpRequest], DeskSession | None]
    # What of the session the view is given.
    given: Callable[[DeskSession], Handler | DeskSession]
    content_type: str = _FORM
    # Whether the request shows its form token, or that it comes from a script of this host.
    check_origin: Callable[[HttpRequest], None] = lambda request: _check_token(request)
    # What a POST does is only for one who has just proved to be there.
    asks_again: bool = False


def page(*methods: str, asks_again: bool = False) -> Callable[[DeskView], DeskView]:
    """A page for handlers."""
    return _gate(methods, _Rules(_page_refusal, _session, _handler, asks_again=asks_again))


def open_page(*methods: str) -> Callable[[DeskView], DeskView]:
    """A page for those who have not logged in yet."""
    return _gate(methods, _Rules(_page_refusal, _nobody, _handler))


def api(*methods: str, asks_again: bool = False) -> Callable[[DeskView], DeskView]:
    """An address that the page's script asks, and may ask by itself."""
    return _gate(
        methods,
        _Rules(_api_refusal, _session_or_its_page, _handler, _JSON, asks_again=asks_again),
    )


def file(*methods: str) -> Callable[[DeskView], DeskView]:
    """A download of sealed octets, which a person has asked for."""
    return _gate(methods, _Rules(_api_refusal, _session, _handler))


def account(
    *methods: str, half: bool = False, asks_again: bool = False
) -> Callable[[DeskView], DeskView]:
    """An address of one's own account; with `half` also for one whose second factor is lacking."""
    let_in = _session_half_too if half else _session
    rules = _Rules(_api_refusal, let_in, _itself, _JSON, _check_script, asks_again)
    return _gate(methods, rules)


def open_to_all(*methods: str) -> Callable[[DeskView], DeskView]:
    """An address that the login asks: nobody has a session yet."""
    return _gate(methods, _Rules(_api_refusal, _nobody, _itself, _JSON, _check_script))


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


@contextmanager
def unfit_is_refused() -> Iterator[None]:
    """Answers 400 with the reason, if what somebody wants with an account cannot be done."""
    try:
        yield
    except Unfit as unfit:
        raise Stop(400, str(unfit)) from None


def _gate(methods: tuple[str, ...], rules: _Rules) -> Callable[[DeskView], DeskView]:
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def decorate(view: DeskView) -> DeskView:
        @csrf_exempt  # the check is made below, without Django's answer and log line
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            session = None
            try:
                _check_method(request, allowed)
                session = rules.let_in(request)
                _check_content(request, rules.content_type)
                rules.check_origin(request)
                if session and rules.asks_again and request.method == "POST":
                    sessions.refuse_unproven(session)
                given = (rules.given(session),) if session else ()
                response = view(request, *given, *args, **kwargs)
            except Exception as fault:
                _note_fault(fault, request, session)
                response = _answer_to(fault, request, rules.refusal)
                if response.status_code == 405:
                    response.headers["Allow"] = ", ".join(sorted(allowed))
            return _with_headers(response)

        return gated

    return decorate


def _session(request: HttpRequest) -> DeskSession:
    return sessions.session_of(request)


def _session_half_too(request: HttpRequest) -> DeskSession:
    return sessions.session_of(request, stages=tuple(DeskSession.Stage))


def _session_or_its_page(request: HttpRequest) -> DeskSession:
    """A page that asks by itself does not keep the session alive."""
    is_caused = request.method == "POST" or ACTIVE_HEADER in request.headers
    return sessions.session_of(request, keeps_awake=is_caused)


def _nobody(request: HttpRequest) -> None:
    return None


def _handler(session: DeskSession) -> Handler:
    return session.handler


def _itself(session: DeskSession) -> DeskSession:
    return session


def note_refused(event: str, request: HttpRequest, handler: Handler | None) -> None:
    """Who tried what: the name of the address, which has no tip in it."""
    found = request.resolver_match
    who = handler.username if handler else None
    note_attempt(DESK_DOOR, event, who, what=found.route if found else "")


def _note_fault(fault: Exception, request: HttpRequest, session: DeskSession | None) -> None:
    handler = session.handler if session else None
    match fault:
        case Stop(status=403):
            note_refused("foreign", request, handler)
        case Stop(status=413) | RequestDataTooBig():
            note_refused("too-large", request, handler)
        case steps.Refused():
            note_refused("step-refused", request, handler)


def _answer_to(fault: Exception, request: HttpRequest, refusal: _Refusal) -> HttpResponse:
    match fault:
        case Stop():
            return refusal(request, fault.status, fault.text)
        case sessions.LoggedOut():
            if refusal is _page_refusal:
                return _to_login(request)
            return refusal(request, 401, _("You have been logged out. Log in again."))
        case sessions.AskAgain():
            return _ask_again(request, refusal)
        case NoKeyFile():
            logger.error("the key file of the desk is missing, or is not the one that sealed this")
            return refusal(
                request, 503, _("Codes from apps cannot be checked. Tell those who run the desk.")
            )
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
    # The last of them: a database that only reads, as after another has taken its place.
    is_outage = isinstance(fault, (OperationalError, InterfaceError, InternalError))
    response = refusal(
        request, 503 if is_outage else 500, _("Something went wrong with us. Try again in a while.")
    )
    if is_outage:
        response.headers["Retry-After"] = "30"
    return response


def _to_login(request: HttpRequest) -> HttpResponse:
    about = {}
    if request.method in ("GET", "HEAD") and request.path != reverse("desk:queue"):
        about["nasta"] = request.path
    if sessions.cookie_name() in request.COOKIES:
        about["slut"] = "1"  # the page then says that a session has ended
    query = urlencode(about, safe="/")
    return HttpResponseRedirect(f"{reverse('desk:log_in')}{'?' * bool(query)}{query}")


def _ask_again(request: HttpRequest, refusal: _Refusal) -> HttpResponse:
    text = _("Show once more that it is you: with your password, your passkey or your app.")
    # A page's form is sent by the page's script too, which then asks and sends it again.
    if refusal is _api_refusal or SCRIPT_HEADER in request.headers:
        return JsonResponse({"error": text, "ask_again": True}, status=403)
    return refusal(request, 403, text)


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


def _check_script(request: HttpRequest) -> None:
    """Only a script of this host: three signs, none of which another site's page can give."""
    is_own = (
        request.headers.get("Sec-Fetch-Site") == "same-origin"
        and request.headers.get(SCRIPT_HEADER) == "1"
        and (request.method != "POST" or request.headers.get("Origin") == place_of(request).origin)
    )
    if not is_own:
        raise Stop(403, _("That can only be done from the desk's own pages."))
    if request.method == "POST" and request.content_type != _JSON:
        raise Stop(400, _("What was sent cannot be read."))


def place_of(request: HttpRequest) -> DeskPlace:
    """Where the browser is, as it says itself."""
    host = request.get_host()
    name = urlsplit(f"//{host}").hostname or host
    return DeskPlace(name, f"{request.scheme}://{host}")


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Adds the headers that every answer of the desk has, refusals too."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    # django-csp leaves an answer alone that has a policy.
    response.headers.setdefault("Content-Security-Policy", build_policy(settings.CSP_FOR_DESK))
    if response.status_code >= 400 and isinstance(response, HttpResponse):
        # Logged here: Django's own line would hold the address, and with it the id of a tip.
        log_response("%s", response.status_code, response=response, logger=logger, level="debug")
    return response
