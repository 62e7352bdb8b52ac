"""nginx in front of the services, with the configuration that is shipped."""

import re
import secrets
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from tests.lacking import need
from tests.nginx import NAMES, Nginx, free_port, nginx
from tests.pace import until
from tests.postgres import ROOT, run
from tips.form import laid_pages, policy
from tips.opener import desk_pages

from .behind_nginx import (
    DESK,
    EDITORIAL,
    HEADERS,
    PUBLIC,
    Answering,
    TakenOver,
    as_from,
    ask,
    installed_tls,
    listeners,
    raw,
    real_intake,
    send_all_kinds,
    served,
    until_refused,
)
from .leaks import leaks_in, leaks_in_writes, traced
from .server import FORM, Body

# Of each kind that nginx reads from the disk.
_FILES = ("static/a.css", "static/a.0123456789ab.css", "files/public/a.jpg", "files/public/a.vtt")


def _lay(front: Nginx, *names: str, text: str = "") -> None:
    for name in names:
        (front.var / name).parent.mkdir(parents=True, exist_ok=True)
        (front.var / name).write_text(text)


def test_the_configuration_is_one_that_nginx_takes(front):
    run(front.command("-t"), {"PATH": "/usr/sbin:/usr/bin:/bin"})


def test_what_nginx_answers_by_itself_has_the_headers_of_every_answer_once(front):
    _lay(front, *_FILES)
    ask = "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}\r\n".format
    asked = {
        **{ask(f"/{name}", PUBLIC, ""): 200 for name in _FILES},
        ask("/static/b.css", PUBLIC, ""): 404,
        ask("/tipsa/x/", PUBLIC, ""): 502,
        ask("/", EDITORIAL, ""): 502,
        ask("/tipsa/", EDITORIAL, ""): 302,
        ask("/sida/", PUBLIC, ""): 200,
        ask("/", PUBLIC, "Content-Length: 70000\r\n"): 413,
        ask("/", PUBLIC, f"A: {'x' * 40_000}\r\n"): 400,
        "GET / HTTP/1.1\r\n\r\n": 400,
    }  # fmt: skip
    with served(front, "public"):
        for request, status in asked.items():
            name = EDITORIAL if EDITORIAL in request else PUBLIC
            head = raw(front, request.encode(), name=name).decode().split("\r\n\r\n")[0]
            _first, *lines = head.split("\r\n")
            assert head.startswith(f"HTTP/1.1 {status} "), request[:80]
            for header in HEADERS.items():
                assert lines.count(": ".join(header)) == 1, (request[:80], header)
        plain = raw(front, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"Strict-Transport-Security" not in plain


class _Busy(Answering):
    def do_GET(self) -> None:
        self.answer(429 if self.path == "/mycket/" else 503, {**HEADERS, "Retry-After": "9"}, "")


def test_what_nginx_says_in_place_of_a_service_has_them_too(front):
    _lay(front, "edition/current/start/index.html", text="<p>Start</p>")
    with served(front, "public", handler=_Busy):
        for path, status in (("/start/?a", 200), ("/mycket/", 429)):
            request = f"GET {path} HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n\r\n"
            first, *lines = raw(front, request.encode(), name=PUBLIC).decode().split("\r\n")
            assert first.startswith(f"HTTP/1.1 {status} "), path
            for header in HEADERS.items():
                assert lines.count(": ".join(header)) == 1, (path, header)


def test_nothing_that_nginx_reads_from_the_disk_stands_in_a_frame(front):
    _lay(front, *_FILES)
    with nginx(front):
        for path in (*(f"/{name}".replace("files/public", "media") for name in _FILES), "/"):
            _status, _text, headers = ask(front, path)
            policy = headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy, path
            assert "base-uri 'none'" in policy, path


def test_in_clear_only_a_person_who_types_an_address_is_led_on(front):
    ask = "{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".format
    with nginx(front):
        for method, path, name, status in (
            ("GET", "/a", PUBLIC, 301), ("HEAD", "/a", PUBLIC, 301),
            ("POST", "/tipsa/formular/", PUBLIC, 403), ("POST", "/admin/login/", EDITORIAL, 403),
            ("GET", "/tipsmottagning/", DESK, 301), ("GET", "/tipsmottagning/api/ko/", DESK, 403),
        ):  # fmt: skip
            answer = raw(front, ask(method, path, name).encode()).decode()
            assert answer.startswith(f"HTTP/1.1 {status} "), (method, path)
            leads_on = f"Location: https://{name}{path}\r\n" in answer
            assert leads_on == (status == 301), (method, path)


def test_no_request_has_two_ends(front):
    """Where nginx and a service disagreed on that, one could put a request into another's line."""
    head = f"POST /sok/ HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n"
    smuggled = f"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: {PUBLIC}\r\n\r\n"
    with served(front, "public"):
        for lines in (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Content-Length: +5\r\n",
            f"Host: {PUBLIC}\r\n",
        ):
            answer = raw(front, f"{head}{lines}\r\n{smuggled}".encode(), name=PUBLIC)
            assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), lines
            assert answer.count(b"HTTP/1.1 ") == 1, lines


