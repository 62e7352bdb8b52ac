"""The desk's own cookie and sessions: a login in the CMS gives nothing here, and vice versa."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tips.handling.handlers import handler_now
from tips.models import DeskSession
from tips.sealing import trust
from tips.sealing.keyring import KeyringEntry, KeyringError, entry_row

IDLE_AT_MOST = timedelta(minutes=15)
SESSION_AT_MOST = timedelta(hours=12)
# How often the time of the last activity is written, at most.
_NOTED_EVERY = timedelta(seconds=30)
_KEY_OCTETS = 32
_FOUND = "found_desk_session"


class LoggedOut(Exception):
    """There is no session of the desk, or it has ended."""


def cookie_name() -> str:
    return "__Host-desk" if settings.SESSION_COOKIE_SECURE else "desk"


def begin_session(request: HttpRequest, response: HttpResponse, handler: KeyringEntry) -> None:
    """Begins a session, whose key the browser gets; the one that it had before ends."""
    now = timezone.now()
    end_session(request)
    DeskSession.objects.filter(seen__lte=now - IDLE_AT_MOST).delete()
    cookie = f"{handler.id}.{int(now.timestamp())}.{secrets.token_urlsafe(_KEY_OCTETS)}"
    DeskSession.objects.create(
        key_hash=_hashed(cookie, handler), handler=handler.id, began=now, seen=now
    )
    response.set_cookie(
        cookie_name(),
        cookie,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end_session_and_forget(request: HttpRequest, response: HttpResponse) -> str:
    """Ends the session here and in the browser, which forgets what it has been shown. Returns whose it was."""
    try:
        handler_id = end_session(request)
    except KeyringError:  # the browser forgets it all the same
        handler_id = ""
    response.delete_cookie(cookie_name(), path="/", samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache"'
    return handler_id


def end_session(request: HttpRequest) -> str:
    """Ends the session that the browser has a key to. Returns whose it was; empty where there was none."""
    handler, session = _found(request)
    if handler is None or session is None:
        return ""
    session.delete()
    return handler.id


def session_of(
    request: HttpRequest, *, keeps_awake: bool = True
) -> tuple[KeyringEntry, DeskSession]:
    """The handler whose session it is, who stands in the keyring still: that is asked every time.

    A request that a page makes by itself, to ask for news, does not keep the session alive.
    """
    handler, session = _found(request)
    if handler is None or session is None or _is_over(session):
        raise LoggedOut
    now = timezone.now()
    if keeps_awake and now - session.seen >= _NOTED_EVERY:
        session.seen = now
        DeskSession.objects.filter(pk=session.pk).update(seen=now)
    return handler, session


def _is_over(session: DeskSession) -> bool:
    """Whether it has lasted for too long: since anything was done, or since it began."""
    return timezone.now() >= min(session.seen + IDLE_AT_MOST, session.began + SESSION_AT_MOST)


def _found(request: HttpRequest) -> tuple[KeyringEntry | None, DeskSession | None]:
    """Looked up once for a request, which asks for it in several places."""
    if _FOUND not in vars(request):
        setattr(request, _FOUND, _looked_up(request))
    found: tuple[KeyringEntry | None, DeskSession | None] = getattr(request, _FOUND)
    return found


def _looked_up(request: HttpRequest) -> tuple[KeyringEntry | None, DeskSession | None]:
    cookie = request.COOKIES.get(cookie_name(), "")
    handler = handler_now(claimed_in(request))
    if handler is None or not _is_young(cookie):
        return None, None
    return handler, DeskSession.objects.filter(key_hash=_hashed(cookie, handler)).first()


def claimed_in(request: HttpRequest) -> str:
    """Whose the browser says that its session is: that it is, the key in the cookie proves."""
    return request.COOKIES.get(cookie_name(), "").partition(".")[0]


def _is_young(cookie: str) -> bool:
    """By when the cookie itself says that it began: whoever writes in the table lengthens no session."""
    began = re.fullmatch(r"[^.]*\.(\d{1,12})\..*", cookie, re.ASCII)
    since = timezone.now().timestamp() - int(began[1]) if began else SESSION_AT_MOST.total_seconds()
    return since < SESSION_AT_MOST.total_seconds()


def _hashed(cookie: str, handler: KeyringEntry) -> str:
    """Bound to the handler's entry as it stands: a session ends when that changes.

    With a key that the database lacks: whoever writes there gives nobody a session.
    """
    entry = trust.sha256_of(trust.spell(entry_row(handler)))
    said = f"{entry} {cookie}".encode("utf-8", "replace")
    return salted_hmac("tips.desk.session", said, algorithm="sha256").hexdigest()
