"""Six digits from an app, new every half minute (TOTP, RFC 6238)."""

import base64
import secrets
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_DIGITS, SECONDS = 6, 30
_OCTETS = 20
_ISSUER = "Tipsmottagningen"


def draw_secret() -> bytes:
    return secrets.token_bytes(_OCTETS)


def written(secret: bytes) -> str:
    return base64.b32encode(secret).decode()


def address(secret: bytes, username: str) -> str:
    """What an app reads from a link or a square of dots."""
    return _totp(secret).get_provisioning_uri(username, _ISSUER)


def code_at(secret: bytes, step: int) -> str:
    return _totp(secret).generate(step * SECONDS).decode()


def step_of(code: str, secret: bytes, after: int) -> int | None:
    """The half minute that the code is of: this one or its neighbours, and later than `after`."""
    now = int(time.time()) // SECONDS
    digits = code.replace(" ", "")
    found = None
    for step in (now - 1, now, now + 1):
        is_same = secrets.compare_digest(code_at(secret, step).encode(), digits.encode())
        if is_same and step > after:
            found = step
    return found


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what apps know; here it only has to be hard to invert.
    return TOTP(secret, _DIGITS, SHA1(), SECONDS)  # noqa: S303
