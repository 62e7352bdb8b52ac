"""The signed token in the form, in place of a cookie.

It proves that the form came from here, and when. It gives one tip only, in any number of processes,
since the tip's id is derived from it.
"""

import base64
import binascii
import hmac
import os
import struct
import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

from . import limits

_VERSION = 1
_NONCE = 16
_SIGNED = struct.Struct(f">BI{_NONCE}s")  # version, second, nonce
_SIGNATURE = 32


@dataclass(frozen=True)
class Token:
    """A token that was made here, and is not too old."""

    nonce: bytes
    tip_id: UUID
    age: float

    @property
    def is_too_fresh(self) -> bool:
        """Nobody reads and fills in a form this fast."""
        return self.age < limits.MIN_TOKEN_SECONDS


def make_token(now: float | None = None) -> str:
    second = int(time.time() if now is None else now)
    signed = _SIGNED.pack(_VERSION, second, os.urandom(_NONCE))
    return _encode(signed + _signature(settings.SECRET_KEY, signed))


def read_token(text: str, now: float | None = None) -> Token | None:
    """The token; None when it is not ours, altered, too old or from the future."""
    octets = _decode(text)
    if len(octets) != _SIGNED.size + _SIGNATURE:
        return None
    signed, signature = octets[: _SIGNED.size], octets[_SIGNED.size :]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(signature, _signature(key, signed)):
            break
    else:
        return None
    version, second, nonce = _SIGNED.unpack(signed)
    age = (time.time() if now is None else now) - second
    if version != _VERSION or not 0 <= age <= limits.MAX_TOKEN_SECONDS:
        return None
    tip_id = UUID(bytes=_derive(key, b"tips: id of a tip", nonce)[:16], version=4)
    return Token(nonce, tip_id, age)


def _signature(key: str | bytes, signed: bytes) -> bytes:
    return _derive(key, b"tips: token of the form", signed)


def _derive(key: str | bytes, purpose: bytes, value: bytes) -> bytes:
    return hmac.digest(hmac.digest(force_bytes(key), purpose, "sha256"), value, "sha256")


def _encode(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The octets; empty when the text is not exactly how we write them."""
    try:
        octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""
    return octets if hmac.compare_digest(_encode(octets).encode(), text.encode()) else b""
