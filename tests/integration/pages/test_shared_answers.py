"""What one process has rendered the others take from Redis; without it they render themselves."""

import time
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import ContentVersion
from pages.store import shared, wsgi
from sapo_site import caches as our_caches
from tests.factories import ArticlePageFactory
from tests.redis import RedisServer, redis_server

from .store_reader import Given, Reader, connection_kept_open


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def kept(server: RedisServer) -> Iterator[redis.Redis]:
    """What lies in the cache, for a look behind it."""
    client = redis.Redis.from_url(server.url)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def two(db, monkeypatch, settings, server, kept) -> Iterator[tuple[Reader, Reader]]:
    """Two processes with the same database and the same cache."""
    monkeypatch.setattr(wsgi.watch, "current", ContentVersion.current)
    monkeypatch.setattr(our_caches, "_breaker", our_caches._Breaker())
    settings.CACHES = {
        **settings.CACHES,
        "shared": {
            "BACKEND": "sapo_site.caches.TolerantRedisCache",
            "LOCATION": server.url,
        },
    }
    with connection_kept_open():
        yield Reader(), Reader()


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")


def _queries(reader: Reader, path: str, **headers: str) -> tuple[Given, int]:
    with CaptureQueriesContext(connection) as queries:
        given = reader.get(path, **headers)
    return given, len(queries) - 1  # the version, which in production the watch asks for


def test_what_one_process_has_rendered_another_gives_word_for_word(two, article):
    first, second = two
    for headers in ({}, {"HTTP_ACCEPT_ENCODING": "br"}, {"HTTP_ACCEPT_ENCODING": "gzip"}):
        rendered = first.get(article.url, **headers)
        taken, queries = _queries(second, article.url, **headers)
        assert (taken, queries) == (rendered, 0)


def test_one_who_has_closed_the_notice_is_not_given_the_others_page(two, article):
    first, second = two
    first.get(article.url)
    _page, queries = _queries(second, article.url, HTTP_COOKIE="kakmeddelande=stangt")
    assert queries > 0


def test_nothing_of_a_former_content_version_is_taken(two, article):
    first, second = two
    first.get(article.url)
    article.title = "Samverkan med andra"
    article.save_revision().publish()
    assert "Samverkan med andra" in second.get(article.url).html


def test_what_has_changed_by_itself_meanwhile_is_not_taken(two, article, monkeypatch):
    first, second = two
    moment = time.time() + 100
    monkeypatch.setattr("pages.store.keeping._next_change", lambda: moment)
    first.get(article.url)
    monkeypatch.setattr(time, "time", lambda: moment)
    assert _queries(second, article.url)[1] > 0


def test_nothing_that_another_release_has_made_is_taken(two, article, monkeypatch):
    first, second = two
    first.get(article.url)
    monkeypatch.setattr(shared, "_made_by", lambda: "en annan version av koden")
    assert _queries(second, article.url)[1] > 0


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.replace(b"Samverkan", b"Overtaget"),
        lambda held: held[:40],
        lambda held: b"",
        lambda held: b"\x80\x04N.",
    ],
    ids=["another word", "cut off", "empty", "a pickle"],
)
def test_what_somebody_has_changed_in_the_cache_is_not_shown(two, article, kept, change):
    first, second = two
    rendered = first.get(article.url)
    [key] = kept.keys()
    assert change(kept.get(key)) != kept.get(key)
    kept.set(key, change(kept.get(key)))
    taken, queries = _queries(second, article.url)
    assert taken.html == rendered.html
    assert queries > 0


def test_a_page_put_under_anothers_address_is_not_shown(two, article, home, kept):
    first, second = two
    first.get(article.url)
    [key_of_article] = kept.keys()
    first.get("/")
    [key_of_start] = set(kept.keys()) - {key_of_article}
    kept.set(key_of_start, kept.get(key_of_article))
    assert "Samverkan" not in second.get("/").html.partition("<main")[0]


def test_neither_addresses_nor_searches_can_be_read_in_the_cache(two, article, kept):
    first, _second = two
    first.get(article.url)
    first.get("/sok/", query="q=hemligheter")
    [key] = kept.keys()
    assert article.slug.encode() not in key


def test_only_bytes_are_taken_since_nothing_is_unpickled(two):
    with pytest.raises(TypeError):
        caches["shared"].set("något", {"ett": "värde"})


def test_losing_redis_costs_speed_and_a_line_in_the_log_but_no_answer(
    two, article, section, server, caplog, monkeypatch
):
    first, second = two
    monkeypatch.setattr(our_caches, "_LEFT_ALONE_SECONDS", 0.3)
    first.get(article.url)
    server.stop()
    try:
        started = time.monotonic()
        for _publishing in range(5):
            ContentVersion.raise_version()
            for reader in two:
                for page in (article, section):
                    assert reader.get(page.url).status == 200
        assert time.monotonic() - started < 5
        assert [r.message for r in caplog.records if r.name == "sapo_site.caches"] == [
            "The shared cache does not answer (ConnectionError): on without"
        ]
    finally:
        server.start()
    time.sleep(0.4)
    ContentVersion.raise_version()
    rendered = first.get(article.url)
    assert _queries(second, article.url) == (rendered, 0)
    assert "The shared cache answers again" in caplog.messages


def test_a_redis_that_hangs_is_left_alone_after_a_moment(two, article, server):
    first, _second = two
    server.pause()
    try:
        started = time.monotonic()
        for _publishing in range(10):
            ContentVersion.raise_version()
            assert first.get(article.url).status == 200
        assert time.monotonic() - started < 5
    finally:
        server.resume()
