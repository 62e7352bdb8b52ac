"""Ten times as many pages do not make any of them slower."""

import time

import pytest
from django.db import connection

from pages.models import ContentVersion, PageTopic
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    TopicFactory,
)
from tests.factories.many import add_many

FEW, MANY, IN_A_SECTION = 1_000, 10_000, 200
MOST = 1.5
TRIES, VIEWS = 4, 5
PATHS = [
    "/", "/verksamheten/", "/verksamheten/samarbete/", "/amnen/arkivet/",
    "/amnen/arkivet/?sida=2&efter=2020-03-01.1", "/nyheter/", "/nyheter/?sida=100000",
    "/nyheter/?sida=2&efter=2020-03-01.1", "/finns-inte/",
]  # fmt: skip


@pytest.fixture
def grow(home, section):
    """Adds pages until there are so many, below sections of two hundred and among the news."""
    topic = TopicFactory(slug="arkivet")
    article = ArticlePageFactory(parent=section, slug="samarbete")
    article.page_topics.add(PageTopic(topic=topic))
    article.save()
    archive = SectionPageFactory(parent=home, title="Arkivet", slug="arkivet")
    index = NewsIndexPageFactory(parent=home)
    news = NewsPageFactory(parent=index)

    def grow(begin: int, end: int) -> None:
        half = (begin + end) // 2
        for number in range(begin, half, IN_A_SECTION):
            part = SectionPageFactory(parent=archive, slug=f"mapp-{number}", show_in_menus=False)
            add_many(part, article, range(number, min(half, number + IN_A_SECTION)), topic)
        add_many(index, news, range(half, end), topic)

    return grow


def _costs(client) -> dict[str, float]:
    """The processor's time for each page right after a publishing, the least of a few."""
    costs = {}
    for path in PATHS:
        took = []
        for _view in range(VIEWS):
            ContentVersion.raise_version("page")
            before = time.thread_time()
            client.get(path)
            took.append(time.thread_time() - before)
        costs[path] = min(took)
    return costs


def test_no_page_is_slower_with_ten_times_as_many(client, grow):
    grow(0, FEW)
    few = _costs(client)
    grow(FEW, MANY)
    slower = dict.fromkeys(PATHS, MOST + 1)
    for _try in range(TRIES):
        many = _costs(client)
        slower = {path: min(slower[path], many[path] / few[path]) for path in PATHS}
        if max(slower.values()) <= MOST:
            break
    assert {path: round(ratio, 2) for path, ratio in slower.items() if ratio > MOST} == {}


def test_wagtails_table_of_pages_has_the_indexes_that_it_lacks(db):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "wagtailcore_page")
    assert {"page_depth_path", "page_latest_revision", "page_last_published"} <= set(found)
