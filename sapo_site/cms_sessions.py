"""Sessions of the CMS: they end when nothing is done, and after half a day at the latest."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from tips.login.hashed_keys import HashedKeySessionStore

_BEGAN, _SEEN = "began", "seen"
# How often the time of the last activity is written, at most.
_NOTED_EVERY = 60


class SessionStore(HashedKeySessionStore):
    """Each time it is stored it lasts for as long as one may be idle, but never past its end."""

    def create(self) -> None:
        self.clear_expired()
        super().create()

    def save(self, must_create: bool = False) -> None:
        if SESSION_KEY in self:
            self.setdefault(_BEGAN, int(time.time()))
        super().save(must_create)

    def get_session_cookie_age(self) -> int:
        now = int(time.time())
        until = self.get(_BEGAN, now) + settings.SESSION_AT_MOST
        return min(settings.SESSION_COOKIE_AGE, until - now)

    def get_expire_at_browser_close(self) -> bool:
        return True


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
