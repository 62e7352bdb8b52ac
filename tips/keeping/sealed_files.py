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
# What a tip's head lies in, one for each reader (`tips/sealing/heads.py`): named as HEAD wherever tips are
# spoken of.
HEADS = "heads"
# An empty file beside them: that nobody has read an urgent tip yet. Only where an alarm listens.
URGENT = "urgent"
UUID_PATTERN = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SEALED_NAME = re.compile(rf"(?:body|{UUID_PATTERN})\.age|{HEADS}")
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
    """The tip's sealed files, head and body first."""
    there = filter(SEALED_NAME.fullmatch, entries_in(folder))
    names = sorted(there, key=lambda name: (name != HEADS, name != BODY, name))
    files = [(HEAD if name == HEADS else name, folder / name) for name in names]
    return [SealedFile(name, path, path.stat().st_size) for name, path in files]


def name_on_disk(name: str) -> str:
    """What the sealed file of this name is called on the disk; FileNotFoundError where none is."""
    file = HEADS if name == HEAD else name
    if name == HEADS or not SEALED_NAME.fullmatch(file):
        raise FileNotFoundError("no sealed file has such a name")
    return file


def digest_in(folder: Path) -> bytes:
    return digest_of({file.name: _payload_digest(file.path) for file in files_in(folder)})


def _payload_digest(path: Path) -> bytes:
    with open_plain(path) as file:
        heads.split(file)
        return hashlib.file_digest(file, "sha256").digest()
