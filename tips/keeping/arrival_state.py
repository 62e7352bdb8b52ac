"""How far the intake has counted: a small file that one process holds at a time.

It is one record, within a sector of the disk, with its sum: what a power cut has spoilt is nothing, and a
new epoch begins. A mark says that what was reserved is done; it need not be synced, since whoever
finds none looks.
"""

import fcntl
import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

_FORMAT = b"sapo-in2"
_FIELDS = struct.Struct(">8s16sQ32s32s16s")
_SUM = 32
_MARK = _FIELDS.size + _SUM  # where the mark stands: the sum once more


@dataclass(frozen=True)
class Reserved:
    """A number of the intake's, the message that it is for, and that before it."""

    epoch: str
    counter: int
    hash: str
    previous: str
    tip: UUID


class ArrivalState:
    """The file, while it is held."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        octets = os.pread(descriptor, _MARK + _SUM, 0)
        content, total = octets[: _FIELDS.size], octets[_FIELDS.size : _MARK]
        is_whole = hashlib.sha256(content).digest() == total and content.startswith(_FORMAT)
        self.last = _reserved(content) if is_whole else None
        self.is_done = octets[_MARK:] == total

    def reserve(self, number: Reserved) -> None:
        """Keeps the number, also through a power cut; it is not done yet."""
        content = _FIELDS.pack(
            _FORMAT,
            bytes.fromhex(number.epoch),
            number.counter,
            bytes.fromhex(number.hash),
            bytes.fromhex(number.previous),
            number.tip.bytes,
        )
        os.pwrite(self._file, content + hashlib.sha256(content).digest(), 0)
        os.fdatasync(self._file)
        self.last, self.is_done = number, False

    def finish(self) -> None:
        """Marks what was reserved last as done."""
        os.pwrite(self._file, os.pread(self._file, _SUM, _FIELDS.size), _MARK)
        self.is_done = True


def _reserved(content: bytes) -> Reserved:
    _form, epoch, counter, own, previous, tip = _FIELDS.unpack(content)
    return Reserved(epoch.hex(), counter, own.hex(), previous.hex(), UUID(bytes=tip))


class Busy(Exception):
    """Somebody else is being given a number."""


@contextmanager
def held(path: Path, *, waits: bool = True) -> Iterator[ArrivalState]:
    """The file, which nobody else reads or writes meanwhile; Busy where one would have to wait."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        yield ArrivalState(descriptor)
    finally:
        os.close(descriptor)