def test_nginx_answers_no_trace_and_lists_no_folder(front):
    _lay(front, "static/css/a.css", "files/public/images/a.jpg")
    trace = f"TRACE / HTTP/1.1\r\nHost: {PUBLIC}\r\nX-Secret: a\r\nConnection: close\r\n\r\n"
    with nginx(front):
        answer = raw(front, trace.encode(), name=PUBLIC)
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert b"X-Secret" not in answer
        for path in ("/static/", "/static/css/", "/media/", "/media/images/"):
            status, text, _headers = ask(front, path)
            assert status in (403, 404, 502), path
            assert "a.css" not in text
            assert "a.jpg" not in text


def test_each_name_has_a_service_of_its_own_and_no_address_of_the_others(front):
    asked = ("/admin/login/", "/tipsmottagning/", "/tipsmottagning/api/ko/", "/sok/?q=a")
    with served(front, "public", "editorial", "intake", "desk"):
        for name, service in ((PUBLIC, "public"), (EDITORIAL, "editorial")):
            for path in asked:
                assert ask(front, path, host=name)[1].split()[0] == service
        # The desk's pages are files, and its service has no other addresses than these.
        assert [ask(front, path, host=DESK)[0] for path in asked] == [404, 404, 200, 404]
        assert ask(front, "/tipsmottagning/api/ko/", host=DESK)[1] == "desk "


def test_tls_agrees_on_nothing_old(front):
    with nginx(front):
        assert "New, TLSv1.3" in _handshake(front)
        assert "ECDHE-ECDSA-AES256-GCM-SHA384" in _handshake(
            front, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"
        )
        for old in (
            ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256"],
            ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        ):
            assert "Cipher is (NONE)" in _handshake(front, *old)


def test_keys_are_agreed_on_in_the_way_that_outlasts_today_by_each_name(front):
    """Where this machine's OpenSSL lacks that, in the best way that it has."""
    tls = front.folder / "snippets" / "sapo-tls.conf"
    put = installed_tls(tls.read_text(), front.folder)
    tls.write_text(put)
    best = "X25519MLKEM768" if _has_ml_kem() else "X25519"
    assert ("X25519MLKEM768" in put) == _has_ml_kem()
    with nginx(front):
        for name in NAMES:
            for asked in (f"{best}:X25519", f"X25519:{best}", f"prime256v1:X25519:{best}"):
                assert _group(front, name, asked) == best
        # Browsers of yesterday come in too.
        assert _group(front, PUBLIC, "X25519") == "X25519"
        assert _group(front, PUBLIC, "prime256v1") == "secp256r1"
        assert "Cipher is (NONE)" in _handshake(front, "-groups", "ffdhe2048:secp521r1")
        # Asked for by name: it is not what OpenSSL would have chosen by itself.
        if _has_ml_kem():
            assert "Cipher is (NONE)" in _handshake(front, "-groups", "SecP384r1MLKEM1024")


