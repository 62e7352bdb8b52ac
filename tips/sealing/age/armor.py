"""Armor: a sealed file as lines of text, for mail, paper and the clipboard."""

import base64
import binascii
import re

from .errors import Damaged

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_WHITESPACE = " \t\r\n"


def armor(sealed: bytes) -> str:
    text = base64.b64encode(sealed).decode()
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def dearmor(text: str) -> bytes:
    """The sealed octets. White space may surround the armor; inside, only one form is accepted."""
    lines = re.split(r"\r?\n", text.strip(_WHITESPACE))
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise Damaged("not armor, or cut off")
    *full, last = lines[1:-1]
    if any(len(line) != _COLUMNS for line in full) or not 0 < len(last) <= _COLUMNS:
        raise Damaged("a line of the armor is too long or too short")
    joined = "".join([*full, last])
    try:
        sealed = base64.b64decode(joined.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise Damaged("the armor is not Base64") from fault
    if base64.b64encode(sealed).decode() != joined:
        raise Damaged("the armor is not canonical Base64")
    return sealed


def is_armored(text: str) -> bool:
    """Whether this begins as armor does; it may still be damaged."""
    return text.lstrip(_WHITESPACE).startswith(_BEGIN)
