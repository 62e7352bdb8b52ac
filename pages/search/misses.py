"""Searches without a page that has all the words, so that editors can help; never who searched.

The process that answers visitors may not write to the database. It counts keyed hashes of searches
in its memory, and adds to a file of the day only the words that have come several times. The next
day, a process that may write counts those and removes the file. No IP address, no time and no rare
search is written down, because a search may hold a name.
"""

import contextlib
import hmac
import os
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from pages.models import UnmetQuery
from pages.plain_files import plain_file

from .words import WORD, normal

_LONGEST = 60
_MOST_WORDS = 6
# A process counts a search once in this many seconds, however often readers repeat it...
_PAUSE = 30 * 60
_DAY = 24 * 60 * 60
# ...and a search that is rarer than this on a day is taken for one person's own words.
_LEAST_TIMES = 3
_MOST_OF_A_DAY = 200
_DAYS_KEPT = 90
# An attacker who floods the search fills this much of the disk, and no more.
_MOST_BYTES = 100_000
# Personal, case and telephone numbers, and e-mail addresses.
_PERSONAL = re.compile(r"(?:\d[\s+-]?){5}|@")

# A file for each process, so that none waits for another.
_PROCESS = secrets.token_hex(8)
# What this process hashes the searches of a day with. It is written nowhere: at midnight and when
# the process ends, nobody can tell any more what was counted.
_key: tuple[date, bytes] | None = None


def note_miss(typed: str, language: str) -> None:
    """Notes for a day that no page has all these words, unless they may be personal."""
    words = _words_to_keep(typed)
    if not words:
        return
    today = localdate()
    path = Path(settings.SEARCHES_DIR) / f"{today.isoformat()}.{_PROCESS}"
    # The visitor is answered even if the file cannot be written.
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size >= _MOST_BYTES:
            return
        times = _times_today(f"{language} {words}", today)
        if times < _LEAST_TIMES:
            return
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{language} {words}\n" * (_LEAST_TIMES if times == _LEAST_TIMES else 1))
        midnight = (today - date(1970, 1, 1)).days * _DAY
        os.utime(path, (midnight, midnight))


def _times_today(search: str, today: date) -> int:
    """How often this process has met the search today; nought when it has just been counted."""
    global _key
    if _key is None or _key[0] != today:
        _key = today, secrets.token_bytes(32)
    name = hmac.digest(_key[1], search.encode(), "sha256").hex()
    counted = caches["searches"]
    if not counted.add(f"just-{name}", True, _PAUSE):
        return 0
    times = counted.get(name, 0) + 1
    counted.set(name, times, _DAY)
    return times


def _words_to_keep(typed: str) -> str:
    if _PERSONAL.search(typed):
        return ""
    words = WORD.findall(normal(typed))
    text = " ".join(words)
    return text if 0 < len(words) <= _MOST_WORDS and len(text) <= _LONGEST else ""


def take_in() -> int:
    """Counts the searches of past days, removes their files, and returns how many it has kept."""
    today = localdate()
    counted: dict[date, Counter[tuple[str, str]]] = defaultdict(Counter)
    paths = []
    for path in sorted(Path(settings.SEARCHES_DIR).glob("????-??-??.*")):
        with contextlib.suppress(ValueError):
            if (day := date.fromisoformat(path.name[:10])) < today:
                counted[day].update(_noted_in(path))
                paths.append(path)
    kept = sum(_keep(day, searches) for day, searches in counted.items())
    for path in paths:
        with contextlib.suppress(IsADirectoryError):
            path.unlink(missing_ok=True)
    UnmetQuery.objects.filter(day__lt=today - timedelta(days=_DAYS_KEPT)).delete()
    return kept


@transaction.atomic
def _keep(day: date, searches: Counter[tuple[str, str]]) -> int:
    rows = [row for row in searches.most_common(_MOST_OF_A_DAY) if row[1] >= _LEAST_TIMES]
    for (language, words), times in rows:
        UnmetQuery.objects.update_or_create(
            {"times": F("times") + times},  # visitors of another machine have looked for it too
            {"times": times},
            language=language, query=words, day=day,
        )  # fmt: skip
    return len(rows)


def _noted_in(path: Path) -> Iterator[tuple[str, str]]:
    """The searches in a file, each checked: an intruder may control the process that wrote it."""
    known = dict(settings.LANGUAGES)
    with contextlib.suppress(OSError), plain_file(path) as file:
        for line in file.read(2 * _MOST_BYTES).decode("utf-8", "replace").splitlines():
            language, _blank, typed = line.partition(" ")
            if language in known and (words := _words_to_keep(typed)):
                yield language, words