def _has_ml_kem() -> bool:
    said = run_openssl("list", "-kem-algorithms")
    return "X25519MLKEM768" in said


def _group(server: Nginx, name: str, asked: str) -> str:
    said = _handshake(server, "-tls1_3", "-groups", asked, name=name)
    found = re.search(r"Negotiated TLS1.3 group: (\S+)|(?:Server|Peer) Temp Key: (\w+)", said)
    return (found[1] or found[2]).replace("ECDH", "secp256r1") if found else said


def run_openssl(*words: str) -> str:
    return subprocess.run(["openssl", *words], capture_output=True, text=True, timeout=20).stdout  # noqa: S607


def _handshake(server: Nginx, *options: str, name: str = PUBLIC) -> str:
    address = f"127.0.0.1:{server.port}"
    return subprocess.run(
        [shutil.which("openssl") or "", "s_client", "-connect", address, "-servername", name, *options],
        input="", capture_output=True, text=True, timeout=20,
    ).stdout  # fmt: skip


def test_behind_a_load_balancer_who_sends_is_the_person_and_not_the_balancer(front):
    book = (ROOT / "docs" / "more_machines.md").read_text()
    balancer = re.findall(r"^(set_real_ip_from .*;|real_ip_\w+ .*;)$", book, re.MULTILINE)
    site = front.folder / "site.conf"
    site.write_text("\n".join([*balancer, site.read_text()]).replace("192.0.2.10", "127.0.0.1"))
    with served(front, "intake"):
        for said in ("198.51.100.9", "192.0.2.7, 198.51.100.9"):
            sent = ask(front, FORM, headers={"X-Forwarded-For": said})
            assert sent[1] == "intake 198.51.100.9"


def test_a_machine_for_visitors_tells_the_first_machine_who_sends(machines):
    _first, visitors = machines
    made_up = {"X-Forwarded-For": "192.0.2.7", "X-Sapo-Address": "192.0.2.7"}
    for said in ({}, made_up):
        for path, told in (
            (FORM, "intake 127.0.0.9"),
            ("/tillganglighet/meddelande/", "public 127.0.0.9"),
            ("/en/tillganglighet/meddelande/", "public 127.0.0.9"),
            ("/", "public "),
            ("/sok/?q=x", "public "),
        ):
            assert ask(visitors, path, source="127.0.0.9", headers=said)[1] == told


def test_who_sends_is_told_to_the_intake_and_the_logins_only_and_cannot_be_made_up(front):
    made_up = {"X-Sapo-Address": "192.0.2.7"}
    with served(front, "public", "editorial", "intake", "desk"):
        for path in (
            "/tipsa/x/", FORM, "/en/tipsa/x/", f"/en{FORM}?x=1", "/tipsa/formular/lage.json",
            "/tipsa/formular/lamna/",
        ):  # fmt: skip
            assert ask(front, path, headers=made_up)[1] == "intake 127.0.0.1"
        for path in ("/", "/tipsa-oss/", "/verksamheten/tipsa/", "/tipsmottagning/", "/admin/"):
            assert ask(front, path, headers=made_up)[1] == "public "
        tried = "127.0.0.1"
        for path, told in (
            ("api/ko/", ""), ("api/x/logga-in/", ""), ("api/logga-in/", tried), ("api/utmaning/", tried),
        ):  # fmt: skip
            answer = ask(front, f"/tipsmottagning/{path}", host=DESK, headers=made_up)[1]
            assert answer == f"desk {told}"
        for path, told in (
            ("", ""), ("login/?next=/", tried), ("pages/", ""), ("inloggning/app/", tried),
            ("account/", tried), ("users/", ""),
        ):  # fmt: skip
            answer = ask(front, f"/admin/{path}", host=EDITORIAL, headers=made_up)[1]
            assert answer == f"editorial {told}"
        # Where it is asked again who is there, a password comes along.
        sent = Body({"ask_again_password": "x"})
        for path, told in (("users/3/", tried), ("redaktion/nod/1/", tried), ("pages/", "")):
            answer = ask(front, f"/admin/{path}", host=EDITORIAL, headers=made_up, body=sent)[1]
            assert answer == f"editorial {told}"
        status, _text, headers = ask(front, FORM, host=EDITORIAL)
        assert (status, headers["Location"]) == (302, f"https://{PUBLIC}{FORM}")


