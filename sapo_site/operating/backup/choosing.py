"""Which pieces make a moment, and which of them are missing or damaged."""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .keeping import PIECE, stamp_of, stamps_of_sets
from .machine import FILES, BackupError
from .pieces import digest_of_piece, opened
from .walks import SETTLES_SECONDS


@dataclass(frozen=True)
class Chosen:
    """A whole set, and what came after it up to the moment."""

    folder: Path
    stamp: str
    said: dict[str, Any]
    more: dict[str, list[str]]  # names by part: site, tips, wal

    @property
    def last(self) -> str:
        """The stamp of the last piece."""
        names = [names[-1] for names in self.more.values() if names]
        return max([self.said["ended"], *names])[:20]

    def full(self, part: str) -> Path:
        return self.folder / f"{self.stamp}-full-{part}.age"


def choose(folder: Path, identity: bytes, moment: datetime | None) -> Chosen:
    """The last whole set before the moment, and what has changed since; every piece looked at."""
    names = _names(folder)
    until = stamp_of(moment) if moment else "9"
    for stamp in reversed(stamps_of_sets(names)):
        if stamp < until:
            with opened(folder / f"{stamp}-full-done.age", identity) as piece:
                said = json.loads(piece.read())
            if said["ended"] <= until:
                break
    else:
        raise BackupError(f"Det finns ingen hel säkerhetskopia i {folder}" + (" från före tidpunkten." if moment else "."))  # fmt: skip
    if set(said["pieces"]) != {f"{stamp}-full-{part}.age" for part in ("database", *FILES, "settings")}:  # fmt: skip
        raise BackupError(f"{stamp}-full-done.age hör till en annan kopia.")
    for name, digest in said["pieces"].items():
        _look_at(folder / name, digest)
    found = [(each[1], each[2], each[0]) for name in names if (each := PIECE.fullmatch(name))]
    later = sorted(each for each in found if each[0] >= stamp)
    more = {part: [n for _s, kind, n in later if kind == f"more-{part}"] for part in FILES}
    more["wal"] = [name for _stamp, kind, name in later if kind.startswith("wal-")]
    if moment:  # the log goes on to where PostgreSQL finds that it has come to it
        more |= {part: files_until(more[part], moment) for part in FILES}
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


def _look_at(path: Path, digest: str) -> None:
    try:
        is_whole = digest_of_piece(path) == digest
    except OSError as error:
        raise BackupError(f"{path.name} saknas.") from error
    if not is_whole:
        raise BackupError(f"{path.name} är skadad.")


def check_segments(in_set: list[str], archived: list[str]) -> None:
    """Names the first segment that is missing between those of the set and the last one.

    A segment's name is the timeline, and a number of which the last part goes to 255.
    """
    last: tuple[int, int] | None = None
    for name in [*sorted(in_set), *archived]:
        if len(name) != 24:
            continue  # a history, or the mark of a set
        timeline, high, low = (int(name[at : at + 8], 16) for at in (0, 8, 16))
        number = high * 256 + low
        if last and number > last[1] + 1:
            missing = last[1] + 1
            name = f"{timeline:08X}{missing // 256:08X}{missing % 256:08X}"
            raise BackupError(f"Ett stycke av databasernas logg saknas: {name}.")
        if not last or timeline > last[0] or number > last[1]:
            last = timeline, number


def check_link(said: dict[str, Any], before: str, name: str) -> None:
    """Stops where an archive of changes is missing, or has another's name: each tells of the one before."""
    if said.get("name") != name:
        raise BackupError(f"{name} är en annan del: {said.get('name')}.")
    if said["after"] > before:
        raise BackupError(f"En del av filerna saknas: den från {said['after']}, som {name} bygger på.")  # fmt: skip
