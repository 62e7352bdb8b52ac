"""Every request to the desk passes here: method, where it comes from, whose it is, headers and faults.

A fault is answered here, so that the answer has the desk's headers. Django's own answer would have
none, and its log line would hold the address of a tip.
"""

import logging
import traceback
from collections.abc import Callable
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

from tips.handling import steps
from tips.journal import note_attempt
from tips.keeping.present_keyring import OtherKeyring, refused_keyring
from tips.models import State, Tip, Tombstone
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE
from tips.sealing.keyring import KeyringEntry, KeyringError

from . import sessions
from .proof import DeskPlace

logger = logging.getLogger(__name__)

# The script sends it when a person has caused the request, not the page by itself.
ACTIVE_HEADER = "X-Desk-Active"
# Whose key is open in the page that asks.
HANDLER_HEADER = "X-Desk-Handler"
# No form and no link can send it.
SCRIPT_HEADER = "X-Desk"

# A view for handlers gets the handler's entry in the keyring as its second argument.
DeskView = Callable[..., HttpResponseBase]

_JSON = "application/json"


DESK_DOOR = "desk"


class Stop(Refusing):
    """Refuses the request with a status."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.status = status


def api(*methods: str) -> Callable[[DeskView], DeskView]:
    """An address that the page's script asks, and may ask by itself."""
    return _gate(methods, _caused_or_by_itself)


def file(*methods: str) -> Callable[[DeskView], DeskView]:
    """A download, which a person has asked for."""
    return _gate(methods, _caused)


def open_to_all(*methods: str) -> Callable[[DeskView], DeskView]:
    """An address that is asked before anybody has come in."""
    return _gate(methods, None)


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponseBase:
    """Answers 404 at an address that the desk does not have."""
    return _with_headers(_refusal(404, Refusing(Refusal.NOTHING_HERE)))


def refuse_unread(tip: Tip) -> None:
    """Sealed content is handed out only once the log says who opened the tip."""
    if tip.state == State.RECEIVED:
        raise Stop(409, Refusal.NOT_OPENED)


def _gate(
    methods: tuple[str, ...], let_in: Callable[[HttpRequest], KeyringEntry] | None
) -> Callable[[DeskView], DeskView]:
    """Lets those through whom `let_in` says, and all where there is none."""
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def decorate(view: DeskView) -> DeskView:
        @csrf_exempt  # the check is made below, without Django's answer and log line
        @wraps(view)
        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            handler = None
            try:
                _check_method(request, allowed)
                _check_script(request)
                handler = let_in(request) if let_in else None
                given = (handler,) if handler else ()
                response = view(request, *given, *args, **kwargs)
            except Exception as fault:
                _note_fault(fault, request, handler)
                response = _answer_to(fault, request)
                if response.status_code == 405:
                    response.headers["Allow"] = ", ".join(sorted(allowed))
            return _with_headers(response)

        return gated

    return decorate


def _caused(request: HttpRequest) -> KeyringEntry:
    return _whose(request, keeps_awake=True)


def _caused_or_by_itself(request: HttpRequest) -> KeyringEntry:
    """A page that asks by itself does not keep the session alive."""
    is_caused = request.method == "POST" or ACTIVE_HEADER in request.headers
    return _whose(request, keeps_awake=is_caused)


def _whose(request: HttpRequest, *, keeps_awake: bool) -> KeyringEntry:
    if is_anothers(request):
        raise sessions.LoggedOut
    return sessions.session_of(request, keeps_awake=keeps_awake)[0]


def is_anothers(request: HttpRequest) -> bool:
    """Whether the key that is open in the page is not that of the session: after a later login in another tab."""
    said = request.headers.get(HANDLER_HEADER)
    return said is not None and said != sessions.claimed_in(request)


def _note_refused(event: str, request: HttpRequest, handler: KeyringEntry | None) -> None:
    """Who tried what: the name of the address, which has no tip in it."""
    found = request.resolver_match
    who = handler.id if handler else None
    note_attempt(DESK_DOOR, event, who, what=found.route if found else "")


def _note_fault(fault: Exception, request: HttpRequest, handler: KeyringEntry | None) -> None:
    match fault:
        case Stop(status=403):
            _note_refused("foreign", request, handler or _whose_browser(request))
        case Stop(status=413) | RequestDataTooBig():
            _note_refused("too-large", request, handler)
        case steps.Refused():
            _note_refused("step-refused", request, handler)


def _whose_browser(request: HttpRequest) -> KeyringEntry | None:
    """Who is logged in where a request was made that no page of ours has made."""
    try:
        return sessions.session_of(request, keeps_awake=False)[0]
    except (sessions.LoggedOut, KeyringError, DatabaseError):
        return None


def _answer_to(fault: Exception, request: HttpRequest) -> HttpResponse:
    match fault:
        case Stop():
            return _refusal(fault.status, fault)
        case sessions.LoggedOut():
            has_ended = sessions.cookie_name() in request.COOKIES
            return _refusal(401, Refusing(Refusal.LOGGED_OUT), ended=has_ended)
        case Http404() | Tip.DoesNotExist():
            return _refusal(404, Refusing(_why_gone(request)))
        case steps.Refused():
            return _refusal(400, fault)
        case steps.Conflict():
            return _refusal(409, fault)
        case OtherKeyring():
            return _refusal(409, Refusing(Refusal.KEYRING_CHANGED))
        case KeyringError():
            return _refusal(503, refused_keyring(fault))
        case RequestDataTooBig():
            return _refusal(413, Refusing(Refusal.TOO_LARGE))
        case SuspiciousOperation() | UnreadablePostError():
            return _refusal(400, Refusing(Refusal.UNREADABLE))
    return _our_fault(fault)


def _why_gone(request: HttpRequest) -> Refusal:
    """Of a tip that is there no more it is said that it was purged."""
    tip = request.resolver_match.kwargs.get("tip_id") if request.resolver_match else None
    is_purged = tip and Tombstone.objects.using(DATABASE).filter(pk=tip).exists()
    return Refusal.PURGED if is_purged else Refusal.GONE


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
    return DeskPlace(name, host, f"{request.scheme}://{host}")


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
