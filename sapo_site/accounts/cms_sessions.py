"""Sessions of the CMS: they end when nothing is done, and after half a day at the latest.

Their owner and an operator see them and end them, by `CmsLogin`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pages.newsroom.acting import acting_request
from pages.newsroom.models import AccountEvent
from sapo_site.accounts.browsers import browser_in_words
from sapo_site.models import CmsLogin

from .hashed_keys import HashedKeySessionStore, hashed_key

_BEGAN, _SEEN, _BROWSER = "began", "seen", "browser"
# How often the time of the last activity is written, at most.
_NOTED_EVERY = 60
_What = AccountEvent.What
_ENDS_SESSIONS = {_What.ROLE_TAKEN, _What.PASSWORD_SET, _What.CLOSED_LEFT, _What.CLOSED_HIJACKED}


class SessionStore(HashedKeySessionStore):
    """Each time it is stored it lasts for as long as one may be idle, but never past its end."""

    def create(self) -> None:
        self.clear_expired()
        super().create()

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()  # which saves it
            return
        if SESSION_KEY in self:
            self.setdefault(_BEGAN, int(time.time()))
        super().save(must_create)
        if SESSION_KEY in self:
            self._note_whose()

    def _note_whose(self) -> None:
        began = self[_BEGAN]
        try:
            CmsLogin.objects.update_or_create(
                session_id=hashed_key(self.session_key),
                defaults={
                    "account_id": int(self[SESSION_KEY]),
                    "began": datetime.fromtimestamp(began, UTC),
                    "seen": datetime.fromtimestamp(self.get(_SEEN, began), UTC),
                    "browser": self.get(_BROWSER, ""),
                },
            )
        except IntegrityError:  # it was ended in the same moment
            raise UpdateError from None

    def get_session_cookie_age(self) -> int:
        now = int(time.time())
        until = self.get(_BEGAN, now) + settings.SESSION_AT_MOST
        return min(settings.SESSION_COOKIE_AGE, until - now)

    def get_expire_at_browser_close(self) -> bool:
        return True


def logins_of(account: User | AnonymousUser) -> QuerySet[CmsLogin]:
    """The sessions in which somebody is logged in with the account, the latest seen first."""
    return CmsLogin.objects.filter(account_id=account.pk, session__expire_date__gt=timezone.now())


def is_login_of(request: HttpRequest, login: CmsLogin) -> bool:
    return login.session_id == hashed_key(request.session.session_key)


def end_logins(logins: QuerySet[CmsLogin], *, but: HttpRequest | None = None) -> int:
    """Ends the sessions, except the one in which it is asked for; tells how many there were."""
    ended = Session.objects.filter(pk__in=logins.values("session_id"))
    if but is not None and but.session.session_key:
        ended = ended.exclude(pk=hashed_key(but.session.session_key))
    number = ended.count()
    ended.delete()
    return number


def connect_sessions() -> None:
    """Notes where each begins, and ends those of an account with what is done to it."""
    user_logged_in.connect(_note_browser)
    post_save.connect(_follow_account_event, sender=AccountEvent)


def _note_browser(request: HttpRequest | None, **_signal: object) -> None:
    if request is not None:
        request.session[_BROWSER] = browser_in_words(request.headers.get("User-Agent", ""))


def _follow_account_event(instance: AccountEvent, **_signal: object) -> None:
    if instance.what in _ENDS_SESSIONS:
        # Whoever does it to the own account stays.
        end_logins(logins_of(instance.account), but=acting_request())


class ActivityMiddleware:
    """Keeps the session of one who does something; what a page asks by itself does not count."""

    # An open page tells every few seconds that it is open. Typing counts: it saves a draft.
    BY_ITSELF = f"/{settings.ADMIN_PATH}editing-sessions/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie the session is not asked for: the answer would vary by it.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._note(request)
        return self.get_response(request)

    def _note(self, request: HttpRequest) -> None:
        session = request.session
        is_by_itself = request.path_info.startswith(self.BY_ITSELF)
        if _BEGAN in session and not is_by_itself:
            now = int(time.time())
            if now - session.get(_SEEN, 0) >= _NOTED_EVERY:
                session[_SEEN] = now
