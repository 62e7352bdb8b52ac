"""How far the intake has counted: a small file that a power cut leaves readable, and one process holds.

Two slots are written in turns, so that one of them is whole. A mark says that what the last one
reserved is done; it need not be synced, since whoever finds none looks.
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

_SIZE, _SLOT = 512, 192
_MARK = 2 * _SLOT
_FORMAT = b"sapo-in1"
_FIELDS = struct.Struct(">8sQ16sQ32s32s16s")
_TURN = struct.Struct(">Q")
_SUM = 32


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
        octets = os.pread(descriptor, _SIZE, 0)
        found = [self._in_slot(octets[at : at + _SLOT]) for at in (0, _SLOT)]
        nothing: tuple[int, Reserved | None] = (0, None)
        self._turn, self.last = max([nothing, *filter(None, found)], key=lambda slot: slot[0])
        self.is_done = octets[_MARK:] == self._mark()

    def reserve(self, number: Reserved) -> None:
        """Keeps the number, also through a power cut; it is not done yet."""
        self._turn += 1
        content = _FIELDS.pack(
            _FORMAT,
            self._turn,
            bytes.fromhex(number.epoch),
            number.counter,
            bytes.fromhex(number.hash),
            bytes.fromhex(number.previous),
            number.tip.bytes,
        )
        slot = content + hashlib.sha256(content).digest()
        os.pwrite(self._file, slot.ljust(_SLOT, b"\0"), self._turn % 2 * _SLOT)
        os.fdatasync(self._file)
        self.last, self.is_done = number, False

    def finish(self) -> None:
        """Marks what was reserved last as done."""
        os.pwrite(self._file, self._mark(), _MARK)
        self.is_done = True

    def _mark(self) -> bytes:
        turn = _TURN.pack(self._turn)
        return (turn + hashlib.sha256(turn).digest()).ljust(_SIZE - _MARK, b"\0")

    def _in_slot(self, slot: bytes) -> tuple[int, Reserved] | None:
        content = slot[: _FIELDS.size]
        if slot[_FIELDS.size : _FIELDS.size + _SUM] != hashlib.sha256(content).digest():
            return None
        form, turn, epoch, counter, own, previous, tip = _FIELDS.unpack(content)
        if form != _FORMAT:
            return None
        number = Reserved(epoch.hex(), counter, own.hex(), previous.hex(), UUID(bytes=tip))
        return turn, number


@contextmanager
def held(path: Path, *, waits: bool = True) -> Iterator[ArrivalState | None]:
    """The file, which nobody else reads or writes meanwhile; None where one would have to wait."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
            return
        yield ArrivalState(descriptor)
    finally:
        os.close(descriptor)
