"""What tests/integration/pages/test_search_tables.py says, in more cases."""

import pytest

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
