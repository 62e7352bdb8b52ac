"""How many tips came each day: the tip channel tells one number a day, and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import get_current_timezone, localdate

from tips import exchange

DAYS = 14
WIDEST = 30


@dataclass(frozen=True)
class Day:
    on: date
    count: int | None  # None: not counted yet
    bar: str


def last_days() -> list[Day]:
    """The last days, today first; empty if the channel has told nothing."""
    counts = exchange.read_counts()
    counted_on = _counted_on()
    if counts is None or counted_on is None:
        return []
    today = localdate()
    days = [today - timedelta(days=back) for back in range(DAYS)]
    # Days without tips are not in the file. Days after it was written are not known.
    numbers = {day: counts.get(day, 0) for day in days if day <= counted_on}
    most = max(numbers.values(), default=0)
    return [Day(day, numbers.get(day), "▪" * _width(numbers.get(day) or 0, most)) for day in days]


def _counted_on() -> date | None:
    try:
        written = exchange.counts_file().stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(written, get_current_timezone()).date()


def _width(count: int, most: int) -> int:
    """One sign for each tip if there is room; otherwise in proportion, at least one sign."""
    return count if most <= WIDEST else -(-count * WIDEST // most)
