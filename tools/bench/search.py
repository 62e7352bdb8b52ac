"""How well the search finds, and how fast, on SQLite and on PostgreSQL."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from .asking import Job
from .databases import KINDS
from .installation import Installation
from .questions import AMONG, Answer, Figures, Question, different, figures, read_all
from .servers import Failed, Lacking, run
from .tables import Aim, Table, number

NEWS = 300
LEAST_FIRST, LEAST_AMONG_FIVE, MOST_NONE, MOST_MS = 80, 93, 2, 50


@dataclass(frozen=True)
class Site:
    """The demo, and what it is filled up with."""

    news: int = 0

    @property
    def name(self) -> str:
        return f"the demo and {self.news} news items" if self.news else "the demo"


SITES = (Site(), Site(NEWS))

# What was answered on one site: database -> the answers in the order of the questions.
Found = dict[str, list[Answer]]


def tables(
    site: Installation, folder: Path, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    """A table of each site, and its aims; what cannot be measured is left out and said."""
    questions = read_all()
    found: dict[Site, Found] = {size: {} for size in SITES}
    for database in KINDS:
        _measure(database, site, folder, found, questions, say)
    measured = {size: its for size, its in found.items() if its}
    aims = (aims_of(size, its, questions) for size, its in measured.items())
    return [table_of(size, its, questions) for size, its in measured.items()], list(chain(*aims))


def _measure(
    database: str,
    site: Installation,
    folder: Path,
    found: Mapping[Site, Found],
    questions: Sequence[Question],
    say: Callable[[str], None],
) -> None:
    """Fills up one database from site to site, and asks it."""
    asked = [(each.text, each.language) for each in questions]
    try:
        with KINDS[database](site, folder / "search") as environment:
            for size, its in found.items():
                say(f"{database}: {size.name}: fyller på, indexerar och frågar …")
                job = Job(size.news, asked, on_processor=database == "SQLite")
                answered = _answered(job, folder / "search-job.json", environment)
                if gone := {a for each in questions for a in each.expected}.difference(
                    answered["addresses"]
                ):
                    raise RuntimeError(f"webbplatsen har inte {' '.join(sorted(gone))}")
                its[database] = [Answer(tuple(each), ms) for each, ms in answered["answers"]]
    except (Failed, Lacking) as error:
        say(f"{database}: {error}. Utelämnas.")


def _answered(job: Job, path: Path, environment: dict[str, str]) -> dict[str, Any]:
    path.write_text(json.dumps(asdict(job)))
    command = [sys.executable, "-m", "tools.bench.asking", str(path)]
    answered: dict[str, Any] = json.loads(run(command, environment).splitlines()[-1])
    return answered


# Showing


def table_of(size: Site, found: Found, questions: Sequence[Question]) -> Table:
    """Both databases."""
    columns = "database", "1st, %", f"among {AMONG}, %", "none, %", "median, ms", "95th, ms"
    table = Table(f"Found, {size.name}", columns)
    for database, answers in found.items():
        table.rows.append([database, *_shown(figures(questions, answers))])
    return table


def aims_of(size: Site, found: Found, questions: Sequence[Question]) -> Iterator[Aim]:
    """Of the worse of both databases."""
    both = [figures(questions, answers) for answers in found.values()]
    first, among = min(each.first for each in both), min(each.among_five for each in both)
    yield Aim(f"{size.name}: first, %", first, LEAST_FIRST, at_least=True)
    yield Aim(f"{size.name}: among {AMONG}, %", among, LEAST_AMONG_FIVE, at_least=True)
    yield Aim(f"{size.name}: nothing found, %", max(each.none for each in both), MOST_NONE)
    yield Aim(f"{size.name}: median, ms", max(each.median for each in both), MOST_MS)
    yield Aim(
        f"{size.name}: questions that SQLite and PostgreSQL answer differently",
        different(*found.values()) if len(found) == 2 else None,
        0,
    )


def _shown(its: Figures) -> list[str]:
    return [number(each) for each in (its.first, its.among_five, its.none, its.median, its.slow)]
