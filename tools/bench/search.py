"""How well the search finds, and how fast, beside what others find among the same pages."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from . import growth
from .asking import Job
from .growth import _KINDS, _PATIENCE_SECONDS, _USUAL_PATIENCE_SECONDS, _run
from .installation import Installation
from .judging import AMONG, Answer, Figures, different, figures
from .questions import LANGUAGES, BadQuestions, Question, check
from .rivals import BESIDE_SQLITE, asked, beside_postgresql, read_words
from .servers import Failed, Lacking
from .tables import Aim, Table, number

NEWS = 300
LEAST_FIRST, LEAST_AMONG_FIVE, MOST_NONE, MOST_MS = 75, 92, 3, 50
OURS = "ours, "

Sets = Mapping[str, Sequence[Question]]


@dataclass(frozen=True)
class Site:
    """The demo, and what it is filled up with."""

    news: int = 0
    articles: int = 0

    @property
    def name(self) -> str:
        return f"among {number(self.articles)} more pages" if self.articles else (
            f"the demo and {self.news} news items" if self.news else "the demo"
        )  # fmt: skip


QUICK = (Site(), Site(NEWS))
USUAL = (*QUICK, Site(NEWS, 10_000))
LARGE = Site(NEWS, growth.LARGE)


@dataclass
class Found:
    """What was answered on one site: engine -> the answers in the order of the questions."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    without: dict[str, list[Answer]] = field(default_factory=dict)

    @property
    def ours(self) -> dict[str, list[Answer]]:
        return {name: its for name, its in self.answers.items() if name.startswith(OURS)}

    @property
    def rivals(self) -> dict[str, list[Answer]]:
        return {name: its for name, its in self.answers.items() if not name.startswith(OURS)}


def tables(
    site: Installation,
    folder: Path,
    sizes: Sequence[Site],
    sets: Sets,
    *,
    with_parts: bool = True,
    with_misses: bool = False,
    say: Callable[[str], None],
) -> tuple[list[Table], list[Aim]]:
    """The tables of each site, and its aims; what cannot be measured is left out and said."""
    questions = [question for its in sets.values() for question in its]
    work = folder / "search-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        found = {size: Found() for size in sizes}
        for database in _KINDS:
            _measure(database, site, folder, work, found, questions, with_parts=with_parts, say=say)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    made: list[Table] = []
    aims: list[Aim] = []
    for size, its in found.items():
        if not its.answers:
            continue
        made.append(table_of(size, its, sets))
        made.append(by_language(size, its, sets))
        if its.without:
            made.append(by_part(size, its, questions))
        if with_misses and its.ours:
            made.append(misses(size, its, questions))
        aims += aims_of(size, its, questions)
    return made, aims


def _measure(
    database: str,
    site: Installation,
    folder: Path,
    work: Path,
    found: Mapping[Site, Found],
    questions: Sequence[Question],
    *,
    with_parts: bool,
    say: Callable[[str], None],
) -> None:
    """Fills up one database from site to site, and asks it and the rivals beside it."""
    beside_sqlite = database == "SQLite"
    try:
        with _KINDS[database](site, folder / "search") as environment:
            for size, its in found.items():
                say(f"{database}: {size.name}: fyller på, indexerar och frågar …")
                words = work / f"{size.news}-{size.articles}.jsonl"
                job = Job(
                    size.news, size.articles, [(each.text, each.language) for each in questions],
                    words="" if words.exists() else str(words),
                    without_parts=with_parts and beside_sqlite and not size.articles,
                    on_processor=beside_sqlite,
                )  # fmt: skip
                answered = _answered(job, work / "job.json", environment)
                check(questions, {page.address for page in read_words(words)})
                its.answers[f"{OURS}{database}"] = _answers(answered["all"])
                its.without |= {part: _answers(all_) for part, all_ in answered["without"].items()}
                if beside_sqlite:
                    _ask_rivals(BESIDE_SQLITE, words, questions, its, time.thread_time, say)
                else:
                    with _connected(environment) as connection:
                        rivals = beside_postgresql(connection)
                        _ask_rivals(rivals, words, questions, its, time.perf_counter, say)
    except BadQuestions:
        raise
    except (Failed, Lacking) as error:
        say(f"{database}: {error}. Utelämnas.")


def _ask_rivals(
    rivals: Mapping[str, Any],
    words: Path,
    questions: Sequence[Question],
    found: Found,
    clock: Callable[[], float],
    say: Callable[[str], None],
) -> None:
    for name, make in rivals.items():
        try:
            found.answers[name] = asked(make, words, questions, clock)
        except (Failed, Lacking) as error:
            say(f"{name}: {error}. Utelämnas.")


def _connected(environment: Mapping[str, str]) -> psycopg.Connection:
    return psycopg.connect(
        host=environment["PGHOST"], user=environment["PGUSER"], dbname="sapo", autocommit=True
    )


def _answered(job: Job, path: Path, environment: dict[str, str]) -> dict[str, Any]:
    path.write_text(json.dumps(asdict(job)))
    patience = _PATIENCE_SECONDS.get(job.articles, _USUAL_PATIENCE_SECONDS)
    command = [sys.executable, "-m", "tools.bench.asking", str(path)]
    answered: dict[str, Any] = json.loads(_run(command, environment, patience).splitlines()[-1])
    return answered


