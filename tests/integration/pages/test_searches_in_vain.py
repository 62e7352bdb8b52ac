"""What editors see of searches in vain, and how they help the next visitor."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale

from pages.models import Synonym, UnmetQuery
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


def test_a_draft_with_the_words_is_shown_so_that_nobody_writes_it_again(section, report):
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    draft = Synonym.objects.create(
        locale=Locale.get_default(), names="Bakgrundskoll, Registerkontroll", live=False
    )
    vain("bakgrundskoll")

    way = ways_of(report()["bakgrundskoll"])["Ett utkast har redan orden"]

    assert way == reverse("wagtailsnippets_pages_synonym:edit", args=[draft.pk])


def test_words_of_drafts_are_not_proposed(section, report):
    ArticlePageFactory(parent=section, title="Hemligheten", slug="hemlig", live=False)
    vain("hemlighetn")

    assert ways_of(report()["hemlighetn"]) == {}


def test_what_is_searched_with_markup_is_text(report):
    vain('<b>"x"</b>')

    assert report()['<b>"x"</b>'].find("b") is None
