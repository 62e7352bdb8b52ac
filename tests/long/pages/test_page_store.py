"""What tests/integration/pages/test_page_store.py says, in more cases."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from pages.ground.models import ContentVersion
from pages.public.frame.of_language import Frame
from pages.public.store import wsgi
from pages.public.store.keeping import kept
from tests.factories import NewsIndexPageFactory, ThreatLevelDecisionFactory, TopicFactory
from tests.integration.pages import test_page_store as first
from tests.integration.pages.store_reader import Reader, notice_in_half_a_minute
from tests.integration.pages.test_page_store import _lose_the_database, _queries

reader, article = first.reader, first.article


def test_what_was_missing_leads_on_as_soon_as_an_editor_says_where(reader, article, section):
    address = f"{section.url}annat/"
    assert reader.get(address).status == 404
    Redirect.add_redirect(address, article.url)
    assert reader.get(address).status == 301


def test_addresses_at_random_displace_no_page_and_take_little_room(reader, article, settings):
    settings.PAGE_STORE_BYTES = 200_000
    small = Reader()
    small.get(article.url)
    for number in range(30):
        small.get(f"/slump-{number}/")
    _page, queries = _queries(small, article.url)
    assert queries == 0
    assert len(small.store._missing) < 10


def test_a_page_that_has_moved_leads_on_at_once(reader, article, section):
    address = article.url
    reader.get(address)
    article.slug = "samverkan-med-andra"
    article.save_revision().publish()
    assert reader.get(address).status in (301, 404)
    article.refresh_from_db()
    assert reader.get(article.url).status == 200


def test_a_notice_that_begins_while_a_page_is_made_is_met_by_the_next_reader(
    reader, article, home, monkeypatch
):
    let_it_begin = notice_in_half_a_minute(home, monkeypatch)
    alerts_now = Frame.alerts_now

    def and_half_a_minute_goes_by(frame):
        found = alerts_now(frame)
        let_it_begin()
        return found

    monkeypatch.setattr(Frame, "alerts_now", and_half_a_minute_goes_by)
    assert "Driftstörning" not in reader.get(article.url).html
    assert "Driftstörning" in reader.get(article.url).html


def test_an_address_that_only_looks_like_a_file_is_not_kept_as_one(reader, article):
    """Deception of a cache: a page that is one's own under an address that caches keep."""
    assert reader.get(f"{article.url}stil.css").status == 404


def test_what_marks_an_answer_for_the_store_never_reaches_a_reader(reader, home):
    def handler(environ, start_response):
        response = kept(lambda request: HttpResponse("x"))(WSGIRequest(environ))
        response.set_cookie("en", "kaka")  # so that it is not kept in the end
        start_response("200 OK", list(response.items()))
        return response

    reader.store = wsgi.PageStore(handler)
    given = reader.get("/")
    assert (given.status, given.body) == (200, b"x")
    assert "Content-Encoding" not in given.headers


def test_pages_of_a_list_are_kept_apart(reader, home):
    index = NewsIndexPageFactory(parent=home)
    reader.get(index.url)
    _given, queries = _queries(reader, index.url)
    assert queries == 0
    assert reader.get(index.url, query="sida=2").status == 200


def test_a_topic_page_is_kept(reader, home):
    topic = TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    assert "Kontraterrorism" in reader.get(topic.url).html
    _given, queries = _queries(reader, topic.url)
    assert queries == 0


def test_while_the_database_is_gone_a_missing_file_holds_no_thread(client, db, monkeypatch):
    """nginx sends here whatever is not in its folder, which anybody may ask for."""
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    client.raise_request_exception = False
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/media/images/finns-inte.webp")
    assert (response.status_code, len(queries)) == (503, 0)


def test_without_a_database_a_page_that_nobody_has_asked_for_is_an_outage(
    reader, article, monkeypatch
):
    monkeypatch.setattr("pages.public.reading.views.page_in", _lose_the_database)
    given = reader.get(article.url)
    assert (given.status, given.headers["Retry-After"]) == (503, "30")
    assert "010-568 70 00" in given.html


@pytest.mark.fault("clock jumps")
@pytest.mark.parametrize("seconds", [-86_400, 86_400])
def test_when_the_clock_jumps_pages_are_read_and_changes_are_met(
    reader, article, monkeypatch, seconds, acknowledges
):
    before = reader.get(article.url)
    then = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: then)
    assert reader.get(article.url).html == before.html
    article.title = "Samverkan med andra"
    article.save_revision().publish()
    acknowledges(1, lost="Samverkan med andra" not in reader.get(article.url).html)


def test_an_error_in_what_is_asked_of_the_database_stays_a_fault(reader, article, monkeypatch):
    def ask_for_what_is_not_there(*_words):
        connection.cursor().execute("SELECT * FROM finns_inte")

    monkeypatch.setattr("pages.public.reading.views.page_in", ask_for_what_is_not_there)
    assert reader.get(article.url).status == 500


def test_what_was_being_rendered_when_a_page_went_by_mistake_is_not_kept(
    reader, article, section, monkeypatch
):
    render = reader.store._ask_django

    def render_meanwhile(environ):
        answer = render(environ)
        wsgi.watch.learn_mistakes(frozenset({article.url}))
        return answer

    monkeypatch.setattr(reader.store, "_ask_django", render_meanwhile)
    reader.get(section.url)
    assert len(reader.store._pages) == 0


def test_while_one_renders_others_get_the_last_answer(reader, article, monkeypatch):
    before = reader.get(article.url)
    ContentVersion.raise_version()
    question = next(iter(reader.store._pages._answers))
    begun, may_end = threading.Event(), threading.Event()

    def hold():
        with reader.store._alone_with(question, waits=False) as is_first:
            assert is_first
            begun.set()
            may_end.wait(10)

    holding = threading.Thread(target=hold)
    holding.start()
    assert begun.wait(10)
    given, queries = _queries(reader, article.url)
    may_end.set()
    holding.join()
    assert (given, queries) == (before, 0)
    # Afterwards it is rendered anew, by the first who asks.
    _given, queries = _queries(reader, article.url)
    assert queries > 0


def test_the_store_can_be_switched_off(reader, article, settings):
    settings.PAGE_STORE = False
    given = reader.get(article.url)
    assert given.status == 200
    assert "ETag" not in given.headers
    assert len(reader.store._pages) == 0


def test_a_decision_ahead_ends_what_is_kept_as_its_hour_comes(reader, article):
    decision = ThreatLevelDecisionFactory(decided_at=timezone.now() + timedelta(minutes=90))
    reader.get(article.url)
    kept_answer = next(iter(reader.store._pages._answers.values()))
    assert kept_answer.until == decision.decided_at.timestamp()
