"""What readers and editors wait for when there are a thousand pages, ten thousand, a hundred thousand."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import postgres

from .installation import Installation
from .servers import ROOT, Failed, Lacking
from .tables import Aim, Table, number

Figures = dict[str, dict[str, float]]

SIZES, LARGE = (1_000, 10_000), 100_000
QUICK_SIZES = (1_000, 3_000)
# Each database fills and indexes at its own pace; past this it is given up.
_PATIENCE_SECONDS = {100_000: 4 * 3600}
_USUAL_PATIENCE_SECONDS = 1800

_RATIO_LIMITS = {
    "article": 1.5, "start page": 1.5, "topic, first page": 1.5, "topic, last page": 1.5,
    "explorer, a section": 2, "edit": 2, "page chooser": 2, "page chooser, common word": 2,
    "CMS search, rare word": 2, "CMS search, common word": 2, "site history": 2, "aging pages": 2,
    "page types": 2, "publish": 1.5,
}  # fmt: skip
_MS_LIMITS = {
    "search, rare word": 50, "search, common word": 50, "search, common word, of a kind": 50,
    "search, common word, on a topic": 50, "search, two words": 50, "search, part of compounds": 50,
    "search, misspelt word": 50, "search, suggestions": 50, "sitemap, one file": 150,
}  # fmt: skip


def tables(
    site: Installation,
    folder: Path,
    sizes: Sequence[int],
    *,
    databases: Sequence[str] = ("SQLite", "PostgreSQL"),
    say: Callable[[str], None],
) -> tuple[list[Table], list[Aim]]:
    """A table and its aims for each database that there is."""
    made, aims = [], []
    for name in databases:
        by_size: dict[int, Figures] = {}
        try:
            with _KINDS[name](site, folder / "growth") as environment:
                for size in sizes:
                    say(f"{name}: fyller på till {size} sidor, indexerar och mäter …")
                    by_size[size] = _figures(size, environment)
        except (Failed, Lacking) as error:
            say(f"{name}: {error}. Utelämnas.")
            if len(by_size) < 2:
                continue
        made.append(table_of(name, by_size))
        aims += aims_of(name, by_size)
    return made, aims


@contextmanager
def _sqlite(site: Installation, folder: Path) -> Iterator[dict[str, str]]:
    """A copy of the demo's database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy = folder / "db.sqlite3"
    with sqlite3.connect(site.folder / "db.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    try:
        yield {**os.environ, **site.demo_environment(), "DATABASE_URL": f"sqlite:///{copy}",
               "SAPO_EDITION_URL": ""}  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgresql(site: Installation, folder: Path) -> Iterator[dict[str, str]]:
    """The demo built anew in a PostgreSQL of its own, which is ended and removed afterwards."""
    if not any(Path(each, "pg_ctl").exists() for each in postgres._folders()):
        raise Lacking("pg_ctl saknas: installera Debians paket postgresql")
    with postgres.cluster() as server:
        with server.connect("postgres", "postgres") as connection:
            # The tests want everything in the log; what is measured writes none.
            for setting in ("log_statement = 'none'", "log_duration = off",
                            "log_min_duration_statement = -1"):  # fmt: skip
                connection.execute(f"ALTER ROLE postgres SET {setting}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "static").symlink_to(site.folder / "static")
        environment = {
            **os.environ,
            **site.demo_environment(),
            "SAPO_VAR": str(folder),
            "DATABASE_URL": "postgres:///sapo",
            "PGHOST": str(server.folder),
            "PGUSER": "postgres",
            "SAPO_EDITION_URL": "",
        }
        try:
            # The seeded accounts of handlers lie in a database of their own.
            for words in (["migrate"], ["migrate", "--database", "tips"], ["seed"]):
                _run([sys.executable, "manage.py", *words], environment, _USUAL_PATIENCE_SECONDS)
            yield environment
        finally:
            shutil.rmtree(folder, ignore_errors=True)


_KINDS = {"SQLite": _sqlite, "PostgreSQL": _postgresql}


def _figures(size: int, environment: dict[str, str]) -> Figures:
    command = [sys.executable, "-m", "tools.bench.archive", str(size)]
    patience = _PATIENCE_SECONDS.get(size, _USUAL_PATIENCE_SECONDS)
    figures: Figures = json.loads(_run(command, environment, patience).splitlines()[-1])
    return figures


def _run(command: list[str], environment: dict[str, str], seconds: float) -> str:
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"blev inte klar på {seconds:.0f} s") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise Failed(lines[-1] if lines else f"slutade med {done.returncode}")
    return done.stdout


def table_of(name: str, by_size: dict[int, Figures]) -> Table:
    sizes = list(by_size)
    kind = _kind_of_time(name)
    table = Table(
        f"As the site grows, on {name}",
        ("what", *(f"{size // 1000}k, ms" for size in sizes), f"{sizes[-1] // 1000}k by 1k"),
        notes=[f"{_KINDS_OF_TIME[kind]}, in the CMS by an editor, its reports by a chief editor."],
    )
    for what in by_size[sizes[0]]:
        milliseconds = [by_size[size][what][kind] for size in sizes]
        ratio = milliseconds[-1] / milliseconds[0]
        table.rows.append((what, *map(number, milliseconds), number(ratio)))
    return table


def aims_of(name: str, by_size: dict[int, Figures]) -> Iterator[Aim]:
    first, *_between, last = by_size
    kind = _kind_of_time(name)
    for what, limit in _RATIO_LIMITS.items():
        ratio = by_size[last][what][kind] / by_size[first][what][kind]
        yield Aim(f"{name}, {what}: {last // 1000}k by 1k", ratio, limit)
    for what, limit in _MS_LIMITS.items():
        yield Aim(f"{name}, {what}: ms at {last // 1000}k", by_size[last][what][kind], limit)


_KINDS_OF_TIME = {
    "cpu_ms": "Time on the processor, median, the database's included",
    "wall_ms": "Time on the clock, the shortest of nine, since the database is another process",
}


def _kind_of_time(name: str) -> str:
    return "cpu_ms" if name == "SQLite" else "wall_ms"
