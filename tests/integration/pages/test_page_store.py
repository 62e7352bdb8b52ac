"""Whole answers are kept while nothing has changed, and never anything that is somebody's own."""

import errno
import math
import os
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.content.models import Alert, CookieNotice
from pages.ground.models import ContentVersion
from pages.newsroom.withdrawals import withdraw_page
from pages.public.store import wsgi
from pages.public.store.keeping import kept_until
from tests.factories import ArticlePageFactory

from .store_reader import Reader, a_reader

CLOSED = {"HTTP_COOKIE": "kakmeddelande=stangt"}


@pytest.fixture
def reader(db, monkeypatch, settings) -> Iterator[Reader]:
    settings.PAGE_STORE = True
    with a_reader(monkeypatch) as reader:
        yield reader


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")


def _queries(reader, path, **headers):
    with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
        given = reader.get(path, **headers)
    return given, len(queries) - 1  # the version, which in production the watch asks for


def test_second_reader_gets_the_same_page_without_a_question_to_the_database(reader, article):
    first = reader.get(article.url)
    second, queries = _queries(reader, article.url)
    assert first.status == 200
    assert "Samverkan" in first.html
    assert queries == 0
    assert second == first


def test_reader_who_has_the_page_is_told_that_nothing_has_changed(reader, article):
    tag = reader.get(article.url).headers["ETag"]
    again, queries = _queries(reader, article.url, HTTP_IF_NONE_MATCH=tag)
    assert (again.status, again.body, queries) == (304, b"", 0)


def test_what_is_published_is_met_by_the_next_reader(reader, article):
    reader.get(article.url)
    article.title = "Samverkan med andra"
    article.save_revision().publish()
    assert "Samverkan med andra" in reader.get(article.url).html


def test_a_page_that_is_withdrawn_is_gone_at_once(reader, article):
    reader.get(article.url)
    article.unpublish()
    assert reader.get(article.url).status == 410
    assert reader.get(article.url).status == 410


def test_what_is_missing_is_asked_for_once_until_something_is_published(reader, article, section):
    address = f"{section.url}annat/"
    assert reader.get(address).status == 404
    again, queries = _queries(reader, address)
    assert (again.status, queries) == (404, 0)
    ArticlePageFactory(parent=section, slug="annat")
    assert reader.get(address).status == 200


def test_a_change_of_the_frame_is_met_on_every_page(reader, article, home):
    reader.get(article.url)
    Alert.objects.create(
        locale=home.locale, heading="Driftstörning", text="Telefonen går inte fram.",
        starts_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    assert "Driftstörning" in reader.get(article.url).html


def test_a_notice_appears_and_goes_at_its_time_though_nobody_does_anything(
    reader, article, home, monkeypatch
):
    now = timezone.now()
    Alert.objects.create(
        locale=home.locale, heading="Driftstörning", text="Text.",
        starts_at=now + timedelta(seconds=30), ends_at=now + timedelta(seconds=60),
    )  # fmt: skip
    seen = []
    for seconds in (0, 31, 61):
        moment = now + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        monkeypatch.setattr(time, "time", lambda moment=moment: moment.timestamp())
        seen.append("Driftstörning" in reader.get(article.url).html)
    assert seen == [False, True, False]


# Never what is somebody's own


def test_cookies_of_others_neither_split_nor_enter_what_is_kept(reader, article):
    plain = reader.get(article.url)
    for cookie in ("_ga=GA1.2.3", "csrftoken=hemligt", "kakmeddelande=annat; x=y"):
        given, queries = _queries(reader, article.url, HTTP_COOKIE=cookie)
        assert (given, queries) == (plain, 0)


def test_whoever_has_closed_the_notice_gets_a_page_without_it_that_no_cache_shares(
    reader, article, home
):
    CookieNotice.objects.create(
        locale=home.locale, heading="Om kakor på webbplatsen", text="Bara nödvändiga.",
        button="Jag förstår", link_text="Läs mer om kakor",
    )  # fmt: skip
    with_notice, without = reader.get(article.url), reader.get(article.url, **CLOSED)
    assert "Om kakor på webbplatsen" in with_notice.html
    assert "Om kakor på webbplatsen" not in without.html
    assert with_notice.headers["ETag"] != without.headers["ETag"]
    assert "s-maxage=1" in with_notice.headers["Cache-Control"]
    assert "private" in without.headers["Cache-Control"]
    for headers, page in (({}, with_notice), (CLOSED, without)):
        given, queries = _queries(reader, article.url, **headers)
        assert (given, queries) == (page, 0)


def test_no_kept_answer_sets_a_cookie_or_names_one(reader, article):
    for headers in ({}, CLOSED):
        given = reader.get(article.url, **headers)
        assert "Set-Cookie" not in given.headers
        assert given.headers["Vary"] == "Accept-Encoding"
        assert "csrfmiddlewaretoken" not in given.html
        assert "nonce-" not in given.headers["Content-Security-Policy"]


def test_an_editor_meets_the_page_itself_and_leaves_nothing_of_it_to_others(
    reader, article, chief_editor, client
):
    client.force_login(chief_editor)
    session = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    cookie = {"HTTP_COOKIE": f"{site_settings.SESSION_COOKIE_NAME}={session}"}

    mine = reader.get(article.url, **cookie)
    others = reader.get(article.url)

    assert "wagtail-userbar" in mine.html
    assert "private" in mine.headers["Cache-Control"]
    assert "wagtail-userbar" not in others.html
    # And the other way round: what others met is not given to the editor.
    assert "wagtail-userbar" in reader.get(article.url, **cookie).html


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_FORWARDED", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_X_HTTP_METHOD_OVERRIDE"])  # fmt: skip
def test_nothing_that_a_reader_says_gets_into_what_others_meet(reader, article, header):
    """Poisoning of a cache by a header that is not part of the key."""
    poisoned = reader.get(article.url, **{header: "ond.example.org"})
    assert "ond.example.org" not in poisoned.html
    assert reader.get(article.url) == poisoned


