"""The packs: heads that are chained by their hashes, and the bodies that they tell of.

    packs/00000012.head      {"pack": 12, "before": hash of the head before}, then the entries
    packs/00000012.bodies    compressed bodies, most of them told by another body
    files/ab/ab34…           pictures and files, whole, by their SHA-256

A head is never changed. Of the bodies only weeding overwrites a part, under a decision.
"""

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from .entries import (
    BrokenError,
    Place,
    RecordEntry,
    encoded_event,
    next_mark,
    read_all,
    read_one,
    with_mark,
)

MOST_BYTES = 16 * 1024 * 1024
_LEVEL = 3
_HEADS_KEPT = 64
_BODIES_KEPT = 32


class LostError(Exception):
    """The bytes of a record are not those that its digest tells of."""


def smaller(body: bytes, base: bytes | None) -> bytes:
    """The body compressed, told by another if there is one."""
    window = max(10, (len(body) + len(base or b"")).bit_length())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(body), window_log=min(window, 27),
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        write_content_size=False, write_checksum=False, write_dict_id=False,
    )  # fmt: skip
    told_by = zstandard.ZstdCompressor(compression_params=parameters, **_dictionary(base))
    return told_by.compress(body)


def as_before(compressed: bytes, base: bytes | None, most: int = MOST_BYTES) -> bytes:
    try:
        # zstandard makes as much room as the bytes ask for, whatever may come out at most. Ours ask for none.
        of_bytes = zstandard.get_frame_parameters(
            compressed, format=zstandard.FORMAT_ZSTD1_MAGICLESS
        )
        if of_bytes.content_size != zstandard.CONTENTSIZE_UNKNOWN:
            raise LostError
        return zstandard.ZstdDecompressor(
            format=zstandard.FORMAT_ZSTD1_MAGICLESS, **_dictionary(base)
        ).decompress(compressed, max_output_size=most)
    except zstandard.ZstdError as error:
        raise LostError from error


def _dictionary(base: bytes | None) -> dict[str, Any]:
    if not base:
        return {}
    kind = zstandard.DICT_TYPE_RAWCONTENT
    return {"dict_data": zstandard.ZstdCompressionDict(base, dict_type=kind)}


