"""The way of what readers met from the processes that answer them to the job that files it.

Each process adds items to a file of its own, `<when it began>-<drawn>.items`: lines of JSON, some with a
body. The job takes it by another name, so that the process begins a new one. Nothing is held back in a
process: what one that is killed has handed over is there.
"""

import contextlib
import json
import os
import secrets
import time
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages.ground.plain_files import plain_file

from .answered import is_version, micro
from .packs import LostError, as_before

DECIDED = "decided"  # the folder in the spool that only the editorial service may write
ITEMS, _TAKEN = ".items", ".taken"
# A process begins another file long before its own is as large as any may be, in bytes or in lines.
_ENOUGH, _LARGEST, _MOST_ITEMS = 8 * 1024 * 1024, 64 * 1024 * 1024, 50_000
_LEVEL = 1  # a reader waits
# What only the editorial service tells: when a version begins, that it is whole, that files are gone.
_OF_EDITORS = frozenset({"begins", "whole", "gone"})

HandedItem = dict[str, Any]


class Writing:
    """The file of the spool to which this process adds."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder

    def add(self, item: HandedItem, body: bytes = b"", *, on_disk: bool = False) -> None:
        packed = {"body": b64encode(zlib.compress(body, _LEVEL)).decode()} if body else {}
        line = json.dumps(item | packed, ensure_ascii=False).encode("utf-8", "replace")
        if not self._has_room():
            self._folder.mkdir(parents=True, exist_ok=True)
            name = f"{int(time.time())}-{secrets.token_hex(8)}{ITEMS}"
            self._path = self._folder / name
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self._path, flags, 0o640)
        try:
            # What a full disk has cut off stands on a line of its own.
            written = os.write(handle, whole := b"\n" + line + b"\n")
            if written < len(whole):
                raise OSError("not all could be written")
            if on_disk:
                os.fsync(handle)
        finally:
            os.close(handle)

    def _has_room(self) -> bool:
        """Whether the file is there still, and not large yet."""
        with contextlib.suppress(FileNotFoundError):
            return self._path.is_file() and self._path.stat().st_size < _ENOUGH
        return False


@dataclass
class Handed:
    """A file of the spool as it is found, and what can be read of it."""

    path: Path
    is_of_editors: bool  # the editorial service owns it, which may tell everything
    size: int = 0
    items: list[HandedItem] = field(default_factory=list)
    lost: int = 0  # lines that cannot be read

    def take(self) -> None:
        """Takes the file, and reads it."""
        with contextlib.suppress(OSError):
            self.path = self.path.rename(self.path.with_suffix(_TAKEN))
            with plain_file(self.path) as file:
                content = file.read(_LARGEST)
            self.size = len(content)
            for line in filter(None, content.split(b"\n", _MOST_ITEMS)[:_MOST_ITEMS]):
                item = item_in(line)
                if item is None:
                    self.lost += 1
                elif self.is_of_editors or _OF_EDITORS.isdisjoint(item):
                    self.items.append(item)

    def filed(self) -> None:
        """Removes it, unless its process has added something meanwhile: then it is read again."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.lstat().st_size <= self.size or self.size == _LARGEST:
                self.path.unlink()

    def begun(self, now: int) -> int:
        """When the first of it was, in microseconds since 1970."""
        item = self.items[0] if self.items else {}
        return micro(item.get("at", item.get("begins")), now)

    def met(self) -> list[HandedItem]:
        """What somebody has met, of versions that have a name."""
        return [
            each for each in self.items if "address" in each and is_version(each.get("version"))
        ]


def body_of(item: HandedItem) -> bytes:
    """LostError where there is none, or a larger one than any of ours."""
    try:
        packed = b64decode(item.get("body", ""), validate=True)
    except (ValueError, TypeError) as error:
        raise LostError from error
    return as_before(packed) if packed else b""


def found_in(folder: Path) -> list[Handed]:
    """What is there to be filed, the oldest first."""
    editors = _editors_of(folder)
    found = []
    for path in sorted([*folder.glob(f"*{_TAKEN}"), *folder.glob(f"*{ITEMS}")]):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                found.append(Handed(path, path.lstat().st_uid == editors))
    return found


def _editors_of(folder: Path) -> int:
    """The user of the editorial service: it decides what is sealed, in a folder of its own."""
    try:
        return os.stat(folder / DECIDED).st_uid
    except FileNotFoundError:  # one user runs all services, and nothing has been decided yet
        return os.getuid()


def item_in(line: bytes) -> HandedItem | None:
    """What a line of JSON says; None if it is none of ours."""
    try:
        item = json.loads(line)
        json.dumps(item, ensure_ascii=False).encode()  # half a pair is no sign
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) else None
