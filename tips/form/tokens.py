"""The signed token in the form, in place of a cookie.

It proves that the form came from here, and when. It gives one tip only, in any number of processes,
since the tip's id is derived from it.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer

from . import limits

_SALT = "tips.form.token"
_NONCE = 16


@dataclass(frozen=True)
class Token:
    """A token that was made here, and is not too old; `octets` are known to who has the form alone."""

    octets: bytes
    tip_id: UUID
    age: float

    @property
    def is_too_fresh(self) -> bool:
        """Nobody reads and fills in a form this fast."""
        return self.age < limits.MIN_TOKEN_SECONDS


def make_token(now: float | None = None) -> str:
    second = int(time.time() if now is None else now)
    return Signer(salt=_SALT, sep=".").sign(f"{second}-{secrets.token_urlsafe(_NONCE)}")


def read_token(text: str, now: float | None = None) -> Token | None:
    """The token; None when it is not ours, altered, too old or from the future."""
    try:
        second, _dash, _nonce = Signer(salt=_SALT, sep=".").unsign(text).partition("-")
        octets = text.encode()
    except (BadSignature, ValueError):
        return None
    age = (time.time() if now is None else now) - int(second)
    if not 0 <= age <= limits.MAX_TOKEN_SECONDS:
        return None
    return Token(octets, UUID(bytes=hashlib.sha256(octets).digest()[:16], version=4), age)
