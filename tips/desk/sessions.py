"""The desk's own login, cookie and sessions: a CMS login gives nothing here, and vice versa."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from tips.login.hashed_keys import HashedKeySessionStore
from tips.models import DeskSession, HandlerAccount

IDLE_AT_MOST = timedelta(minutes=15)
SESSION_AT_MOST = timedelta(hours=12)
# How often the time of the last activity is written, at most.
_NOTED_EVERY = timedelta(seconds=30)


class LoggedOut(Exception):
    """There is no session of the desk, or it has ended."""


class DeskSessionStore(HashedKeySessionStore):
    """Kept in the tips' database, so that it can end at once and the website's never has one.

    Its class's name salts its signing key.
    """

    @classmethod
    def get_model_class(cls) -> type[DeskSession]:
        return DeskSession


def cookie_name() -> str:
    return "__Secure-tipsmottagning" if settings.SESSION_COOKIE_SECURE else "tipsmottagning"


def begin_session(response: HttpResponse, user: HandlerAccount) -> None:
    """Begins a new session; whatever cookie the browser had before counts for nothing."""
    DeskSessionStore.clear_expired()
    session = DeskSessionStore()
    now = int(time.time())
    session.update(
        {"desk_user": user.pk, "desk_hash": user.get_session_auth_hash(), "began": now, "seen": now}
    )
    session.set_expiry(int(IDLE_AT_MOST.total_seconds()))
    session.create()
    response.set_cookie(
        cookie_name(),
        session.session_key or "",
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end_session_and_forget(request: HttpRequest, response: HttpResponse) -> None:
    """Ends the session here and in the browser, and lets the browser forget what it has kept."""
    end_session(request)
    response.delete_cookie(cookie_name(), path=_path(), samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def end_session(request: HttpRequest) -> None:
    if key := request.COOKIES.get(cookie_name()):
        DeskSessionStore(key).delete()


def handler_of(request: HttpRequest, *, keeps_awake: bool) -> HandlerAccount:
    """Who has logged in. Their rights are asked for anew at every request, never remembered.

    A request that a page makes by itself, to ask for news, does not keep the session alive.
    """
    session = DeskSessionStore(request.COOKIES.get(cookie_name()))
    user = _user(session)
    if user is None:
        raise LoggedOut
    if keeps_awake and time.time() - session["seen"] >= _NOTED_EVERY.total_seconds():
        session["seen"] = int(time.time())
        session.set_expiry(int(IDLE_AT_MOST.total_seconds()))
        try:
            session.save()
        except UpdateError:  # logged out in the same moment
            raise LoggedOut from None
    return user


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts if nothing is done."""
    return max(0, int(_time_left(DeskSessionStore(request.COOKIES.get(cookie_name())))))


def _time_left(session: DeskSessionStore) -> float:
    idle_until = session.get("seen", 0) + IDLE_AT_MOST.total_seconds()
    until = session.get("began", 0) + SESSION_AT_MOST.total_seconds()
    return min(idle_until, until) - time.time()


def _user(session: DeskSessionStore) -> HandlerAccount | None:
    if _time_left(session) <= 0:
        return None
    user = HandlerAccount.objects.filter(pk=session["desk_user"]).first()
    if user is None:
        return None
    # A new password ends every session that was begun with the old one.
    is_same = constant_time_compare(session.get("desk_hash", ""), user.get_session_auth_hash())
    return user if is_same else None


def _path() -> str:
    return reverse("desk:queue")
