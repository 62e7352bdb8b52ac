"""Caches in front of the site are told what has changed."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pages.models import PageTopic
from tests.factories import ArticlePageFactory, TopicFactory


class _Cache(BaseHTTPRequestHandler):
    purged: list[str]

    def do_PURGE(self) -> None:
        self.purged.append(f"{self.headers['Host']}{self.path}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def purged(settings) -> Iterator[list[str]]:
    """What a cache of our own on loopback has been told to forget."""
    _Cache.purged = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.se"
    settings.WAGTAILFRONTENDCACHE = {
        "varnish": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{server.server_port}",
        }
    }
    yield _Cache.purged
    server.shutdown()
    server.server_close()


def test_a_cache_in_front_forgets_the_page_and_what_lists_it(
    section, purged, django_capture_on_commit_callbacks
):
    topic = TopicFactory(name="Kontraspionage", slug="kontraspionage")
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    article.page_topics.add(PageTopic(topic=topic))
    article.save()

    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()

    until = time.monotonic() + 10
    while len(purged) < 4 and time.monotonic() < until:
        time.sleep(0.05)
    assert sorted(purged) == [
        "www.example.se/",
        "www.example.se/amnen/kontraspionage/",
        "www.example.se/verksamheten/",
        "www.example.se/verksamheten/samverkan/",
    ]
