"""The start page: one way, the level, what people come for, the news, who we are."""

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup

from pages.content.models import HomePage, NewsPage
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
)


@pytest.fixture
def news(home) -> list[str]:
    """Titles, the latest first."""
    index = NewsIndexPageFactory(parent=home, show_in_menus=True)
    titles = []
    for month in range(6, 0, -1):
        title = f"Nyhet i månad {month}"
        NewsPageFactory(
            parent=index, title=title, lead=f"Det här hände i månad {month}.",
            published_on=date(2026, month, 1),
        )  # fmt: skip
        titles.append(title)
    return titles


def _start(client, address: str = "/") -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser").main


def _lift(home: HomePage, title: str) -> None:
    home = HomePage.objects.get(pk=home.pk)
    home.lifted_news = NewsPage.objects.get(title=title)
    home.save()


def _titles(start: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in start.find(class_="news").find_all("h3")]


def test_one_way_comes_first(client, home):
    home.tip_heading, home.tip_text = "Har du sett något?", "Berätta för oss."
    home.save()
    start = _start(client)
    way = start.find(class_="way").get_text(" ", strip=True)
    assert way == "Har du sett något? Berätta för oss. Tipsa oss Är någon i fara? Ring 112"
    golden = start.find_all(class_="button--gold")
    assert [button["href"] for button in golden] == ["/tipsa/"]


def test_latest_news_comes_first_and_tells_itself(client, news):
    start = _start(client)
    assert _titles(start) == news[:4]
    assert "Det här hände i månad 6." in start.find(class_="news").get_text()
    assert "Det här hände i månad 5." not in start.find(class_="news").get_text()
    assert start.find(class_="more").get_text(strip=True) == "Alla nyheter"
    assert start.find(class_="more").a["href"] == "/nyheter/"


def test_news_are_chosen_by_year_also_by_one_without_any(client, news):
    assert "Nyhet i månad 1" in _start(client, "/nyheter/?ar=2026").get_text()
    assert "inga nyheter från 2024" in _start(client, "/nyheter/?ar=2024").get_text()


def test_editor_chooses_which_news_comes_first(client, home, news):
    for month in [6, 4, 1]:
        chosen = f"Nyhet i månad {month}"
        _lift(home, chosen)
        start = _start(client)
        assert _titles(start) == [chosen, *[title for title in news if title != chosen][:3]]
        assert f"Det här hände i månad {month}." in start.find(class_="news").get_text()
        marked = [mark.parent.get_text(" ", strip=True) for mark in start.select(".news__kind")]
        assert [text.endswith("2026 Utvald") for text in marked] == [True]


def test_news_that_is_withdrawn_is_not_lifted(client, home, news):
    _lift(home, news[5])
    NewsPage.objects.get(title=news[5]).unpublish()
    assert _titles(_start(client)) == news[:4]


def test_news_in_another_language_are_not_lifted(client, home, english_home, news):
    _lift(english_home, news[0])
    assert "There is no news yet." in _start(client, "/en/").get_text()


def test_nothing_repeats_the_menu(client, home):
    SectionPageFactory(parent=home, title="Jobba hos oss")
    assert "Jobba hos oss" not in _start(client).get_text()


def test_who_we_are_leads_on(client, home, section):
    article = ArticlePageFactory(parent=section, title="Vårt uppdrag", slug="uppdrag")
    link = [{"type": "page", "value": {"page": article.pk, "label": ""}}]
    home.about = "Vi är Sveriges nationella säkerhetstjänst."
    home.about_links = json.dumps([{"type": "link", "value": link}])
    home.save()
    about = _start(client).find(attrs={"aria-labelledby": "about"})
    assert about.h2.get_text() == "Vilka vi är"
    assert home.about in about.get_text()
    assert about.find("a", string="Vårt uppdrag")["href"] == "/verksamheten/uppdrag/"