def test_a_host_that_is_not_ours_is_refused_and_not_kept(reader, article, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert reader.get(article.url, HTTP_HOST="ond.example.org").status == 400
    assert reader.get(article.url).status == 200


def test_answer_of_a_view_that_has_not_said_so_is_not_kept():
    assert kept_until(HttpResponse("x")) is None


# Lists and search


def test_a_search_is_kept_for_some_seconds_here_and_nowhere_else(reader, article, monkeypatch):
    first = reader.get("/sok/", query="q=samverkan")
    assert "private" in first.headers["Cache-Control"]
    with CaptureQueriesContext(connection) as queries:
        reader.get("/sok/", query="q=samverkan")
    assert len(queries) == 1
    later = time.time() + 6
    monkeypatch.setattr(time, "time", lambda: later)
    with CaptureQueriesContext(connection) as queries:
        reader.get("/sok/", query="q=samverkan")
    assert len(queries) > 1


# When something fails


def test_without_a_database_readers_meet_what_stood_last(reader, article, monkeypatch):
    first = reader.get(article.url)
    ContentVersion.raise_version()
    monkeypatch.setattr("pages.public.reading.views.page_in", _lose_the_database)
    assert reader.get(article.url) == first


def test_while_the_database_is_known_to_be_gone_nobody_waits_for_it(reader, article, monkeypatch):
    before = reader.get(article.url)
    ContentVersion.raise_version()
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    standing, queries = _queries(reader, article.url)
    assert (standing, queries) == (before, 0)


def test_what_was_made_under_a_former_version_is_not_kept_as_new(reader, article, monkeypatch):
    reader.get(article.url)
    monkeypatch.setattr(wsgi.watch, "current", lambda: "nyare")
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            reader.get(article.url)
        assert len(queries) > 0
    article.title = "Samverkan med andra"
    article.save_revision().publish()
    monkeypatch.setattr(wsgi.watch, "current", ContentVersion.current)
    assert "Samverkan med andra" in reader.get(article.url).html
    _new_page, queries = _queries(reader, article.url)
    assert queries == 0


def test_while_the_database_is_gone_what_needs_it_says_so_at_once(
    reader, article, monkeypatch, caplog
):
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    for path, says in [
        ("/verksamheten/samverkan/", "Webbplatsen kan inte svara just nu"),
        ("/sok/", "Webbplatsen kan inte svara just nu"),
        ("/finns-inte/", "Webbplatsen kan inte svara just nu"),
        ("/sitemap.xml", "Webbplatsen kan inte svara just nu"),
        ("/dokument/1/vagledning.pdf", "Webbplatsen kan inte svara just nu"),
        ("/admin/", "Redaktionsverktyget kan inte svara just nu"),
        ("/en/finns-inte/", "The website cannot answer right now"),
    ]:
        given, queries = _queries(reader, path)
        assert (given.status, given.headers["Retry-After"], queries) == (503, "30", 0)
        assert says in given.html
        assert "tel:" in given.html or path == "/admin/"
        assert reader.get("/halsa/").status == 200
        assert reader.get("/robots.txt").status == 200
        assert caplog.text == "" or "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(errno.ENOSPC, "[Errno 28] No space", marks=pytest.mark.fault("disk full")),
        pytest.param(
            errno.EROFS, "[Errno 30] Read-only", marks=pytest.mark.fault("disk read-only")
        ),
    ],
)
def test_a_disk_that_takes_nothing_is_an_outage_and_said_in_one_line(
    reader, article, monkeypatch, caplog, code, words
):
    def take_nothing(*_words):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("sapo_site.running.outages.outage_log._said_at", -math.inf)

    monkeypatch.setattr("pages.public.reading.views.page_in", take_nothing)
    assert [reader.get(article.url).status for _again in range(3)] == [503] * 3
    said = [
        record.message for record in caplog.records if record.name == "sapo_site.running.outages"
    ]
    assert len(said) == 1
    assert said[0].startswith(f"OSError: {words}")


def test_a_page_that_is_withdrawn_does_not_come_back_while_the_database_is_gone(
    reader, article, monkeypatch, django_capture_on_commit_callbacks
):
    others = ArticlePageFactory(parent=article.get_parent(), slug="annat")
    for page in (article, others):
        reader.get(page.url)
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    assert reader.get(article.url).status == 503
    assert reader.get(others.url).status == 200


def test_no_answer_that_names_a_page_published_by_mistake_stands_in_for_anything(
    reader, article, section, monkeypatch, django_capture_on_commit_callbacks
):
    assert "Samverkan" in reader.get(section.url).html
    assert "Samverkan" in reader.get("/sok/", query="q=samverkan").html
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_page(article, "mistake")
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    for address, query in ((article.url, ""), (section.url, ""), ("/sok/", "q=samverkan")):
        given = reader.get(address, query=query)
        assert (given.status, "Samverkan" in given.html) == (503, False), address


def _lose_the_database(*_words):
    raise OperationalError("connection refused")
