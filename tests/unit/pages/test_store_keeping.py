"""What a view says of an answer that may be kept, and what is never kept."""

import math
import time
from datetime import timedelta

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation

from pages.ground.version import clock, memory
from pages.public.store.keeping import (
    ASKED_BY_STORE,
    content_version_of,
    keep_until_change,
    kept,
    kept_until,
)
from tests.tables import every_row

NOW = 1_795_000_000.0


@pytest.fixture(autouse=True)
def changes(monkeypatch):
    """A visitor's request under a version; when pages change by themselves, by language."""
    moments = {"sv": [], "en": []}
    monkeypatch.setattr(clock, "_registered", [lambda language: moments[language]])
    with memory.one_version(ask=lambda: memory.Version("v1")):
        yield moments


@pytest.fixture
def ask(rf):
    """Asks a view that lets its answers be kept."""

    def ask(response=None, *, cookies=None, environ=None, is_preview=False, **words):
        request = rf.get("/", **(environ or {}))
        request.COOKIES.update(cookies or {})
        request.is_preview = is_preview
        response = HttpResponse("x") if response is None else response
        return kept(**words)(lambda request: response)(request)

    return ask


def test_an_answer_is_kept_until_what_is_published_changes(ask):
    response = ask()
    assert kept_until(response) == math.inf
    assert content_version_of(response, "v0") == "v1"


def test_an_answer_ends_when_a_page_in_its_language_changes_by_itself(ask, changes):
    now = timezone.now()
    changes["sv"] += [now - timedelta(days=1), now + timedelta(days=2), now + timedelta(days=1)]
    changes["en"] += [now + timedelta(hours=1)]
    assert kept_until(ask()) == (now + timedelta(days=1)).timestamp()
    with translation.override("en"):
        assert kept_until(ask()) == (now + timedelta(hours=1)).timestamp()
    with translation.override(None):
        assert kept_until(ask()) == (now + timedelta(days=1)).timestamp()


def test_what_came_while_the_answer_was_made_may_not_be_in_it(ask, changes, monkeypatch):
    began = timezone.now()
    changes["sv"].append(began + timedelta(seconds=30))
    monkeypatch.setattr(timezone, "now", lambda: began + timedelta(minutes=1))
    assert kept_until(ask()) == (began + timedelta(seconds=30)).timestamp()


def test_an_answer_may_be_kept_for_some_seconds_under_any_version(ask, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)
    response = ask(seconds=5)
    assert kept_until(response) == NOW + 5
    assert content_version_of(response, "v0") == "v0"
    assert "Cache-Control" not in response


def test_an_answer_that_nobody_has_spoken_of_is_of_the_version_given():
    assert content_version_of(HttpResponse("x"), "v0") == "v0"


def test_a_view_may_be_called_with_words_and_keeps_its_name(rf):
    @kept
    def page(request, slug, *, language):
        """Shows a page."""
        return HttpResponse(f"{request.path} {slug} {language}")

    assert page.__name__ == "page"
    assert page(rf.get("/a/"), "om", language="sv").content == b"/a/ om sv"


@every_row(("status", "is_kept"), [(200, True), (301, True), (302, False),
    (403, False), (404, False), (410, False), (500, False)])  # fmt: skip
def test_only_pages_and_lasting_redirects_are_kept(ask, status, is_kept):
    assert (kept_until(ask(HttpResponse("x", status=status))) is not None) is is_kept


def test_what_is_missing_is_kept_by_the_one_who_says_so_and_shared_with_nobody(rf):
    response = keep_until_change(rf.get("/"), HttpResponse("x", status=404))
    assert kept_until(response) == math.inf
    assert "Cache-Control" not in response


def test_an_editors_preview_is_not_kept(ask):
    response = ask(is_preview=True)
    assert kept_until(response) is None
    assert "Cache-Control" not in response


def test_what_was_shown_to_one_who_is_logged_in_is_not_kept(ask, settings):
    response = ask(cookies={settings.SESSION_COOKIE_NAME: "x"})
    assert kept_until(response) is None
    assert "Cache-Control" not in response


def test_a_request_that_knows_of_no_preview_is_a_visitors(rf):
    assert kept_until(kept(lambda request: HttpResponse("x"))(rf.get("/"))) == math.inf


def test_what_is_sent_piece_by_piece_is_not_kept(ask):
    assert kept_until(ask(StreamingHttpResponse(["x"]))) is None


def test_an_answer_that_differs_by_encoding_alone_is_kept(ask):
    response = ask()
    response.headers["Vary"] = " Accept-Encoding , "
    assert kept_until(response) == math.inf


@every_row(
    ("header", "value"),
    [
        ("Set-Cookie", "a=b"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("Cache-Control", "max-age=0, No-Store"),
        ("Content-Security-Policy", "script-src 'nonce-abc'"),
    ],
)
def test_what_is_one_readers_is_not_kept(ask, header, value):
    response = ask()
    response.headers[header] = value
    assert kept_until(response) is None


def test_what_browsers_and_caches_between_us_are_told(ask, settings):
    settings.PAGE_STORE_SHARED_SECONDS = 7
    assert set(ask()["Cache-Control"].split(", ")) == {
        "public", "max-age=0", "s-maxage=7", "stale-while-revalidate=7", "stale-if-error=86400",
    }  # fmt: skip


def test_the_page_without_the_notice_on_cookies_is_for_its_readers_browser_alone(ask):
    closed, other = ({"kakmeddelande": value} for value in ("stangt", "annat"))
    assert set(ask(cookies=closed)["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "public" in ask(cookies=other)["Cache-Control"]


def test_what_a_view_itself_tells_caches_stands(ask):
    response = ask(HttpResponse("x", headers={"Cache-Control": "max-age=1"}))
    assert response["Cache-Control"] == "max-age=1"


def test_an_answer_to_the_store_is_left_as_it_is_by_what_compresses(ask):
    assert ask(environ={ASKED_BY_STORE: True})["Content-Encoding"] == "identity"
    assert "Content-Encoding" not in ask()
