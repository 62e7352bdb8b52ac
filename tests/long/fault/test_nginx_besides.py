"""What else nginx does in front of the services, and on a machine for visitors."""

import re
import secrets
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ClassVar
from urllib.parse import quote

import pytest

from tests.nginx import NAMES, configured, nginx
from tests.postgres import ROOT
from tests.system.fault.behind_nginx import (
    DESK,
    EDITORIAL,
    PUBLIC,
    TakenOver,
    ask,
    installed_tls,
    listeners,
    machine_for_visitors,
    raw,
    real_intake,
    send_all_kinds,
    served,
)
from tests.system.fault.leaks import leaks_in_writes, traced
from tests.system.fault.server import FORM, Body


def test_a_name_that_is_not_ours_gets_no_answer(front):
    ask = "GET /a HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n".format
    stranger = ask("evil.example").encode()
    with served(front, "public", "editorial", "desk"):
        for request in (stranger, ask("127.0.0.1").encode(), b"GET /a HTTP/1.0\r\n\r\n"):
            assert raw(front, request) == b""
            assert raw(front, request, name=PUBLIC) == b""
        with pytest.raises(ssl.SSLError):
            raw(front, stranger, name="evil.example")
        for name in NAMES:
            assert f"Location: https://{name}/a\r\n".encode() in raw(front, ask(name).encode())
            asked = ask(name).replace("/a", "/halsa/").encode()
            assert b" 200 OK" in raw(front, asked, name=name)


@pytest.mark.parametrize(("listed", "kept"), [("X25519MLKEM768", True), ("X25519", False)])
def test_an_openssl_that_lacks_the_new_exchange_is_given_the_groups_it_knows(folder, listed, kept):
    text = (ROOT / "deploy" / "nginx-tls.conf").read_text()
    openssl = folder / "openssl"
    openssl.write_text(f'#!/bin/sh\necho "  {listed} @ default"\n')
    openssl.chmod(0o755)
    put = installed_tls(text, folder)
    groups = "X25519MLKEM768/X25519:prime256v1:secp384r1" if kept else "X25519:prime256v1:secp384r1"
    assert f"ssl_ecdh_curve {groups};" in put


def test_a_machine_for_visitors_asks_the_first_for_what_is_uploaded_until_it_is_gone(machines):
    first, visitors = machines
    public = first.var / "files" / "public"
    public.mkdir(parents=True)
    (public / "bild.png").write_text("bild")
    answer = ask(visitors, "/media/bild.png")
    assert answer[1] == "bild"
    for name in ("Cache-Control", "X-Content-Type-Options"):
        assert answer[2][name] == ask(first, "/media/bild.png")[2][name]
    assert "sandbox" in answer[2]["Content-Security-Policy"]
    (public / "bild.png").unlink()
    time.sleep(2.1)
    assert ask(visitors, "/media/bild.png")[1] == "public "  # which says what became of it


def test_a_machine_for_visitors_gives_the_page_of_the_tip_form_as_the_first_does(machines):
    """Also where the two have different releases: then the page names files that only the first has."""
    first, visitors = machines
    page = first.var / "static" / "tip-form"
    page.mkdir(parents=True)
    (page / "form.sv.html").write_text("<h1>Lämna ett tips</h1>")
    own = {"Date", "ETag", "Last-Modified", "Connection", "Content-Length", "Transfer-Encoding"}
    by_first, by_visitors = (ask(server, "/tipsa/formular/") for server in machines)
    assert by_visitors[:2] == by_first[:2] == (203, "<h1>Lämna ett tips</h1>")
    headers, wanted = (  # what both machines say is said twice
        {
            name: {*re.split(r"[,;] *", value)}
            for name, value in answer[2].items()
            if name not in own
        }
        for answer in (by_visitors, by_first)
    )
    assert headers == wanted
    assert headers["Integrity-Policy"] == {"blocked-destinations=(script)"}

    (first.var / "static" / "form.0123456789ab.js").write_text("ny")
    script = ask(visitors, "/static/form.0123456789ab.js")
    assert script[1] == "ny"
    by_first = ask(first, "/static/form.0123456789ab.js")
    assert script[2].keys() - own == by_first[2].keys() - own
    assert all(script[2][name] == by_first[2][name] for name in script[2].keys() - own)
    assert ask(visitors, "/static/form.000000000000.js")[0] == 404
    assert ask(visitors, "/static/form.js")[0] == 404


def test_a_picture_that_was_taken_away_is_not_shown_again_while_the_first_machine_is_away(
    front, folder
):
    public = front.var / "files" / "public"
    public.mkdir(parents=True)
    for name in ("bild.png", "kvar.png"):
        (public / name).write_text(name)
    visitors = machine_for_visitors(folder / "2", front)
    with nginx(visitors):
        with nginx(front), listeners(front, "public"):
            for name in ("bild.png", "kvar.png"):
                assert ask(visitors, f"/media/{name}?x=1")[1] == name
            (public / "bild.png").unlink()
            time.sleep(2.1)
            assert ask(visitors, "/media/bild.png?x=2")[1] == "public "  # what became of it
        assert ask(visitors, "/media/bild.png?x=1")[1] == "public "
        assert ask(visitors, "/media/kvar.png")[1] == "kvar.png"


def test_a_page_with_many_pictures_is_shown_whole_by_a_machine_for_visitors(machines):
    first, visitors = machines
    public = first.var / "files" / "public"
    public.mkdir(parents=True)
    (public / "bild.png").write_text("bild")
    with ThreadPoolExecutor(40) as readers:
        asked = [f"/media/bild.png?{number}" for number in range(200)]
        statuses = {status for status, *_rest in readers.map(partial(ask, visitors), asked)}
    assert statuses == {200}