def _answers(rows: Sequence[tuple[Sequence[str], float]]) -> list[Answer]:
    return [Answer(tuple(addresses), milliseconds) for addresses, milliseconds in rows]


# Showing


def table_of(size: Site, found: Found, sets: Sets) -> Table:
    """All engines: of all questions, and then of each set."""
    each_set = [f"{name}: {what}" for name in sets for what in ("1st", "5")]
    table = Table(
        f"Found, {size.name}",
        ("engine", "1st, %", f"among {AMONG}, %", "none, %", "median, ms", "95th, ms",
         *(each_set if len(sets) > 1 else [])),
    )  # fmt: skip
    for engine, answers in found.answers.items():
        row = [engine, *_shown(figures(_all(sets), answers))]
        if len(sets) > 1:
            for part in _by_set(sets, answers).values():
                its = figures(*part)
                row += [number(its.first), number(its.among_five)]
        table.rows.append(row)
    return table


def by_language(size: Site, found: Found, sets: Sets) -> Table:
    """Our own answers to each set in each language, and the best that any rival has there."""
    table = Table(
        f"By set and language, {size.name}",
        ("set, language", "questions", "1st, %", f"among {AMONG}, %", "none, %", "median, ms",
         "95th, ms", "best rival: 1st", "5"),
    )  # fmt: skip
    ours = next(iter(found.ours.values()), [])
    for name, (questions, answers) in _by_set(sets, ours).items():
        for language in LANGUAGES:
            its = figures_in(language, questions, answers)
            if its is None:
                continue
            others = [
                figures_in(language, *_by_set(sets, each)[name]) for each in found.rivals.values()
            ]
            table.rows.append(
                (f"{name}, {language}", str(its.questions), *_shown(its),
                 number(max((each.first for each in others if each), default=None)),
                 number(max((each.among_five for each in others if each), default=None)))
            )  # fmt: skip
    return table


def by_part(size: Site, found: Found, questions: Sequence[Question]) -> Table:
    """Our search whole, and without each of its parts in turn."""
    table = Table(
        f"Each part of the search switched off in turn, {size.name}",
        ("without", "1st, %", f"among {AMONG}, %", "none, %", "median, ms", "95th, ms"),
        notes=["On SQLite."],
    )
    table.rows.append(("nothing", *_shown(figures(questions, next(iter(found.ours.values()))))))
    for part, answers in found.without.items():
        table.rows.append((part, *_shown(figures(questions, answers))))
    return table


def misses(size: Site, found: Found, questions: Sequence[Question]) -> Table:
    """Every question whose right page does not come first."""
    table = Table(
        f"What did not come first, {size.name}",
        ("question", "language", "place", "expected", "came first"),
    )
    for question, answer in zip(questions, next(iter(found.ours.values())), strict=True):
        place = answer.place_of(question)
        if place != 1:
            table.rows.append(
                (question.text.replace("|", "¦"), question.language, str(place or "–"),
                 " ".join(question.expected), next(iter(answer.addresses), "–"))
            )  # fmt: skip
    return table


def aims_of(size: Site, found: Found, questions: Sequence[Question]) -> Iterator[Aim]:
    """Of the worse of both databases; in questions where we are compared with the best rival."""
    ours = [figures(questions, answers) for answers in found.ours.values()]
    if not ours:
        return
    rivals = [figures(questions, answers) for answers in found.rivals.values()]
    first, among = min(each.first for each in ours), min(each.among_five for each in ours)
    yield Aim(f"{size.name}: first, %", first, LEAST_FIRST, at_least=True)
    yield Aim(f"{size.name}: among {AMONG}, %", among, LEAST_AMONG_FIVE, at_least=True)
    yield Aim(f"{size.name}: nothing found, %", max(each.none for each in ours), MOST_NONE)
    for what, value, others in (
        ("first", first, [each.first for each in rivals]),
        (f"among {AMONG}", among, [each.among_five for each in rivals]),
    ):
        more = round((value - max(others)) * len(questions) / 100) if others else None
        text = f"{size.name}: {what}, questions more than the best rival"
        yield Aim(text, more, 1, at_least=True)
    yield Aim(f"{size.name}: median, ms", max(each.median for each in ours), MOST_MS)
    both = list(found.ours.values())
    yield Aim(
        f"{size.name}: questions that SQLite and PostgreSQL answer differently",
        different(*both) if len(both) == 2 else None,
        0,
    )


def figures_in(
    language: str, questions: Sequence[Question], answers: Sequence[Answer]
) -> Figures | None:
    """The figures of the questions in one language; None if there are none."""
    pairs = [pair for pair in zip(questions, answers, strict=True) if pair[0].language == language]
    return figures(*map(list, zip(*pairs, strict=True))) if pairs else None


def _all(sets: Sets) -> list[Question]:
    return [question for its in sets.values() for question in its]


def _by_set(
    sets: Sets, answers: Sequence[Answer]
) -> dict[str, tuple[Sequence[Question], Sequence[Answer]]]:
    parts, begin = {}, 0
    for name, questions in sets.items():
        parts[name] = (questions, answers[begin : begin + len(questions)])
        begin += len(questions)
    return parts


def _shown(its: Figures) -> list[str]:
    return [number(each) for each in (its.first, its.among_five, its.none, its.median, its.slow)]
