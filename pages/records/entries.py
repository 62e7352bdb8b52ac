"""How a record stands in the head of a pack: a few bytes, with its digest and a mark of its place."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_EVENT, _HAS_SINCE, _IS_FILE, _ON_FORMER, _ON_OTHER = 0x80, 1, 2, 4, 8
_DIGEST = 32
_MOST = 1 << 40
# Says which record is out of place; that something is, the hash of the whole head says.
_MARK = 2

# Where a record stands: the number of its pack, and its first byte in the head.
Place = tuple[int, int]


class BrokenError(Exception):
    """The bytes of a head are not those of records."""


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """What was met at an address from a moment on."""

    address: int
    epoch: int
    sent: int  # status and headers
    digest: bytes
    former: Place | None = None  # the record of this address before
    since: int = 0  # microseconds since 1970; 0: since its epoch began
    is_file: bool = False  # its bytes lie in a file of their own
    base: Place | None = None  # the record that its bytes are told by
    begin: int = 0  # where its bytes lie in the bodies of the pack
    length: int = 0
    held_in: int = 0  # that pack, if it is not the one of the head

    def encoded(self, pack: int) -> bytes:
        flags = _HAS_SINCE * bool(self.since) | _IS_FILE * self.is_file
        if self.base:
            flags |= _ON_FORMER if self.base == self.former else _ON_OTHER
        parts = [bytes([flags]), *map(_number, (self.address, self.epoch, self.sent))]
        if self.since:
            parts.append(_number(self.since))
        parts.append(_place(self.former, pack))
        if flags & _ON_OTHER:
            parts.append(_place(self.base, pack))
        parts += [_number(self.begin), _number(self.length), self.digest]
        return b"".join(parts)


def encoded_event(event: dict[str, Any]) -> bytes:
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    return bytes([_EVENT]) + _number(len(text)) + text


def next_mark(mark: bytes, encoded: bytes) -> bytes:
    return hashlib.sha256(mark + encoded).digest()


def with_mark(encoded: bytes, mark: bytes) -> bytes:
    return encoded + mark[:_MARK]


def read_one(
    head: bytes | bytearray, pack: int, at: int
) -> tuple[RecordEntry | dict[str, Any], int]:
    """The entry that begins there, and where its mark begins."""
    try:
        flags = head[at]
        if flags == _EVENT:
            length, at = _read_number(head, at + 1)
            event = json.loads(head[at : at + length])
            if not isinstance(event, dict) or at + length > len(head):
                raise BrokenError
            return event, at + length
        if flags > _HAS_SINCE | _IS_FILE | _ON_FORMER | _ON_OTHER:
            raise BrokenError
        here = (pack, at)
        at += 1
        address, at = _read_number(head, at)
        epoch, at = _read_number(head, at)
        sent, at = _read_number(head, at)
        since = 0
        if flags & _HAS_SINCE:
            since, at = _read_number(head, at)
        former, at = _read_place(head, at, pack)
        base = former if flags & _ON_FORMER else None
        if flags & _ON_OTHER:
            base, at = _read_place(head, at, pack)
        begin, at = _read_number(head, at)
        length, at = _read_number(head, at)
        digest = bytes(head[at : at + _DIGEST])
        is_led_back = all(each is None or each < here for each in (former, base))
        if len(digest) < _DIGEST or not is_led_back or max(begin, length) > _MOST:
            raise BrokenError
    except (IndexError, ValueError, RecursionError) as error:
        raise BrokenError from error
    is_file = bool(flags & _IS_FILE)
    return (
        RecordEntry(address, epoch, sent, digest, former, since, is_file, base, begin, length),
        at + _DIGEST,
    )


def read_all(
    head: bytes | bytearray, pack: int, begin: int
) -> Iterator[tuple[int, RecordEntry | dict[str, Any], bool]]:
    """Every entry with where it begins, and whether it and all before it stand in their places.

    Raises BrokenError where nothing can be read any more.
    """
    mark, at = b"", begin
    while at < len(head):
        entry, end = read_one(head, pack, at)
        mark = next_mark(mark, bytes(head[at:end]))
        yield at, entry, head[end : end + _MARK] == mark[:_MARK]
        at = end + _MARK


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _read_number(head: bytes | bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = head[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise BrokenError


def _place(place: Place | None, pack: int) -> bytes:
    """How many packs back, plus one, and where; a nought for none."""
    return _number(pack - place[0] + 1) + _number(place[1]) if place else b"\0"


def _read_place(head: bytes | bytearray, at: int, pack: int) -> tuple[Place | None, int]:
    back, at = _read_number(head, at)
    if not back:
        return None, at
    offset, at = _read_number(head, at)
    return (pack - back + 1, offset), at
