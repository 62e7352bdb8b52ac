"""How a kept answer is sent: encodings, and 304 to those who have it."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.http import HttpResponse

from pages.public.store.answer import Answer, best_encoding
from pages.public.store.kept_answers import Memory
from pages.public.store.question import Question
from tests.tables import every_row

PAGE = "<p>Vi skyddar Sverige.</p>" * 50


@pytest.fixture
def answer() -> Answer:
    response = HttpResponse(PAGE, headers={"Cache-Control": "public, max-age=0", "X-Own": "ja"})
    return Answer.of(response, version="1", until=time.time() + 60)


def _sent(answer: Answer, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    start: Callable[..., Any] = lambda status, given: started.append((status, given))  # noqa: E731
    body = b"".join(answer.send({"REQUEST_METHOD": method, **headers}, start))
    status, given = started[0]
    assert len(given) == len(dict(given)), "no header twice"
    return status, dict(given), body


def test_each_reader_gets_the_smallest_encoding_that_they_take(answer):
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for accepted, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("", ""), ("br;q=0", "")):
        status, headers, body = _sent(answer, HTTP_ACCEPT_ENCODING=accepted)
        assert status == "200 OK"
        assert headers.get("Content-Encoding", "") == encoding
        assert headers["Content-Length"] == str(len(body))
        assert headers["Vary"] == "Accept-Encoding"
        assert opened[encoding](body).decode() == PAGE


def test_encodings_have_tags_of_their_own(answer):
    tags = {_sent(answer, HTTP_ACCEPT_ENCODING=each)[1]["ETag"] for each in ("br", "gzip", "")}
    assert len(tags) == 3


def test_head_is_answered_as_get_without_the_page(answer):
    status, headers, body = _sent(answer, "HEAD")
    assert (status, body) == ("200 OK", b"")
    assert headers["Content-Length"] == str(len(PAGE.encode()))


def test_who_has_the_page_is_told_so_in_a_few_bytes(answer):
    _status, headers, _body = _sent(answer, HTTP_ACCEPT_ENCODING="br")
    for tags in (headers["ETag"], f'"annat", W/{headers["ETag"]}', "*"):
        status, given, body = _sent(answer, HTTP_IF_NONE_MATCH=tags, HTTP_ACCEPT_ENCODING="br")
        assert (status, body) == ("304 Not Modified", b"")
        assert given["ETag"] == headers["ETag"]
        assert given["Cache-Control"] == "public, max-age=0"
        assert "X-Own" not in given
        assert "Content-Type" not in given


def test_who_has_another_page_gets_this_one(answer):
    assert _sent(answer, HTTP_IF_NONE_MATCH='"annat"')[0] == "200 OK"
    # The tag decides, whatever the date says.
    later = "Fri, 01 Jan 2100 00:00:00 GMT"
    both = {"HTTP_IF_NONE_MATCH": '"annat"', "HTTP_IF_MODIFIED_SINCE": later}
    assert _sent(answer, **both)[0] == "200 OK"


def test_a_date_is_given_only_when_no_other_answer_can_have_the_same(answer, monkeypatch):
    assert "Last-Modified" not in _sent(answer)[1]
    assert _sent(answer, HTTP_IF_MODIFIED_SINCE="Fri, 01 Jan 2100 00:00:00 GMT")[0] == "200 OK"

    made_at = answer.made_at
    monkeypatch.setattr(time, "time", lambda: made_at + 3)
    date = _sent(answer)[1]["Last-Modified"]
    assert _sent(answer, HTTP_IF_MODIFIED_SINCE=date)[0] == "304 Not Modified"
    earlier = "Thu, 01 Jan 1970 00:00:01 GMT"
    assert _sent(answer, HTTP_IF_MODIFIED_SINCE=earlier)[0] == "200 OK"


@every_row("date", ["", "igår", "\xff", "Fri, 99 Jan 2100 00:00:00 GMT", "0" * 9000])
def test_a_date_that_is_none_is_passed_over(answer, date):
    assert _sent(answer, HTTP_IF_MODIFIED_SINCE=date)[0] == "200 OK"


@every_row("header", ["", ";;;", "gzip;q=x", "br;q=", "*;q=0", ",,,", "\xff", "a" * 9000])
def test_an_odd_wish_for_an_encoding_gets_an_answer(header):
    assert best_encoding(header) in ("", "br", "gzip")


def test_a_star_takes_all_and_a_zero_none():
    assert best_encoding("*") == "br"
    assert best_encoding("br;q=0, *") == "gzip"


def _question(path: str) -> Question:
    return Question("https", "www.example.se", path, "", notice_is_closed=False)


def test_memory_forgets_what_was_not_asked_for_the_longest(answer):
    memory = Memory(most_bytes=answer.size * 2)
    memory.keep(_question("/1/"), answer)
    memory.keep(_question("/2/"), answer)
    memory.get(_question("/1/"))

    memory.keep(_question("/3/"), answer)

    assert memory.get(_question("/2/")) is None
    assert memory.get(_question("/1/")) is answer
    assert len(memory) == 2


def test_memory_does_not_grow_with_the_number_of_addresses(answer):
    memory = Memory(most_bytes=answer.size * 10)
    for number in range(1000):
        memory.keep(_question(f"/{number}/"), answer)
    assert len(memory) == 10


def test_one_that_is_kept_again_counts_once(answer):
    memory = Memory(most_bytes=answer.size * 2)
    for _ in range(5):
        memory.keep(_question("/1/"), answer)
    memory.keep(_question("/2/"), answer)
    assert len(memory) == 2
