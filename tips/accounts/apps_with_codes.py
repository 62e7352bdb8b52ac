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


class LateCode(Exception):
    """It was right in the half minute before this one, and has not been used."""


def step_of(code: str, secret: bytes, after: int) -> int | None:
    """This half minute, if the code is of it and it is later than `after`; `LateCode` if it just ended."""
    now = int(time.time()) // SECONDS
    digits = code.replace(" ", "").encode()
    is_now, is_late = (
        secrets.compare_digest(code_at(secret, step).encode(), digits) and step > after
        for step in (now, now - 1)
    )
    if is_late and not is_now:
        raise LateCode
    return now if is_now else None


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what apps know; here it only has to be hard to invert.
    return TOTP(secret, _DIGITS, SHA1(), SECONDS)  # noqa: S303
