"""Lists that go on from an entry: each entry once, also while pages are published."""

import re
from datetime import date, timedelta

import pytest

from pages.content.models import NewsPage, PageTopic
from tests.factories import NewsIndexPageFactory, NewsPageFactory, TopicFactory

pytestmark = pytest.mark.sql

FIRST_DAY = date(2026, 1, 1)


@pytest.fixture
def index(home):
    return NewsIndexPageFactory(parent=home)


@pytest.fixture
def topic(index):
    """Twenty-five news on one topic; most days have several."""
    topic = TopicFactory(slug="kontraterrorism")
    for number in range(25):
        _add(index, topic, number, FIRST_DAY + timedelta(days=number // 3))
    return topic


def _add(index, topic, number, day):
    page = NewsPageFactory(parent=index, title=f"Nyhet nummer {number:02}", published_on=day)
    page.page_topics.add(PageTopic(topic=topic))
    page.save()


def _titles(html):
    return re.findall(r"Nyhet nummer \d\d", html.split("<main")[1].split("</main>")[0])


def _step(html, rel):
    found = re.search(rf'<a class="pagination__step" rel="{rel}" href="([^"]+)"', html)
    return found and found[1].replace("&amp;", "&")


def _read_through(client, path, rel="next", *, start="", between=lambda: None):
    """The titles of each page of a list, from a page of it on."""
    pages, step = [], start
    while step is not None:
        html = client.get(path + step).content.decode()
        pages.append(_titles(html))
        step = _step(html, rel)
        between()
    return pages


LISTS = ["/amnen/kontraterrorism/", "/nyheter/"]


def test_every_entry_stands_once_the_latest_first(client, topic):
    for path in LISTS:
        pages = _read_through(client, path)
        expected = [f"Nyhet nummer {number:02}" for number in range(24, -1, -1)]
        assert [title for page in pages for title in page] == expected
        assert [len(page) for page in pages] == [10, 10, 5]


def test_the_way_back_misses_none_and_meets_none_twice(client, topic):
    for path in LISTS:
        back = _read_through(client, path, "prev", start="?sida=3")
        assert [len(page) for page in back] == [5, 10, 10]
        titles = sorted(title for page in back for title in page)
        assert titles == [f"Nyhet nummer {number:02}" for number in range(25)]


@pytest.mark.parametrize("path", LISTS)
def test_no_entry_is_missed_or_met_twice_while_others_are_published(client, topic, index, path):
    before = set(NewsPage.objects.values_list("title", flat=True))
    new = iter(range(50, 90))

    def publish():
        number = next(new)
        _add(index, topic, number, FIRST_DAY + timedelta(days=number))

    titles = [t for page in _read_through(client, path, between=publish) for t in page]
    assert len(titles) == len(set(titles))
    assert before <= set(titles)


# What is asked for, and the first entry of the page that answers.
ASKED = {
    "sida=2": 14, "sida=3": 4, "sida=400": 4, "sida=0": 24, "sida=-1": 24, "sida=x": 24,
    "efter=x": 24, "efter=2026-01-01.x": 24, "fore=2026-99-01.1": 24, "sida=2&efter=": 14,
    "efter=2020-01-01.1": 4, "fore=2030-01-01.1": 24, "sida=99999999999999999999": 24,
}  # fmt: skip


def test_whatever_is_asked_for_some_page_of_the_list_answers(client, topic):
    for path in LISTS:
        found = {
            query: _titles(client.get(f"{path}?{query}").content.decode())[0] for query in ASKED
        }
        assert found == {query: f"Nyhet nummer {first:02}" for query, first in ASKED.items()}


def test_the_place_in_the_list_is_told(client, topic):
    for path in LISTS:
        html = client.get(path).content.decode()
        assert "Sida 1 av 3" in html
        html = client.get(path + _step(html, "next")).content.decode()
        assert "Sida 2 av 3" in html
        assert _step(html, "prev")
        html = client.get(path + _step(html, "prev")).content.decode()
        assert "Sida 1 av 3" in html
        assert _step(html, "prev") is None


def test_a_withdrawn_page_leaves_the_list(client, topic):
    NewsPage.objects.get(title="Nyhet nummer 24").unpublish()
    for path in LISTS:
        assert "Nyhet nummer 24" not in _titles(client.get(path).content.decode())


def test_a_filter_is_kept_on_the_way_through_the_list(client, topic):
    html = client.get("/nyheter/?ar=2026&typ=news").content.decode()
    step = _step(html, "next")
    assert "ar=2026" in step
    assert "typ=news" in step
    assert _titles(client.get("/nyheter/" + step).content.decode())[0] == "Nyhet nummer 14"


def test_the_last_page_takes_no_more_queries_than_the_first(
    client, topic, django_assert_max_num_queries
):
    for path in LISTS:
        client.get(path)
        for query in ("", "?sida=3", "?sida=3&efter=2026-01-05.1"):
            with django_assert_max_num_queries(6):
                client.get(path + query)
