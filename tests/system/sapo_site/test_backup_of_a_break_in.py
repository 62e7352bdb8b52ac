"""Whoever has broken into the CMS becomes nothing more by the backups, their rehearsal or the installation."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from sapo_site.operating.backup import server
from tests.lacking import need
from tests.postgres import ROOT, Cluster, installed

# What takes what it can get when somebody else calls it.
_GREED = """
CREATE FUNCTION public.take() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('is_superuser') = 'on' THEN
        ALTER ROLE "sapo-editorial" SUPERUSER;
    END IF;
    RETURN 'x';
END $$;
ALTER TABLE newsroom_confirmation RENAME TO kept;
CREATE VIEW newsroom_confirmation AS SELECT 1 AS id, public.take() AS hash;
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE sql
    AS $$ SELECT pg_catalog.left(public.take(), 0) || pg_catalog.quote_ident($1::text) $$;
CREATE FUNCTION public.same(oid, regclass) RETURNS bool LANGUAGE sql
    AS $$ SELECT public.take() = 'x' AND $1 OPERATOR(pg_catalog.=) $2::oid $$;
CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = public.same);
CREATE FUNCTION public.other(name, name) RETURNS bool LANGUAGE sql
    AS $$ SELECT public.take() = 'x' AND $1::text NOT LIKE $2::text $$;
CREATE OPERATOR public.!~~ (LEFTARG = name, RIGHTARG = name, FUNCTION = public.other);
"""


@pytest.fixture(scope="module")
def broken_into(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    need(root=True)
    with installed() as cluster:
        with cluster.connect("sapo-editorial", "sapo") as connection:
            connection.execute(_GREED)
        yield cluster


@pytest.fixture(autouse=True)
def _asked_here(broken_into: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", str(broken_into.folder))


def _superusers(cluster: Cluster) -> list[tuple]:
    with cluster.connect("postgres", "postgres") as connection:
        return connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper").fetchall()


def test_the_backup_sees_that_there_are_tables_and_calls_nothing_of_the_owner_s(broken_into):
    assert server.has_tables()
    assert _superusers(broken_into) == [("postgres",)]


@pytest.mark.parametrize(
    ("name", "database"), [("database_roles.sql", "sapo"), ("tips_database_roles.sql", "sapo_tips")]
)
def test_what_is_run_as_superuser_calls_nothing_of_the_owner_s(broken_into, name, database):
    broken_into.apply(name, database)
    assert _superusers(broken_into) == [("postgres",)]


def test_the_installation_reads_the_tables_as_who_owns_them():
    """Only what belongs to no table of theirs is run as postgres."""
    install = (ROOT / "deploy" / "install").read_text()
    asked = re.findall(r"in_database (.*--command.*)", install)
    assert [words.split()[:2] for words in asked] == [
        ["postgres", "--command"], ["--as", "sapo-editorial"],
    ]  # fmt: skip


def test_a_restored_server_obeys_no_setting_of_the_site_s_and_gives_them_back(broken_into):
    major = (broken_into.folder / "data" / "PG_VERSION").read_text().strip()
    settings = (
        "shared_preload_libraries = '/tmp/theirs.so'\nrecovery_end_command = 'touch /tmp/x'\n"
    )
    broken_into.stop("fast")
    own = server.OwnServer(broken_into.folder / "own", major)
    try:
        own.folder.mkdir()
        shutil.copytree(broken_into.folder / "data", own.data, symlinks=True)
    finally:
        broken_into.start()
    try:
        (own.data / "postgresql.auto.conf").write_text(settings)
        aim = broken_into.folder / "aim"
        aim.touch(0o600)
        (own.data / "recovery.signal").symlink_to(aim)
        subprocess.run(
            [shutil.which("chown") or "", "--recursive", "postgres:postgres", str(own.folder)],
            check=True,
        )
        own.recover("")
        assert server.query("SHOW shared_preload_libraries", host=own.folder) == [""]
        own.stop()
        own.give_back_settings()
        assert (own.data / "postgresql.auto.conf").read_text() == settings
        assert aim.owner() == "root"
    finally:
        own.stop()
        shutil.rmtree(own.folder)
