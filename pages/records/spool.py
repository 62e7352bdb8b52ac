"""The way of what readers met from the processes that answer them to the job that files it.

Each process writes files of its own, one after the other:

    <when it began>-<drawn>.open     it is written
    <when it began>-<drawn>.ended    it is whole, and on disk

A file is a row of items: lines of JSON, some with a body. One that is open and was not written for
minutes was left by a process that is gone: what is in it is filed, and that something may be missing is
said.
"""

import contextlib
import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from pages.plain_files import plain_file

from .answered import MILLION, is_version, micro
from .packs import MOST_BYTES, LostError, as_before, compressed

DECIDED = "decided"  # the folder in the spool that only the editorial service may write
_OPEN, _ENDED = ".open", ".ended"
# A process ends its file long before.
_LEFT_AFTER = 120 * MILLION
_MOST_LINE, _MOST_ITEMS = 2 * MOST_BYTES, 50_000
# What only the editorial service tells: when a version begins, that it is whole, that files are gone.
_OF_EDITORS = frozenset({"begins", "whole", "gone"})

Item = dict[str, Any]


class Writing:
    """A file of the spool that this process writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{time.time_ns()}-{secrets.token_hex(8)}{_OPEN}"
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._file: BinaryIO = os.fdopen(handle, "wb")
        self.size = 0

    def add(self, item: Item, body: bytes = b"") -> None:
        """Adds an item whole; if that fails, the file is as it was before."""
        packed = {"body": b64encode(compressed(body)).decode()} if body else {}
        line = json.dumps(item | packed, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                self._file.seek(self.size)
                self._file.truncate(self.size)
            raise
        self.size += len(line)

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
    items: list[Item] = field(default_factory=list)

    def read(self) -> None:
        with contextlib.suppress(OSError), plain_file(self.path) as file:
            self.items = [
                item for item in _items(file) if self.is_of_editors or _OF_EDITORS.isdisjoint(item)
            ]
            self.is_whole = self.path.suffix == _ENDED and file.tell() == self.size

    def begun(self, now: int) -> int:
        """When the first of it was, in microseconds since 1970."""
        item = self.items[0] if self.items else {}
        return micro(item.get("at", item.get("begins", self.written / MILLION)), now)

    def met(self) -> list[Item]:
        """What somebody has met, of versions that have a name."""
        return [
            each for each in self.items if "address" in each and is_version(each.get("version"))
        ]


def body_of(item: Item) -> bytes:
    """LostError where there is none, or a larger one than any of ours."""
    try:
        packed = b64decode(item.get("body", ""), validate=True)
    except (ValueError, TypeError) as error:
        raise LostError from error
    return as_before(packed) if packed else b""


def found_in(folder: Path, now: int) -> list[Handed]:
    """What is there to be filed, the oldest first: what is whole, and what a process that is gone has left."""
    found, editors = [], _editors_of(folder)
    for path in [*folder.glob(f"*{_ENDED}"), *folder.glob(f"*{_OPEN}")]:
        if path.is_symlink() or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):  # whoever has written it has ended it
            its = path.lstat()
            written = its.st_mtime_ns // 1000
            if path.suffix == _ENDED or written < now - _LEFT_AFTER:
                found.append(Handed(path, written, its.st_uid == editors, its.st_size))
    return sorted(found, key=lambda each: each.written)


def _editors_of(folder: Path) -> int:
    """The user of the editorial service: it decides what is sealed, in a folder of its own."""
    try:
        return os.stat(folder / DECIDED).st_uid
    except FileNotFoundError:  # one user runs all services, and nothing has been decided yet
        return os.getuid()


def _items(file: BinaryIO) -> Iterator[Item]:
    """Up to the first that no process of ours has written."""
    for _number in range(_MOST_ITEMS):
        begin = file.tell()
        line = file.readline(_MOST_LINE)
        try:
            item = json.loads(line)
            json.dumps(item, ensure_ascii=False).encode()  # half a pair is no sign
        except (ValueError, RecursionError):
            item = None
        if not isinstance(item, dict) or not line.endswith(b"\n"):
            file.seek(begin)
            return
        yield item
