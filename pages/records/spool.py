"""The way of what readers met from the processes that answer them to the job that files it.

Each process writes files of its own, one after the other:

    <when it began>-<drawn>.<number>.open     it is written, and its process holds a lock on it
    <when it began>-<drawn>.<number>.ended    it is whole, with a mark at its end

A file is a row of items: a line of JSON, and a body that is told by the first one of the file. What
is missing can be seen: a number, a mark at an end, or the lock of a process that is gone.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from pages.plain_files import plain_file

from .packs import MOST_BYTES, LostError, as_before, smaller

DECIDED = "decided"  # the folder in the spool that only the editorial service may write
_OPEN, _ENDED = ".open", ".ended"
# A process of ours ends a file long before it is so large, or has told of so many versions.
_MOST_FILE, _MOST_LINE, _MOST_BODY = 64 * 1024 * 1024, 1024 * 1024, 2 * MOST_BYTES
_MOST_ITEMS, _MOST_VERSIONS = 50_000, 500
_FRAME = 12  # two lengths and a check
# What only the editorial service tells: when a version begins, that it is whole, that files are gone.
_OF_EDITORS = frozenset({"begins", "whole", "gone"})


class Writing:
    """A file of the spool that this process writes."""

    def __init__(self, folder: Path, process: str, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{process}.{number:06}{_OPEN}"
        # It has its name once it is locked: the job takes what nobody holds.
        unnamed = folder / f".{process}.{number:06}"
        handle = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._file: BinaryIO = os.fdopen(handle, "r+b")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unnamed.rename(self.path)
        self._first = b""
        self.count = self.size = 0

    def add(self, item: dict[str, Any], body: bytes = b"") -> None:
        """Adds an item whole; if that fails, the file is as it was before."""
        if body:
            item = {**item, "digest": hashlib.sha256(body).hexdigest()}
        packed = smaller(body, self._first) if body else b""
        line = json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
        check = zlib.crc32(packed, zlib.crc32(line))
        lengths = (len(line), len(packed), check)
        whole = b"".join(each.to_bytes(4, "big") for each in lengths) + line + packed
        try:
            self._file.write(whole)
            self._file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                self._file.seek(self.size)
                self._file.truncate(self.size)
            raise
        self._first = self._first or body
        self.size += len(whole)
        self.count += 1

    def end(self, *, is_last: bool) -> Path:
        """Ends the file, so that it is taken; the last one of a process says so."""
        self.add({"end": self.count, "is_last": is_last})
        os.fsync(self._file.fileno())
        ended = self.path.with_suffix(_ENDED)
        self.path.rename(ended)
        self._file.close()
        return ended

    def leave(self) -> None:
        """Lets go of a file that cannot be ended: the job takes what is in it."""
        self._file.close()


@dataclass
class Handed:
    """A file of the spool as it is found: what can be read of it, and whether it is whole."""

    path: Path
    process: str
    number: int
    written: int  # when it was last written, in microseconds since 1970
    items: list[dict[str, Any]] = field(default_factory=list)
    is_whole: bool = False
    is_last: bool = False
    is_of_editors: bool = False  # the editorial service owns it, which may tell everything

    def each(self) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """Every item that counts with its body: None for one that cannot be read."""
        first = b""
        with plain_file(self.path) as file:
            for item, packed in _frames(file):
                body: bytes | None
                try:
                    body = as_before(packed, first) if packed else b""
                except LostError:
                    body = None
                if body and hashlib.sha256(body).hexdigest() != item.get("digest"):
                    body = None
                first = first or body or b""
                if self.counts(item):
                    yield item, body

    def counts(self, item: dict[str, Any]) -> bool:
        """Whether whoever has written the file may tell this."""
        return self.is_of_editors or _OF_EDITORS.isdisjoint(item)


def found_in(folder: Path) -> list[Handed]:
    """What is there to be filed: files that are whole, and those whose process is gone."""
    found, editors = [], _editors_of(folder)
    for path in sorted(folder.glob("*.??????.*")):
        process, _dot, number = path.stem.rpartition(".")
        if path.suffix not in (_OPEN, _ENDED) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix == _OPEN and not _is_left(path):
            continue
        if not number.isdecimal() or not process.isprintable():
            continue
        try:
            its = path.lstat()
        except FileNotFoundError:  # whoever has written it has taken it away
            continue
        handed = Handed(
            path, process, int(number), its.st_mtime_ns // 1000, is_of_editors=its.st_uid == editors
        )
        for count, item in enumerate(_items(path)):
            handed.is_whole = item.get("end") == count
            handed.is_last = handed.is_whole and item.get("is_last") is True
            if handed.counts(item):
                handed.items.append(item)
        found.append(handed)
    return found


def _editors_of(folder: Path) -> int:
    """The user of the editorial service: it decides what is sealed, in a folder of its own."""
    try:
        return os.stat(folder / DECIDED).st_uid
    except FileNotFoundError:  # one user runs all services, and nothing has been decided yet
        return os.getuid()


def _is_left(path: Path) -> bool:
    """Whether no process holds the file any more."""
    try:
        with plain_file(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # One that has ended it meanwhile has renamed it.
            return path.exists()
    except OSError:
        return False


def _items(path: Path) -> Iterator[dict[str, Any]]:
    versions: set[Any] = set()
    with contextlib.suppress(OSError), plain_file(path) as file:
        for number, (item, _packed) in enumerate(_frames(file)):
            if isinstance(version := item.get("version"), str):
                versions.add(version)
            if number > _MOST_ITEMS or len(versions) > _MOST_VERSIONS:
                return
            yield item


def _frames(file: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    while file.tell() < _MOST_FILE and len(frame := file.read(_FRAME)) == _FRAME:
        of_line, of_body, check = (int.from_bytes(frame[at : at + 4], "big") for at in (0, 4, 8))
        if of_line > _MOST_LINE or of_body > _MOST_BODY:
            return
        line, packed = file.read(of_line), file.read(of_body)
        if zlib.crc32(packed, zlib.crc32(line)) != check:
            return
        try:
            item = json.loads(text := line.decode())
            if "\\u" in text:
                json.dumps(item, ensure_ascii=False).encode()  # half a pair is no sign
        except (ValueError, RecursionError):
            return
        if not isinstance(item, dict):
            return
        yield item, packed