def test_what_services_answer_is_counted_and_nothing_of_who_asks_or_of_the_tip_form(front):
    port = free_port()
    counting = subprocess.Popen(
        [need("mtail"), "--progs", ROOT / "deploy/requests.mtail", "--logs", f"unixgram://{front.folder}/requests", "--logtostderr",
         "--address", "127.0.0.1", "--port", str(port)],
        stderr=subprocess.DEVNULL, umask=0,
    )  # fmt: skip
    try:
        until(lambda: (front.folder / "requests").exists())
        with listeners(front, "public", "editorial", "intake"), nginx(front):
            assert ask(front, "/hemlig-fraga/")[0] == ask(front, "/sok/?q=hemligt")[0] == 200
            for host, path in ((EDITORIAL, "/admin/"), (PUBLIC, FORM), (PUBLIC, "/static/no.css")):
                ask(front, path, host=host)

            def told() -> str:
                with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                    return answer.read().decode()

            of = 'host="{}",prog="requests.mtail"'.format
            until(lambda: f"sapo_answer_seconds_count{{{of(EDITORIAL)}}} 1" in told())
            assert f'sapo_requests_total{{{of(PUBLIC)},status="2"}} 2' in told()
            assert "hemlig" not in told()
            assert "tip" not in "".join(
                line for line in told().splitlines() if line.startswith("sapo_")
            )
        with nginx(front):  # the services are gone
            assert [ask(front, path)[0] for path in (FORM, "/nyheter/")] == [502, 502]
            until(lambda: f'sapo_requests_total{{{of(PUBLIC)},status="5"}}' in told())
            assert f'sapo_requests_total{{{of(PUBLIC)},status="5"}} 1' in told()
    finally:
        counting.terminate()
        counting.wait(20)


@contextmanager
def journal(server: Nginx) -> Iterator[list[str]]:
    """A socket in place of the system's journal, and what has been written in it."""
    lines: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(str(server.folder / "journal"))
        (server.folder / "journal").chmod(0o666)

        def read() -> None:
            while line := inbox.recv(4096):
                lines.append(line.decode())

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        yield lines
        inbox.sendto(b"", str(server.folder / "journal"))
        reader.join(5)


def test_what_is_shed_is_told_to_the_journal_and_never_of_whom(front):
    with listeners(front, "public", "intake", "desk"), journal(front) as lines, nginx(front):
        knock = Body({"username": "anna"})
        answered = until_refused(429, front, "/sok/?q=hemligt", source="127.0.0.7")
        answered += until_refused(
            429, front, "/tipsmottagning/api/logga-in/", host=DESK, body=knock
        )
        answered.append(ask(front, "/nyheter/", body=Body({"q": "x" * 70_000})))
        answers = [status for status, *_rest in answered]
        assert {200, 413, 429} == set(answers)
        told = {
            f"{PUBLIC} refused search: 429, limit_req REJECTED, limit_conn -",
            f"{DESK} refused login: 429, limit_req REJECTED, limit_conn -",
            f"{PUBLIC} refused page: 413, limit_req -, limit_conn -",
        }
        # A line for which a busy journal has no room is not sent again.
        until(lambda: {line.partition("sapo: ")[2] for line in lines} >= told)
        assert {line.partition("sapo: ")[2] for line in lines} == told
        assert len(lines) <= answers.count(429) + answers.count(413)
        assert not [line for line in lines if "127.0.0" in line or "hemligt" in line]

        # Of who sends a tip, not even when.
        lines.clear()
        shed = until_refused(503, front, FORM, body=Body({"text": "x"}))
        assert 503 in {status for status, *_rest in shed}
        time.sleep(0.5)
        assert lines == []
    logs = "".join(path.read_text() for path in (front.folder / "log").iterdir())
    assert "127.0.0" not in logs


