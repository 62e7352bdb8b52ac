"""Caches in front of the site are told what has changed."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from pages.content.models import PageTopic
from pages.ground.models import ContentVersion
from pages.newsroom.keeping_public import deleting_for_good
from tests.factories import ArticlePageFactory, SiteDocumentFactory, TopicFactory


class _Cache(BaseHTTPRequestHandler):
    purged: list[str]

    def do_PURGE(self) -> None:
        self.purged.append(f"{self.headers['Host']}{self.path}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def at(port: int) -> dict[str, dict[str, str]]:
    return {
        "varnish": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{port}",
        }
    }


@pytest.fixture
def purged(settings) -> Iterator[list[str]]:
    """What a cache of our own on loopback has been told to forget."""
    _Cache.purged = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.se"
    settings.WAGTAILFRONTENDCACHE = at(server.server_port)
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

    assert _once_there_are(4, purged) == [
        "www.example.se/",
        "www.example.se/amnen/kontraspionage/",
        "www.example.se/verksamheten/",
        "www.example.se/verksamheten/samverkan/",
    ]


def test_a_cache_in_front_forgets_a_file_that_is_public_no_longer(
    section, purged, django_capture_on_commit_callbacks
):
    file = SiteDocumentFactory()
    link = f'<p><a linktype="document" id="{file.pk}">Vägledning</a></p>'
    with django_capture_on_commit_callbacks(execute=True):
        article = ArticlePageFactory(
            parent=section, body=json.dumps([{"type": "prose", "value": link}])
        )
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    told = _once_there_are(5, purged)
    assert f"www.example.se{file.url}" in told
    assert f"www.example.se/media/{file.file.name}" in told


def _withdraw(article):
    article.unpublish()


def _delete(article):
    with deleting_for_good("a test"):
        article.delete()


def _rename(article):
    article.slug = "samverkan-med-andra"
    article.save_revision().publish()


@pytest.mark.parametrize("change", [_withdraw, _delete, _rename])
def test_a_cache_in_front_forgets_an_address_that_no_page_has_any_longer(
    section, purged, django_capture_on_commit_callbacks, change
):
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")

    with django_capture_on_commit_callbacks(execute=True):
        change(article)

    count = 4 if change is _rename else 3
    assert _once_there_are(count, purged)[:1] == ["www.example.se/"]
    assert "www.example.se/verksamheten/" in purged
    assert "www.example.se/verksamheten/samverkan/" in purged


def test_a_change_elsewhere_in_the_same_moment_keeps_no_cache_from_being_told(
    section, purged, django_capture_on_commit_callbacks
):
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    with django_capture_on_commit_callbacks() as callbacks:
        article.save_revision().publish()
    ContentVersion.objects.update(value="en annan process")
    for callback in callbacks:
        callback()
    assert "www.example.se/verksamheten/samverkan/" in _once_there_are(3, purged)


def test_what_was_rolled_back_is_told_to_no_cache(
    section, purged, django_capture_on_commit_callbacks
):
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        _delete(ArticlePageFactory(parent=section, title="Ångrat", slug="angrat"))
        raise ZeroDivisionError
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()
    assert "www.example.se/verksamheten/angrat/" not in _once_there_are(3, purged)


def _once_there_are(count: int, purged: list[str]) -> list[str]:
    until = time.monotonic() + 20
    while len(purged) < count and time.monotonic() < until:
        time.sleep(0.05)
    return sorted(purged)
