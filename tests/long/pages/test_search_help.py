"""What tests/integration/pages/test_search_help.py says, in more cases."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from pages.search.models import Recommendation, Synonym
from tests.factories import SectionPageFactory
from tests.integration.pages import test_search_help as first
from tests.integration.pages.test_search_help import article, synonym, titles

find = first.find

pytestmark = pytest.mark.django_db


def test_a_name_may_be_of_several_words(section, find):
    article(section, "Nationellt centrum för terrorhotbedömning")
    article(section, "NCT")
    synonym("NCT, Nationellt centrum för terrorhotbedömning")

    assert set(titles(find("nct"))) == {"NCT", "Nationellt centrum för terrorhotbedömning"}
    assert set(titles(find("nationellt centrum för terrorhotbedömning"))) == {
        "NCT", "Nationellt centrum för terrorhotbedömning",
    }  # fmt: skip


def test_a_synonym_needs_two_names(home):
    with pytest.raises(ValidationError, match="Skriv minst två ord"):
        Synonym(locale=Locale.get_default(), names="Säpo, ").refuse_faults()


def test_a_short_word_is_not_found_in_another_by_chance(section, find):
    article(section, "Slagen")

    assert titles(find("lag")) == []


def test_a_word_of_which_little_is_left_in_compounds_is_found_in_them_and_not_elsewhere(
    section, find
):
    article(section, "Farvatten")  # has the stem "farv"
    article(section, "Arkiv")

    assert titles(find("vatten")) == ["Farvatten"]


def test_a_compound_that_the_site_lacks_is_looked_for_in_its_parts(section, find):
    article(section, "Ansökan", body="Om registerkontroll.")
    article(section, "Registerkontroll")

    assert titles(find("registerkontrollansökan"))[0] == "Ansökan"


def test_words_and_the_compound_of_them_find_each_other(section, find):
    article(section, "Terrorismfinansiering")
    article(section, "Att finansiera terrorism", slug="att-finansiera")
    article(section, "Terrorhotet")
    article(section, "Annat")

    for typed in ("finansiera terrorism", "terrorism finansiering"):
        assert set(titles(find(typed))[:2]) == {
            "Terrorismfinansiering", "Att finansiera terrorism",
        }  # fmt: skip
    assert titles(find("hot om terror"))[0] == "Terrorhotet"


def test_words_with_dots_are_found_without_but_not_the_other_way(section, find):
    article(section, "Får")
    article(section, "Far", slug="far-2")

    assert titles(find("far")) == ["Far", "Får"]
    assert titles(find("får")) == ["Får"]


def test_a_recommended_page_that_is_withdrawn_is_not_shown(section, find):
    page = article(section, "Jobba hos oss")
    Recommendation.objects.create(names="ledigt", page=page)
    page.unpublish()

    assert titles(find("ledigt")) == []


def test_compounds_are_found_by_what_a_query_means_as_by_what_it_says(section, find):
    article(section, "Om terrorhot", "Terrorhot bedöms varje dag.")
    article(section, "Terrorhotnivån", "Så hög är den.")
    article(section, "Personskydd", "Vi skyddar statsministern.")
    synonym("terrorhot, hot om terror")
    for typed in ["terorhot", "hot om terror"]:
        assert titles(find(typed)) == ["Om terrorhot", "Terrorhotnivån"]


def test_what_is_near_nothing_is_not_mended(section, find):
    article(section, "Kontraspionage")

    assert find("xyzzy").context["meant"] == ""


def test_of_a_sentence_that_is_misspelt_three_words_are_compared(section, find):
    article(section, "Kontraspionage, säkerhetsskydd, terrorism och personskydd")
    misspelt = ["kontraspoinage", "säkerhetskydd", "terorrism", "personksydd", "spanignen"]

    assert "säkerhetsskydd" in find(" ".join(misspelt[:3])).context["meant"]
    two, three, four, five = (
        _queries_of(find, " ".join(misspelt[:number])) for number in (2, 3, 4, 5)
    )
    assert five - four < three - two


def _queries_of(find, query):
    with CaptureQueriesContext(connection) as queries:
        find(query)
    return len(queries)


def test_no_more_than_six_are_suggested(section, client):
    for number in range(9):
        article(section, f"Övning {number}")

    assert len(client.get("/sok/forslag/", {"q": "övn"}).json()["suggestions"]) == 6


def test_the_search_of_the_cms_can_be_sorted_and_narrowed(client, admin, section):
    other = SectionPageFactory(parent=section, title="Övningar")
    for title in ("Övning C", "Övning A", "Övning B"):
        article(section, title)
    client.force_login(admin)

    def found(address, **query):
        html = client.get(address, {"q": "övning", **query}).content.decode()
        return sorted(
            (t for t in ("Övning A", "Övning B", "Övning C") if t in html), key=html.index
        )

    search = reverse("wagtailadmin_pages:search")
    assert found(search, ordering="title") == ["Övning A", "Övning B", "Övning C"]
    assert found(search, ordering="-title") == ["Övning C", "Övning B", "Övning A"]
    assert found(reverse("wagtailadmin_explore", args=[other.pk])) == []
    assert len(found(reverse("wagtailadmin_explore", args=[section.pk]))) == 3


def test_what_is_called_as_was_typed_comes_before_newer_pages_that_only_say_it(section, find):
    article(section, "Registerkontroll", changed_on=date(2020, 1, 1))
    article(section, "Nya svar om registerkontroll", changed_on=date(2026, 1, 1))
    article(section, "Äldre svar om registerkontroll", changed_on=date(2025, 1, 1))

    assert titles(find("registerkontrollen")) == [
        "Registerkontroll", "Nya svar om registerkontroll", "Äldre svar om registerkontroll",
    ]  # fmt: skip


def test_tip_page_counts_among_the_pages(find, home):
    response = find("tipsa")
    assert response.context["total"] == 1
    assert "1 träff på ”tipsa”" in response.content.decode()
    assert find("tipsa", typ="nyheter").context["total"] == 0
    assert find("tipsa", typ="artiklar").context["total"] == 1
