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
_SEEN = {
    b"clcp", b"hint", b"odsm", b"sbtl", b"sdsm", b"soun", b"subt", b"text", b"tmcd", b"vide",
}  # fmt: skip
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


# WebM: elements within elements

_EBML, _SEGMENT, _INFO, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1F43B675
_VOID = 0xEC
_TAGS = {0x1254C367: "properties", 0x1941A469: "attached_files"}
_OF_INFO = {
    0x4461: "dates", 0x7BA9: "properties", 0x7384: "local_links", 0x3C83AB: "local_links",
    0x3E83BB: "local_links", 0x73A4: "", 0x3CB923: "", 0x3EB923: "", 0xBF: "",
}  # fmt: skip


class _Element(NamedTuple):
    key: int
    begin: int
    inside: int
    end: int | None  # of a film that was sent while it was made


def clean_webm(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises CannotBeRead."""
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        end = file.seek(0, 2)
        head = _element(file, 0, end)
        if head.key != _EBML or head.end is None:
            raise CannotBeRead
        file.seek(head.inside)
        if not any(kind in file.read(min(head.end - head.inside, 200)) for kind in (b"webm",)):
            raise CannotBeRead
        segment = _element(file, head.end, end)
        if segment.key != _SEGMENT:
            raise CannotBeRead
        _clean_segment(file, segment.inside, segment.end or end, notes)


def _clean_segment(file: BinaryIO, at: int, end: int, notes: CleaningNotes) -> None:
    for _ in range(_MOST_BOXES):
        if at >= end:
            return
        each = _element(file, at, end)
        if each.end is None:
            if each.key != _CLUSTER:
                raise CannotBeRead
            at = each.inside  # what is in it is passed over one by one
            continue
        if each.key in _TAGS:
            notes.remove(_TAGS[each.key])
            _void(file, each.begin, each.end)
        elif each.key == _INFO:
            _clean_info(file, each, notes)
        elif each.key == _VOID:
            _overwrite(file, each.inside, each.end)
        at = each.end
    raise CannotBeRead


def _clean_info(file: BinaryIO, info: _Element, notes: CleaningNotes) -> None:
    at, end = info.inside, info.end or info.inside
    while at < end:
        each = _element(file, at, end)
        if each.end is None:
            raise CannotBeRead
        if each.key in _OF_INFO:
            if what := _OF_INFO[each.key]:
                notes.remove(what)
            _void(file, each.begin, each.end)
        at = each.end


def _void(file: BinaryIO, begin: int, end: int) -> None:
    """Writes an element of the same length that says nothing."""
    width = 8 if end - begin >= 9 else 1
    length = end - begin - 1 - width
    file.seek(begin)
    file.write(bytes([_VOID]) + (length | 1 << 7 * width).to_bytes(width, "big"))
    _overwrite(file, begin + 1 + width, end)


def _element(file: BinaryIO, at: int, end: int) -> _Element:
    file.seek(at)
    head = file.read(12)
    key_width = _width(head, 0)
    size_width = _width(head, key_width)
    size = int.from_bytes(head[key_width : key_width + size_width], "big")
    most = (1 << 7 * size_width) - 1
    size &= most
    inside = at + key_width + size_width
    if size == most:
        return _Element(int.from_bytes(head[:key_width], "big"), at, inside, None)
    if inside + size > end:
        raise CannotBeRead
    return _Element(int.from_bytes(head[:key_width], "big"), at, inside, inside + size)


def _width(head: bytes, at: int) -> int:
    if at >= len(head) or not head[at]:
        raise CannotBeRead
    return 9 - head[at].bit_length()
