"""The frame of another website is left out of a page that is moved here, and its date and topics are kept."""

from datetime import date
from functools import partial

import pytest

from pages.importing.documents import Notes, Paragraph, Prose
from pages.importing.read import read_article
from pages.moving.site_frame import topics_in_line, without_frame, written_date
from tests.tables import every_row

TOPICS = ["Kontraterrorism", "Säkerhetsskydd", "Kontraspionage"]


@pytest.fixture
def read(tmp_path):
    def read_file(name: str, content: str):
        path = tmp_path / name
        path.write_text(content)
        return read_article(path, frame=partial(without_frame, topics=TOPICS))

    return read_file


FRAMED = """Placeholders logotyp, till startsidan

Titeln

Ingressen är en mening.

Ett stycke som är längre.

Senast ändrad

 21 mars 2024

Kontraterrorism Säkerhetsskydd Kontraspionage

Dela denna artikel

Placeholderlogotyp

Säkerhetspolisen avvärjer hot mot Sveriges säkerhet och mot medborgarnas fri- och rättigheter.

Sociala medier

Följ Säkerhetspolisen i sociala medier. Vi finns på Twitter, Instagram och LinkedIn

Tipsa oss

Har du sett eller hört något som Säkerhetspolisen kan ha nytta av i arbetet?

Till tipssidan

Telefon: 010-568 70 00

Om kakor på webbplatsen

På denna webbplats används endast nödvändiga kakor för att webbplatsen ska fungera.

Jag förstår

Läs mer om kakor"""


def test_frame_of_a_copied_page_is_left_out_and_its_date_and_topics_are_kept(read):
    article = read("a.txt", FRAMED)
    assert (article.title, article.lead) == ("Titeln", "Ingressen är en mening.")
    assert article.parts == [Prose("<p>Ett stycke som är längre.</p>")]
    assert article.changed_on == date(2024, 3, 21)
    assert article.topic_names == TOPICS
    assert article.notes.dropped == {"rader ur webbplatsens ram (logotyp, dela, sidfot, kakor)": 14}


def test_text_of_ones_own_below_the_article_is_kept_and_pointed_out(read):
    article = read("a.txt", FRAMED.replace("Tipsa oss", "Kontakta registrator.\n\nTipsa oss"))
    assert "Kontakta registrator." in article.parts[-1].html
    assert "Text nedanför artikelns slut har följt med: ”Kontakta registrator.”." in (
        article.notes.to_check
    )


def _without_frame(*texts):
    framed = without_frame([Paragraph(text) for text in texts], Notes(), topics=TOPICS)
    return [element.text for element in framed.elements], framed


def test_article_about_cookies_keeps_its_own_words():
    texts = ["Kakor", "Om kakor på webbplatsen", "Vi sätter en kaka.", "Läs mer om kakor"]
    assert _without_frame(*texts)[0] == texts


def test_date_above_the_text_is_taken_and_the_text_kept():
    texts, framed = _without_frame(
        "Titel", "Senast ändrad: 2 maj 2023", "Ett.", "Sociala medier", "Två."
    )
    assert texts == ["Titel", "Ett.", "Sociala medier", "Två."]
    assert framed.changed_on == date(2023, 5, 2)


def test_single_link_with_the_name_of_a_topic_is_the_articles_own():
    texts, framed = _without_frame("Titel", "Ett.", "Kontraterrorism", "Senast ändrad 2024-03-21")
    assert texts == ["Titel", "Ett.", "Kontraterrorism"]
    assert framed.topic_names == []


def test_topics_alone_on_the_last_line_are_topics():
    texts, framed = _without_frame("Titel", "Ett.", "Kontraspionage, Kontraterrorism")
    assert texts == ["Titel", "Ett."]
    assert framed.topic_names == ["Kontraspionage", "Kontraterrorism"]


def test_line_with_anything_but_topics_names_none():
    assert topics_in_line("Kontraterrorism och annat", TOPICS) == []


@every_row(
    ("text", "day"),
    [
        ("21 mars 2024", date(2024, 3, 21)), ("Senast ändrad: 2024-03-21", date(2024, 3, 21)),
        ("Last changed 21 March 2024", date(2024, 3, 21)), ("31 februari 2024", None),
        ("i mars 2024", None),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(text, day):
    assert written_date(text) == day
