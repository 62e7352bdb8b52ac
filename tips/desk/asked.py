"""Reads what a script has sent, and refuses all but exactly the agreed form."""

import base64
import binascii
import json
from datetime import date
from typing import NoReturn
from uuid import UUID

from django.http import HttpRequest

from tips.refusals import Refusal
from tips.sealing import trust
from tips.sealing.statements import LONGEST_STATEMENT, Statement, read_statement
from tips.sealing.trust import TrustError

from .gate import Stop

_LONGEST_HALF = 8192
_LARGEST_NUMBER = 2**31 - 1


def json_body(request: HttpRequest, largest: int) -> dict[str, object]:
    """The JSON object in the request's body, of at most so many octets."""
    if _length_of(request) > largest:
        raise Stop(413, Refusal.TOO_LARGE)
    octets = request.read(largest + 1)
    if len(octets) > largest:
        raise Stop(413, Refusal.TOO_LARGE)
    try:
        found = json.loads(octets.decode(), parse_constant=_refuse, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        _refuse()
    if not isinstance(found, dict):
        _refuse()
    return found


def only(asked: dict[str, object], *names: str) -> None:
    """Refuses an object that has other keys than these."""
    if asked.keys() - set(names):
        _refuse()


def text(asked: dict[str, object], name: str, longest: int) -> str:
    """Text on one line, of characters that can be seen."""
    found = asked.get(name)
    if not isinstance(found, str) or len(found) > longest or not found.isprintable():
        _refuse()
    return found


def lines(asked: dict[str, object], name: str, longest: int) -> str:
    """Text as it stands, with its line breaks."""
    found = asked.get(name)
    if not isinstance(found, str) or len(found) > longest or "\0" in found:
        _refuse()
    try:
        found.encode()
    except UnicodeEncodeError:
        _refuse()
    return found


def number(asked: dict[str, object], name: str) -> int:
    found = asked.get(name)
    if type(found) is not int or not 0 <= found <= _LARGEST_NUMBER:
        _refuse()
    return found


def as_number(text: str) -> int:
    """Only in digits, and not too many of them."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        _refuse()
    return int(text)


def uuid(asked: dict[str, object], name: str) -> UUID:
    return as_uuid(asked.get(name))


def as_uuid(found: object) -> UUID:
    """Only in the standard spelling: another would be a second name of the same thing."""
    try:
        if isinstance(found, str) and str(UUID(found)) == found:
            return UUID(found)
    except ValueError:
        pass
    _refuse()


def as_day(found: str) -> date:
    """Only as YYYY-MM-DD."""
    try:
        if date.fromisoformat(found).isoformat() == found:
            return date.fromisoformat(found)
    except ValueError:
        pass
    _refuse()


def octets(asked: dict[str, object], name: str, largest: int) -> bytes:
    found = asked.get(name)
    if not isinstance(found, str) or len(found) > largest * 4 // 3 + 4:
        _refuse()
    try:
        return base64.b64decode(found.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        _refuse()


def signature(asked: dict[str, object]) -> trust.Signature:
    """Both halves, in the members ed25519 and mldsa65; TrustError where they are none."""
    halves = ("ed25519", "mldsa65")
    return trust.signature_in({name: text(asked, name, _LONGEST_HALF) for name in halves})


def statement(asked: dict[str, object]) -> Statement:
    """What a handler has signed, as it stands: one spelling, with a line break at its end."""
    said = lines(asked, "statement", LONGEST_STATEMENT)
    try:
        return read_statement(said.encode(), signature(asked))
    except TrustError:
        _refuse()


def object_in(asked: dict[str, object], name: str) -> dict[str, object]:
    found = asked.get(name)
    if not isinstance(found, dict):
        _refuse()
    return found


def objects(asked: dict[str, object], name: str, most: int) -> list[dict[str, object]]:
    found = asked.get(name)
    if not isinstance(found, list) or not 0 < len(found) <= most:
        _refuse()
    if not all(isinstance(each, dict) for each in found):
        _refuse()
    return found


def _length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        _refuse()


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse()
    return found


def _refuse(_constant: str = "") -> NoReturn:
    raise Stop(400, Refusal.UNREADABLE)
