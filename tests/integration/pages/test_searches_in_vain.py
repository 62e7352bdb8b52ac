"""What editors see of searches in vain, and how they help the next visitor."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Locale

from pages.models import Recommendation, Synonym, UnmetQuery
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def searches(settings, tmp_path):
    settings.SEARCHES_DIR = tmp_path / "searches"


@pytest.fixture
def report(client, editor, section):
    """Asks for the report as an editor; the lines by what was searched."""
    client.force_login(editor)

    def ask():
        page = BeautifulSoup(client.get(reverse("unmet_queries")).text, "html.parser")
        rows = [row for row in page.select("main tbody tr") if row.find("td")]
        return {row.find("td").get_text(strip=True): row for row in rows}

    return ask


def vain(query, language="sv", day=20, times=3):
    UnmetQuery.objects.create(language=language, query=query, day=date(2026, 11, day), times=times)


def words_of(row):
    return " ".join(row.get_text(" ").split())


def ways_of(row):
    """The text of each link of the line, and where it leads."""
    return {link.get("aria-label") or link.get_text(strip=True): link["href"] for link in row("a")}


def test_editors_see_how_often_it_was_looked_for(client, report):
    vain("drönare", day=20, times=3)
    vain("drönare", day=21, times=4)

    row = report()["drönare"]
    page = client.get(reverse("unmet_queries"))

    assert "Sökt förgäves" in page.text
    assert [cell.get_text(strip=True) for cell in row("td")][1] == "7"
    for kind in ("csv", "xlsx"):
        assert client.get(reverse("unmet_queries"), {"export": kind}).status_code == 200


def test_one_who_may_not_edit_does_not_see_it(client, no_editor, home):
    client.force_login(no_editor)

    assert client.get(reverse("unmet_queries")).status_code == 302


def test_a_line_says_which_word_is_lacking_and_what_is_near(section, report):
    page = ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("registerkontoll")

    row = report()["registerkontoll"]

    assert "Ordet ”registerkontoll” finns inte på webbplatsen. Närmast:" in words_of(row)
    assert ways_of(row)["Registerkontroll"] == page.url


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


def test_the_form_of_a_synonym_is_filled_in_from_the_line(section, client, report):
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("registerkontoll jobb")

    way = ways_of(report()["registerkontoll jobb"])[
        "Lägg till ”registerkontoll jobb” som synonym till ”Registerkontroll”"
    ]
    form = BeautifulSoup(client.get(way).text, "html.parser")

    assert form.select_one("#id_names")["value"] == "registerkontoll jobb, Registerkontroll"
    chosen = form.select_one("#id_locale option[selected]")
    assert chosen["value"] == str(Locale.get_default().pk)
    assert not Synonym.objects.exists()


def test_the_form_of_a_recommended_page_is_filled_in_from_the_line(section, client, report):
    page = ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    vain("registerkontoll")

    way = ways_of(report()["registerkontoll"])[
        "Rekommendera ”Registerkontroll” för ”registerkontoll”"
    ]
    form = BeautifulSoup(client.get(way).text, "html.parser")

    assert form.select_one("#id_names")["value"] == "registerkontoll"
    assert form.select_one("#id_page")["value"] == str(page.pk)


def test_a_title_that_nobody_would_search_for_gets_no_synonym(section, report):
    title = "Lämna hunden hemma när vakten kommer till torget"
    ArticlePageFactory(parent=section, title=title, slug="hund")
    vain("hund katt")

    ways = ways_of(report()["hund katt"])

    assert title in ways
    assert not [way for way in ways if "som synonym" in way]


@pytest.mark.parametrize(
    "given",
    [
        {"names": "x" * 401},
        {"names": "\x00"},
        {"page": "0"},
        {"page": "9" * 40},
        {"page": "a"},
        {"locale": "sv"},
        {"go_live_at": "2020-01-01 12:00"},
    ],
)
@pytest.mark.parametrize("kind", ["synonym", "recommendation"])
def test_an_address_with_rubbish_gives_an_empty_form(client, editor, home, kind, given):
    client.force_login(editor)

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


def test_a_draft_with_the_words_is_shown_so_that_nobody_writes_it_again(section, report):
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    draft = Synonym.objects.create(
        locale=Locale.get_default(), names="Bakgrundskoll, Registerkontroll", live=False
    )
    vain("bakgrundskoll")

    way = ways_of(report()["bakgrundskoll"])["Ett utkast har redan orden"]

    assert way == reverse("wagtailsnippets_pages_synonym:edit", args=[draft.pk])


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


def test_words_of_drafts_are_not_proposed(section, report):
    ArticlePageFactory(parent=section, title="Hemligheten", slug="hemlig", live=False)
    vain("hemlighetn")

    assert ways_of(report()["hemlighetn"]) == {}


def test_a_search_in_english_is_met_with_pages_in_english(section, report):
    ArticlePageFactory(parent=section, title="Espionage", slug="espionage")
    vain("espionag", language="en")

    assert ways_of(report()["espionag"]) == {}


def test_what_is_searched_with_markup_is_text(report):
    vain('<b>"x"</b>')

    assert report()['<b>"x"</b>'].find("b") is None


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
