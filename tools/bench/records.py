"""What the records cost: a publishing, their growth when a footer changes, and a look at a date.

The measured parts run as processes of their own, in the environment of a database that may be
written to: `python -m tools.bench.records publish ROUNDS`, `… pages PAGES`; each prints JSON.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .growth import _run, _sqlite
from .installation import ARTICLE, Installation
from .tables import Aim, Table, number

SIZES, QUICK_SIZE = (10_000, 100_000), 5_000
MOST_ADDED_MS = 20
MOST_BYTES_A_PAGE = 2_500
MOST_LOOK_MS = 1_000
_LOOKS = 200
_AT_ONCE = 2_000
_PATIENCE_SECONDS = 3 * 3600
_BEGAN = datetime(2027, 3, 3, 12, tzinfo=UTC)

Figures = dict[str, float]


def tables(
    site: Installation,
    folder: Path,
    sizes: tuple[int, ...],
    rounds: int,
    say: Callable[[str], None],
) -> tuple[list[Table], list[Aim]]:
    """Measured on a copy of the demo's database, and on pages made of one of its articles."""
    with _sqlite(site, folder / "records") as environment:
        command = [sys.executable, "-m", "tools.bench.records"]
        publish: dict[str, list[float]] = json.loads(
            _run([*command, "publish", str(rounds)], environment, 600).splitlines()[-1]
        )
        pages: dict[int, Figures] = {}
        for size in sizes:
            say(f"Arkiverar {size} sidor …")
            said = _run([*command, "pages", str(size)], environment, _PATIENCE_SECONDS)
            pages[size] = json.loads(said.splitlines()[-1])
    return [publish_table(publish, rounds), pages_table(pages)], list(aims_of(publish, pages))


def publish_table(times: dict[str, list[float]], rounds: int) -> Table:
    table = Table(
        "Publishing an article, with the records and without", ("what", "median, ms", "p95, ms"),
        notes=[f"Time on the clock of {rounds} rounds, in turns, on SQLite, the records included."],
    )  # fmt: skip
    for what, taken in times.items():
        table.rows.append((what, number(statistics.median(taken)), number(_p95(taken))))
    return table


def pages_table(by_size: dict[int, Figures]) -> Table:
    table = Table(
        "The records as the site grows",
        ("what", *(f"{size:,}".replace(",", " ") for size in by_size)),
    )
    for what in next(iter(by_size.values())):
        table.rows.append((what, *(number(figures[what]) for figures in by_size.values())))
    return table


def aims_of(times: dict[str, list[float]], by_size: dict[int, Figures]) -> Iterator[Aim]:
    without, with_records = times.values()
    added = statistics.median(with_records) - statistics.median(without)
    yield Aim("what a publishing waits for the records, ms", max(added, 0), MOST_ADDED_MS)
    size, figures = list(by_size.items())[-1]
    growth = figures[_GROWTH] * 1_000_000 / size
    yield Aim(f"bytes a page for a new footer on {size} pages", growth, MOST_BYTES_A_PAGE)
    yield Aim(f"a look at a date among {2 * size} records, slowest, ms", figures[_SLOWEST],
              MOST_LOOK_MS)  # fmt: skip


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


# Measuring

_GROWTH, _SLOWEST = "growth for a new footer, MB", "a look at a date, slowest, ms"


def publishing(rounds: int) -> dict[str, list[float]]:
    from django.conf import settings

    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served

    from .newsroom import _Article, in_turns

    article = _Article()

    def publish(*, hands_over: bool) -> float:
        settings.RECORDS_HAND_OVER = hands_over
        before = time.perf_counter()
        article.publish_plainly()
        return (time.perf_counter() - before) * 1000

    without, with_records = in_turns(
        rounds, lambda: publish(hands_over=False), lambda: publish(hands_over=True)
    )
    return {"without": without, "with": with_records}


def pages(count: int) -> Figures:
    from django.test import Client

    import sapo_site.wsgi  # noqa: F401
    from pages.records.kept import Records
    from pages.records.packs import Packs
    from pages.records.verifying import verified

    html = Client(headers={"host": "127.0.0.1"}).get(ARTICLE).content.decode()
    before, main, after = html.partition("</h1>")
    with tempfile.TemporaryDirectory() as folder:
        records = Records(Path(folder) / "records", Path(folder) / "spool")

        def edition(version: str, former: str, footer: str, began: datetime) -> float:
            return _filed(
                records, version, former, began,
                ((f"/sida/{at}/", f"{before} {at}{main}{_words(at)}{footer}{after}") for at in range(count)),
            )  # fmt: skip

        edition("v1", "", "", _BEGAN)
        size = _size(records.folder)
        filing = edition("v2", "v1", "<p>Ring oss: 010-568 70 00</p>", _BEGAN + timedelta(hours=2))
        growth = _size(records.folder) - size
        unchanged = _size(records.folder)
        edition("v3", "v2", "<p>Ring oss: 010-568 70 00</p>", _BEGAN + timedelta(hours=4))
        unchanged = _size(records.folder) - unchanged
        looks = [_look(records, count) for _look_at in range(_LOOKS)]
        begun = time.perf_counter()
        whole = verified(Packs(records.folder))
        if whole.found or whole.records != 2 * count:
            raise RuntimeError(f"arkivet är inte helt: {whole}")
        return {
            "a page, KB": len(html) / 1000,
            "the pages as they were, MB": size / 1_000_000,
            _GROWTH: growth / 1_000_000,
            "growth for a change that shows on no page, KB": unchanged / 1000,
            "filing a new footer, s": filing,
            "a look at a date, median, ms": statistics.median(looks),
            _SLOWEST: max(looks),
            "verify_records, s": time.perf_counter() - begun,
        }


def _filed(
    records: Any, version: str, former: str, began: datetime, rendered: Iterator[tuple[str, str]]
) -> float:
    from pages.records.answered import Site
    from pages.records.filing import Filing
    from pages.records.spool import Writing

    spool, at = records.decisions.folder.parent, began.timestamp()
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "sv"))
    taken = 0.0

    def file() -> float:
        begun = time.perf_counter()
        now = (began + timedelta(hours=1)).timestamp()
        Filing(records.folder, spool, Site(has_edition=True), now=now, waits=0).run()
        return time.perf_counter() - begun

    writing = Writing(spool)
    writing.add({"version": version, "former": former, "begins": at})
    for at_number, (address, text) in enumerate(rendered):
        at += 0.01
        item = {"address": address, "version": version, "status": 200, "headers": headers, "at": at}
        writing.add({**item, "until": None}, text.encode())
        if at_number % _AT_ONCE == _AT_ONCE - 1:  # as the job does each minute
            taken += file()
    return taken + file()


def _words(at: int) -> str:
    """The text of a page, each time the same."""
    drawn = random.Random(at)
    return " ".join(f"{drawn.choice('bdfgklmnprst')}{drawn.choice('aeiou')}{drawn.randrange(999)}"
                    for _word in range(300))  # fmt: skip


def _look(records: Any, count: int) -> float:
    moment = _BEGAN + timedelta(seconds=random.randrange(4 * 3600))
    address = f"/sida/{random.randrange(count)}/"
    begun = time.perf_counter()
    found = records.at(address, moment)
    if not records.body(found):
        raise RuntimeError(address)
    return (time.perf_counter() - begun) * 1000


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    part, amount = sys.argv[1], int(sys.argv[2])
    print(json.dumps(publishing(amount) if part == "publish" else pages(amount)))
