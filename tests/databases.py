"""The tests' databases: migrated once, copied for each process and after each test that commits.

Later runs use the migrated databases too, until something changes that they were made of.
"""

import ast
import fcntl
import hashlib
import importlib.util
import inspect
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from .postgres import ROOT, run
from .prepared import locked

FOLDER = ROOT / ".pytest_cache" / "databases"
KEPT = 6  # files: the ones used last


class SQLite:
    """This process's own database: a file."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.alias = connection.alias
        self.name = str(connection.creation._get_test_db_name())
        self.whole = f"{self.name}.whole"
        _copy_kept(self.alias, self.whole, lambda part: _migrate(connection, part))
        _complete(connection, self.whole)
        shutil.copy(self.whole, self.name)
        _point(connection, self.name)

    def restore(self) -> None:
        """Restores the content; connections to it stay open."""
        whole = sqlite3.connect(f"file:{self.whole}?immutable=1", uri=True)
        with closing(whole), closing(sqlite3.connect(self.name, timeout=20)) as copy:
            copy.execute("PRAGMA synchronous=OFF")
            whole.backup(copy)

    def remove(self) -> None:
        connections[self.alias].close()
        for path in Path(self.name).parent.glob(f"{Path(self.name).name}*"):
            path.unlink(missing_ok=True)


class PostgreSQL:
    """This process's own database, on a server that others use too."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.alias = connection.alias
        self.name = connection.creation._get_test_db_name()
        self.whole = f"{self.name}_whole"
        kept = f"kept_{digest(self.alias)}_{self.alias}"
        with locked(FOLDER / "lock", fcntl.LOCK_EX):
            if (kept,) not in _ask(connection, "SELECT datname FROM pg_database"):
                _migrate(connection, kept)
            _ask(connection, f'DROP DATABASE IF EXISTS "{self.whole}" WITH (FORCE)')
            _ask(connection, f'CREATE DATABASE "{self.whole}" TEMPLATE "{kept}"')
        _complete(connection, self.whole)
        self.restore()
        _point(connection, self.name)

    def restore(self) -> None:
        """Restores the content; all connections to it are closed."""
        connection = connections[self.alias]
        _close(connection)
        _ask(connection, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        _ask(connection, f'CREATE DATABASE "{self.name}" TEMPLATE "{self.whole}"')

    def remove(self) -> None:
        connection = connections[self.alias]
        _close(connection)
        for name in (self.name, self.whole):
            _ask(connection, f'DROP DATABASE "{name}" WITH (FORCE)')


KINDS = {"sqlite": SQLite, "postgresql": PostgreSQL}


def copies() -> dict[str, SQLite | PostgreSQL]:
    """Points every connection to this process's own copy."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return {each.alias: KINDS[each.vendor](each) for each in connections.all()}


@contextmanager
def connection_kept_open() -> Iterator[None]:
    """The end of a request would close the connection that the test's transaction is in.

    The signal itself is not taken away: the test client brings it back whenever an answer of an earlier
    test is thrown away that nobody has read.
    """
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_in_a_transaction(connection: BaseDatabaseWrapper) -> None:
        if not connection.in_atomic_block:
            close(connection)

    with patch.object(
        BaseDatabaseWrapper, "close_if_unusable_or_obsolete", unless_in_a_transaction
    ):
        yield


def lay_migrated(path: Path) -> None:
    """Lays the website's migrated database there, for a service on SQLite that a test starts.

    A `migrate` on it then does what it does after an update that brings no migration.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "sapo_site.settings.test"}
    FOLDER.mkdir(parents=True, exist_ok=True)
    _copy_kept(
        "default",
        str(path),
        lambda part: run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            {**environment, "DATABASE_URL": f"sqlite:///{part}"},
        ),
    )


def _copy_kept(alias: str, path: str, migrate: Callable[[str], object]) -> None:
    """Copies the migrated file; the first who asks makes it, unless an earlier run has left it."""
    kept = FOLDER / f"{alias}-{digest(alias)}.sqlite3"
    with locked(FOLDER / "lock", fcntl.LOCK_EX):
        if not kept.exists():
            part = kept.with_suffix(".part")
            migrate(str(part))
            part.rename(kept)
        kept.touch()
        shutil.copy(kept, path)
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            old.unlink()


def digest(alias: str) -> str:
    """A digest that changes with anything that a new database is made of."""
    from pages.newsroom.guard import refusals

    total = hashlib.sha256(f"{django.VERSION} {wagtail.VERSION} {sqlite3.sqlite_version}".encode())
    total.update(repr(list(refusals())).encode())  # triggers, which follow each `migrate` too
    for path in sorted(set(_sources(alias))):
        total.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _sources(alias: str) -> Iterator[Path]:
    yield from (ROOT / "sapo_site" / "settings").glob("*.py")
    yield from (ROOT / "pages" / "changes").glob("*.py")  # some of it follows each `migrate`
    for app in apps.get_app_configs():
        for path in Path(app.path).glob("migrations/*.py"):
            yield path
            if path.is_relative_to(ROOT):
                yield from _imported(path)
    for model in apps.get_models():
        # Tables that no migration makes are made from the models.
        if alias == "tips" and router.allow_migrate_model(alias, model):
            yield Path(inspect.getfile(model))


def _imported(path: Path) -> Iterator[Path]:
    """The modules that a migration imports: part of its work may lie there."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names or [each.name for each in node.names]:
                found = importlib.util.find_spec(name)
                if found and found.origin and Path(found.origin).is_relative_to(ROOT):
                    yield Path(found.origin)


def _migrate(connection: BaseDatabaseWrapper, name: str) -> None:
    own, connection.settings_dict["TEST"]["NAME"] = connection.settings_dict["TEST"]["NAME"], name
    try:
        # Django 6 no longer serializes by default.
        options = {"serialize": False} if django.VERSION < (6, 0) else {}
        connection.creation.create_test_db(verbosity=0, autoclobber=True, **options)
    finally:
        connection.settings_dict["TEST"]["NAME"] = own
        _close(connection)


def _complete(connection: BaseDatabaseWrapper, name: str) -> None:
    """Adds permissions and content types of models that are newer than the migrated database."""
    _point(connection, name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    _close(connection)


def _point(connection: BaseDatabaseWrapper, name: str) -> None:
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _close(connection: BaseDatabaseWrapper) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def _ask(connection: BaseDatabaseWrapper, question: str) -> list[tuple[str, ...]]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []
