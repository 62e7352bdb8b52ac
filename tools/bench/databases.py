"""Databases that may be filled up and written to, and programs that do it."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres

from .installation import Installation
from .servers import Lacking, run


@contextmanager
def sqlite(site: Installation, folder: Path) -> Iterator[dict[str, str]]:
    """A copy of the demo's database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy = folder / "db.sqlite3"
    with sqlite3.connect(site.folder / "db.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    try:
        own = {"DATABASE_URL": f"sqlite:///{copy}", "SAPO_EDITION_URL": ""}
        yield {**os.environ, **site.demo_environment(), **own}
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
            quiet = (
                "log_statement = 'none'",
                "log_duration = off",
                "log_min_duration_statement = -1",
            )
            for setting in quiet:
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
                run([sys.executable, "manage.py", *words], environment)
            yield environment
        finally:
            shutil.rmtree(folder, ignore_errors=True)


KINDS = {"SQLite": sqlite, "PostgreSQL": _postgresql}