def test_a_public_file_is_nginxs_and_each_service_is_asked_for_its_own_readers(front):
    for kind, name, text in (
        ("public", "kust.jpg", "en kust"), ("public", "plan.pdf", "%PDF"), ("closed", "hemlig.jpg", "hemligt"),
    ):  # fmt: skip
        (front.var / "files" / kind / "images").mkdir(parents=True, exist_ok=True)
        (front.var / "files" / kind / "images" / name).write_text(text)
    with served(front, "public", "editorial"):
        for host, service in ((PUBLIC, "public"), (EDITORIAL, "editorial")):
            status, text, headers = ask(front, "/media/images/kust.jpg", host=host)
            assert (status, text) == (200, "en kust")
            assert "immutable" in headers["Cache-Control"]
            assert "Content-Disposition" not in headers
            assert (
                ask(front, "/media/images/plan.pdf", host=host)[2]["Content-Disposition"]
                == "attachment"
            )
            for path in (
                "/media/images/hemlig.jpg", "/media/documents/film.vtt",
                "/media/../closed/images/hemlig.jpg", "/media/%2e%2e/closed/images/hemlig.jpg",
                "/media//../closed/images/hemlig.jpg", "/media../closed/images/hemlig.jpg",
            ):  # fmt: skip
                assert ask(front, path, host=host)[:2] == (200, f"{service} ")


def test_the_desks_pages_are_files_and_no_service_is_asked(front):
    for page in desk_pages.PAGES:
        place = front.var / "static" / page.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"en sida: {page.source}")
    tip = "tips/5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11/"
    of_key = ("nyckel/", "nyckel/?nasta=/x/")
    with served(front, "desk", "public"):
        for path in ("", "?alla=1", tip, "vad-som-helst/", *of_key):
            page = desk_pages.KEY_PAGE if path in of_key else desk_pages.DESK_PAGE
            status, text, headers = ask(front, f"/tipsmottagning/{path}", host=DESK)
            assert (status, text) == (200, f"en sida: {page.source}")
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert headers["Cache-Control"] == "no-store"
            assert "form-action 'none'" in headers["Content-Security-Policy"]
            assert headers["Integrity-Policy"] == "blocked-destinations=(script)"
            assert HEADERS.items() <= headers.items()
            form = Body({"username": "anna"})
            assert ask(front, f"/tipsmottagning/{path}", host=DESK, body=form)[0] == 405
        # Nowhere else, and never without their policy.
        for page in desk_pages.PAGES:
            assert ask(front, f"/static/{page.name}", host=DESK)[0] == 404
            assert ask(front, f"/static/{page.name}")[0] == 404
        # Nor has another service's answer the desk's name.
        for path in ("/", "/tipsmottagning"):
            assert ask(front, path, host=DESK)[0] == 302
        for path in ("/media/x.png", "/media/x.vtt", "/admin/", "/x", "/refused.json"):
            assert ask(front, path, host=DESK)[0] == 404
        (front.var / "static" / desk_pages.DESK_PAGE.name).unlink()
        assert ask(front, "/tipsmottagning/", host=DESK)[0] == 404


KO = "/tipsmottagning/api/ko/"


