"""Exports that a registrar has ordered: files in a folder, made by a job, thrown away after a week.

Who ordered one is noted nowhere.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.timezone import localdate

from pages.records.kept import Rendering

from .archive import PackingError, write_archive

KEPT_FOR = timedelta(days=7)
MOST_WAITING = 5
_NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Export:
    """An order and what came of it."""

    name: str
    start: datetime
    end: datetime
    ordered_at: datetime
    said: str = ""  # what it holds, or why there is none

    @property
    def order(self) -> Path:
        return _folder() / f"{self.name}.json"

    @property
    def file(self) -> Path:
        return _folder() / f"{self.name}.wacz"

    @property
    def is_ready(self) -> bool:
        return self.file.exists()

    @property
    def waits(self) -> bool:
        return not self.said

    @property
    def first_day(self) -> date:
        return localdate(self.start)

    @property
    def last_day(self) -> date:
        """The last that is in it."""
        return localdate(self.end - timedelta(microseconds=1))

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    @property
    def gone_at(self) -> datetime:
        return self.ordered_at + KEPT_FOR

    def may_hold(self, rendering: Rendering) -> bool:
        until = rendering.until
        return rendering.since < self.end and (until is None or until > self.start)


def order_export(start: datetime, end: datetime) -> Export | None:
    """None while too many wait."""
    if sum(each.waits for each in all_exports()) >= MOST_WAITING:
        return None
    export = Export(secrets.token_hex(8), start, end, timezone.now())
    _write(export)
    return export


def all_exports() -> list[Export]:
    """The latest first."""
    found = [each for path in _folder().glob("*.json") if (each := export_named(path.stem))]
    return sorted(found, key=lambda each: each.ordered_at, reverse=True)


def export_named(name: str) -> Export | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        row: dict[str, Any] = json.loads((_folder() / f"{name}.json").read_text())
        start, end, ordered_at = (
            datetime.fromisoformat(row[key]) for key in ("start", "end", "ordered_at")
        )
        is_sane = all(each.tzinfo and 1990 < each.year < 2990 for each in (start, end, ordered_at))
        return Export(name, start, end, ordered_at, str(row["said"])) if is_sane else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def make_ordered() -> int:
    """Makes what waits, one after another, and throws away what is old; answers how many were made."""
    made = 0
    with _alone() as is_alone:
        if not is_alone:
            return 0
        _throw_away_what_was_left()
        for export in reversed(all_exports()):
            if export.gone_at < timezone.now():
                _throw_away(export)
            elif export.waits:
                _make(export)
                made += 1
    return made


def _throw_away_what_was_left() -> None:
    """Of a job that was killed: no order leads to it, so no seal would find it."""
    for folder in _folder().glob(".packing-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in _folder().glob("*.wacz"):
        if _NAME.fullmatch(file.stem) and not file.with_suffix(".json").exists():
            file.unlink(missing_ok=True)


def throw_away_exports_with(renderings: Iterable[Rendering]) -> None:
    """What may hold one of these is thrown away, also what is just being made."""
    chosen = list(renderings)
    for export in all_exports():
        if any(export.may_hold(each) for each in chosen):
            _throw_away(export)


def _make(export: Export) -> None:
    try:
        said = write_archive(export.start, export.end, export.file).words
    except PackingError as error:
        said = str(error)
    if not export.order.exists():  # thrown away meanwhile: it may hold what has been sealed
        export.file.unlink(missing_ok=True)
        return
    _write(Export(export.name, export.start, export.end, export.ordered_at, said))


def _write(export: Export) -> None:
    row = {"start": export.start.isoformat(), "end": export.end.isoformat(),
           "ordered_at": export.ordered_at.isoformat(), "said": export.said}  # fmt: skip
    part = export.order.with_suffix(f".{secrets.token_hex(4)}.part")
    with part.open("x") as file:  # through no link that somebody has laid there
        json.dump(row, file)
    part.replace(export.order)


def _throw_away(export: Export) -> None:
    export.order.unlink(missing_ok=True)
    export.file.unlink(missing_ok=True)


def _folder() -> Path:
    settings.EXPORTS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.EXPORTS_DIR


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other job is at it."""
    descriptor = os.open(_folder() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
