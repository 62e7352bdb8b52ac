"""Takes out of a film who made it, where, when and with what, without touching picture and sound.

What goes is overwritten where it stands: nothing behind it moves, and the film need not be read.
"""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .found import CannotBeRead, CleaningNotes, HiddenData

_CHUNK = 1024 * 1024


def _overwrite(file: BinaryIO, begin: int, end: int) -> None:
    file.seek(begin)
    while begin < end:
        begin += file.write(b"\x00" * min(_CHUNK, end - begin))


# MP4: boxes within boxes

_HOLDING = {b"edts", b"mdia", b"minf", b"moof", b"moov", b"stbl", b"traf", b"trak"}
_TOLD = {b"meta", b"udta", b"uuid"}
_EMPTY = {b"free", b"skip", b"wide"}
_TIMED = {b"mdhd", b"mvhd", b"tkhd"}
# Tracks that are neither seen nor heard: what a camera writes of place and movement.
_SEEN = frozenset(b"clcp hint odsm sbtl sdsm soun subt text tmcd vide".split())
_DEEPEST = 8
_MOST_BOXES = 200_000


class _Box(NamedTuple):
    name: bytes
    begin: int
    inside: int
    end: int


def clean_mp4(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        end = file.seek(0, 2)
        boxes = list(_boxes(file, 0, end))
        names = {box.name for box in boxes}
        if not boxes or boxes[0].name not in (b"ftyp", b"styp") or b"moov" not in names:
            raise CannotBeRead
        for box in boxes:
            _clean_box(file, box, notes)


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        inside = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).rjust(8, b"\x00"))
            inside += 8
        elif size == 0:
            size = end - at
        if size < inside - at or at + size > end:
            raise CannotBeRead
        yield _Box(name, at, inside, at + size)
        at += size
    raise CannotBeRead


def _clean_box(
    file: BinaryIO, box: _Box, notes: CleaningNotes, holders: tuple[bytes, ...] = ()
) -> None:
    if box.name in _TOLD:
        notes.remove("camera_data")
        file.seek(box.begin + 4)
        file.write(b"free")
        _overwrite(file, box.inside, box.end)
    elif box.name in _EMPTY:
        _overwrite(file, box.inside, box.end)
    elif box.name in _TIMED:
        _forget_times(file, box, notes)
    elif box.name == b"hdlr" and holders[-1:] == (b"mdia",):
        file.seek(box.inside + 8)
        if file.read(4) not in _SEEN:
            raise HiddenData("camera_track")
    elif box.name in _HOLDING and len(holders) < _DEEPEST:
        for each in list(_boxes(file, box.inside, box.end)):
            _clean_box(file, each, notes, (*holders, box.name))


def _forget_times(file: BinaryIO, box: _Box, notes: CleaningNotes) -> None:
    file.seek(box.inside)
    width = 16 if file.read(1) == b"\x01" else 8
    if box.inside + 4 + width > box.end:
        raise CannotBeRead
    file.seek(box.inside + 4)
    if any(file.read(width)):
        notes.remove("dates")
        _overwrite(file, box.inside + 4, box.inside + 4 + width)
