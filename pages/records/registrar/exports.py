"""Exports that a registrar has ordered: files in a folder, made by a job, thrown away after a week.

    2027-01-01--2027-01-31--3f6a….order    what has been asked for; then what it holds, or why there is none
    2027-01-01--2027-01-31--3f6a….wacz     the export

Who ordered one is noted nowhere.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from pages.records.filing import alone
from pages.records.kept import Rendering

from .archive import PackingError, write_archive
from .asked_for import period_of

KEPT_FOR = timedelta(days=7)
MOST_WAITING = 5
_DAY = r"((?:19|20)\d\d-\d\d-\d\d)"
_NAME = re.compile(rf"{_DAY}--{_DAY}--[0-9a-f]{{16}}")


@dataclass(frozen=True)
class Export:
    """An order and what came of it."""

    name: str
    first_day: date
    last_day: date
    said: str  # what it holds, or why there is none
    ordered_at: datetime

    @property
    def order(self) -> Path:
        return _folder() / f"{self.name}.order"

    @property
    def file(self) -> Path:
        return _folder() / f"{self.name}.wacz"

    @property
    def waits(self) -> bool:
        return not self.said

    @property
    def is_ready(self) -> bool:
        return not self.waits and self.file.exists()

    @property
    def period(self) -> tuple[datetime, datetime]:
        return period_of(self.first_day, self.last_day)

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    def may_hold(self, rendering: Rendering) -> bool:
        start, end = self.period
        return rendering.since < end and (rendering.until is None or rendering.until > start)


def order_export(first_day: date, last_day: date) -> Export | None:
    """None while too many wait."""
    if sum(each.waits for each in all_exports()) >= MOST_WAITING:
        return None
    name = f"{first_day}--{last_day}--{secrets.token_hex(8)}"
    (_folder() / f"{name}.order").touch(exist_ok=False)
    return export_named(name)


def all_exports() -> list[Export]:
    """The latest first."""
    found = (export_named(path.stem) for path in _folder().glob("*.order"))
    return sorted(filter(None, found), key=lambda each: each.ordered_at, reverse=True)


def export_named(name: str) -> Export | None:
    """None if there is none, or if its name is none of ours."""
    if not (days := _NAME.fullmatch(name)):
        return None
    order = _folder() / f"{name}.order"
    try:
        first, last = map(date.fromisoformat, days.groups())
        # Its last change is when it was ordered: what is said of it keeps that.
        ordered_at = datetime.fromtimestamp(order.lstat().st_mtime, UTC)
        return Export(name, first, last, order.read_text(encoding="utf-8"), ordered_at)
    except (OSError, ValueError):
        return None


def make_ordered() -> int:
    """Makes what waits, one after another, and throws away what is old; answers how many were made."""
    made = 0
    with alone(_folder()) as is_alone:
        if not is_alone:
            return 0
        _throw_away_what_was_left()
        for export in reversed(all_exports()):
            if export.ordered_at + KEPT_FOR < timezone.now():
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
        if not file.with_suffix(".order").exists():
            file.unlink(missing_ok=True)


def throw_away_exports_with(renderings: Iterable[Rendering]) -> None:
    """What may hold one of these is thrown away, also what is just being made."""
    chosen = list(renderings)
    for export in all_exports():
        if any(export.may_hold(each) for each in chosen):
            _throw_away(export)


def _make(export: Export) -> None:
    try:
        said = write_archive(*export.period, export.file).words
    except PackingError as error:
        said = str(error)
    part = export.order.with_suffix(f".{secrets.token_hex(4)}.part")
    with part.open("x", encoding="utf-8") as file:  # through no link that somebody has laid there
        file.write(said)
    os.utime(part, (export.ordered_at.timestamp(),) * 2)
    if export.order.exists():
        part.replace(export.order)
    else:  # thrown away meanwhile: it may hold what has been sealed
        part.unlink()
        export.file.unlink(missing_ok=True)


def _throw_away(export: Export) -> None:
    export.order.unlink(missing_ok=True)
    export.file.unlink(missing_ok=True)


def _folder() -> Path:
    settings.EXPORTS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.EXPORTS_DIR
