"""The header of a sealed file: the key of the file, sealed to each recipient."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .encoding import from_base64, to_base64
from .errors import BadKey, Damaged, WrongKey
from .stanza import COLUMNS, FILE_KEY_SIZE, Stanza

# Room for 42 post-quantum recipients.
LONGEST_HEADER = 64 * 1024
_LONGEST_LINE = 4096
_VERSION = b"age-encryption.org/v1\n"
_ARGUMENTS = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)\n")
_MAC = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


class SealedSource(Protocol):
    """What a sealed file is read from: its header in lines, its payload in pieces."""

    def readline(self, size: int, /) -> bytes: ...

    def read(self, size: int, /) -> bytes: ...


class Seals(Protocol):
    """What a file can be sealed to: a recipient, or a passphrase."""

    def wrap(self, file_key: bytes) -> Stanza: ...


class Opens(Protocol):
    """What can open a stanza: an identity, or a passphrase."""

    def unwrap(self, stanza: Stanza) -> bytes | None: ...


@dataclass(frozen=True)
class Header:
    stanzas: tuple[Stanza, ...]
    mac: bytes
    signed: bytes  # what the MAC is of

    def file_key(self, keys: Iterable[Opens]) -> bytes:
        """The key of the file, when one of the keys opens it and the header is unchanged."""
        for key in keys:
            for stanza in self.stanzas:
                file_key = key.unwrap(stanza)
                if file_key is None:
                    continue
                if not hmac.compare_digest(_mac(file_key, self.signed), self.mac):
                    raise Damaged("the header has been changed")
                return file_key
        raise WrongKey("sealed to other keys")


def read_header(source: SealedSource) -> Header:
    """Reads the header; the source then stands at the payload."""
    return _parse(_Lines(source))


def split_header(source: SealedSource) -> bytes:
    """Reads the octets of the header; the source then stands at the payload."""
    lines = _Lines(source)
    _parse(lines)
    return bytes(lines.read)


def write_header(stanzas: Iterable[Stanza], file_key: bytes) -> bytes:
    signed = b"".join([_VERSION, *(stanza.encode() for stanza in stanzas), b"---"])
    header = b"%b %b\n" % (signed, to_base64(_mac(file_key, signed)))
    if len(header) > LONGEST_HEADER:
        raise BadKey("too many recipients")
    return header


def seal_header(file_key: bytes, recipients: Iterable[Seals]) -> bytes:
    """The header that lets these recipients, and nobody else, open the file."""
    wanted = list(dict.fromkeys(recipients))
    if not wanted:
        raise BadKey("no recipient")
    return write_header([recipient.wrap(file_key) for recipient in wanted], file_key)


class _Lines:
    """Lines of a header, bounded in length and in sum."""

    def __init__(self, source: SealedSource) -> None:
        self._source = source
        self.read = bytearray()

    def next(self) -> bytes:
        line = self._source.readline(_LONGEST_LINE)
        self.read += line
        if not line.endswith(b"\n"):
            raise Damaged("not an age file, or cut off in the header")
        if len(self.read) > LONGEST_HEADER:
            raise Damaged("the header is too long")
        return line


def _parse(lines: _Lines) -> Header:
    if lines.next() != _VERSION:
        raise Damaged("not an age file of version 1")
    stanzas: list[Stanza] = []
    while True:
        line = lines.next()
        if arguments := _ARGUMENTS.fullmatch(line):
            stanzas.append(Stanza(tuple(arguments[1].decode().split(" ")), _body(lines)))
        elif stanzas and (mac := _MAC.fullmatch(line)):
            break
        else:
            raise Damaged("a line of the header is malformed")
    if len(stanzas) > 1 and any(stanza.kind == "scrypt" for stanza in stanzas):
        raise Damaged("a passphrase stands beside other recipients")
    # Signed up to and with the three dashes, without the space that follows.
    signed = bytes(lines.read[: -len(line) + len(b"---")])
    return Header(tuple(stanzas), _decode(mac[1]), signed)


def _body(lines: _Lines) -> bytes:
    body = bytearray()
    while True:
        text = lines.next()[:-1]
        if len(text) > COLUMNS:
            raise Damaged("a line of the header is too long")
        body += _decode(text)
        if len(text) < COLUMNS:
            return bytes(body)


def _decode(text: bytes) -> bytes:
    try:
        return from_base64(text)
    except ValueError as fault:
        raise Damaged("the header holds a line that is not Base64") from fault


def _mac(file_key: bytes, signed: bytes) -> bytes:
    if len(file_key) != FILE_KEY_SIZE:
        raise Damaged("the key of the file has the wrong length")
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, signed, "sha256")
