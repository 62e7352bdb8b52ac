"""The synonyms that come with the site: what they may say."""

import pytest
from wagtail.models import Locale

from pages.search.models import Synonym, names_in
from pages.search.thesaurus import shipped
from pages.search.words import name_of
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


def test_each_line_is_a_row_that_an_editor_could_publish(home):
    for language, line in [(each, line) for each, lines in shipped().items() for line in lines]:
        row = Synonym(locale=Locale.get_default(), names=line)
        row.full_clean()
        row.refuse_faults()

        assert row.names == line
        # Forms of one word are one name for the search.
        names = [name_of(name, language) for name in names_in(line)]
        assert len(set(names)) == len(names), line


def test_a_shipped_name_finds_what_has_the_other_name(section, client):
    ArticlePageFactory(parent=section, title="Om registerkontroll")

    assert client.get("/sok/", {"q": "bakgrundskontroll"}).context["total"] == 1