OF_DATA = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def test_what_the_desks_service_answers_is_data_whatever_it_says(front):
    hidden = {
        "Access-Control-Allow-Origin": "*", "Alt-Svc": 'h2="annan.example:443"', "Clear-Site-Data": '"storage"',
        "Integrity-Policy": "x=()", "Link": "</x.js>; rel=preload", "NEL": "{}", "Refresh": "0; url=https://annan.example/",
        "Report-To": "{}", "Reporting-Endpoints": 'a="https://annan.example/"', "Service-Worker-Allowed": "/",
        "SourceMap": "/x", "WWW-Authenticate": 'Basic realm="Nyckel"', "X-Accel-Redirect": "/static/egen.js",
        "X-Accel-Charset": "utf-7", "Content-Security-Policy-Report-Only": "default-src *; report-uri https://annan.example/",
    }  # fmt: skip
    said = {**hidden, "Content-Security-Policy": "script-src *", "Cache-Control": "public, max-age=999",
            "Content-Disposition": "inline", "X-Content-Type-Options": "x"}  # fmt: skip
    types = {
        "text/html": "application/octet-stream", "application/javascript": "application/octet-stream",
        "image/svg+xml": "application/octet-stream", "application/json, text/html": "application/octet-stream",
        "application/json": "application/json", "application/json; charset=utf-8": "application/json",
        "text/csv; charset=utf-16": "text/csv; charset=utf-8", "application/zip": "application/zip",
    }  # fmt: skip
    with served(front, "desk", handler=TakenOver):
        for path in (
            KO,
            "/tipsmottagning/api/register/",
            "/tipsmottagning/api/x.js",
            f"{KO}x.html",
        ):
            for kind, wanted in types.items():
                for status in (200, 401, 409, 500, 503):
                    TakenOver.status, TakenOver.said = status, {**said, "Content-Type": kind}
                    answer, text, headers = ask(front, path, host=DESK)
                    assert (answer, text) == (status, "<script>x>")
                    assert headers["Content-Type"] == wanted
                    assert OF_DATA.items() <= headers.items()
                    assert not hidden.keys() & headers.keys()
        for status in (301, 302, 303, 307, 308, 502, 504):
            TakenOver.status, TakenOver.said = (
                status,
                {**said, "Location": "https://annan.example/"},
            )
            answer, text, headers = ask(front, KO, host=DESK)
            assert (answer, text, headers["Content-Type"]) == (502, "{}", "application/json")
            assert "Location" not in headers
            assert not hidden.keys() & headers.keys()
        # What a browser has been shown it forgets when one logs out, and not before.
        TakenOver.status, TakenOver.said = 200, {"Content-Type": "application/json"}
        left = ask(front, "/tipsmottagning/api/logga-ut/", host=DESK, body=Body({}))[2]
        assert left["Clear-Site-Data"] == '"cache"'
        assert OF_DATA.items() <= left.items()
    # nginx's own page is none for a script.
    with nginx(front):
        answer, text, headers = ask(front, KO, host=DESK)
        assert (answer, text, headers["Content-Type"]) == (502, "{}", "application/json")


