"""A former release's installation is migrated while its readers read and its editors write."""

import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from tests.postgres import ROOT, Cluster, run
from tests.releases import OWNERS, as_left_by

pytestmark = pytest.mark.alone  # the pace is that of the machine

# The newest from which the tables of pages are changed: others make nobody wait.
FORMER = "ca31bd7"
LONGEST = 2.0  # seconds that somebody may have to wait
READS = 3.0  # seconds that somebody reads, such as a backup
# Made once for each language, when a website begins: nobody makes one during an update.
MADE_ONCE = {"pages_homepage", "pages_threatlevelpage"}
# What each migration does is done under its own name, so that its locks can be told apart.
_MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
apply_migration = MigrationExecutor.apply_migration
def under_its_name(executor, state, migration, **options):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [str(migration)])
    return apply_migration(executor, state, migration, **options)
MigrationExecutor.apply_migration = under_its_name
call_command("migrate", verbosity=0)
"""
_MIGRATE_TWICE = """
import sys
from django.core.management import execute_from_command_line
from sapo_site.management.commands import migrate
migrate.TRIES = 2
execute_from_command_line(["manage.py", "migrate", "--verbosity", "0"])
"""
# Those that keep somebody waiting, on tables that the former code knows.
_LOCKS = """
SELECT activity.application_name, locks.relation::regclass::text, locks.virtualtransaction
FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
WHERE locks.granted AND locks.relation = ANY(%s::oid[]) AND activity.application_name LIKE '%%.0%%'
AND locks.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""
# As many pages, articles and versions as asked for, each like one that is there.
_MANY = {
    "wagtailcore_page": {
        "id": "1000000 + n", "path": "lpad(to_hex(1000000 + n), 16, '0')", "slug": "'sida-' || n",
        "translation_key": "gen_random_uuid()", "url_path": "url_path || n || '/'",
    },
    "pages_articlepage": {"page_ptr_id": "1000000 + n"},
    "wagtailcore_revision": {"id": "1000000 + n", "object_id": "(1000000 + n)::text"},
}  # fmt: skip
_ONE = {
    "wagtailcore_page": "id = (SELECT max(page_ptr_id) FROM pages_articlepage)",
    "pages_articlepage": "page_ptr_id = (SELECT max(page_ptr_id) FROM pages_articlepage)",
    "wagtailcore_revision": "id = (SELECT max(id) FROM wagtailcore_revision)",
}


@pytest.fixture
def server() -> Iterator[Cluster]:
    with as_left_by(FORMER) as server:
        yield server


def test_nobody_waits_for_long_with_very_many_pages(server, rounds, tmp_path):
    with server.connect("postgres", "sapo") as website:
        for table in _MANY:
            _multiply(website, table, rounds(20_000, 100_000))
        website.execute("VACUUM ANALYZE")

    with _locks(server) as held, _autosave(server) as waits, _long_reading(server):
        _migrate(server, tmp_path)

    # A lock that is over between two looks is a short one; this table is held for long enough to be seen.
    assert "pages_articlepage" in {table for _migration, table in held}
    too_long = {where: seconds for where, seconds in held.items() if seconds >= LONGEST}
    assert too_long == {}, held
    assert max(waits) < LONGEST


def test_a_migration_that_never_gets_its_table_says_so_and_has_changed_nothing(server, tmp_path):
    environment = server.environment("editorial", OWNERS["sapo"], tmp_path, PYTHONPATH=str(ROOT))
    with server.connect("postgres", "sapo") as website, website.transaction():
        before = _columns(website)
        website.execute("SELECT FROM pages_articlepage")

        done = subprocess.run(
            [sys.executable, "-c", _MIGRATE_TWICE], env=environment, capture_output=True, text=True
        )

        assert done.returncode == 1
        assert re.fullmatch("CommandError: Tabellerna är upptagna: .*\n", done.stderr)
        changed = dict(_columns(website).items() - before.items())
    assert not [table for table, _column in changed if table == "pages_articlepage"]


def test_the_former_code_can_go_on_writing_and_be_put_back(server, tmp_path):
    with server.connect("postgres", "sapo") as website:
        before = _columns(website)
        _migrate(server, tmp_path)
        after = _columns(website)

    known = {table for table, _column in before}
    assert before.keys() <= after.keys()
    asked_for = {
        (table, column) for (table, column), is_asked_for in after.items() - before.items()
        if is_asked_for and table in known - MADE_ONCE
    }  # fmt: skip
    assert asked_for == set()


def _columns(website: psycopg.Connection) -> dict[tuple[str, str], bool]:
    """Each column, and whether a row cannot be written without it."""
    return {
        (table, column): is_asked_for
        for table, column, is_asked_for in website.execute(
            "SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO' FROM information_schema.columns WHERE table_schema = 'public'"
        )
    }


def _multiply(website: psycopg.Connection, table: str, count: int) -> None:
    columns = [
        name for (name,) in website.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER'", [table]
        )
    ]  # fmt: skip
    own = _MANY[table]
    website.execute(
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(own.get(name, name) for name in columns)}"
        f" FROM {table}, generate_series(1, {count}) AS n WHERE {_ONE[table]}"
    )


@contextmanager
def _locks(server: Cluster) -> Iterator[dict[tuple[str, str], float]]:
    """How long each migration was seen to hold a lock on each table."""
    held: dict[tuple[str, str], float] = {}
    seen: dict[tuple[str, ...], float] = defaultdict(time.monotonic)
    with server.connect("postgres", "sapo") as website:
        known = [
            oid for (oid,) in website.execute(
                "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            )
        ]  # fmt: skip

        def look() -> None:
            for migration, table, transaction in website.execute(_LOCKS, [known]):
                since = seen[migration, table, transaction]
                held[migration, table] = max(
                    held.get((migration, table), 0), time.monotonic() - since
                )

        with _repeated(look):
            yield held


@contextmanager
def _autosave(server: Cluster) -> Iterator[list[float]]:
    """How long the former code waits for each saving of a draft."""
    waits: list[float] = []
    with server.connect("sapo-editorial", "sapo") as website:

        def save() -> None:
            began = time.monotonic()
            for table, one in _ONE.items():
                column = next(iter(_MANY[table]))
                website.execute(f"UPDATE {table} SET {column} = {column} WHERE {one}")  # noqa: S608
            waits.append(time.monotonic() - began)

        with _repeated(save):
            yield waits


@contextmanager
def _long_reading(server: Cluster) -> Iterator[None]:
    def read() -> None:
        with server.connect("postgres", "sapo") as website, website.transaction():
            website.execute("SELECT FROM pages_articlepage")
            time.sleep(READS)

    thread = Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@contextmanager
def _repeated(act: Callable[[], None]) -> Iterator[None]:
    """Does it again and again meanwhile; what it raises is raised."""
    ended, faults = Event(), []

    def go_on() -> None:
        try:
            while not ended.wait(0.01):
                act()
        except Exception as fault:
            faults.append(fault)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    assert not faults


def _migrate(server: Cluster, folder: Path) -> None:
    environment = server.environment("editorial", OWNERS["sapo"], folder, PYTHONPATH=str(ROOT))
    run([sys.executable, "-c", _MIGRATE], environment)
