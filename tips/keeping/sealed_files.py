"""The sealed files of one tip: what they are called, and what shows that one was changed."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tips.sealing import age

from .folders import entries_in

HEAD, BODY, ECHO = "head.age", "body.age", "echo"
# An empty file beside them: that nobody has read an urgent tip yet. Only where an alarm listens.
URGENT = "urgent"
UUID_PATTERN = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SEALED_NAME = re.compile(rf"(?:head|body|{UUID_PATTERN})\.age")
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
    names = sorted(filter(SEALED_NAME.fullmatch, entries_in(folder)))
    names.sort(key=lambda name: (name != HEAD, name != BODY))
    return [SealedFile(name, folder / name, (folder / name).stat().st_size) for name in names]


def digest_in(folder: Path) -> bytes:
    return digest_of({file.name: _payload_digest(file.path) for file in files_in(folder)})


def _payload_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        age.split_header(file)
        return hashlib.file_digest(file, "sha256").digest()