def test_what_a_tipster_meets_before_anything_is_sent_is_a_file_and_no_service_is_asked(front):
    for laid in laid_pages.LAID_PAGES:
        for language in ("sv", "en"):
            page = front.var / "static" / laid.file_in(language)
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f"{laid.name} {language}")
    (front.var / "trust").mkdir()
    (front.var / "trust" / "keyring.json").write_text("{}")
    with served(front, "intake", "public"):
        for path, said in (
            ("/tipsa/formular/", "form sv"), ("/tipsa/formular/?x=1", "form sv"), ("/en/tipsa/formular/", "form en"),
            ("/tipsa/", "start sv"), ("/tipsa/?x=1", "start sv"), ("/en/tipsa/", "start en"),
            ("/tipsa/formular/utan-skript/", "without-script sv"),
            ("/en/tipsa/formular/utan-skript/?x=1", "without-script en"),
        ):  # fmt: skip
            status, text, headers = ask(front, path)
            name, language = said.split()
            # 203: no browser keeps it to show it on Back.
            assert (status, text) == (203 if name == "form" else 200, said)
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert headers["Content-Language"] == language
            assert headers["Integrity-Policy"] == "blocked-destinations=(script)"
            policies = headers["Content-Security-Policy"].split(", ")
            assert set(policies[0].split("; ")) == set(policy.LAID.split("; "))
            assert "/static/; worker-src 'none'" in policies[1]
            assert HEADERS.items() <= headers.items()
        # Sent from a page that was opened before the update: it is the intake's.
        for path in ("/tipsa/formular/", "/en/tipsa/formular/"):
            sent = ask(front, path, body=Body({"text": "x"}))
            assert sent[:2] == (200, "intake 127.0.0.1")
            assert "script-src 'none'" in sent[2]["Content-Security-Policy"]
        # Nowhere else, and never without its policy.
        assert ask(front, f"/static/{laid_pages.START.file_in('sv')}")[0] == 404
        assert ask(front, "/tip-form/form.sv.html")[0] == 404
        status, text, headers = ask(front, "/tipsa/nycklar/keyring.json")
        assert (status, text, headers["Content-Type"]) == (200, "{}", "application/json")
        assert "sandbox" in headers["Content-Security-Policy"]
        assert ask(front, "/tipsa/nycklar/saknas.json")[0] == 404
        shutil.rmtree(page.parent)
        for path in ("/en/tipsa/formular/", "/tipsa/", "/tipsa/formular/utan-skript/"):
            assert not ask(front, path)[1].startswith("intake")


@pytest.mark.parametrize("language", ["", "/en"])
def test_only_pages_of_ours_lead_to_the_form_without_script(front, language):
    with served(front, "intake"):
        for site, status in (
            ("cross-site", 303), ("same-site", 303), ("none", 303), ("same-origin", 200), ("", 200),
        ):  # fmt: skip
            headers = {"Sec-Fetch-Site": site} if site else {}
            for path in (f"{language}{FORM}", f"{language}/tipsa/formular/annat/"):
                answer = ask(front, path, headers=headers)
                assert answer[0] == status
                target = f"{language}/tipsa/formular/utan-skript/"
                assert answer[2].get("Location", target).endswith(target)
            # What has been typed is never answered with another page.
            sent = ask(front, f"{language}{FORM}", body=Body({"text": "x"}), headers=headers)
            assert sent[:2] == (200, "intake 127.0.0.1")


@pytest.mark.parametrize("path", ["/tipsa/formular/lage.json", "/tipsa/formular/lamna/"])
def test_what_the_intake_answers_the_page_is_data_whatever_it_says_itself(front, path):
    with served(front, "intake"):
        status, text, headers = ask(front, path)
    assert (status, text) == (200, "intake 127.0.0.1")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Content-Type-Options"].startswith("nosniff")
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "/en"])
def test_the_form_without_script_runs_none_whatever_the_intake_says(front, path):
    with served(front, "intake"):
        headers = ask(front, f"{path}{FORM}")[2]
    assert "script-src 'none'" in headers["Content-Security-Policy"]


def test_nothing_of_a_tip_is_written_on_its_way_through(front, strace):
    marker = f"Kajen {secrets.token_hex(8)}"
    with real_intake(front), nginx(front, traced(strace, front.folder / "trace")):
        assert send_all_kinds(front, marker) == (200, 422)
        with socket.socket(socket.AF_UNIX) as past_nginx:
            past_nginx.connect(str(front.socket("intake")))
            past_nginx.sendall(f"{marker}\r\n{marker}: {marker}\r\n\r\n".encode())
            assert b"400" in past_nginx.recv(1000)
        assert leaks_in(marker, [front.folder]) == []
    assert leaks_in_writes(marker, front.folder / "trace") == []
    assert (front.folder / "intake.log").read_text() == ""


def _begin_to_send(server: Nginx, address: str) -> ssl.SSLSocket:
    """A form of which a little has been sent, and the rest does not come."""
    connection = server.connected(timeout=20)
    head = (
        f"POST {FORM} HTTP/1.1\r\nHost: {PUBLIC}\r\nOrigin: https://{PUBLIC}\r\n"
        f"X-Comes-From: {address}\r\nContent-Type: {Body({}).content_type}\r\n"
        "Content-Length: 900000\r\n\r\n"
    )
    connection.sendall(head.encode() + Body({"text": "trögt"}).content[:-60])
    return connection


