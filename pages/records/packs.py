"""The packs: a log in a chain, and the bodies that it tells of.

    packs/00000012.log       {"pack": 12, "before": hash of the log before}, then a line for each thing
    packs/00000012.bodies    whole bodies, each compressed by itself: no word of one lies anywhere else
    files/ab/ab34…           pictures and files, as they are, by their SHA-256

A log is never changed. Of the bodies only weeding overwrites a part, under a decision.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pages.ground.json_types import JsonObject

MOST_BYTES = 16 * 1024 * 1024
# Says which line is out of place; that something is, the hash of the whole log says.
_MARK = 8


class LostError(Exception):
    """The bytes of a record are not those that its digest tells of."""


class BrokenError(Exception):
    """A log cannot be read."""


class Place(NamedTuple):
    """Where the bytes of a body lie."""

    pack: int
    begin: int
    length: int


class LogLine(NamedTuple):
    """A line of a log; without an entry it cannot be read."""

    entry: JsonObject | None
    stands: bool  # whether it and all before it are as they were written


def as_before(packed: bytes) -> bytes:
    """The body; LostError where there is none, or a larger one than any of ours."""
    opened = zlib.decompressobj()
    try:
        # No further than that, since a few bytes may ask for room for gigabytes.
        body = opened.decompress(packed, MOST_BYTES + 1)
    except zlib.error as error:
        raise LostError from error
    if len(body) > MOST_BYTES or not opened.eof:
        raise LostError
    return body


class Packs:
    """Reads what lies in the packs of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def log_of(self, number: int) -> Path:
        return self.folder / "packs" / f"{number:08}.log"

    def bodies_of(self, number: int) -> Path:
        return self.folder / "packs" / f"{number:08}.bodies"

    def file_of(self, digest: str) -> Path:
        return self.folder / "files" / digest[:2] / digest

    def numbers(self) -> list[int]:
        found = (self.folder / "packs").glob("*.log")
        return sorted(int(path.stem) for path in found if path.stem.isdecimal())

    def log(self, number: int) -> bytes:
        try:
            return self.log_of(number).read_bytes()
        except OSError as error:
            raise BrokenError from error

    def entries(self, number: int) -> Iterator[JsonObject]:
        """What a log tells; BrokenError at what is not as it was written."""
        for line in lines_in_log(self.log(number)):
            if line.entry is None or not line.stands:
                raise BrokenError
            yield line.entry

    def body(self, digest: str, place: Place | None) -> bytes:
        """The bytes that a digest tells of, from their place in a pack, or from a file of their own."""
        try:
            if place is None:
                body = self.file_of(digest).read_bytes()
            else:
                with self.bodies_of(place.pack).open("rb") as file:
                    file.seek(place.begin)
                    packed = file.read(min(place.length, MOST_BYTES))
                body = as_before(packed)
        except OSError as error:
            raise LostError from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise LostError
        return body

    def wipe(self, digest: str, place: Place | None) -> None:
        """Overwrites the bytes of a body. Done again after a crash, it does no more."""
        if place is None:
            self.file_of(digest).unlink(missing_ok=True)
            return
        with self.bodies_of(place.pack).open("r+b") as file:
            file.seek(place.begin)
            file.write(bytes(place.length))
            file.flush()
            os.fsync(file.fileno())

    def keep_file(self, source: BinaryIO) -> str:
        """Keeps a picture or a file whole, and returns its digest."""
        folder = self.folder / "files"
        folder.mkdir(parents=True, exist_ok=True)
        part, digest = folder / f"{os.getpid()}.part", hashlib.sha256()
        try:
            with part.open("wb") as file:
                while block := source.read(1024 * 1024):
                    digest.update(block)
                    file.write(block)
                _on_disk(file, 0o440)
            path = self.file_of(digest.hexdigest())
            path.parent.mkdir(exist_ok=True)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return digest.hexdigest()


def lines_in_log(log: bytes) -> Iterator[LogLine]:
    """Every line of a log, and whether all is well so far."""
    running, stands = b"", True
    for line in log.splitlines():
        text, _tab, mark = line.rpartition(b"\t")
        running = hashlib.sha256(running + text).digest()
        stands = stands and mark == running.hex()[:_MARK].encode()
        try:
            entry = json.loads(text)
        except ValueError:
            entry = None
        yield LogLine(entry if isinstance(entry, dict) else None, stands)


class NewPack:
    """A pack that is written: it is there once it is ended, or never."""

    def __init__(self, packs: Packs, number: int, before: str) -> None:
        self.number, self.count, self.is_ended = number, 0, False
        self._packs = packs
        packs.log_of(number).parent.mkdir(parents=True, exist_ok=True)
        self._bodies: BinaryIO = packs.bodies_of(number).open("wb")
        self._log, self._running = bytearray(), b""
        self.add({"pack": number, "before": before})

    def add(self, entry: JsonObject) -> None:
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
        self._running = hashlib.sha256(self._running + text).digest()
        self._log += text + b"\t" + self._running.hex()[:_MARK].encode() + b"\n"
        self.count += 1

    def keep(self, body: bytes) -> tuple[int, int]:
        """Where the body begins in the pack, and its length there."""
        return self._bodies.tell(), self._bodies.write(zlib.compress(body, 9))

    def end(self) -> str:
        """Puts the pack on disk and in its place; its hash."""
        place = self._packs.log_of(self.number)
        part = place.with_suffix(".part")
        with self._bodies as bodies:
            _on_disk(bodies, 0o640)
        with part.open("wb") as log:
            log.write(self._log)
            _on_disk(log, 0o440)
        part.replace(place)
        self.is_ended = True
        _sync_folder(place.parent)
        return hashlib.sha256(self._log).hexdigest()

    def give_up(self) -> None:
        """Leaves nothing of it, unless it is ended."""
        self._bodies.close()
        if not self.is_ended:
            self._packs.bodies_of(self.number).unlink(missing_ok=True)


def _on_disk(file: BinaryIO, mode: int) -> None:
    file.flush()
    os.fsync(file.fileno())
    os.fchmod(file.fileno(), mode)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
