"""Proving to be there: the second step of a login, and what is asked again before what matters."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from tips.accounts import factors, passkeys, people, row_seals
from tips.accounts.apps_with_codes import LateCode
from tips.journal import note_refusal
from tips.login.brake import Brake, login_address
from tips.login.devices import KnownBrowsers
from tips.models import Authenticator, DeskAttempt, DeskSession, Handler
from tips.refusals import Refusal
from tips.router import DATABASE

from . import asked, gate, sessions
from .gate import DESK_DOOR

# What is counted beside the attempts at a password.
PROOFS, CODES = "\0", "\1"
# A half session ends after so many wrong answers: then the password is asked for again.
MOST_WRONG_ANSWERS = 5
_LONGEST_CODE = 40
_LONGEST_PASSWORD = 1000

_brake = Brake(DeskAttempt)
desk_browsers = KnownBrowsers(DESK_DOOR, people.browsers_strange_since)


def refuse_if_braked(
    request: HttpRequest, username: str, handler: Handler | None, counted: str = ""
) -> None:
    """Counts an attempt with the name, and refuses it if there have been too many.

    What is `counted` apart is told by a character that no username has.
    """
    if not _brake.lets_through(*_who(request, username, counted)):
        note_refusal(DESK_DOOR, handler.username if handler else None, "brake")
        raise gate.Stop(429, Refusal.TOO_MANY)


def forget_attempts(request: HttpRequest, username: str, counted: str = "") -> None:
    """It was right."""
    _brake.was_right(*_who(request, username, counted))


def _who(request: HttpRequest, username: str, counted: str) -> tuple[str, str, str]:
    return counted + username, login_address(request), desk_browsers.device(request, username)


def ways_to_prove(request: HttpRequest, session: DeskSession) -> dict[str, Any]:
    """The handler's ways, and what a passkey is asked to sign. A new question ends the one before."""
    ways = factors.ways(session.handler)
    if Authenticator.Kind.PASSKEY not in ways:
        return {"ways": ways}
    keys = factors.passkeys_of(session.handler)
    options, challenge = passkeys.ask_to_show(gate.place_of(request), keys)
    sessions.set_challenge(session, challenge)
    return {"ways": ways, "webauthn": options}


def require_proof(
    request: HttpRequest, session: DeskSession, body: dict[str, object], *ways: str
) -> None:
    """Refuses unless the handler is there, by one of the ways."""
    way = asked.text(body, "way", 16)
    if way not in ways:
        raise gate.Stop(400, Refusal.UNREADABLE)
    handler = session.handler
    refuse_if_braked(request, handler.username, handler, PROOFS)
    try:
        _show(request, session, way, body)
    except LateCode:
        _brake.was_no_guess(*_who(request, handler.username, PROOFS))
        raise gate.Stop(400, Refusal.LATE_CODE) from None
    except passkeys.WrongAnswer:
        _count_wrong_answer(session)
        note_refusal(DESK_DOOR, handler.username)
        raise gate.Stop(400, Refusal.WRONG_ANSWER) from None
    forget_attempts(request, handler.username, PROOFS)


def _show(request: HttpRequest, session: DeskSession, way: str, body: dict[str, object]) -> None:
    handler = session.handler
    match way:
        case "webauthn":
            asked.only(body, "way", "answer")
            answer = asked.object_in(body, "answer")
            challenge = sessions.take_challenge(session)
            factors.show_passkey(handler, answer, challenge, gate.place_of(request))
        case "totp":
            asked.only(body, "way", "code")
            factors.show_app_code(handler, asked.text(body, "code", _LONGEST_CODE))
        case "code":
            asked.only(body, "way", "code")
            factors.show_recovery_code(handler, asked.text(body, "code", _LONGEST_CODE))
        case "password":
            asked.only(body, "way", "password")
            password = asked.secret(body, "password", _LONGEST_PASSWORD)
            if not people.is_password_of(handler, password):
                raise passkeys.WrongAnswer


def _count_wrong_answer(session: DeskSession) -> None:
    with suppress(row_seals.NotWhole), transaction.atomic(using=DATABASE):
        now = row_seals.hold_row(session)
        if now.wrong_answers + 1 < MOST_WRONG_ANSWERS:
            row_seals.change_row(now, wrong_answers=now.wrong_answers + 1)
        else:
            now.delete()