def _is_answered(connection: ssl.SSLSocket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        return bool(connection.recv(1))
    except TimeoutError:
        return False


@pytest.mark.parametrize(
    ("senders", "same", "another"),
    [
        (
            [f"2001:db8:7:ab{number:02x}::{number}" for number in range(8)],
            "2001:db8:7:abff:1:2:3:4",
            "2001:db8:7:ac00::1",
        ),
        # Octets that mean something in patterns and texts: a line's end, and nothing.
        ([f"2001:a0a:a00:{number:x}::a" for number in range(8)], "2001:a0a:a00:ff::", "2001:a0a::"),
        (["64:ff9b::192.0.2.1", "192.0.2.1"] * 4, "64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2"),
    ],
    ids=["IPv6", "IPv6 with odd octets", "IPv4, also by NAT64"],
)
def test_one_network_sends_no_more_than_eight_forms_at_once(open_front, senders, same, another):
    body = Body({"token": "x", "text": "Ett till"})
    with real_intake(open_front), nginx(open_front):
        sending = [_begin_to_send(open_front, address) for address in senders]
        assert not any(_is_answered(each, 0.3) for each in sending)

        status, text, _headers = ask(open_front, FORM, body=body, headers=as_from(same))
        assert (status, "har det inte" in text, "010-568 70 00" in text) == (503, True, True)
        assert ask(open_front, FORM, headers=as_from(same))[0] == 203
        assert ask(open_front, FORM, body=body, headers=as_from(another))[0] == 422
        for each in sending:
            each.close()


def test_one_network_sends_no_more_than_a_few_forms_a_second(open_front):
    body = Body({})
    with nginx(open_front):  # where no intake answers it says 502
        answers = until_refused(503, open_front, FORM, body=body, headers=as_from("192.0.2.1"))
        statuses = [status for status, _text, _headers in answers]
        assert statuses.count(502) >= 20
        assert set(statuses) == {502, 503}
        assert "010-568 70 00" in answers[statuses.index(503)][1]
        assert ask(open_front, FORM, headers=as_from("192.0.2.1"))[0] == 502
        assert ask(open_front, FORM, body=body, headers=as_from("192.0.2.2"))[0] == 502


def test_while_thirty_two_send_slowly_the_form_is_shown_and_others_are_told_to_call(open_front):
    fields = {"token": "x", "text": "En bro i dimma"}
    text_only, with_photo = (
        Body(fields, files) for files in ([], [("bro.jpg", "image/jpeg", b"x" * 2_000_000)])
    )
    others = (as_from(f"203.0.113.{number}") for number in range(256))

    def one_more() -> int:
        return ask(open_front, FORM, body=text_only, headers=next(others))[0]

    with real_intake(open_front), nginx(open_front):
        # From as many networks as it takes: one alone is not given the last places.
        senders = [f"10.{number % 8}.0.1" for number in range(32)]
        sending = [_begin_to_send(open_front, address) for address in senders]
        until(lambda: one_more() == 503)
        for number in range(40):
            headers = as_from(f"198.51.100.{number}")
            assert ask(open_front, FORM, headers=headers)[0] == 203
            status, text, _headers = ask(open_front, FORM, body=text_only, headers=headers)
            assert (status, "Många skickar just nu" in text) == (503, True)
            # Where nginx is still passing on a file it may have to answer by itself.
            status, large, _headers = ask(open_front, FORM, body=with_photo, headers=headers)
            assert status in (502, 503)
            for page in (text, large):
                assert "010-568 70 00" in page
                assert "har inte kommit fram" in page or "har det inte\n" in page
        sending.pop().close()
        until(lambda: one_more() == 422)
        for each in sending:
            each.close()
