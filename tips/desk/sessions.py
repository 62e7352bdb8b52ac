"""The desk's own cookie and sessions: a login in the CMS gives nothing here, and vice versa."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tips.accounts import people, row_seals
from tips.login.browsers import browser_in_words
from tips.models import DeskSession, Handler
from tips.router import DATABASE

Stage = DeskSession.Stage

IDLE_AT_MOST = timedelta(minutes=15)
SESSION_AT_MOST = timedelta(hours=12)
# For the second factor, or to make one.
HALF_AT_MOST = timedelta(minutes=10)
# For how long one who has proved to be there is not asked again.
PROVEN_FOR = timedelta(minutes=10)
# How often the time of the last activity is written, at most.
_NOTED_EVERY = timedelta(seconds=30)
_KEY_OCTETS = 32


class LoggedOut(Exception):
    """There is no session of the desk, or it has ended."""


class AskAgain(Exception):
    """The handler has to prove to be there first."""


def cookie_name() -> str:
    return "__Host-desk" if settings.SESSION_COOKIE_SECURE else "desk"


def begin_session(request: HttpRequest, handler: Handler, stage: Stage) -> tuple[DeskSession, str]:
    """A new session and its key; the one that the browser had before ends, whoever chose its key."""
    now = timezone.now()
    end_session(request)
    # Those without a seal have not been begun here.
    DeskSession.objects.filter(Q(seen__lte=now - IDLE_AT_MOST) | Q(seal="")).delete()
    key = secrets.token_urlsafe(_KEY_OCTETS)
    session = DeskSession(
        key_hash=_hashed(key),
        handler=handler,
        stage=stage,
        began=now,
        seen=now,
        label=browser_in_words(request.headers.get("User-Agent", "")),
        proven=now,  # whatever has been asked for was just right
    )
    row_seals.seal_row(session)
    session.save(force_insert=True)
    return session, key


def hand_over_key(response: HttpResponse, key: str) -> None:
    """Gives the browser the key to a session that has begun."""
    response.set_cookie(
        cookie_name(),
        key,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end_session_and_forget(request: HttpRequest, response: HttpResponse) -> Handler | None:
    """Ends the session here and in the browser, which forgets what it has been shown. Returns whose it was."""
    handler = end_session(request)
    response.delete_cookie(cookie_name(), path="/", samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache"'
    return handler


def end_session(request: HttpRequest) -> Handler | None:
    """Ends the session that the browser has a key to. Returns whose it was."""
    kept = DeskSession.objects.filter(key_hash=_hashed(request.COOKIES.get(cookie_name(), "")))
    found = kept.select_related("handler").first()
    kept.delete()
    return found.handler if found else None


def session_of(
    request: HttpRequest, *, stages: Collection[Stage] = (Stage.IN,), keeps_awake: bool = True
) -> DeskSession:
    """The session of one who has logged in, and may come in still: that is asked every time.

    A request that a page makes by itself, to ask for news, does not keep the session alive.
    """
    key = request.COOKIES.get(cookie_name(), "")
    found = DeskSession.objects.select_related("handler").filter(key_hash=_hashed(key)).first()
    if (
        found is None
        or found.stage not in stages
        or time_left(found) <= timedelta(0)
        or not people.may_come_in(found.handler)
        or not (row_seals.is_whole(found) and row_seals.is_whole(found.handler))
    ):
        raise LoggedOut
    now = timezone.now()
    if keeps_awake and now - found.seen >= _NOTED_EVERY:
        row_seals.change_row(found, seen=now)
    return found


def time_left(session: DeskSession) -> timedelta:
    """How long the session lasts if nothing is done."""
    if session.stage == Stage.HALF:
        return _until(session.began + HALF_AT_MOST)
    return min(_until(session.seen + IDLE_AT_MOST), _until(session.began + SESSION_AT_MOST))


def sessions_of(handler: Handler) -> list[DeskSession]:
    """Those in which the handler is logged in now; the latest first."""
    kept = handler.sessions.filter(stage=Stage.IN).order_by("-began")
    return [each for each in kept if time_left(each) > timedelta(0) and row_seals.is_whole(each)]


def is_proven(session: DeskSession) -> bool:
    return _until(session.proven + PROVEN_FOR) > timedelta(0)


def refuse_unproven(session: DeskSession) -> None:
    if not is_proven(session):
        raise AskAgain


def prove(session: DeskSession) -> None:
    row_seals.change_row(session, proven=timezone.now(), wrong_answers=0)


def set_challenge(session: DeskSession, challenge: bytes) -> None:
    row_seals.change_row(session, challenge=challenge)


def take_challenge(session: DeskSession) -> bytes:
    """What the browser was asked to sign, once: of two answers to it, one is heard."""
    challenge = bytes(session.challenge or b"")
    with transaction.atomic(using=DATABASE):
        if bytes(row_seals.hold_row(session).challenge or b"") != challenge:
            return b""
        row_seals.change_row(session, challenge=None)
    return challenge


def _until(moment: datetime) -> timedelta:
    return moment - timezone.now()


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
