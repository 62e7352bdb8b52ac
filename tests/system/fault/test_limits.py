"""What one address may ask for: enough for whoever works here, and no more for whoever floods."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.nginx import NAMES, Nginx, nginx

from .server import Body
from .test_nginx import _FROM_ANYWHERE, _as_from, _ask, _configured, _listeners, _raw, folder  # noqa: F401

PUBLIC, EDITORIAL, DESK = NAMES
NEWSROOM, OTHER = _as_from("192.0.2.1"), _as_from("192.0.2.2")


def _site(folder: Path) -> Nginx:  # noqa: F811
    # Everybody in these tests comes from another machine.
    return _configured(folder, without=("deny all",), beside=_FROM_ANYWHERE)


Answer = tuple[int, str, dict[str, str]]


def _answers(
    server: Nginx, host: str, paths: Iterable[str], *, at_once: int = 1, sends: bool = False
) -> list[Answer]:
    def ask(path: str) -> Answer:
        body = Body({"username": "anna"}) if sends else None
        return _ask(server, path, host=host, body=body, headers=NEWSROOM)

    with ThreadPoolExecutor(at_once) as people:
        return list(people.map(ask, paths))


def _statuses(server: Nginx, host: str, paths: Iterable[str], **how: int) -> set[int]:
    return {status for status, _page, _headers in _answers(server, host, paths, **how)}


def test_an_editor_who_works_is_never_refused(folder):  # noqa: F811
    """A form with its parts at once, then a preview and a sign of life again and again."""
    server = _site(folder)
    parts = [
        "/admin/pages/4/edit/",
        "/admin/jsi18n/",
        "/admin/sprite/",
        "/admin/redaktion/koll/x/4/",
    ]
    with _listeners(server, "editorial"), nginx(server):
        assert _statuses(server, EDITORIAL, parts * 3, at_once=4) == {200}
        saved = ["/admin/pages/4/edit/preview/", "/admin/editing-sessions/ping/x/4/1/"] * 30
        assert _statuses(server, EDITORIAL, saved, at_once=2, sends=True) == {200}


def test_a_newsroom_behind_one_address_comes_to_work_and_writes(folder):  # noqa: F811
    server = _site(folder)
    with _listeners(server, "editorial"), nginx(server):
        logins = _statuses(server, EDITORIAL, ["/admin/login/"] * 30, at_once=2, sends=True)
        assert logins == {200}
        work = [f"/admin/pages/{number}/edit/" for number in range(180)]
        assert _statuses(server, EDITORIAL, work, at_once=12) == {200}


def test_people_behind_one_address_search_and_have_words_suggested(folder):  # noqa: F811
    server = _site(folder)
    typed = [f"/sok/forslag/?q={'terrorhotnivå'[:n]}".replace("å", "%C3%A5") for n in range(2, 13)]
    with _listeners(server, "public"), nginx(server):
        assert _statuses(server, PUBLIC, [*typed, "/sok/?q=hot", "/en/sok/?q=hot"], at_once=2) == {
            200
        }


@pytest.mark.parametrize(
    ("host", "path", "sends", "passes", "most"),
    [
        (PUBLIC, "/sok/?q=a", False, 20, 200),
        (PUBLIC, "/en/sok/forslag/?q=a", False, 20, 200),
        (PUBLIC, "//s%6fk/?q=a", False, 20, 200),
        (EDITORIAL, "/admin/login/", True, 30, 120),
        (EDITORIAL, "/admin/./%6cogin/?next=x", True, 30, 120),
        (DESK, "/tipsmottagning/api/logga-in/", True, 30, 120),
        (DESK, "/tipsmottagning/api/ny/", True, 30, 120),
        (DESK, "/tipsmottagning/api/fraga-igen/", True, 30, 120),
    ],
)
def test_more_than_that_is_refused_to_this_address_and_to_no_other(
    folder, host, path, sends, passes, most  # noqa: F811
):  # fmt: skip
    server = _site(folder)
    with _listeners(server, "public", "editorial", "desk"), nginx(server):
        answers = _answers(server, host, [path] * most, at_once=3, sends=sends)
        statuses = Counter(status for status, _page, _headers in answers)
        assert set(statuses) == {200, 429}
        assert statuses[200] >= passes
        _status, page, headers = next(each for each in answers if each[0] == 429)
        assert (headers["Retry-After"], headers["Cache-Control"]) == ("5", "no-store")
        assert "Vänta" in page
        assert "010-568 70 00" in page
        body = Body({"username": "anna"}) if sends else None
        assert _ask(server, path, host=host, body=body, headers=OTHER)[0] == 200
        assert _ask(server, "/halsa/", host=host, headers=NEWSROOM)[0] == 200


def test_who_works_keeps_no_colleague_from_logging_in(folder):  # noqa: F811
    server = _site(folder)
    with _listeners(server, "editorial"), nginx(server):
        work = [f"/admin/pages/{number}/edit/" for number in range(60)]
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(_statuses, server, EDITORIAL, work, at_once=12)
            coming = _statuses(server, EDITORIAL, ["/admin/login/"] * 10, at_once=2)
            assert (coming, writing.result()) == ({200}, {200})


def test_a_search_has_no_body_that_others_have_to_wait_for(folder):  # noqa: F811
    server = _site(folder)
    with _listeners(server, "public"), nginx(server):
        request = f"GET /sok/?q=a HTTP/1.1\r\nHost: {PUBLIC}\r\nContent-Length: 60000\r\n\r\nx"
        assert _raw(server, request.encode(), name=PUBLIC).startswith(b"HTTP/1.1 413 ")


def test_a_picture_that_is_missing_is_asked_for_no_oftener_than_a_page(folder):  # noqa: F811
    server = _site(folder)
    with _listeners(server, "public"), nginx(server):
        missing = [f"/media/bild-{number}.jpg" for number in range(700)]
        assert _statuses(server, PUBLIC, missing, at_once=8) >= {429}
