"""What the login page asks the server: two steps in, a first password, and the way out."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.accounts import factors, people
from tips.journal import note, note_login, note_refusal
from tips.models import DeskSession, Handler
from tips.refusals import Refusal
from tips.router import DATABASE

from . import asked, gate, proving, sessions
from .sessions import Stage

_SMALL = 16 * 1024
_LONGEST_NAME, _LONGEST_PASSWORD, _LONGEST_CODE = 150, 1000, 40


@gate.open_to_all("POST")
def log_in(request: HttpRequest) -> HttpResponseBase:
    """The first step. An unknown, wrong, locked or closed account is answered alike, as late."""
    body = asked.json_body(request, _SMALL)
    asked.only(body, "username", "password")
    username = asked.text(body, "username", _LONGEST_NAME)
    password = asked.secret(body, "password", _LONGEST_PASSWORD)
    handler = people.handler_named(username)
    proving.refuse_if_braked(request, username, handler)
    if not people.is_password_of(handler, password) or handler is None:
        note_refusal(proving.DESK_DOOR, handler.username if handler else None)
        raise gate.Stop(400, Refusal.WRONG_PASSWORD)
    proving.forget_attempts(request, username)
    return _go_on(request, handler)


@gate.account("GET", "POST", half=True)
def second_step(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """GET tells the ways anew, as after a reload; POST shows a second factor."""
    if session.stage != Stage.HALF or not factors.has_factor(session.handler):
        raise gate.Stop(400, Refusal.UNREADABLE)
    if request.method != "POST":
        return JsonResponse({"step": "second", **proving.ways_to_prove(request, session)})
    body = asked.json_body(request, _SMALL)
    proving.require_proof(request, session, body, *factors.ways(session.handler))
    return let_in(request, session.handler)


@gate.open_to_all("POST")
def end_login(request: HttpRequest) -> HttpResponseBase:
    asked.only(asked.json_body(request, _SMALL))
    response = JsonResponse({})
    if handler := sessions.end_session_and_forget(request, response):
        note(proving.DESK_DOOR, "logged-out", handler.username)
    return response


@gate.open_to_all("POST")
def first_password(request: HttpRequest) -> HttpResponseBase:
    """Sets a password with a one-time code, and goes on as after the first step of a login."""
    body = asked.json_body(request, _SMALL)
    asked.only(body, "username", "code", "password")
    username = asked.text(body, "username", _LONGEST_NAME)
    code = asked.text(body, "code", _LONGEST_CODE)
    password = asked.secret(body, "password", _LONGEST_PASSWORD)
    handler = people.handler_named(username)
    proving.refuse_if_braked(request, username, handler, proving.CODES)
    if not people.is_code_of(handler, code) or handler is None:
        note_refusal(proving.DESK_DOOR, handler.username if handler else None)
        raise gate.Stop(400, Refusal.WRONG_FIRST_CODE)
    proving.forget_attempts(request, username, proving.CODES)
    with gate.unfit_is_refused():
        people.choose_password(handler, password)
    note(proving.DESK_DOOR, "password-set", handler.username)
    return _go_on(request, handler)


def let_in(
    request: HttpRequest,
    handler: Handler,
    about: Callable[[DeskSession], dict[str, object]] = lambda begun: {"step": "in"},
) -> JsonResponse:
    """Begins a session that opens the desk, under a key that nobody has seen before."""
    session, key = sessions.begin_session(request, handler, Stage.IN)
    response = JsonResponse(about(session))
    sessions.hand_over_key(response, key)
    proving.desk_browsers.remember(request, response, handler.username)
    note_login(proving.DESK_DOOR, handler.username)
    return response


def _go_on(request: HttpRequest, handler: Handler) -> JsonResponse:
    if not (has_factor := factors.has_factor(handler)) and not settings.SECOND_FACTOR_REQUIRED:
        return let_in(request, handler)
    with gate.unfit_is_refused(), transaction.atomic(using=DATABASE):
        people.hold_unchanged(handler)
        session, key = sessions.begin_session(request, handler, Stage.HALF)
    response = JsonResponse(
        {"step": "second", **proving.ways_to_prove(request, session)}
        if has_factor
        else {"step": "enrol"}
    )
    sessions.hand_over_key(response, key)
    return response
