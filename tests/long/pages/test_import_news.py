"""News and press invitations come in by the same door as articles, with what stands in their fields."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime

from pages.importing.build import article_from
from pages.importing.documents import RefusedError
from pages.importing.news_facts import NewsFacts, moment_in
from pages.importing.proof import prove_import
from pages.importing.read import read_article
from pages.models import ArticlePage, NewsPage
from pages.publishing.finished import UnfinishedPageError, refuse_unfinished
from tests.factories import ArticlePageFactory, ContactFactory, NewsIndexPageFactory

STOCKHOLM = ZoneInfo("Europe/Stockholm")
INVITATION = """<h1>Pressinbjudan: Årsboken presenteras</h1>
<p>Publicerad: 3 mars 2025</p>
<p>Välkommen när vi presenterar årets lägesbild.</p>
<p><b>Datum:</b> tisdag 11 mars 2025<br/><b>Tid:</b> kl. 10.00–11.30<br/>
<b>Plats:</b> Bolstomtavägen 2, Solna</p>
<p>Anmälan senast: måndag 10 mars 2025 klockan 12</p>
<p>Insläpp: från 9.30</p>
<p>Kontakt: press@example.se</p>"""

TABLE = """<h1>Pressträff</h1><p>Välkommen.</p>
<table><tr><td>Tid</td><td>2025-03-11 kl. 9.15</td></tr><tr><td>Plats</td><td>Solna</td></tr></table>
<p>Datum för nästa: ej bestämt.</p>"""


@pytest.fixture
def news(home):
    return NewsIndexPageFactory(parent=home)


@pytest.fixture
def made_of(news, tmp_path):
    """Imports a text below the news; the page and what is said of it."""

    def make(html: str, **given):
        path = Path(tmp_path, "a.html")
        path.write_text(html)
        article = read_article(path)
        page = article_from(article, parent=news, **given)
        return NewsPage.objects.get(pk=page.pk), article.notes

    return make


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=STOCKHOLM)


def test_below_the_news_a_file_becomes_a_press_invitation_with_what_it_says_in_fields(made_of):
    page, notes = made_of(INVITATION)
    assert page.kind == "press_invitation"
    assert page.published_on == date(2025, 3, 3)
    assert (page.starts_at, page.ends_at) == (_at(2025, 3, 11, 10), _at(2025, 3, 11, 11, 30))
    assert page.register_by == _at(2025, 3, 10, 12)
    assert page.place == "Bolstomtavägen 2, Solna"
    assert notes.to_complete == []
    refuse_unfinished(page)


def test_what_readers_meet_in_the_fields_is_not_said_twice_and_nothing_else_is_lost(
    client, made_of
):
    page, _notes = made_of(INVITATION)
    assert page.lead == "Välkommen när vi presenterar årets lägesbild."
    page.save_revision().publish()
    html = client.get(page.url).content.decode()
    text = " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"<head>.*?</head>", "", html, flags=re.S)).split()
    )
    assert "Tid tisdag 11 mars 2025 10.00–11.30" in text
    assert text.count("Bolstomtavägen 2, Solna") == 1
    assert "Insläpp: från 9.30" in text
    assert "Kontakt: press@example.se" in text


@pytest.mark.parametrize("text", [INVITATION, TABLE])
def test_what_went_into_the_fields_is_no_loss(news, tmp_path, text):
    path = Path(tmp_path, "a.html")
    path.write_text(text)
    ContactFactory(name="Presstjänsten", email="press@example.se")
    article = read_article(path)
    proof = prove_import(article, article_from(article, parent=news))
    assert proof.losses == []
    assert any("står ovanför texten" in row.difference for row in proof.differences)


def test_a_table_of_time_and_place_is_read_and_taken_out(made_of):
    page, notes = made_of(
        TABLE,
        facts=NewsFacts(published_on=date(2025, 3, 1)),
    )
    assert localtime(page.starts_at) == _at(2025, 3, 11, 9, 15)
    assert [block.block_type for block in page.body] == ["prose"]
    assert "Det står inte i inbjudan vem man kan fråga." in notes.to_check


def test_a_table_that_says_more_stays_whole(made_of):
    page, _notes = made_of(
        "<h1>Pressträff</h1><p>Välkommen.</p><table><tr><td>Tid</td><td>2025-03-11 kl. 9.15</td></tr>"
        "<tr><td>Parkering</td><td>finns</td></tr></table>",
    )
    assert "table" in [block.block_type for block in page.body]


def test_what_an_invitation_lacks_is_named_and_nobody_can_publish_it(made_of):
    page, notes = made_of("<h1>Pressinbjudan</h1><p>Välkommen.</p>")
    assert notes.to_complete == [
        "Ange nyhetens datum: filen har inget.",
        "Ange dag och tid för det som pressen bjuds in till.",
        "Ange platsen för det som pressen bjuds in till.",
    ]
    with pytest.raises(UnfinishedPageError, match="säga när träffen börjar"):
        refuse_unfinished(page)


def test_a_press_release_has_its_day_and_no_place(made_of):
    page, notes = made_of(
        "<h1>Pressmeddelande: Person häktad</h1><p>2025-02-07</p><p>En person är häktad.</p>"
        "<p>Plats: Örebro</p>"
    )
    assert (page.kind, page.published_on) == ("press_release", date(2025, 2, 7))
    assert page.lead == "En person är häktad."
    assert "Plats: Örebro" in page.body[0].value.source
    assert notes.to_complete == []


def test_day_of_the_last_change_stands_in_for_that_of_the_news_and_is_named(made_of):
    page, notes = made_of(
        "<h1>Nyhet</h1><p>Ingressen.</p><p>Text.</p><p>Senast ändrad: 7 februari 2025</p>"
    )
    assert (page.kind, page.published_on) == ("news", date(2025, 2, 7))
    assert "Nyhetens datum är taget från dagen då den senast ändrades." in notes.to_check


def test_given_facts_come_before_those_of_the_text_which_then_stay_in_it(made_of):
    page, _notes = made_of(INVITATION, facts=NewsFacts(place="Stockholm"))
    assert page.place == "Stockholm"
    assert "Bolstomtavägen" in "".join(str(block.value) for block in page.body)


def test_contact_of_the_register_stands_beside_the_text(news, made_of):
    contact = ContactFactory(name="Presstjänsten", email="press@example.se")
    page, _notes = made_of(INVITATION)
    assert [block.value for block in page.aside] == [contact]
    _page, notes = made_of("<h1>N</h1><p>I.</p>", facts=NewsFacts(contact="Anna & co"))
    assert "Ingen i registret över kontakter är ”Anna & co”." in notes.to_check


def test_a_text_without_a_lead_is_a_draft_that_says_so(section, tmp_path):
    path = Path(tmp_path, "lag.html")
    path.write_text("<h1>Lag (2018:585)</h1><h2>1 kap.</h2><ol><li>Denna lag gäller.</li></ol>")
    article = read_article(path)
    page = article_from(article, parent=section)
    assert isinstance(page, ArticlePage)
    assert page.lead == ""
    assert article.notes.to_complete == ["Skriv en ingress: filen har ingen."]


def test_below_an_article_lies_neither_article_nor_news(section, tmp_path):
    path = Path(tmp_path, "a.txt")
    path.write_text("Titel\n\nIngress.")
    article = read_article(path)
    with pytest.raises(RefusedError, match="kan inga artikelsidor eller nyheter ligga"):
        article_from(article, parent=ArticlePageFactory(parent=section))


def test_days_and_hours_as_people_write_them():
    for text, day, begins, is_all in [
        ("tisdag den 11 mars kl 10", date(2025, 3, 11), "10:00", True),
        ("2025-03-11", date(2025, 3, 11), None, True),
        ("11 mars 2025, 10:30–11", date(2025, 3, 11), "10:30", True),
        ("31 februari 2025", None, None, False),
        ("kl. 25.00", None, None, False),
        ("11 mars 2025 om vädret tillåter", date(2025, 3, 11), None, False),
        ("bordet har nummer 12", None, None, False),
        ("", None, None, False),
    ]:
        found = moment_in(text, date(2025, 1, 1))
        assert (found.day, found.begins and f"{found.begins:%H:%M}", found.is_all) == (
            day, begins, is_all,
        )  # fmt: skip
