"""What the last run of the automatic checks found; the figures come with the release."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

# Written by `./sapo test --long --figures tests/long/browser/test_engines.py`.
FIGURES = Path(__file__).with_name("last_run.json")


@dataclass(frozen=True)
class LastRun:
    """Pages, each tried in several ways: widths of the window, light and dark, with script and without."""

    on: date
    engines: str
    pages: int
    states: int
    findings: int


def last_run() -> LastRun | None:
    """The figures; None where there are none that can be read, and then nothing is said of them."""
    return _read(FIGURES)


@cache
def _read(path: Path) -> LastRun | None:
    try:
        row = json.loads(path.read_text())
        numbers = [int(row[name]) for name in ("pages", "states", "findings")]
        return LastRun(date.fromisoformat(row["on"]), str(row["engines"]), *numbers)
    except (OSError, ValueError, KeyError, TypeError):
        return None