def test_nobody_is_believed_who_says_where_an_editor_comes_from(machines):
    first, _visitors = machines
    site = first.folder / "site.conf"
    assert "allow 127.0.0.1;" in site.read_text()
    made_up = {"X-Forwarded-For": "192.0.2.7"}
    with listeners(first, "editorial", "desk"):
        for name, path in ((EDITORIAL, "/admin/login/"), (DESK, "/tipsmottagning/api/logga-in/")):
            assert "127.0.0.1" in ask(first, path, host=name, headers=made_up)[1]


def test_a_machine_for_visitors_has_no_address_of_the_cms_or_the_desk(machines):
    _first, visitors = machines
    for name in (EDITORIAL, DESK):
        with pytest.raises((ssl.SSLError, OSError)):
            ask(visitors, "/", host=name)


def test_when_the_intake_does_not_answer_the_page_has_telephone_numbers_and_no_log_a_line(front):
    body = Body({"token": "x", "text": "En drönare över hamnen"}, [("a.jpg", "", b"x" * 300_000)])
    with nginx(front):
        for path, sent in ((FORM, None), (FORM, body), ("/en/tipsa/x/", None)):
            status, text, _headers = ask(front, path, body=sent)
            assert status == 502
            assert "010-568 70 00" in text
            assert "112" in text
    logs = {path.name: path.read_text() for path in (front.folder / "log").iterdir()}
    assert not [name for name, text in logs.items() if "tipsa" in text or "127.0.0.1" in text]


def test_when_the_desk_does_not_answer_no_log_holds_which_tip_somebody_asked_for(front):
    tip = "5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11"
    with nginx(front):
        for path, status in ((f"tips/{tip}/", 404), (f"api/tips/{tip}/oppna/", 502)):
            assert ask(front, f"/tipsmottagning/{path}", host=DESK)[0] == status
    logs = {path.name: path.read_text() for path in (front.folder / "log").iterdir()}
    assert not [name for name, text in logs.items() if tip in text or "127.0.0.1" in text]


def test_who_asks_how_a_page_looked_stands_in_no_log(front):
    asked = "/admin/sa-sag-sidan/?address=/verksamheten/valet/"
    with nginx(front):  # it answers 502, which is more than nginx says of what goes well
        for path in ("/admin/pages/", asked, "/admin/sa-sag-sidan/visat/x/verksamheten/valet/"):
            assert ask(front, path, host=EDITORIAL)[0] == 502
    logs = "".join(path.read_text() for path in (front.folder / "log").iterdir())
    assert "/admin/pages/" in logs
    assert "valet" not in logs


def test_who_logs_in_to_ask_how_a_page_looked_leaves_no_line_with_it(front):
    login = f"/admin/login/?next={quote('/admin/sa-sag-sidan/?address=/verksamheten/valet/')}"
    with served(front, "editorial"):
        assert ask(front, login, host=EDITORIAL)[0] == 200
        assert ask(front, "/admin/x/", host=EDITORIAL, headers={"Referer": login})[0] == 200
        assert ask(front, "/admin/pages/", host=EDITORIAL)[0] == 200
    logs = "".join(path.read_text() for path in (front.folder / "log").iterdir())
    assert "/admin/pages/" in logs
    assert "valet" not in logs


class _TakenOverWhileItLooks(TakenOver):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked[:] = [name for name in self.headers if self.headers[name]]
        super().do_GET()


@pytest.mark.parametrize("path", ["/tipsa/x/", "/en/tipsa/x/", FORM, "/tipsa/formular/lage.json"])
def test_an_intake_that_is_taken_over_marks_no_tipster_and_knows_none_again(front, path):
    marks = {
        "ETag": '"besokare-4711"', "Last-Modified": "Mon, 01 Jan 2024 00:00:47 GMT", "Expires": "Mon, 01 Jan 2029 00:00:00 GMT",
        "Set-Cookie": "a=b", "Accept-CH": "Sec-CH-UA-Model", "Critical-CH": "Sec-CH-UA-Model", "Set-Login": "logged-in",
        "Speculation-Rules": '"/tipsa/x.json"', "Secure-Session-Registration": '(ES256);path="/tipsa/x"',
    }  # fmt: skip
    of_a_browser = {
        "Accept-Language": "fi-FI", "Cookie": "a=b", "If-Modified-Since": marks["Last-Modified"], "If-None-Match": marks["ETag"],
        "Referer": "https://www.example.se/om/", "Sec-CH-UA": '"Chromium";v="143"', "Sec-CH-UA-Mobile": "?1",
        "Sec-CH-UA-Platform": '"Android"', "User-Agent": "Mozilla/5.0",
    }  # fmt: skip
    _TakenOverWhileItLooks.status = 200
    _TakenOverWhileItLooks.said = {
        **marks, "Content-Type": "text/html", "Cache-Control": "private, max-age=31536000",
    }  # fmt: skip
    with served(front, "intake", handler=_TakenOverWhileItLooks):
        headers = ask(front, path, headers=of_a_browser)[2]
    assert not marks.keys() & headers.keys()
    assert headers["Cache-Control"] == "no-store"
    assert not of_a_browser.keys() & set(_TakenOverWhileItLooks.asked)


def test_the_detector_sees_what_nginx_would_write_without_those_lines(strace):
    marker = f"Kajen {secrets.token_hex(8)}"
    lines = ("proxy_request_buffering", "proxy_buffering", "proxy_max_temp_file_size")
    with configured(*lines) as front:
        trace = front.folder / "trace"
        with real_intake(front), nginx(front, traced(strace, trace)):
            send_all_kinds(front, marker)
        written = leaks_in_writes(marker, trace)
        for kind in ("client_body", "proxy"):
            assert [each for each in written if f"{front.folder}/temp/{kind}/" in each], kind
