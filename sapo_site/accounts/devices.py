"""Remembers that a browser has logged in here with a name, so that it goes past what others guess.

The browser alone keeps it, in a cookie: a random number for each name, signed together with the name,
which is not in it. Who reads the cookie learns no name. The server stores only since when the browsers
of a name are strange again.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.http import HttpRequest, HttpResponse

from .brake import same_name

KNOWN_FOR = 180 * 24 * 60 * 60
# Colleagues may share a computer; a cookie has an end.
_NAMES_AT_MOST = 5
_BETWEEN = "~"
_TOKEN = re.compile(r"[\w.:-]{1,120}", re.ASCII)


class KnownBrowsers:
    """The browsers that have logged in at one door.

    `strange_since` tells when whoever has the name was last locked, rescued or given a password: who
    had the account before then may have the cookie of a browser still.
    """

    def __init__(self, door: str, strange_since: Callable[[str], datetime | None]) -> None:
        self._door = door
        self._strange_since = strange_since

    @property
    def cookie(self) -> str:
        secure = settings.SESSION_COOKIE_SECURE
        return f"__Host-device-{self._door}" if secure else f"device-{self._door}"

    def device(self, request: HttpRequest, username: str) -> str:
        """A number of this browser, if this name has logged in with it at this door; else nothing."""
        for token in self._tokens(request):
            device = self._signed(token, username)
            if device and self._is_known_still(token, username):
                return device
        return ""

    def remember(self, request: HttpRequest, response: HttpResponse, username: str) -> None:
        """To be said when all that a login asks for was right."""
        others = [each for each in self._tokens(request) if not self._signed(each, username)]
        # The same number as before: else each login would give its browser more guesses.
        device = self.device(request, username) or secrets.token_urlsafe(16)
        token = self._signer(username).sign(device)
        response.set_cookie(
            self.cookie,
            _BETWEEN.join([token, *others][:_NAMES_AT_MOST]),
            max_age=KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )

    def _tokens(self, request: HttpRequest) -> list[str]:
        kept = request.COOKIES.get(self.cookie, "").split(_BETWEEN, _NAMES_AT_MOST)
        return [each for each in kept[:_NAMES_AT_MOST] if _TOKEN.fullmatch(each)]

    def _signed(self, token: str, username: str) -> str:
        try:
            return self._signer(username).unsign(token, max_age=KNOWN_FOR)
        except BadSignature:
            return ""

    def _is_known_still(self, token: str, username: str) -> bool:
        """Asked of a token that is right: so of no name that has not logged in here."""
        since = self._strange_since(username)
        signed_at = b62_decode(token.rsplit(":", 2)[1])
        return since is None or signed_at > int(since.timestamp())

    def _signer(self, username: str) -> TimestampSigner:
        return TimestampSigner(
            salt=f"sapo_site.accounts.devices:{self._door}:{same_name(username)}"
        )