class Packs:
    """Reads what lies in the packs of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Records whose bytes have been told anew, since what they were told by was weeded.
        self.moved: dict[Place, RecordEntry] = {}
        self.writing: NewPack | None = None
        self._heads: OrderedDict[int, bytes] = OrderedDict()
        self._bodies: OrderedDict[Place, bytes] = OrderedDict()

    def head_of(self, number: int) -> Path:
        return self.folder / "packs" / f"{number:08}.head"

    def bodies_of(self, number: int) -> Path:
        return self.folder / "packs" / f"{number:08}.bodies"

    def file_of(self, digest: bytes) -> Path:
        return self.folder / "files" / digest.hex()[:2] / digest.hex()

    def numbers(self) -> list[int]:
        found = (self.folder / "packs").glob("*.head")
        return sorted(int(path.stem) for path in found if path.stem.isdecimal())

    def head(self, number: int) -> bytes | bytearray:
        if self.writing and self.writing.number == number:
            return self.writing.head
        if number not in self._heads:
            try:
                self._heads[number] = self.head_of(number).read_bytes()
            except OSError as error:
                raise BrokenError from error
            while len(self._heads) > _HEADS_KEPT:
                self._heads.popitem(last=False)
        self._heads.move_to_end(number)
        return self._heads[number]

    def entry(self, place: Place) -> RecordEntry:
        entry, _end = read_one(self.head(place[0]), *place)
        if not isinstance(entry, RecordEntry):
            raise BrokenError
        return entry

    def is_record(self, place: Place) -> bool:
        """Whether a record begins there; what lies within one may read like another."""
        try:
            return any(
                at == place[1] and isinstance(entry, RecordEntry)
                for at, entry, _stands in self.entries(place[0])
            )
        except BrokenError:
            return False

    def event(self, place: Place | None) -> dict[str, Any]:
        event, _end = read_one(self.head(place[0]), *place) if place else ({}, 0)
        return event if isinstance(event, dict) else {}

    def entries(self, number: int) -> Iterator[tuple[int, RecordEntry | dict[str, Any], bool]]:
        head = self.head(number)
        return read_all(head, number, len(first_line(head)))

    def body(self, place: Place) -> bytes:
        """The bytes of a record, which are those that its digest tells of."""
        return self.body_and_depth(place)[0]

    def body_and_depth(self, place: Place) -> tuple[bytes, int]:
        """The bytes, and by how many others they are told."""
        line, base = [], place
        while base not in self._bodies:
            line.append(base)
            told_by = self.told(base).base
            if told_by is None:
                break
            base = told_by
        body = self._bodies.get(base)
        for each in reversed(line):
            body = self._checked(each, body)
        if body is None:
            raise LostError
        return body, self._depth(place)

    def told(self, place: Place) -> RecordEntry:
        """The entry that says where the bytes of a record lie now."""
        return self.moved.get(place) or self.entry(place)

    def _depth(self, place: Place) -> int:
        depth, base = 0, self.told(place).base
        while base is not None:
            depth, base = depth + 1, self.told(base).base
        return depth

    def _checked(self, place: Place, base: bytes | None) -> bytes:
        entry = self.told(place)
        try:
            if entry.is_file:
                body = self.file_of(entry.digest).read_bytes()
            else:
                number = entry.held_in or place[0]
                if self.writing and self.writing.number == number:
                    self.writing.flush()
                with self.bodies_of(number).open("rb") as file:
                    file.seek(entry.begin)
                    packed = file.read(min(entry.length, MOST_BYTES))
                body = as_before(packed, base if entry.base else None)
        except OSError as error:
            raise LostError from error
        if hashlib.sha256(body).digest() != entry.digest:
            raise LostError
        if not entry.is_file:
            self.remember(place, body)
        return body

    def remember(self, place: Place, body: bytes) -> None:
        self._bodies[place] = body
        while len(self._bodies) > _BODIES_KEPT:
            self._bodies.popitem(last=False)

    def forget(self) -> None:
        self._heads.clear()
        self._bodies.clear()


def first_line(head: bytes | bytearray) -> bytes | bytearray:
    line, end, _rest = head.partition(b"\n")
    return line + end


def hash_before(head: bytes | bytearray) -> str:
    """The hash of the pack before, as this one tells it."""
    try:
        before = json.loads(first_line(head))["before"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenError from error
    return str(before)


class NewPack:
    """A pack that is written: it is there once it is ended, or never."""

    def __init__(self, packs: Packs, number: int, before: str) -> None:
        self.number, self._packs = number, packs
        packs.head_of(number).parent.mkdir(parents=True, exist_ok=True)
        self._bodies: BinaryIO = packs.bodies_of(number).open("wb")
        self.head = bytearray(json.dumps({"pack": number, "before": before}).encode() + b"\n")
        self._mark = b""
        self.count = 0
        packs.writing = self

    def add_event(self, event: dict[str, Any]) -> None:
        self._add(encoded_event(event))

    def add_bytes(self, packed: bytes) -> int:
        begin = self._bodies.tell()
        self._bodies.write(packed)
        return begin

    def add(self, entry: RecordEntry) -> Place:
        self.count += 1
        return self.number, self._add(entry.encoded(self.number))

    def _add(self, encoded: bytes) -> int:
        self._mark = next_mark(self._mark, encoded)
        begin = len(self.head)
        self.head += with_mark(encoded, self._mark)
        return begin

    def flush(self) -> None:
        """Lets what has been added be read while the pack is still written."""
        self._bodies.flush()

    def end(self) -> str:
        """Puts the pack on disk and in its place; its hash."""
        place = self._packs.head_of(self.number)
        part = place.with_suffix(".part")
        with part.open("wb") as head:
            head.write(self.head)
            for file, mode in ((self._bodies, 0o640), (head, 0o440)):
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), mode)
        self._bodies.close()
        part.replace(place)
        _sync_folder(place.parent)
        self._packs.writing = None
        return hashlib.sha256(self.head).hexdigest()

    def give_up(self) -> None:
        self._bodies.close()
        self._packs.writing = None
        self._packs.head_of(self.number).with_suffix(".part").unlink(missing_ok=True)
        self._packs.bodies_of(self.number).unlink(missing_ok=True)


def keep_file(packs: Packs, source: BinaryIO) -> bytes:
    """Keeps a picture or a file whole, and returns its digest."""
    folder = packs.folder / "files"
    folder.mkdir(parents=True, exist_ok=True)
    part, digest = folder / f"{os.getpid()}.part", hashlib.sha256()
    try:
        with part.open("wb") as file:
            while block := source.read(1024 * 1024):
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o440)
        path = packs.file_of(digest.digest())
        path.parent.mkdir(exist_ok=True)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return digest.digest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
