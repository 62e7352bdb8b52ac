"""Which requests may be answered from what is kept, and what tells their answers apart."""

from typing import Any

import pytest

from pages.public.store.question import Question, question_in
from tests.tables import every_row


def _environ(path: str = "/verksamheten/", **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "www.example.se",
        "wsgi.url_scheme": "https",
        **more,
    }


def test_scheme_host_address_and_notice_tell_answers_apart():
    assert question_in(_environ()) == Question(
        "https", "www.example.se", "/verksamheten/", "", notice_is_closed=False
    )


def test_head_is_the_same_question():
    assert question_in(_environ(REQUEST_METHOD="HEAD")) == question_in(_environ())


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "POST"}, {"REQUEST_METHOD": "OPTIONS"}, {"CONTENT_LENGTH": "5"},
        {"HTTP_TRANSFER_ENCODING": "chunked"}, {"HTTP_AUTHORIZATION": "Basic x"},
        {"HTTP_RANGE": "bytes=0-5"}, {"SCRIPT_NAME": "/x"}, {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "a=b;sessionid=abc"},
        {"HTTP_COOKIE": "kakmeddelande=stangt;  sessionid =x"},
    ],
)  # fmt: skip
def test_what_is_not_plain_reading_by_nobody_is_not_kept(more):
    assert question_in(_environ(**more)) is None


def test_a_login_is_known_by_the_name_that_production_gives_it(settings):
    settings.SESSION_COOKIE_NAME = "__Host-session"
    assert question_in(_environ(HTTP_COOKIE="a=b; __Host-session=abc; c=d; e=f")) is None


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/tipsa/", "/tipsa/formular/", "/en/tipsa/", "/tipsmottagning/", "/static/x.css",
     "/media/x.jpg", "/dokument/1/x.pdf", "/halsa/", "/" + "a" * 600],
)  # fmt: skip
def test_files_forms_and_what_is_somebodys_own_are_not_looked_for(path):
    assert question_in(_environ(path)) is None


@every_row("query", ["sida=2", "amne=kontraspionage", "q=hot&typ=nyheter&sida=3"])
def test_known_queries_belong_to_the_address(query):
    found = question_in(_environ(QUERY_STRING=query))
    assert found is not None
    assert found.query == query


@every_row(
    "query",
    ["utm_source=x", "sida=2&x=1", "sida=1&sida=2", "q=" + "a" * 101, "&&", "a" * 600,
     "sida=1&amne=2&typ=3&q=4&x=5&y=6"],
)  # fmt: skip
def test_unknown_queries_are_never_kept(query):
    assert question_in(_environ(QUERY_STRING=query)) is None


@every_row(
    ("cookie", "is_closed"),
    [
        ("", False), ("kakmeddelande=stangt", True), ('kakmeddelande="stangt"', True),
        ("_ga=1; kakmeddelande=stangt; b=2", True), ("kakmeddelande=annat", False),
        ("_ga=GA1.2.3", False), ("csrftoken=abc", False), (";;==; =", False),
    ],
)  # fmt: skip
def test_of_the_cookies_only_whether_the_notice_is_closed_is_left(cookie, is_closed):
    found = question_in(_environ(HTTP_COOKIE=cookie))
    assert found is not None
    assert found.notice_is_closed == is_closed


def test_behind_nginx_the_scheme_is_the_one_that_nginx_says(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    found = question_in(_environ(HTTP_X_FORWARDED_PROTO="https", **{"wsgi.url_scheme": "http"}))
    assert found is not None
    assert found.scheme == "https"


def test_without_nginx_nobody_can_say_another_scheme(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    found = question_in(_environ(HTTP_X_FORWARDED_PROTO="http"))
    assert found is not None
    assert found.scheme == "https"
