"""What tests/integration/pages/test_search_tables.py says, in more cases."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page

from pages.search.models import EditorsEntry, SearchEntry
from pages.search.words import stem
from tests.integration.pages.test_search_tables import (
    MARK,
    draft,
    editors_find,
    found_among_the_public,
    live,
    visitors_could_find_it,
)

pytestmark = pytest.mark.django_db
TRIGGERS = {f"search_searchentry_{each}" for each in ("added", "removed", "changed")}


def test_what_is_written_in_another_language_stays_a_draft(english_home, section):
    page = live(section)
    section.copy_for_translation(english_home.locale)
    other = page.copy_for_translation(english_home.locale)
    other.title = MARK
    other.save_revision()
    assert not visitors_could_find_it()
    assert editors_find() == [other]


def test_an_editors_entry_holds_no_more_than_editors_search_by(section):
    page = live(section, body='[{"type": "prose", "value": "<p>Om fåglar.</p>"}]')
    held = EditorsEntry.objects.get(page=page).tokens.replace("'", "").split()
    assert {token[:2] for token in held if not token.startswith("d")} == {"as", "ax", "cs"}
    assert {f"cs{stem('fåglar', 'sv')}", "axartikel"} <= set(held)


def test_publishing_what_was_just_saved_writes_the_editors_entry_once(section):
    page = live(section)
    page.title = MARK
    revision = page.save_revision()
    saved = []

    def noting(execute, statement, *others):
        saved.append(statement)
        return execute(statement, *others)

    with connection.execute_wrapper(noting):
        revision.publish()
    assert any("search_searchentry" in each for each in saved)
    assert not [s for s in saved if "search_editorsentry" in s and not s.startswith("SELECT")]


@pytest.mark.django_db(transaction=True)
def test_a_table_from_before_is_parted_and_put_together_again(section):
    seen = live(section, "Svanar")
    draft(section)
    before = sorted(SearchEntry.objects.values_list("page", "title", "filters"))
    executor = MigrationExecutor(connection)
    executor.migrate([("pages", "0019_first_phrases")])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT page_id FROM search_searchentry WHERE filters = ''")
            assert len(cursor.fetchall()) == 1
            assert _has_triggers(cursor)
            if connection.vendor == "postgresql":  # as deploy/database_roles.sql had closed it
                assert _is_closed(cursor)
                cursor.execute("CREATE POLICY published ON search_searchentry USING (true)")
        assert found_among_the_public()
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())

    assert sorted(SearchEntry.objects.values_list("page", "title", "filters")) == before
    assert not visitors_could_find_it()
    assert [page.title for page in editors_find()] == [MARK]
    assert [page.pk for page in Page.objects.search("svanar")] == [seen.pk]
    with connection.cursor() as cursor:
        assert _has_triggers(cursor)
        assert connection.vendor != "postgresql" or not _is_closed(cursor)
    seen.title = MARK
    seen.save_revision().publish()
    assert visitors_could_find_it()


def _has_triggers(cursor) -> bool:
    if connection.vendor != "sqlite":
        return True
    cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'search_searchentry'")
    return {name for (name,) in cursor.fetchall()} >= TRIGGERS


def _is_closed(cursor) -> bool:
    cursor.execute(
        """SELECT relrowsecurity OR EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid)
        FROM pg_class WHERE relname = 'search_searchentry'"""
    )
    return cursor.fetchone()[0]
