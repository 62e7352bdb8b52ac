"""Every request to the desk passes here: method, where it comes from, account, headers and faults.

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
from urllib.parse import urlsplit

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response
from django.views.decorators.csrf import csrf_exempt

from tips.accounts.passkeys import DeskPlace
from tips.accounts.people import Unfit
from tips.accounts.row_seals import NotWhole
from tips.accounts.secrets_file import NoKeyFile
from tips.handling import handlers, steps
from tips.journal import note_attempt
from tips.keeping.present_keyring import refused_keyring, signed_now
from tips.models import DeskSession, Handler, State, Tip
from tips.refusals import Refusal, Refusing
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

_JSON = "application/json"


DESK_DOOR = "desk"


class Stop(Refusing):
    """Refuses the request with a status."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.status = status


@dataclass(frozen=True)
class _Rules:
    """Who comes in at an address."""

    # The session of the one who asks, None where nobody needs one; raises to refuse.
    let_in: Callable[[HttpRequest], DeskSession | None]
    # What of the session the view is given.
    given: Callable[[DeskSession], Handler | DeskSession]
    # What a POST does is only for one who has just proved to be there.
    asks_again: bool = False
    # What is asked so stands in the log of tips, and is only for those in the keyring.
    steps: tuple[str, ...] = ()


def api(*methods: str, asks_again: bool = False) -> Callable[[DeskView], DeskView]:
    """An address that the page's script asks, and may ask by itself."""
    return _gate(methods, _Rules(_session_or_its_page, _handler, asks_again, steps=("POST",)))


def file(*methods: str) -> Callable[[DeskView], DeskView]:
    """A download, which a person has asked for."""
    return _gate(methods, _Rules(_session, _handler, steps=("GET", "HEAD")))


def account(
    *methods: str, half: bool = False, asks_again: bool = False
) -> Callable[[DeskView], DeskView]:
    """An address of one's own account; with `half` also for one whose second factor is lacking."""
    let_in = _session_half_too if half else _session
    return _gate(methods, _Rules(let_in, _itself, asks_again))


def open_to_all(*methods: str) -> Callable[[DeskView], DeskView]:
    """An address that the login asks: nobody has a session yet."""
    return _gate(methods, _Rules(_nobody, _itself))


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponseBase:
    """Answers 404 at an address that the desk does not have."""
    return _with_headers(_refusal(404, Refusing(Refusal.NOTHING_HERE)))


def refuse_unread(tip: Tip) -> None:
    """Sealed content is handed out only once the log says who opened the tip."""
    if tip.state == State.RECEIVED:
        raise Stop(409, Refusal.NOT_OPENED)


@contextmanager
def unfit_is_refused() -> Iterator[None]:
    """Answers 400 with the reason, if what somebody wants with an account cannot be done."""
    try:
        yield
    except Unfit as unfit:
        raise Stop(400, unfit.refusal) from None


def _gate(methods: tuple[str, ...], rules: _Rules) -> Callable[[DeskView], DeskView]:
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def decorate(view: DeskView) -> DeskView:
        @csrf_exempt  # the check is made below, without Django's answer and log line
        @wraps(view)
        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            session = None
            try:
                _check_method(request, allowed)
                _check_script(request)
                session = rules.let_in(request)
                if session and request.method in rules.steps:
                    _refuse_stranger(session)
                if session and rules.asks_again and request.method == "POST":
                    sessions.refuse_unproven(session)
                given = (rules.given(session),) if session else ()
                response = view(request, *given, *args, **kwargs)
            except Exception as fault:
                _note_fault(fault, request, session)
                response = _answer_to(fault, request)
                if response.status_code == 405:
                    response.headers["Allow"] = ", ".join(sorted(allowed))
            return _with_headers(response)

        return gated

    return decorate


def _refuse_stranger(session: DeskSession) -> None:
    signed_now()  # raises where there is no keyring, which is another fault
    if not handlers.is_handler(session.handler.username):
        raise steps.Refused(Refusal.NOT_IN_KEYRING)


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
            note_refused("foreign", request, handler or _whose_browser(request))
        case Stop(status=413) | RequestDataTooBig():
            note_refused("too-large", request, handler)
        case steps.Refused():
            note_refused("step-refused", request, handler)


def _whose_browser(request: HttpRequest) -> Handler | None:
    """Who is logged in where a request was made that no page of ours has made."""
    try:
        return sessions.session_of(request, keeps_awake=False).handler
    except (sessions.LoggedOut, NotWhole, NoKeyFile, DatabaseError):
        return None


def _answer_to(fault: Exception, request: HttpRequest) -> HttpResponse:
    match fault:
        case Stop():
            return _refusal(fault.status, fault)
        case sessions.LoggedOut() | NotWhole():
            has_ended = sessions.cookie_name() in request.COOKIES
            return _refusal(401, Refusing(Refusal.LOGGED_OUT), ended=has_ended)
        case sessions.AskAgain():
            return _refusal(403, Refusing(Refusal.ASK_AGAIN), ask_again=True)
        case NoKeyFile():
            logger.error("the key file of the desk is missing, or is not the one that sealed this")
            return _refusal(503, Refusing(Refusal.NO_KEY_FILE))
        case Http404() | Tip.DoesNotExist():
            return _refusal(404, Refusing(Refusal.GONE))
        case steps.Refused():
            return _refusal(400, fault)
        case KeyringError():
            return _refusal(503, refused_keyring(fault))
        case RequestDataTooBig():
            return _refusal(413, Refusing(Refusal.TOO_LARGE))
        case SuspiciousOperation() | UnreadablePostError():
            return _refusal(400, Refusing(Refusal.UNREADABLE))
    return _our_fault(fault)


def _our_fault(fault: Exception) -> HttpResponse:
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
    response = _refusal(503 if is_outage else 500, Refusing(Refusal.OUR_FAULT))
    if is_outage:
        response.headers["Retry-After"] = "30"
    return response


def _refusal(status: int, why: Refusing, **more: bool) -> HttpResponse:
    return JsonResponse({**why.answer, **more}, status=status)


def _check_method(request: HttpRequest, allowed: set[str]) -> None:
    if request.method not in allowed:
        raise Stop(405, Refusal.NOT_POSSIBLE)


def _check_script(request: HttpRequest) -> None:
    """Only a script of this host: three signs, none of which another site's page can give."""
    is_own = (
        request.headers.get("Sec-Fetch-Site") == "same-origin"
        and request.headers.get(SCRIPT_HEADER) == "1"
        and (request.method != "POST" or request.headers.get("Origin") == place_of(request).origin)
    )
    if not is_own:
        raise Stop(403, Refusal.FROM_ELSEWHERE)
    if request.method == "POST" and request.content_type != _JSON:
        raise Stop(400, Refusal.UNREADABLE)


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
