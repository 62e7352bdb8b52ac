"""What one address may ask for: enough for whoever works here, and no more for whoever floods."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.nginx import Nginx, nginx

from .behind_nginx import DESK, EDITORIAL, PUBLIC, as_from, ask, raw, served, until_refused
from .server import Body

NEWSROOM, OTHER = as_from("192.0.2.1"), as_from("192.0.2.2")


def _statuses(
    server: Nginx, host: str, paths: Iterable[str], *, at_once: int = 1, sends: bool = False
) -> set[int]:
    def asked(path: str) -> int:
        body = Body({"username": "anna"}) if sends else None
        return ask(server, path, host=host, body=body, headers=NEWSROOM)[0]

    with ThreadPoolExecutor(at_once) as people:
        return set(people.map(asked, paths))


def test_an_editor_who_works_is_never_refused(open_front):
    """A form with its parts at once, then a preview and a sign of life again and again."""
    parts = [
        "/admin/pages/4/edit/",
        "/admin/jsi18n/",
        "/admin/sprite/",
        "/admin/redaktion/koll/x/4/",
    ]
    with served(open_front, "editorial"):
        assert _statuses(open_front, EDITORIAL, parts * 3, at_once=4) == {200}
        saved = ["/admin/pages/4/edit/preview/", "/admin/editing-sessions/ping/x/4/1/"] * 30
        assert _statuses(open_front, EDITORIAL, saved, at_once=2, sends=True) == {200}


def test_a_newsroom_behind_one_address_comes_to_work_and_writes(open_front):
    with served(open_front, "editorial"):
        logins = _statuses(open_front, EDITORIAL, ["/admin/login/"] * 30, at_once=2, sends=True)
        assert logins == {200}
        work = [f"/admin/pages/{number}/edit/" for number in range(180)]
        assert _statuses(open_front, EDITORIAL, work, at_once=12) == {200}


def test_people_behind_one_address_search_and_have_words_suggested(open_front):
    typed = [f"/sok/forslag/?q={'terrorhotnivå'[:n]}".replace("å", "%C3%A5") for n in range(2, 13)]
    with served(open_front, "public"):
        assert _statuses(
            open_front, PUBLIC, [*typed, "/sok/?q=hot", "/en/sok/?q=hot"], at_once=2
        ) == {200}


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (PUBLIC, "/sok/?q=a"), (PUBLIC, "/en/sok/forslag/?q=a"), (PUBLIC, "//s%6fk/?q=a"),
        (EDITORIAL, "/admin/login/"), (EDITORIAL, "/admin/./%6cogin/?next=x"),
        (DESK, "/tipsmottagning/api/logga-in/"), (DESK, "/tipsmottagning/api/utmaning/"),
    ],
)  # fmt: skip
def test_more_than_that_is_refused_to_this_address_and_to_no_other(open_front, host, path):
    body, passes = (None, 20) if host == PUBLIC else (Body({"username": "anna"}), 30)
    with served(open_front, "public", "editorial", "desk"):
        answers = until_refused(429, open_front, path, host=host, body=body, headers=NEWSROOM)
        statuses = Counter(status for status, _page, _headers in answers)
        assert set(statuses) == {200, 429}
        assert statuses[200] >= passes
        _status, page, headers = next(each for each in answers if each[0] == 429)
        assert (headers["Retry-After"], headers["Cache-Control"]) == ("5", "no-store")
        assert "Vänta" in page
        assert "010-568 70 00" in page
        assert ask(open_front, path, host=host, body=body, headers=OTHER)[0] == 200
        assert ask(open_front, "/halsa/", host=host, headers=NEWSROOM)[0] == 200


def test_who_works_keeps_no_colleague_from_logging_in(open_front):
    with served(open_front, "editorial"):
        work = [f"/admin/pages/{number}/edit/" for number in range(60)]
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(_statuses, open_front, EDITORIAL, work, at_once=12)
            coming = _statuses(open_front, EDITORIAL, ["/admin/login/"] * 10, at_once=2)
            assert (coming, writing.result()) == ({200}, {200})


def test_a_search_has_no_body_that_others_have_to_wait_for(open_front):
    with served(open_front, "public"):
        request = f"GET /sok/?q=a HTTP/1.1\r\nHost: {PUBLIC}\r\nContent-Length: 60000\r\n\r\nx"
        assert raw(open_front, request.encode(), name=PUBLIC).startswith(b"HTTP/1.1 413 ")


def test_a_picture_that_is_missing_is_asked_for_no_oftener_than_a_page(open_front):
    asked = f"GET /media/bild.jpg HTTP/1.1\r\nHost: {PUBLIC}\r\n"
    requests = f"{asked}\r\n" * 700 + f"{asked}Connection: close\r\n\r\n"
    with nginx(open_front):  # where no service answers it says 502
        answers = raw(open_front, requests.encode(), name=PUBLIC)
    assert answers.count(b"HTTP/1.1 502 ") >= 400
    assert b"HTTP/1.1 429 " in answers
