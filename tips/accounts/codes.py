"""Codes that people write down or hand on: eighty bits, four letters at a time, kept as hashes."""

import base64
import hashlib
import hmac
import secrets

_OCTETS = 10
# Digits that the codes never have, and the letters that they are mistaken for.
_ALIKE = str.maketrans("018", "OIB", " -\N{EN DASH}\t")
# Sixteen mebibytes and some thirty milliseconds a try.
_COST = {"n": 2**14, "r": 8, "p": 1}


def draw_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_OCTETS)).decode()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def draw_salt() -> str:
    return secrets.token_hex(16)


def hash_of_code(code: str, salt: str) -> str:
    """The same for every way in which the code may be typed."""
    same = code.upper().translate(_ALIKE).encode("utf-8", "replace")
    return hashlib.scrypt(same, salt=salt.encode(), dklen=32, **_COST).hex()


def as_kept(code: str) -> str:
    """What is stored of a code that stands alone."""
    salt = draw_salt()
    return f"{salt}${hash_of_code(code, salt)}"


def is_code(code: str, stored: str) -> bool:
    """Takes as long whether or not there is a code."""
    salt, _dollar, wanted = (stored or "0$").partition("$")
    return hmac.compare_digest(hash_of_code(code, salt), wanted)
