"""The payload of a sealed file, written and read piece by piece in constant memory."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import Damaged
from .header import Opens, SealedSource, Seals, read_header, seal_header
from .stanza import FILE_KEY_SIZE

_CHUNK = 64 * 1024
_TAG = 16
_NONCE = 16


class SealedWriter:
    """Seals what is written to it. Nothing but sealed octets ever reaches `out`.

    A file that is not closed is cut off, and no reader accepts it as whole. `sealed_size` and
    `payload_sha256` are of the payload alone: they stay the same when the header is wrapped anew.
    """

    def __init__(self, out: BinaryIO, recipients: Iterable[Seals]) -> None:
        file_key, nonce = os.urandom(FILE_KEY_SIZE), os.urandom(_NONCE)
        header = seal_header(file_key, recipients)
        self._out = out
        self._chunks = _Chunks(file_key, nonce)
        self._waiting = bytearray()
        self._sum = hashlib.sha256()
        self._is_open = True
        self.sealed_size = 0
        self._pass_on(header)
        self._payload(nonce)

    def write(self, octets: bytes | bytearray | memoryview) -> int:
        if not self._is_open:
            raise ValueError("the sealed file is closed")
        view = memoryview(octets).cast("B")
        at = 0
        # The last chunk is sealed in another way, so a full one waits for what follows.
        while len(self._waiting) + len(view) - at > _CHUNK:
            if self._waiting:
                rest = _CHUNK - len(self._waiting)
                self._waiting += view[at : at + rest]
                sealed = self._chunks.seal(self._waiting)
                self._waiting.clear()
            else:
                rest = _CHUNK
                sealed = self._chunks.seal(view[at : at + rest])
            at += rest
            self._payload(sealed)
        self._waiting += view[at:]
        return len(view)

    def close(self) -> None:
        """Seals the last chunk. `out` stays open: it is the caller's."""
        if self._is_open:
            self._payload(self._chunks.seal(self._waiting, last=True))
            self._waiting.clear()
            self._is_open = False

    @property
    def payload_sha256(self) -> bytes:
        if self._is_open:
            raise ValueError("the sealed file is not closed")
        return self._sum.digest()

    def _payload(self, sealed: bytes) -> None:
        self._sum.update(sealed)
        self.sealed_size += len(sealed)
        self._pass_on(sealed)

    def _pass_on(self, sealed: bytes) -> None:
        try:
            written = self._out.write(sealed)
            if written is not None and written != len(sealed):
                raise OSError(errno.ENOSPC, "only a part was written")
        except BaseException:
            # What has been written has a hole: it must never be closed as if it were whole.
            self._is_open = False
            self._waiting.clear()
            raise


def open_stream(source: SealedSource, keys: Iterable[Opens]) -> Iterator[bytes]:
    """The plaintext in pieces, each authenticated before it is given out.

    Only a reader that gets to the end without an error has the whole.
    """
    file_key = read_header(source).file_key(keys)
    nonce = _read(source, _NONCE)
    if len(nonce) != _NONCE:
        raise Damaged("cut off behind the header")
    return _pieces(source, _Chunks(file_key, nonce))


def _pieces(source: SealedSource, chunks: "_Chunks") -> Iterator[bytes]:
    chunk = _read(source, _CHUNK + _TAG)
    is_first = True
    while following := _read(source, _CHUNK + _TAG):
        yield chunks.open(chunk)
        chunk, is_first = following, False
    piece = chunks.open(chunk, last=True)
    if not piece and not is_first:
        raise Damaged("the last chunk is empty")
    yield piece


def seal(plaintext: bytes, recipients: Iterable[Seals]) -> bytes:
    out = BytesIO()
    writer = SealedWriter(out, recipients)
    writer.write(plaintext)
    writer.close()
    return out.getvalue()


def seal_to_each(plaintext: bytes, recipients: Iterable[Seals]) -> tuple[list[bytes], bytes]:
    """One payload, and for each recipient a header of its own: any of them makes a whole file."""
    if len(plaintext) > _CHUNK:
        raise ValueError("more than one chunk")
    file_key, nonce = os.urandom(FILE_KEY_SIZE), os.urandom(_NONCE)
    headers = [seal_header(file_key, [recipient]) for recipient in recipients]
    return headers, nonce + _Chunks(file_key, nonce).seal(plaintext, last=True)


def unseal(sealed: bytes, keys: Iterable[Opens]) -> bytes:
    return b"".join(open_stream(BytesIO(sealed), keys))


class _Chunks:
    """Seals and opens the chunks of one payload, in order."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        key = HKDF(hashes.SHA256(), 32, salt=nonce, info=b"payload").derive(file_key)
        self._cipher = ChaCha20Poly1305(key)
        self._count = 0

    def seal(self, chunk: bytes | bytearray | memoryview, *, last: bool = False) -> bytes:
        return self._cipher.encrypt(self._next_nonce(last), chunk, None)

    def open(self, chunk: bytes, *, last: bool = False) -> bytes:
        try:
            return self._cipher.decrypt(self._next_nonce(last), chunk, None)
        except InvalidTag as fault:
            raise Damaged("changed, cut off, or followed by something else") from fault

    def _next_nonce(self, last: bool) -> bytes:
        nonce = self._count.to_bytes(11, "big") + bytes([last])
        self._count += 1
        return nonce


def _read(source: SealedSource, size: int) -> bytes:
    """As many octets as asked for, fewer only at the end. A source may give fewer at a time."""
    octets = source.read(size)
    if len(octets) == size or not octets:
        return octets
    parts = bytearray(octets)
    while len(parts) < size and (octets := source.read(size - len(parts))):
        parts += octets
    return bytes(parts)
