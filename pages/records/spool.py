"""The way of what readers met from the processes that answer them to the job that files it.

Each process writes files of its own, one after the other:

    <when it began>-<drawn>.open     it is written, and its process holds a lock on it
    <when it began>-<drawn>.ended    it is whole, and on disk

A file is a row of items: a line of JSON, and a body. One that is open without a lock was left by a
process that is gone: what is in it is filed, and that something may be missing is said.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from pages.plain_files import plain_file

from .answered import MILLION, is_version, micro
from .packs import MOST_BYTES, compressed

DECIDED = "decided"  # the folder in the spool that only the editorial service may write
_OPEN, _ENDED = ".open", ".ended"
# A process of ours ends a file long before it is so large.
_MOST_FILE, _MOST_LINE, _MOST_BODY, _MOST_ITEMS = (
    64 * 1024 * 1024,
    1024 * 1024,
    2 * MOST_BYTES,
    50_000,
)
_FRAME = 12  # two lengths and a check
# What only the editorial service tells: when a version begins, that it is whole, that files are gone.
_OF_EDITORS = frozenset({"begins", "whole", "gone"})


class Writing:
    """A file of the spool that this process writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}-{secrets.token_hex(8)}"
        self._path = folder / f"{name}{_OPEN}"
        # It has its name once it is locked: the job takes what nobody holds.
        unnamed = folder / f".{name}"
        handle = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._file: BinaryIO = os.fdopen(handle, "r+b")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unnamed.rename(self._path)
        self.size = 0

    def add(self, item: dict[str, Any], body: bytes = b"") -> None:
        """Adds an item whole; if that fails, the file is as it was before."""
        packed = compressed(body) if body else b""
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
        self.size += len(whole)

    def end(self) -> None:
        """Ends the file, so that it is taken."""
        os.fsync(self._file.fileno())
        self._path.rename(self._path.with_suffix(_ENDED))
        self._file.close()

    def leave(self) -> None:
        """Lets go of a file that cannot be ended: the job takes what is in it."""
        self._file.close()


@dataclass
class Handed:
    """A file of the spool as it is found: what can be read of it, and whether it is whole."""

    path: Path
    written: int  # when it was last written, in microseconds since 1970
    is_of_editors: bool  # the editorial service owns it, which may tell everything
    size: int
    is_whole: bool = False
    items: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)  # with packed bodies

    def read(self) -> None:
        with contextlib.suppress(OSError), plain_file(self.path) as file:
            for item, packed in _frames(file):
                if len(self.items) >= _MOST_ITEMS:
                    return
                if self.is_of_editors or _OF_EDITORS.isdisjoint(item):
                    self.items.append((item, packed))
            self.is_whole = self.path.suffix == _ENDED and file.tell() == self.size

    def begun(self, now: int) -> int:
        """When the first of it was, in microseconds since 1970."""
        item = self.items[0][0] if self.items else {}
        return micro(item.get("at", item.get("begins", self.written / MILLION)), now)

    def versions(self) -> set[str]:
        """Those of which somebody has met something."""
        met = (item.get("version") for item, _packed in self.items if "address" in item)
        return {version for version in met if is_version(version)}


def found_in(folder: Path) -> list[Handed]:
    """What is there to be filed, the oldest first: what is whole, and what a process that is gone has left."""
    found, editors = [], _editors_of(folder)
    for path in [*folder.glob(f"*{_ENDED}"), *folder.glob(f"*{_OPEN}")]:
        if path.is_symlink() or not path.is_file() or (path.suffix == _OPEN and not _is_left(path)):
            continue
        with contextlib.suppress(FileNotFoundError):  # whoever has written it has taken it away
            its = path.lstat()
            found.append(Handed(path, its.st_mtime_ns // 1000, its.st_uid == editors, its.st_size))
    return sorted(found, key=lambda each: each.written)


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


def _frames(file: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Up to the first that no process of ours has written."""
    begin = 0
    while begin < _MOST_FILE and len(frame := file.read(_FRAME)) == _FRAME:
        of_line, of_body, check = (int.from_bytes(frame[at : at + 4], "big") for at in (0, 4, 8))
        if of_line > _MOST_LINE or of_body > _MOST_BODY:
            break
        line, packed = file.read(of_line), file.read(of_body)
        if zlib.crc32(packed, zlib.crc32(line)) != check:
            break
        try:
            item = json.loads(line)
            json.dumps(item, ensure_ascii=False).encode()  # half a pair is no sign
        except (ValueError, RecursionError):
            break
        if not isinstance(item, dict):
            break
        yield item, packed
        begin = file.tell()
    file.seek(begin)
