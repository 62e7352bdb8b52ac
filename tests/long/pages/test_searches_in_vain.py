"""What tests/integration/pages/test_searches_in_vain.py says, in more cases."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Locale

from pages.models import Recommendation, Synonym
from tests.factories import ArticlePageFactory
from tests.integration.pages import test_searches_in_vain as first
from tests.integration.pages.test_searches_in_vain import vain, ways_of, words_of

searches, report = first.searches, first.report

pytestmark = pytest.mark.django_db


def test_a_word_that_is_nearly_a_synonym_leads_to_its_page(section, report):
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    Synonym.objects.create(locale=Locale.get_default(), names="bakgrundskontroll, registerkontroll")
    vain("bakgrundskoll")

    assert "Registerkontroll" in ways_of(report()["bakgrundskoll"])


def test_words_that_stand_on_different_pages_lead_to_the_page_with_most_of_them(section, report):
    ArticlePageFactory(parent=section, title="Hund", slug="hund")
    ArticlePageFactory(parent=section, title="Torg och vakt", slug="torg")
    vain("hund torg vakt")

    row = report()["hund torg vakt"]

    assert "Ingen sida har alla orden. Närmast:" in words_of(row)
    assert next(iter(ways_of(row))) == "Torg och vakt"


def test_what_is_near_nothing_says_so(report):
    vain("xyzzy")

    assert "Ordet ”xyzzy” finns inte på webbplatsen. Ingen sida ligger nära." in words_of(
        report()["xyzzy"]
    )


def test_a_title_that_nobody_would_search_for_gets_no_synonym(section, report):
    title = "Lämna hunden hemma när vakten kommer till torget"
    ArticlePageFactory(parent=section, title=title, slug="hund")
    vain("hund katt")

    ways = ways_of(report()["hund katt"])

    assert title in ways
    assert not [way for way in ways if "som synonym" in way]


def test_an_address_with_rubbish_gives_an_empty_form(client, editor, home):
    client.force_login(editor)

    for given in [
        {"names": "x" * 401},
        {"names": "\x00"},
        {"page": "0"},
        {"page": "9" * 40},
        {"page": "a"},
        {"locale": "sv"},
        {"go_live_at": "2020-01-01 12:00"},
    ]:
        for kind in ["synonym", "recommendation"]:
            response = client.get(reverse(f"wagtailsnippets_pages_{kind}:add"), given)

            assert response.status_code == 200
            form = BeautifulSoup(response.text, "html.parser")
            assert not form.select_one("#id_names").get("value")
            assert "2020-01-01" not in response.text


def test_who_may_not_add_synonyms_is_offered_none(section, client, editor, report):
    for group in editor.groups.all():
        group.permissions.remove(Permission.objects.get(codename="add_synonym"))
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("registerkontoll")

    ways = ways_of(report()["registerkontoll"])

    assert not [way for way in ways if "som synonym" in way]
    assert "Rekommendera ”Registerkontroll” för ”registerkontoll”" in ways


@pytest.mark.parametrize("how", ["synonym", "recommendation", "page"])
def test_a_line_that_finds_its_page_now_says_so(section, report, how):
    page = ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("bakgrundskoll")
    assert "Hittas nu." not in words_of(report()["bakgrundskoll"])

    if how == "synonym":
        Synonym.objects.create(locale=Locale.get_default(), names="bakgrundskoll, registerkontroll")
    elif how == "recommendation":
        Recommendation.objects.create(names="bakgrundskoll", page=page)
    else:
        ArticlePageFactory(parent=section, title="Bakgrundskoll", slug="bakgrundskoll")

    row = report()["bakgrundskoll"]
    assert "Hittas nu." in words_of(row)
    assert ways_of(row) == {}


def test_a_search_in_english_is_met_with_pages_in_english(section, report):
    ArticlePageFactory(parent=section, title="Espionage", slug="espionage")
    vain("espionag", language="en")

    assert ways_of(report()["espionag"]) == {}


def test_the_report_asks_as_much_for_each_page_of_twenty(
    section, client, editor, django_assert_max_num_queries
):
    for number in range(30):
        vain(f"ordet{number}")
    client.force_login(editor)
    client.get(reverse("unmet_queries"))

    with django_assert_max_num_queries(20 * 20 + 50):
        page = client.get(reverse("unmet_queries"))

    assert len(BeautifulSoup(page.text, "html.parser").select("main tbody tr")) == 20


def test_the_address_of_a_way_holds_only_what_the_form_takes(section, report):
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("registerkontoll")

    for label, way in ways_of(report()["registerkontoll"]).items():
        if "synonym" in label:
            assert set(parse_qs(urlsplit(way).query)) == {"names", "locale"}
