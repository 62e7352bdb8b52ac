"""Remembers that a browser has logged in here with a name, so that it goes past what others guess.

The browser alone keeps it, in a cookie: a random number for each name, signed together with the name,
which is not in it. Nothing is stored here, and who reads the cookie learns no name.
"""

import re
import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from .brake import same_name

KNOWN_FOR = 180 * 24 * 60 * 60
# Colleagues may share a computer; a cookie has an end.
_NAMES_AT_MOST = 5
_BETWEEN = "~"
_TOKEN = re.compile(r"[\w.:-]{1,120}", re.ASCII)


def known_device(request: HttpRequest, door: str, username: str) -> str:
    """A number of this browser, if this name has logged in with it at this door; else nothing."""
    for token in _tokens(request, door):
        if device := _device(token, door, username):
            return device
    return ""


def remember_device(request: HttpRequest, response: HttpResponse, door: str, username: str) -> None:
    """To be said when all that a login asks for was right."""
    others = [each for each in _tokens(request, door) if not _device(each, door, username)]
    # The same number as before: else each login would give its browser more guesses.
    device = known_device(request, door, username) or secrets.token_urlsafe(16)
    token = _signer(door, username).sign(device)
    response.set_cookie(
        device_cookie(door),
        _BETWEEN.join([token, *others][:_NAMES_AT_MOST]),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def device_cookie(door: str) -> str:
    return f"__Host-device-{door}" if settings.SESSION_COOKIE_SECURE else f"device-{door}"


def _tokens(request: HttpRequest, door: str) -> list[str]:
    kept = request.COOKIES.get(device_cookie(door), "").split(_BETWEEN, _NAMES_AT_MOST)
    return [each for each in kept[:_NAMES_AT_MOST] if _TOKEN.fullmatch(each)]


def _device(token: str, door: str, username: str) -> str:
    try:
        return _signer(door, username).unsign(token, max_age=KNOWN_FOR)
    except BadSignature:
        return ""


def _signer(door: str, username: str) -> TimestampSigner:
    return TimestampSigner(salt=f"tips.login.devices:{door}:{same_name(username)}")
