"""Visitors are answered from a copy of the database, which may be behind, or gone.

On two PostgreSQL servers, the second of which copies the first.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.pace import until
from tests.postgres import Cluster

from .installation import ARTICLE, Installation, installation


@contextmanager
def with_a_copy() -> Iterator[tuple[Installation, Cluster]]:
    with installation() as site, site.server.copied() as copy:
        hosts = f"{copy.folder},{site.server.folder}"
        url = f"postgres:///sapo?host={hosts}&target_session_attrs=prefer-standby"
        site.variables["public"] = {"DATABASE_REPLICA_URL": url, "SAPO_EDITION_URL": ""}
        site.serve("public")
        yield site, copy


@pytest.fixture(scope="module")
def site_and_copy() -> Iterator[tuple[Installation, Cluster]]:
    with with_a_copy() as both:
        yield both


@pytest.fixture
def site(site_and_copy: tuple[Installation, Cluster]) -> Installation:
    return site_and_copy[0]


@pytest.fixture
def copy(site_and_copy: tuple[Installation, Cluster]) -> Cluster:
    return site_and_copy[1]


def _has(site: Installation, words: str, path: str = ARTICLE) -> bool:
    return words in site.ask(path, service="public")[1]


def test_what_is_published_is_met_by_visitors_when_the_copy_has_it(site):
    assert _has(site, "Samverkan")
    site.publish("Samverkan på kopian")
    until(lambda: _has(site, "Samverkan på kopian"))


def test_the_edition_of_a_machine_for_visitors_is_written_from_the_copy(site):
    site.variables["public"].pop("SAPO_EDITION_URL")
    site.write_edition(role="public")
    try:
        site.publish("Som fil från kopian")
        until(lambda: site.edition_has(ARTICLE, "Som fil från kopian"))
    finally:
        site.end("edition")


def test_visitors_ask_nothing_of_the_original(site):
    site.server.stop()
    try:
        for path in (
            "/",
            "/verksamheten/artikel-1/",
            "/finns-inte/",
            "/sok/?q=artikel",
            "/sitemap.xml",
        ):
            assert site.ask(path, service="public")[0] in (200, 404), path
        assert _has(site, "Artikel 2", "/verksamheten/artikel-2/"), "which nobody had asked for"
    finally:
        site.server.start()


def test_a_copy_that_is_behind_gives_the_old_page_and_never_keeps_it_as_the_new_one(site, copy):
    until_the_copy_follows(site, copy)
    site.publish("Före")
    until(lambda: _has(site, "Före"))
    _tell(copy, "SELECT pg_wal_replay_pause()")
    site.publish("Efteråt")
    until_then = time.monotonic() + 2
    while time.monotonic() < until_then:
        assert _has(site, "Före"), "the old page, whole"
        time.sleep(0.1)
    _tell(copy, "SELECT pg_wal_replay_resume()")
    until(lambda: _has(site, "Efteråt"))
    assert all(_has(site, "Efteråt") for _again in range(20))


@pytest.mark.fault("copy of the database gone")
def test_when_the_copy_is_gone_the_original_answers(site, copy, acknowledges):
    copy.stop()
    try:
        site.publish("Utan kopia")
        until(lambda: _has(site, "Utan kopia"))
        assert _has(site, "Artikel 3", "/verksamheten/artikel-3/")
        acknowledges(1, lost=0)
    finally:
        copy.start()


def test_the_copy_cannot_be_written_to(site, copy):
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        copy.connect("sapo-editorial", "sapo") as connection,
    ):
        connection.execute("DELETE FROM pages_contentversion")


def test_the_copy_is_as_closed_as_the_original(site, copy):
    site.unpublish()
    until_the_copy_follows(site, copy)
    withdrawn = "SELECT count(*) FROM pages_articlepage, wagtailcore_page WHERE id = page_ptr_id AND NOT live"
    assert _tell(copy, withdrawn) == 1
    with copy.connect("sapo-public", "sapo") as connection:
        assert connection.execute(withdrawn).fetchone() == (0,)
        for table in ("auth_user", "wagtailcore_revision", "django_session"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {table}")  # noqa: S608


def until_the_copy_follows(site: Installation, copy: Cluster) -> None:
    with site.server.connect("postgres", "sapo") as connection:
        [end] = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or [None]
    until(lambda: _tell(copy, f"SELECT pg_last_wal_replay_lsn() >= '{end}'") is True)


def _tell(copy: Cluster, words: str) -> object:
    with copy.connect("postgres", "sapo") as connection:
        row = connection.execute(words).fetchone()
        return row and row[0]
