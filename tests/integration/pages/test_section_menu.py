"""The menu of a section beside its pages: the way sideways without going back."""

import json
from typing import Any

import lxml.html
import pytest

from pages.content.models import PageTopic
from tests.factories import (
    ArticlePageFactory,
    ContactFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    SiteImageFactory,
    TopicFactory,
)


@pytest.fixture
def article(section):
    ArticlePageFactory(parent=section, title="Kontraspionage")
    return ArticlePageFactory(parent=section, title="Personskydd", slug="personskydd")


def _menu(client, url: str) -> tuple[str, list[str], list[str]]:
    """Its heading, its links, and those of them that say that the reader is there."""
    page = lxml.html.fromstring(client.get(url).content.decode())
    for menu in page.find_class("section-menu"):
        heading = menu.xpath("string(.//h2)").strip()
        return (
            heading,
            menu.xpath(".//li/a/text()"),
            menu.xpath(".//a[@aria-current='page']/text()"),
        )
    return "", [], []


def _read_on(client, url: str) -> list[str]:
    page = lxml.html.fromstring(client.get(url).content.decode())
    return page.xpath("//*[contains(@class, 'related')]//a/text()")


def test_an_article_has_the_pages_of_its_section_beside_it(client, section, article):
    ArticlePageFactory(parent=section, title="Ett utkast", live=False)
    assert _menu(client, article.url) == (
        section.title, ["Kontraspionage", "Personskydd"], ["Personskydd"],
    )  # fmt: skip


def test_the_menu_follows_when_a_page_of_the_section_comes_or_goes(client, section, article):
    assert len(_menu(client, article.url)[1]) == 2
    added = ArticlePageFactory(parent=section, title="Icke-spridning", live=False)
    added.save_revision().publish()
    assert _menu(client, article.url)[1] == ["Kontraspionage", "Personskydd", "Icke-spridning"]
    added.refresh_from_db()
    added.unpublish()
    assert _menu(client, article.url)[1] == ["Kontraspionage", "Personskydd"]


def test_a_section_in_a_section_has_the_pages_beside_it(client, section, article):
    inner = SectionPageFactory(parent=section, title="Kontraterrorism", slug="kontraterrorism")
    assert _menu(client, inner.url)[2] == ["Kontraterrorism"]
    assert _menu(client, section.url)[1] == []  # the main menu has these


def test_what_stands_alone_or_among_very_many_has_no_menu(client, home, section):
    alone = ArticlePageFactory(parent=section, title="Ensam")
    assert _menu(client, alone.url)[1] == []
    assert _menu(client, ArticlePageFactory(parent=home, title="Direkt").url)[1] == []
    for number in range(30):
        ArticlePageFactory(parent=section, title=f"Blad {number}")
    assert _menu(client, alone.url)[1] == []


def test_news_has_the_latest_news_beside_it(client, home):
    index = NewsIndexPageFactory(parent=home)
    news = [
        NewsPageFactory(parent=index, title=f"Nyhet {day}", published_on=f"2026-01-{day:02}")
        for day in range(1, 9)
    ]
    latest = [f"Nyhet {day}" for day in (8, 7, 6, 5, 4, 3)]
    assert _menu(client, news[-1].url) == ("Nyheter", latest, ["Nyhet 8"])
    assert _menu(client, news[0].url) == ("Nyheter", latest, [])


def test_reading_on_leads_elsewhere_than_the_menu(client, home, section, article):
    topic = TopicFactory()
    other = SectionPageFactory(parent=home, title="Hoten", slug="hoten")
    far = ArticlePageFactory(parent=other, title="Terrorism", live=False)
    near = ArticlePageFactory(parent=section, title="Kontraterrorism", live=False)
    for page in (far, near, article):
        page.page_topics.add(PageTopic(topic=topic))
        page.save_revision().publish()
    assert _read_on(client, article.url) == ["Terrorism"]
    article.related = json.dumps(
        [{"type": "page", "value": page.pk} for page in (near, section, other)]
    )
    article.save_revision().publish()
    assert _read_on(client, article.url) == ["Hoten"]


# Each number once


def _links(client, page: Any) -> list[tuple[str, str]]:
    main = lxml.html.fromstring(client.get(page.url).content.decode()).find(".//main")
    links = main.xpath(".//a[starts-with(@href, 'tel:')]")
    return [(link.get("href"), link.text_content()) for link in links]


def test_a_page_tells_each_number_once(client, section):
    switchboard, press = "010-568 70 00", "010-568 79 00"
    contacts = [
        ContactFactory(name=name, phone=phone)
        for name, phone in (
            ("Växel", switchboard), ("Registrator", "+46 10-568 70 00"), ("Press", press),
            ("Presschef", press),
        )
    ]  # fmt: skip
    number = {"number": switchboard, "heading": "Säkerhetspolisen", "text": ""}
    blocks = [("numbers", {"numbers": [number]}), *(("contact", each) for each in contacts[:3])]
    page = ArticlePageFactory(
        parent=section, title="Kontakt", body=blocks, aside=[("contact", contacts[3])]
    )
    href, press_href = "tel:+46105687000", "tel:+46105687900"
    assert _links(client, page) == [
        (href, switchboard),
        (href, "Växel"),
        (href, "Registrator"),
        (press_href, press),
        (press_href, "Presschef"),
    ]


def test_a_contact_alone_tells_its_number(client, section):
    page = ArticlePageFactory(
        parent=section, aside=[("contact", ContactFactory(phone="010-568 70 00"))]
    )
    assert _links(client, page) == [("tel:+46105687000", "010-568 70 00")]


def test_the_picture_of_a_section_opens_its_page_over_the_whole_width(home, client):
    figure = ("figure", {"image": SiteImageFactory()})
    url = SectionPageFactory(parent=home, image=[figure]).url

    page = lxml.html.fromstring(client.get(url).content.decode())

    (plate,) = page.find_class("plate")
    assert plate.getnext().get("class") == "breadcrumbs wrap"
    assert [each.get("sizes") for each in page.xpath("//img")] == ["100vw"]
