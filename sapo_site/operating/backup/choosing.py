"""Which pieces make a moment, and which of them are missing or damaged."""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .keeping import PIECE, stamp_of, stamps_of_sets
from .machine import FILES, BackupError
from .pieces import opened
from .walks import SETTLES_SECONDS


@dataclass(frozen=True)
class Chosen:
    """A whole set, and what came after it up to the moment."""

    folder: Path
    stamp: str
    said: dict[str, Any]
    more: dict[str, list[str]]  # names by part: site, tips, settings, wal

    @property
    def last_rows(self) -> str:
        """The stamp of the last that the databases have."""
        return [self.stamp, *self.more["wal"]][-1][:20]

    @property
    def last_files(self) -> str:
        return max([self.said["ended"], *self.more["site"]])[:20]

    @property
    def settings(self) -> Path:
        return self.folder / [f"{self.stamp}-full-settings.age", *self.more["settings"]][-1]

    def full(self, part: str) -> Path:
        return self.folder / f"{self.stamp}-full-{part}.age"


def choose(folder: Path, identity: bytes, moment: datetime | None) -> Chosen:
    """The last whole set before the moment, and what has changed since."""
    names = _names(folder)
    until = stamp_of(moment) if moment else "9"
    for stamp in reversed(stamps_of_sets(names)):
        if stamp < until:
            with opened(folder / f"{stamp}-full-done.age", identity) as piece:
                said = json.loads(piece.read())
            if said["ended"] <= until:
                break
    else:
        of_when = " från före tidpunkten" if moment else ""
        raise BackupError(f"Det finns ingen hel säkerhetskopia i {folder}{of_when}.")
    later = [name for name in names if name >= stamp and PIECE.fullmatch(name)]
    more = {
        part: [name for name in later if f"-more-{part}." in name] for part in (*FILES, "settings")
    }
    more["wal"] = [name for name in later if name[20:25] == "-wal-"]
    if moment:
        more |= {part: files_until(more[part], moment) for part in FILES}
        more["settings"] = [name for name in more["settings"] if name < until]
        # PostgreSQL finds the moment itself, in what was written until after it.
        before = [name for name in more["wal"] if name < until]
        more["wal"] = more["wal"][: len(before) + 1]
    return Chosen(folder, stamp, said, more)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        raise BackupError(f"{folder} går inte att läsa: {error.strerror}") from error


def files_until(names: list[str], moment: datetime) -> list[str]:
    """Those up to the moment, and the first whose look began when all that was there had settled."""
    settled = stamp_of(moment + 2 * timedelta(seconds=SETTLES_SECONDS))  # names have milliseconds
    before = [name for name in names if name < settled]
    return [*before, *names[len(before) : len(before) + 1]]


def check_link(said: dict[str, Any], before: str, name: str) -> None:
    """Stops where an archive of changes is missing, or has another's name: each tells of the one before."""
    if said.get("name") != name:
        raise BackupError(f"{name} är en annan del: {said.get('name')}.")
    if said["after"] > before:
        raise BackupError(
            f"En del av filerna saknas: den från {said['after']}, som {name} bygger på."
        )
