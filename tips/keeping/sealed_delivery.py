"""A tip that the sender's browser has sealed: looked at from outside, and kept as it came."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from django.utils import timezone

from tips.sealing import heads, sizes
from tips.sealing.keyring import Keyring, is_sealed_to

from .arriving import write_whole
from .intake import Delivery, disk
from .present_keyring import OtherKeyring
from .sealed_files import BODY, HEAD, HEADS


class NotSealed(Exception):
    """It is not sealed as a tip is, to all in the keyring and to nobody else."""


@dataclass(frozen=True)
class SealedTexts:
    """Head and body, as a browser has sealed them to this keyring: headers and payloads."""

    ring: Keyring
    head: tuple[bytes, bytes]
    body: tuple[bytes, bytes]

    @classmethod
    def of(cls, ring: Keyring, heads_sent: bytes, body_sent: bytes) -> "SealedTexts":
        """`heads_sent` are the headers in the keyring's order, and the payload of all of them."""
        headers = heads_sent[: -sizes.HEAD_PAYLOAD]
        found = heads.for_each(ring, headers)
        if found is None or any(len(each) != sizes.header_size(1) for each in found.values()):
            raise NotSealed
        header = _header(ring, body_sent)
        body = body_sent[len(header) :]
        if len(body) not in sizes.BODY_PAYLOADS:
            raise NotSealed
        return cls(ring, (heads.front_of(found), heads_sent[len(headers) :]), (header, body))


class SealedDelivery(Delivery):
    """Such a tip on its way in. Unless it is handed in, nothing is left of it."""

    def __init__(self, tip_id: UUID, texts: SealedTexts, room: int) -> None:
        super().__init__(tip_id, b"", room, way="browser")
        if self._keyring.hash != texts.ring.hash:
            raise OtherKeyring
        self._payloads: dict[str, bytes] = {}
        self._write(HEADS, HEAD, *texts.head)
        self._write(BODY, BODY, *texts.body)

    def __enter__(self) -> "SealedDelivery":
        return self

    def keep_file(self, file_id: UUID, pieces: Iterator[bytes], largest: int) -> int:
        """Keeps a file as it comes; returns how long its payload is."""
        name = f"{file_id}.age"
        first = next(pieces, b"")
        header = _header(self._keyring, first)
        total, size = hashlib.sha256(), 0
        piece = first[len(header) :]
        with disk():
            file = self._arriving.create(name)
            write_whole(file, header)
        with file:
            while piece:
                size += len(piece)
                total.update(piece)
                with disk():
                    write_whole(file, piece)
                piece = next(pieces, b"")
        if not sizes.is_payload_of_file(size, largest):
            raise NotSealed
        self._payloads[name] = total.digest()
        return size

    def hand_in_sealed(self, echo: bytes, *, is_urgent: bool) -> None:
        """Keeps the tip: when this returns it is on the disk and in the database."""
        self._complete(self._payloads, echo, timezone.localdate(), is_urgent=is_urgent)

    def _write(self, file_name: str, name: str, header: bytes, payload: bytes) -> None:
        with disk(), self._arriving.create(file_name) as file:
            write_whole(file, header + payload)
        self._payloads[name] = hashlib.sha256(payload).digest()


def _header(ring: Keyring, octets: bytes) -> bytes:
    """The header that these octets begin with: one stanza of full length for each in the keyring."""
    source = BytesIO(octets)
    if not is_sealed_to(ring, source) or source.tell() != sizes.header_size(len(ring.entries)):
        raise NotSealed
    return octets[: source.tell()]
