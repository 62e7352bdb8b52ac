"""The sealed files of one tip: what they are called, and what shows that one was changed."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tips.plain_files import open_plain
from tips.sealing import heads

from .folders import entries_in

HEAD, BODY, ECHO = "head.age", "body.age", "echo"
# What the intake has signed of the tip (`tips/sealing/arrivals.py`).
ARRIVAL = "arrival"
# What a tip's head lies in when each reader has one (`tips/sealing/heads.py`). It is named as HEAD
# wherever tips are spoken of; a tip from before has a file of that name, until it is wrapped anew.
HEADS = "heads"
# An empty file beside them: that nobody has read an urgent tip yet. Only where an alarm listens.
URGENT = "urgent"
UUID_PATTERN = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SEALED_NAME = re.compile(rf"(?:head|body|{UUID_PATTERN})\.age|{HEADS}")
# A replaced header: its file, the version of the tip until which it was in use, and its keyring.
REPLACED_NAME = re.compile(
    rf"((?:head|body|(?:note-)?{UUID_PATTERN})\.age)\.(\d{{1,10}})-(\d{{1,10}})\.header"
)


@dataclass(frozen=True)
class SealedFile:
    name: str
    path: Path
    size: int


@dataclass(frozen=True)
class ReplacedHeader:
    """A header that this file (for a note: "note-" and its id) had until a version of the tip."""

    name: str
    version: int
    serial: int

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.version}-{self.serial}.header"


def digest_of(payloads: Mapping[str, bytes]) -> bytes:
    """SHA-256 of the names and payloads of a tip's sealed files; headers may be wrapped anew."""
    lines = (f"{name} {payloads[name].hex()}\n" for name in sorted(payloads))
    return hashlib.sha256("".join(lines).encode()).digest()


def files_in(folder: Path) -> list[SealedFile]:
    there = set(filter(SEALED_NAME.fullmatch, entries_in(folder)))
    if HEADS in there:  # a crash may leave a head from before beside those it was split into
        there = there - {HEADS} | {HEAD}
    names = sorted(there, key=lambda name: (name != HEAD, name != BODY, name))
    files = [(name, head_in(folder) if name == HEAD else folder / name) for name in names]
    return [SealedFile(name, path, path.stat().st_size) for name, path in files]


def head_in(folder: Path) -> Path:
    """The file that a tip's head lies in."""
    return folder / HEADS if (folder / HEADS).exists() else folder / HEAD


def digest_in(folder: Path) -> bytes:
    return digest_of({file.name: _payload_digest(file.path) for file in files_in(folder)})


def _payload_digest(path: Path) -> bytes:
    with open_plain(path) as file:
        heads.split(file)
        return hashlib.file_digest(file, "sha256").digest()
