"""What tests/integration/pages/test_search_tables.py says, in more cases."""

import pytest
from django.db import connection

from pages.search.models import EditorsEntry
from pages.search.words import stem
from tests.integration.pages.test_search_tables import (
    MARK,
    editors_find,
    live,
    visitors_could_find_it,
)

pytestmark = pytest.mark.django_db


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
