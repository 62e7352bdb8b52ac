"""Who may come in to the desk: members of one group, by a login of the desk's own.

The desk has its own cookie and its own sessions. A login in the CMS gives nothing here, and a
login here gives nothing there.
"""

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:  # a process that only receives tips has no accounts
    from django.contrib.auth.models import AbstractUser

# Membership of this group, and nothing else, lets an account in.
TIPS_GROUP = "Tipsmottagare"

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
# So seldom is it written down that somebody is still there.
_NOTED_EVERY = timedelta(seconds=30)


class LoggedOut(Exception):
    """There is no session of the desk, or it has ended."""


class NotAHandler(Exception):
    """The account is known, and may not come in."""


class DeskSession(SessionStore):
    """Kept in the database, so that it ends at once; its name gives its content a key of its own."""


def cookie_name() -> str:
    return "__Secure-tipsmottagning" if settings.SESSION_COOKIE_SECURE else "tipsmottagning"


def account_of(username: str, password: str) -> "AbstractUser | None":
    """The active account with this name and password.

    Nothing is written: the desk may read accounts, not change them.
    """
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    return user if check_password(password, user.password) and user.is_active else None


def log_in(response: HttpResponse, user: "AbstractUser") -> None:
    """Begins a new session; whatever cookie the browser had before counts for nothing."""
    session = DeskSession()
    now = int(time.time())
    session.update(
        {"desk_user": user.pk, "desk_hash": user.get_session_auth_hash(), "began": now, "seen": now}
    )
    session.set_expiry(int(IDLE.total_seconds()))
    session.create()
    response.set_cookie(
        cookie_name(),
        session.session_key or "",
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def log_out(request: HttpRequest, response: HttpResponse) -> None:
    """Ends the session here and in the browser, and lets the browser forget what it has kept."""
    end_session(request)
    response.delete_cookie(cookie_name(), path=_path(), samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def end_session(request: HttpRequest) -> None:
    if key := request.COOKIES.get(cookie_name()):
        DeskSession(key).delete()


def handler_of(request: HttpRequest, *, keeps_awake: bool) -> "AbstractUser":
    """Who has logged in, asked anew at every request: nothing is remembered of their rights.

    A request that nobody has caused, as when a page asks for news by itself, keeps nobody logged in.
    """
    session = DeskSession(request.COOKIES.get(cookie_name()))
    user = _user(session)
    if user is None:
        raise LoggedOut
    if not _is_in_group(user):
        raise NotAHandler
    if keeps_awake and time.time() - session["seen"] >= _NOTED_EVERY.total_seconds():
        session["seen"] = int(time.time())
        session.set_expiry(int(IDLE.total_seconds()))
        try:
            session.save()
        except UpdateError:  # logged out in the same moment
            raise LoggedOut from None
    return user


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts if nothing is done."""
    session = DeskSession(request.COOKIES.get(cookie_name()))
    now = time.time()
    idle = session.get("seen", 0) + IDLE.total_seconds() - now
    longest = session.get("began", 0) + LONGEST.total_seconds() - now
    return max(0, int(min(idle, longest)))


def is_handler(username: str) -> bool:
    user = get_user_model()._default_manager.filter(username=username, is_active=True).first()
    return user is not None and _is_in_group(user)


def may_come_in(user: "AbstractUser") -> bool:
    """Whether the account is a handler's. Being superuser, or anything else, gives nothing."""
    return user.is_active and _is_in_group(user)


def handlers() -> "list[AbstractUser]":
    """All who may come in, by name."""
    users = get_user_model()._default_manager.filter(groups__name=TIPS_GROUP, is_active=True)
    return sorted(users, key=lambda user: name_of(user).casefold())


def name_of(user: "AbstractUser") -> str:
    return user.get_full_name() or user.get_username()


def _user(session: DeskSession) -> "AbstractUser | None":
    now = time.time()
    if (
        now - session.get("seen", 0) >= IDLE.total_seconds()
        or now - session.get("began", 0) >= LONGEST.total_seconds()
    ):
        return None
    users = get_user_model()._default_manager.filter(is_active=True)
    user = users.filter(pk=session["desk_user"]).first()
    if user is None:
        return None
    # A new password ends every session that was begun with the old one.
    is_same = constant_time_compare(session.get("desk_hash", ""), user.get_session_auth_hash())
    return user if is_same else None


def _is_in_group(user: "AbstractUser") -> bool:
    return user.groups.filter(name=TIPS_GROUP).exists()


def _path() -> str:
    return reverse("desk:queue")
