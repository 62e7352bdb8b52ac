"""The heads of a tip: one payload, and in front of it a header for each of those it is sealed to.

They lie in one file, so that a tip costs one file and one sync however many read it. Each part, a
header and the payload, is a complete age file: the desk hands out a handler's own, a bundle holds
all.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from . import age
from .keyring import MOST_ENTRIES, Keyring, is_sealed_to

_FORMAT = b"sapo-heads/1\n"
_LONGEST_LINE = 64
_LARGEST_PAYLOAD = 64 * 1024  # many times that of a head
_LINE = re.compile(rb"([a-z0-9-]{2,32}) ([1-9]\d{0,4})\n")


@dataclass(frozen=True)
class Heads:
    """The headers by the ids of the keyring's entries, in its order, and the payload of all."""

    headers: Mapping[str, bytes]
    payload: bytes

    def part(self, wanted: Iterable[str]) -> bytes:
        """The head of the first of these entries that has one; else the first there is."""
        own = next((entry for entry in wanted if entry in self.headers), None)
        return self.headers[own if own is not None else next(iter(self.headers))] + self.payload

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each head as a file of its own, and its name."""
        for entry, header in self.headers.items():
            yield f"head.{entry}.age", header + self.payload


def entry_id(recipient: age.Recipient) -> str:
    """What an entry of the keyring is called here: who has the key can tell which head is theirs."""
    return hashlib.sha256(str(recipient).encode()).hexdigest()[:16]


def seal_heads(plaintext: bytes, ring: Keyring) -> Heads:
    """The plaintext, sealed once, with a header for each entry of the keyring."""
    headers, payload = age.seal_to_each(plaintext, ring.recipients)
    return Heads(dict(zip(map(entry_id, ring.recipients), headers, strict=True)), payload)


def for_each(ring: Keyring, headers: bytes) -> Mapping[str, bytes] | None:
    """The headers, which follow on each other in the keyring's order, by the ids of its entries.

    None unless each is whole and has one stanza, of the kind of its entry.
    """
    source, found = io.BytesIO(headers), {}
    for entry in ring.entries:
        begins = source.tell()
        if not is_sealed_to(replace(ring, entries=(entry,)), source):
            return None
        found[entry_id(entry.recipient)] = headers[begins : source.tell()]
    return None if source.read(1) else found


def front_of(headers: Mapping[str, bytes]) -> bytes:
    """What stands in front of the payload: whose the headers are, how long, and the headers."""
    lines = (f"{entry} {len(header)}\n".encode() for entry, header in headers.items())
    return b"".join([_FORMAT, *lines, b"\n", *headers.values()])


def split(source: BinaryIO) -> bytes:
    """Reads all that stands in front of the payload: the headers of a head, the header of another file."""
    begins = source.tell()
    is_head = source.readline(_LONGEST_LINE) == _FORMAT
    source.seek(begins)
    if not is_head:
        return age.split_header(source)
    _headers(source)
    ends = source.tell()
    source.seek(begins)
    return source.read(ends - begins)


def read_heads(source: BinaryIO) -> Heads:
    headers, payload = _headers(source), source.read(_LARGEST_PAYLOAD + 1)
    if len(payload) > _LARGEST_PAYLOAD:
        raise age.Damaged("a head is larger than any")
    return Heads(headers, payload)


def _headers(source: BinaryIO) -> Mapping[str, bytes]:
    if source.readline(_LONGEST_LINE) != _FORMAT:
        raise age.Damaged("no heads")
    lengths: dict[str, int] = {}
    while (line := source.readline(_LONGEST_LINE)) != b"\n":
        found = _LINE.fullmatch(line)
        if not found or len(lengths) == MOST_ENTRIES or found[1].decode() in lengths:
            raise age.Damaged("the list of heads is malformed")
        lengths[found[1].decode()] = int(found[2])
    headers = {entry: source.read(length) for entry, length in lengths.items()}
    if not headers or [len(header) for header in headers.values()] != list(lengths.values()):
        raise age.Damaged("the heads are cut off")
    return headers
