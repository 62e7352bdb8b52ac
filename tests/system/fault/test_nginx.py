"""nginx in front of the services, with the configuration that is shipped."""

import http.client
import re
import secrets
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.parse import quote

import pytest

from sapo_site.script.checking import production_environment
from tests.nginx import NAMES, Nginx, headers_of, lay_static_files, nginx
from tests.postgres import ROOT, run
from tests.prepared import prepared
from tests.rings import entries_for, trust_in
from tips.form import policy, sealed_page
from tips.opener import desk_pages
from tips.sealing import age

from .behind_nginx import Answering
from .leaks import leaks_in, leaks_in_writes
from .server import FORM, RIPE, Body, free_port, token_in

PUBLIC, EDITORIAL, DESK = NAMES
_TRACE = "write,pwrite64,writev,pwritev,pwritev2"


def _configured(folder: Path, without: tuple[str, ...] = (), beside: str = "") -> Nginx:
    # The path of a socket has to be short.
    folder.mkdir()
    server = Nginx(folder, folder / "var", free_port(), free_port())
    server.write(without, beside)
    return server


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path("/tmp") / f"sapo-nginx-{secrets.token_hex(4)}"  # noqa: S108
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _ask(
    server: Nginx,
    path: str,
    *,
    host: str = PUBLIC,
    body: Body | None = None,
    headers: dict[str, str] | None = None,
    slow_reader: bool = False,
    source: str = "",
) -> tuple[int, str, dict[str, str]]:
    context = ssl.create_default_context(cafile=server.folder / "ssl" / "fullchain.pem")
    plain = socket.socket()
    plain.settimeout(60)
    if source:
        plain.bind((source, 0))
    if slow_reader:  # so that the system does not take the answer in for it
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    plain.connect(("127.0.0.1", server.port))
    connection = http.client.HTTPConnection("127.0.0.1")
    connection.sock = context.wrap_socket(plain, server_hostname=host)
    connection.putrequest("POST" if body else "GET", path, skip_host=True)
    connection.putheader("Host", host)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body:
        connection.putheader("Origin", f"https://{host}")
        connection.putheader("Content-Type", body.content_type)
        connection.putheader("Content-Length", str(len(body.content)))
    connection.endheaders()
    if body:
        connection.send(body.content)
    if slow_reader:
        time.sleep(2)
    response = connection.getresponse()
    answer = (response.status, response.read().decode(), headers_of(response))
    connection.close()
    return answer


# With nothing but a listener behind it


class _Listener(Answering):
    """Answers with its service and the header in which nginx says who sends."""

    def do_GET(self) -> None:
        service = Path(str(self.server.server_address)).stem
        text = f"{service} {self.headers.get('X-Sapo-Address', '')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class _Server(socketserver.ThreadingUnixStreamServer):
    request_queue_size = 64


@contextmanager
def _listeners(
    server: Nginx, *services: str, handler: type[BaseHTTPRequestHandler] = _Listener
) -> Iterator[None]:
    listening = []
    for service in services:
        path = server.socket(service)
        listener = _Server(str(path), handler)
        path.chmod(0o666)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        listening.append(listener)
    try:
        yield
    finally:
        for listener in listening:
            listener.shutdown()
            listener.server_close()


def test_the_configuration_is_one_that_nginx_takes(folder):
    server = _configured(folder)
    run(server.command("-t"), {"PATH": "/usr/sbin:/usr/bin:/bin"})


def _raw(server: Nginx, request: bytes, *, name: str = "") -> bytes:
    """What comes back for octets that are sent in the clear, or by TLS with a name."""
    port = server.port if name else server.plain_port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        context = ssl.create_default_context(cafile=server.folder / "ssl" / "fullchain.pem")
        connection = context.wrap_socket(plain, server_hostname=name) if name else plain
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_name_that_is_not_ours_gets_no_answer(folder):
    server = _configured(folder)
    ask = "GET /a HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n".format
    stranger = ask("evil.example").encode()
    with _listeners(server, "public", "editorial", "desk"), nginx(server):
        for request in (stranger, ask("127.0.0.1").encode(), b"GET /a HTTP/1.0\r\n\r\n"):
            assert _raw(server, request) == b""
            assert _raw(server, request, name=PUBLIC) == b""
        with pytest.raises(ssl.SSLError):
            _raw(server, stranger, name="evil.example")
        for name in NAMES:
            assert f"Location: https://{name}/a\r\n".encode() in _raw(server, ask(name).encode())
            asked = ask(name).replace("/a", "/halsa/").encode()
            assert b" 200 OK" in _raw(server, asked, name=name)


_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def test_what_nginx_answers_by_itself_has_the_headers_of_every_answer_once(folder):
    server = _configured(folder)
    files = (
        "static/a.css",
        "static/a.0123456789ab.css",
        "files/public/a.jpg",
        "files/public/a.vtt",
    )
    for name in files:
        (server.var / name).parent.mkdir(parents=True, exist_ok=True)
        (server.var / name).touch()
    ask = "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}\r\n".format
    asked = {
        **{ask(f"/{name}", PUBLIC, ""): 200 for name in files},
        ask("/static/b.css", PUBLIC, ""): 404,
        ask("/tipsa/", PUBLIC, ""): 502,
        ask("/", EDITORIAL, ""): 502,
        ask("/tipsa/", EDITORIAL, ""): 302,
        ask("/sida/", PUBLIC, ""): 200,
        ask("/", PUBLIC, "Content-Length: 70000\r\n"): 413,
        ask("/", PUBLIC, f"A: {'x' * 40_000}\r\n"): 400,
        "GET / HTTP/1.1\r\n\r\n": 400,
    }  # fmt: skip
    with _listeners(server, "public"), nginx(server):
        for request, status in asked.items():
            name = EDITORIAL if EDITORIAL in request else PUBLIC
            head = _raw(server, request.encode(), name=name).decode().split("\r\n\r\n")[0]
            _first, *lines = head.split("\r\n")
            assert head.startswith(f"HTTP/1.1 {status} "), request[:80]
            for header in _HEADERS.items():
                assert lines.count(": ".join(header)) == 1, (request[:80], header)
        plain = _raw(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"Strict-Transport-Security" not in plain


def test_nothing_that_nginx_reads_from_the_disk_stands_in_a_frame(folder):
    server = _configured(folder)
    for name in (
        "static/a.css",
        "static/a.0123456789ab.css",
        "files/public/a.jpg",
        "files/public/a.vtt",
    ):
        (server.var / name).parent.mkdir(parents=True, exist_ok=True)
        (server.var / name).touch()
    with nginx(server):
        for path in (
            "/static/a.css",
            "/static/a.0123456789ab.css",
            "/media/a.jpg",
            "/media/a.vtt",
            "/",
        ):
            _status, _text, headers = _ask(server, path)
            policy = headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy, path
            assert "base-uri 'none'" in policy, path


def test_in_clear_only_a_person_who_types_an_address_is_led_on(folder):
    server = _configured(folder)
    ask = "{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".format
    with nginx(server):
        for method, path, name, status in (
            ("GET", "/a", PUBLIC, 301), ("HEAD", "/a", PUBLIC, 301),
            ("POST", "/tipsa/formular/", PUBLIC, 403), ("POST", "/admin/login/", EDITORIAL, 403),
            ("GET", "/tipsmottagning/", DESK, 301), ("GET", "/tipsmottagning/api/ko/", DESK, 403),
        ):  # fmt: skip
            answer = _raw(server, ask(method, path, name).encode()).decode()
            assert answer.startswith(f"HTTP/1.1 {status} "), (method, path)
            leads_on = f"Location: https://{name}{path}\r\n" in answer
            assert leads_on == (status == 301), (method, path)


def test_no_request_has_two_ends(folder):
    """Where nginx and a service disagreed on that, one could put a request into another's line."""
    server = _configured(folder)
    head = f"POST /sok/ HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n"
    smuggled = f"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: {PUBLIC}\r\n\r\n"
    with _listeners(server, "public"), nginx(server):
        for lines in (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Content-Length: +5\r\n",
            f"Host: {PUBLIC}\r\n",
        ):
            answer = _raw(server, f"{head}{lines}\r\n{smuggled}".encode(), name=PUBLIC)
            assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), lines
            assert answer.count(b"HTTP/1.1 ") == 1, lines


def test_nginx_answers_no_trace_and_lists_no_folder(folder):
    server = _configured(folder)
    for name in ("static/css/a.css", "files/public/images/a.jpg"):
        (server.var / name).parent.mkdir(parents=True)
        (server.var / name).touch()
    trace = f"TRACE / HTTP/1.1\r\nHost: {PUBLIC}\r\nX-Secret: a\r\nConnection: close\r\n\r\n"
    with nginx(server):
        answer = _raw(server, trace.encode(), name=PUBLIC)
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert b"X-Secret" not in answer
        for path in ("/static/", "/static/css/", "/media/", "/media/images/"):
            status, text, _headers = _ask(server, path)
            assert status in (403, 404, 502), path
            assert "a.css" not in text
            assert "a.jpg" not in text


def test_each_name_has_a_service_of_its_own_and_no_address_of_the_others(folder):
    server = _configured(folder)
    asked = ("/admin/login/", "/tipsmottagning/", "/tipsmottagning/api/ko/", "/sok/?q=a")
    with _listeners(server, "public", "editorial", "intake", "desk"), nginx(server):
        for name, service in ((PUBLIC, "public"), (EDITORIAL, "editorial")):
            for path in asked:
                assert _ask(server, path, host=name)[1].split()[0] == service
        # The desk's pages are files, and its service has no other addresses than these.
        assert [_ask(server, path, host=DESK)[0] for path in asked] == [404, 404, 200, 404]
        assert _ask(server, "/tipsmottagning/api/ko/", host=DESK)[1] == "desk "


def test_tls_agrees_on_nothing_old(folder):
    server = _configured(folder)
    with nginx(server):
        assert "New, TLSv1.3" in _handshake(server)
        assert "ECDHE-ECDSA-AES256-GCM-SHA384" in _handshake(
            server, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"
        )
        for old in (
            ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256"],
            ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        ):
            assert "Cipher is (NONE)" in _handshake(server, *old)


def test_keys_are_agreed_on_in_the_way_that_outlasts_today_by_each_name(folder):
    """Where this machine's OpenSSL lacks that, in the best way that it has."""
    server = _configured(folder)
    tls = folder / "snippets" / "sapo-tls.conf"
    put = _installed_tls(tls.read_text(), folder)
    tls.write_text(put)
    best = "X25519MLKEM768" if _has_ml_kem() else "X25519"
    assert ("X25519MLKEM768" in put) == _has_ml_kem()
    with nginx(server):
        for name in NAMES:
            for asked in (f"{best}:X25519", f"X25519:{best}", f"prime256v1:X25519:{best}"):
                assert _group(server, name, asked) == best
        # Browsers of yesterday come in too.
        assert _group(server, PUBLIC, "X25519") == "X25519"
        assert _group(server, PUBLIC, "prime256v1") == "secp256r1"
        assert "Cipher is (NONE)" in _handshake(server, "-groups", "ffdhe2048:secp521r1")
        # Asked for by name: it is not what OpenSSL would have chosen by itself.
        if _has_ml_kem():
            assert "Cipher is (NONE)" in _handshake(server, "-groups", "SecP384r1MLKEM1024")


@pytest.mark.parametrize(("listed", "kept"), [("X25519MLKEM768", True), ("X25519", False)])
def test_an_openssl_that_lacks_the_new_exchange_is_given_the_groups_it_knows(folder, listed, kept):
    folder.mkdir()
    text = (ROOT / "deploy" / "nginx-tls.conf").read_text()
    openssl = folder / "openssl"
    openssl.write_text(f'#!/bin/sh\necho "  {listed} @ default"\n')
    openssl.chmod(0o755)
    put = _installed_tls(text, folder)
    groups = "X25519MLKEM768/X25519:prime256v1:secp384r1" if kept else "X25519:prime256v1:secp384r1"
    assert f"ssl_ecdh_curve {groups};" in put


def _has_ml_kem() -> bool:
    said = run_openssl("list", "-kem-algorithms")
    return "X25519MLKEM768" in said


def _installed_tls(text: str, folder: Path) -> str:
    """The file as deploy/install puts it on a machine whose programs lie in the folder, or here."""
    step = _step_of("install", "known_groups")
    return subprocess.run(
        ["/bin/sh", "-euc", f"{step}\nknown_groups"], input=text, capture_output=True, text=True,
        check=True, env={"PATH": f"{folder}:/usr/bin:/bin"},
    ).stdout  # fmt: skip


def _step_of(program: str, name: str) -> str:
    """A function of a shell program in deploy/."""
    script = (ROOT / "deploy" / program).read_text()
    (step,) = re.findall(rf"^{name}\(\) \{{\n.*?^\}}\n", script, re.MULTILINE | re.DOTALL)
    return step


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


def test_behind_a_load_balancer_who_sends_is_the_person_and_not_the_balancer(folder):
    server = _configured(folder)
    _uncomment(folder / "site.conf", {"192.0.2.10": "127.0.0.1"})
    with _listeners(server, "intake"), nginx(server):
        for said in ("198.51.100.9", "192.0.2.7, 198.51.100.9"):
            sent = _ask(server, FORM, headers={"X-Forwarded-For": said})
            assert sent[1] == "intake 198.51.100.9"


def _machine_for_visitors(folder: Path, first: Nginx) -> Nginx:
    """nginx as deploy/install makes it where only visitors are served."""
    folder.mkdir()
    server = Nginx(folder, folder / "var", free_port(), free_port())
    beside = (ROOT / "deploy" / "nginx-visitors.conf").read_text()
    for there, here in (
        ("192.0.2.20:443", f"127.0.0.1:{first.port}"),
        ("192.0.2.20:80", f"127.0.0.1:{first.plain_port}"),
        ("/etc/ssl/certs/ca-certificates.crt", f"{first.folder}/ssl/fullchain.pem"),
        ("/var/cache/nginx/media", f"{folder}/kept"),
    ):
        assert there in beside
        beside = beside.replace(there, here)
    parts = {
        "nginx-snippet.conf": "snippet",
        "nginx-files.conf": "files",
        "nginx-tips.conf": "tips",
        "nginx.conf": "site",
    }
    step = _step_of("visitors", "of_visitor")

    def changed(source: str, text: str) -> str:
        if source not in parts:
            return text
        words = ["/bin/sh", "-euc", f"{step}\nof_visitor {parts[source]}"]
        return subprocess.run(words, input=text, capture_output=True, text=True, check=True).stdout

    server.write(beside=beside, changed=changed)
    return server


@pytest.fixture
def machines(folder: Path) -> Iterator[tuple[Nginx, Nginx]]:
    """The first machine and one for visitors, whose word on who sends the first believes."""
    folder.mkdir()
    first = _configured(folder / "1")
    believed = (
        "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n"
    )
    (first.folder / "snippets" / "sapo-visitors.conf").write_text(believed)
    visitors = _machine_for_visitors(folder / "2", first)
    with (
        _listeners(first, "public", "intake"),
        _listeners(visitors, "public"),
        nginx(first),
        nginx(visitors),
    ):
        yield first, visitors


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
            assert _ask(visitors, path, source="127.0.0.9", headers=said)[1] == told


def test_a_machine_for_visitors_asks_the_first_for_what_is_uploaded_until_it_is_gone(machines):
    first, visitors = machines
    public = first.var / "files" / "public"
    public.mkdir(parents=True)
    (public / "bild.png").write_text("bild")
    answer = _ask(visitors, "/media/bild.png")
    assert answer[1] == "bild"
    for name in ("Cache-Control", "X-Content-Type-Options"):
        assert answer[2][name] == _ask(first, "/media/bild.png")[2][name]
    assert "sandbox" in answer[2]["Content-Security-Policy"]
    (public / "bild.png").unlink()
    time.sleep(2.1)
    assert _ask(visitors, "/media/bild.png")[1] == "public "  # which says what became of it


def test_a_machine_for_visitors_gives_the_page_of_the_tip_form_as_the_first_does(machines):
    """Also where the two have different releases: then the page names files that only the first has."""
    first, visitors = machines
    page = first.var / "static" / "tip-form"
    page.mkdir(parents=True)
    (page / "sv.html").write_text("<h1>Lämna ett tips</h1>")
    own = {"Date", "ETag", "Last-Modified", "Connection", "Content-Length", "Transfer-Encoding"}
    by_first, by_visitors = (_ask(server, "/tipsa/formular/") for server in machines)
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
    script = _ask(visitors, "/static/form.0123456789ab.js")
    assert script[1] == "ny"
    by_first = _ask(first, "/static/form.0123456789ab.js")
    assert script[2].keys() - own == by_first[2].keys() - own
    assert all(script[2][name] == by_first[2][name] for name in script[2].keys() - own)
    assert _ask(visitors, "/static/form.000000000000.js")[0] == 404
    assert _ask(visitors, "/static/form.js")[0] == 404


def test_a_picture_that_was_taken_away_is_not_shown_again_while_the_first_machine_is_away(folder):
    folder.mkdir()
    first = _configured(folder / "1")
    public = first.var / "files" / "public"
    public.mkdir(parents=True)
    for name in ("bild.png", "kvar.png"):
        (public / name).write_text(name)
    visitors = _machine_for_visitors(folder / "2", first)
    with nginx(visitors):
        with nginx(first), _listeners(first, "public"):
            for name in ("bild.png", "kvar.png"):
                assert _ask(visitors, f"/media/{name}?x=1")[1] == name
            (public / "bild.png").unlink()
            time.sleep(2.1)
            assert _ask(visitors, "/media/bild.png?x=2")[1] == "public "  # what became of it
        assert _ask(visitors, "/media/bild.png?x=1")[1] == "public "
        assert _ask(visitors, "/media/kvar.png")[1] == "kvar.png"


def test_a_page_with_many_pictures_is_shown_whole_by_a_machine_for_visitors(machines):
    first, visitors = machines
    public = first.var / "files" / "public"
    public.mkdir(parents=True)
    (public / "bild.png").write_text("bild")
    with ThreadPoolExecutor(40) as readers:
        asked = [f"/media/bild.png?{number}" for number in range(200)]
        statuses = {status for status, *_rest in readers.map(partial(_ask, visitors), asked)}
    assert statuses == {200}


def test_nobody_is_believed_who_says_where_an_editor_comes_from(machines):
    first, _visitors = machines
    site = first.folder / "site.conf"
    assert "allow 127.0.0.1;" in site.read_text()
    made_up = {"X-Forwarded-For": "192.0.2.7"}
    with _listeners(first, "editorial", "desk"):
        for name, path in ((EDITORIAL, "/admin/login/"), (DESK, "/tipsmottagning/api/logga-in/")):
            assert "127.0.0.1" in _ask(first, path, host=name, headers=made_up)[1]


def test_a_machine_for_visitors_has_no_address_of_the_cms_or_the_desk(machines):
    _first, visitors = machines
    for name in (EDITORIAL, DESK):
        with pytest.raises((ssl.SSLError, OSError)):
            _ask(visitors, "/", host=name)


def _uncomment(path: Path, values: dict[str, str]) -> None:
    """Takes the lines into use that are there for an operator to fill in."""
    text = re.sub(r"^#(?=[a-z_]+ \S.*;$)", "", path.read_text(), flags=re.MULTILINE)
    for old, new in values.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_who_sends_is_told_to_the_intake_and_the_logins_only_and_cannot_be_made_up(folder):
    made_up = {"X-Sapo-Address": "192.0.2.7"}
    server = _configured(folder)
    with _listeners(server, "public", "editorial", "intake", "desk"), nginx(server):
        for path in (
            "/tipsa/", FORM, "/en/tipsa/", f"/en{FORM}?x=1", "/tipsa/formular/lage.json",
            "/tipsa/formular/lamna/",
        ):  # fmt: skip
            assert _ask(server, path, headers=made_up)[1] == "intake 127.0.0.1"
        for path in ("/", "/tipsa-oss/", "/verksamheten/tipsa/", "/tipsmottagning/", "/admin/"):
            assert _ask(server, path, headers=made_up)[1] == "public "
        tried = "127.0.0.1"
        for path, told in (
            ("api/ko/", ""), ("api/personer/", ""), ("api/x/logga-in/", ""), ("api/logga-in/", tried), ("api/logga-in/igen/", tried), ("api/ny/", tried),
            ("api/fraga-igen/", tried), ("api/konto/losenord/", tried),
        ):  # fmt: skip
            answer = _ask(server, f"/tipsmottagning/{path}", host=DESK, headers=made_up)[1]
            assert answer == f"desk {told}"
        for path, told in (
            ("", ""), ("login/?next=/", tried), ("pages/", ""), ("inloggning/app/", tried),
            ("account/", tried), ("users/", ""),
        ):  # fmt: skip
            answer = _ask(server, f"/admin/{path}", host=EDITORIAL, headers=made_up)[1]
            assert answer == f"editorial {told}"
        # Where it is asked again who is there, a password comes along.
        sent = Body({"ask_again_password": "x"})
        for path, told in (("users/3/", tried), ("redaktion/nod/1/", tried), ("pages/", "")):
            answer = _ask(server, f"/admin/{path}", host=EDITORIAL, headers=made_up, body=sent)[1]
            assert answer == f"editorial {told}"
        status, _text, headers = _ask(server, FORM, host=EDITORIAL)
        assert (status, headers["Location"]) == (302, f"https://{PUBLIC}{FORM}")


@contextmanager
def _journal(server: Nginx) -> Iterator[list[str]]:
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


def test_what_is_shed_is_told_to_the_journal_and_never_of_whom(folder):
    server = _configured(folder)
    with _listeners(server, "public", "intake", "desk"), _journal(server) as lines, nginx(server):
        knock = Body({"username": "anna"})
        answers = [_ask(server, "/sok/?q=hemligt", source="127.0.0.7")[0] for _search in range(60)]
        answers += [
            _ask(server, "/tipsmottagning/api/logga-in/", host=DESK, body=knock)[0]
            for _knock in range(60)
        ]
        answers.append(_ask(server, "/nyheter/", body=Body({"q": "x" * 70_000}))[0])
        assert {200, 413, 429} == set(answers)
        time.sleep(0.5)

        seen = {line.partition("sapo: ")[2] for line in lines}
        assert seen == {
            f"{PUBLIC} refused search: 429, limit_req REJECTED, limit_conn -",
            f"{DESK} refused login: 429, limit_req REJECTED, limit_conn -",
            f"{PUBLIC} refused page: 413, limit_req -, limit_conn -",
        }
        assert len(lines) == answers.count(429) + answers.count(413)
        assert not [line for line in lines if "127.0.0" in line or "hemligt" in line]

        # Of who sends a tip, not even when.
        lines.clear()
        statuses = {_ask(server, FORM, body=Body({"text": "x"}))[0] for _form in range(60)}
        assert 503 in statuses
        time.sleep(0.5)
        assert lines == []
    logs = "".join(path.read_text() for path in (folder / "log").iterdir())
    assert "127.0.0" not in logs


def test_a_public_file_is_nginxs_and_each_service_is_asked_for_its_own_readers(folder):
    server = _configured(folder)
    for kind, name, text in (
        ("public", "kust.jpg", "en kust"), ("public", "plan.pdf", "%PDF"), ("closed", "hemlig.jpg", "hemligt"),
    ):  # fmt: skip
        (server.var / "files" / kind / "images").mkdir(parents=True, exist_ok=True)
        (server.var / "files" / kind / "images" / name).write_text(text)
    with _listeners(server, "public", "editorial"), nginx(server):
        for host, service in ((PUBLIC, "public"), (EDITORIAL, "editorial")):
            status, text, headers = _ask(server, "/media/images/kust.jpg", host=host)
            assert (status, text) == (200, "en kust")
            assert "immutable" in headers["Cache-Control"]
            assert "Content-Disposition" not in headers
            assert (
                _ask(server, "/media/images/plan.pdf", host=host)[2]["Content-Disposition"]
                == "attachment"
            )
            for path in (
                "/media/images/hemlig.jpg", "/media/documents/film.vtt",
                "/media/../closed/images/hemlig.jpg", "/media/%2e%2e/closed/images/hemlig.jpg",
                "/media//../closed/images/hemlig.jpg", "/media../closed/images/hemlig.jpg",
            ):  # fmt: skip
                assert _ask(server, path, host=host)[:2] == (200, f"{service} ")


def test_when_the_intake_does_not_answer_the_page_has_telephone_numbers_and_no_log_a_line(folder):
    server = _configured(folder)
    body = Body({"token": "x", "text": "En drönare över hamnen"}, [("a.jpg", "", b"x" * 300_000)])
    with nginx(server):
        for path, sent in ((FORM, None), (FORM, body), ("/en/tipsa/", None)):
            status, text, _headers = _ask(server, path, body=sent)
            assert status == 502
            assert "010-568 70 00" in text
            assert "112" in text
    logs = {path.name: path.read_text() for path in (folder / "log").iterdir()}
    assert not [name for name, text in logs.items() if "tipsa" in text or "127.0.0.1" in text]


def test_when_the_desk_does_not_answer_no_log_holds_which_tip_somebody_asked_for(folder):
    tip = "5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11"
    server = _configured(folder)
    with nginx(server):
        for path, status in ((f"tips/{tip}/", 404), (f"api/tips/{tip}/oppna/", 502)):
            assert _ask(server, f"/tipsmottagning/{path}", host=DESK)[0] == status
    logs = {path.name: path.read_text() for path in (folder / "log").iterdir()}
    assert not [name for name, text in logs.items() if tip in text or "127.0.0.1" in text]


def test_who_asks_how_a_page_looked_stands_in_no_log(folder):
    server = _configured(folder)
    asked = "/admin/sa-sag-sidan/?address=/verksamheten/valet/"
    with nginx(server):  # it answers 502, which is more than nginx says of what goes well
        for path in ("/admin/pages/", asked, "/admin/sa-sag-sidan/visat/x/verksamheten/valet/"):
            assert _ask(server, path, host=EDITORIAL)[0] == 502
    logs = "".join(path.read_text() for path in (folder / "log").iterdir())
    assert "/admin/pages/" in logs
    assert "valet" not in logs


def test_who_logs_in_to_ask_how_a_page_looked_leaves_no_line_with_it(folder):
    server = _configured(folder)
    login = f"/admin/login/?next={quote('/admin/sa-sag-sidan/?address=/verksamheten/valet/')}"
    with _listeners(server, "editorial"), nginx(server):
        assert _ask(server, login, host=EDITORIAL)[0] == 200
        assert _ask(server, "/admin/x/", host=EDITORIAL, headers={"Referer": login})[0] == 200
        assert _ask(server, "/admin/pages/", host=EDITORIAL)[0] == 200
    logs = "".join(path.read_text() for path in (folder / "log").iterdir())
    assert "/admin/pages/" in logs
    assert "valet" not in logs


def test_the_desks_pages_are_files_and_no_service_is_asked(folder):
    server = _configured(folder)
    for page in desk_pages.PAGES:
        place = server.var / "static" / page.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"en sida: {page.source}")
    tip = "tips/5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11/"
    of_login = ("logga-in/", "logga-in/?nasta=/x/", "ny/", "konto/", "personer/")
    with _listeners(server, "desk", "public"), nginx(server):
        for path in ("", "?alla=1", tip, "vad-som-helst/", *of_login):
            page = desk_pages.LOGIN_PAGE if path in of_login else desk_pages.DESK_PAGE
            status, text, headers = _ask(server, f"/tipsmottagning/{path}", host=DESK)
            assert (status, text) == (200, f"en sida: {page.source}")
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert headers["Cache-Control"] == "no-store"
            assert "form-action 'none'" in headers["Content-Security-Policy"]
            assert headers["Integrity-Policy"] == "blocked-destinations=(script)"
            assert _HEADERS.items() <= headers.items()
            form = Body({"username": "anna"})
            assert _ask(server, f"/tipsmottagning/{path}", host=DESK, body=form)[0] == 405
        # Nowhere else, and never without their policy.
        for page in desk_pages.PAGES:
            assert _ask(server, f"/static/{page.name}", host=DESK)[0] == 404
            assert _ask(server, f"/static/{page.name}")[0] == 404
        # Nor has another service's answer the desk's name.
        for path in ("/", "/tipsmottagning"):
            assert _ask(server, path, host=DESK)[0] == 302
        for path in ("/media/x.png", "/media/x.vtt", "/admin/", "/x", "/refused.json"):
            assert _ask(server, path, host=DESK)[0] == 404
        (server.var / "static" / desk_pages.DESK_PAGE.name).unlink()
        assert _ask(server, "/tipsmottagning/", host=DESK)[0] == 404


class _TakenOver(Answering):
    """Says whatever might be of use to one who has taken the desk's service over."""

    status: ClassVar[int] = 200
    said: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.send_response(self.status)
        for name, value in self.said.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"<script>x>")


class _TakenOverWhileItLooks(_TakenOver):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked[:] = [name for name in self.headers if self.headers[name]]
        super().do_GET()


@pytest.mark.parametrize("path", ["/tipsa/", "/en/tipsa/x/", FORM, "/tipsa/formular/lage.json"])
def test_an_intake_that_is_taken_over_marks_no_tipster_and_knows_none_again(folder, path):
    server = _configured(folder)
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
    with _listeners(server, "intake", handler=_TakenOverWhileItLooks), nginx(server):
        headers = _ask(server, path, headers=of_a_browser)[2]
    assert not marks.keys() & headers.keys()
    assert headers["Cache-Control"] == "no-store"
    assert not of_a_browser.keys() & set(_TakenOverWhileItLooks.asked)


KO = "/tipsmottagning/api/ko/"
OF_DATA = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def test_what_the_desks_service_answers_is_data_whatever_it_says(folder):
    server = _configured(folder)
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
    with _listeners(server, "desk", handler=_TakenOver), nginx(server):
        for path in (KO, "/tipsmottagning/api/konto/", "/tipsmottagning/api/x.js", f"{KO}x.html"):
            for kind, wanted in types.items():
                for status in (200, 401, 409, 500, 503):
                    _TakenOver.status, _TakenOver.said = status, {**said, "Content-Type": kind}
                    answer, text, headers = _ask(server, path, host=DESK)
                    assert (answer, text) == (status, "<script>x>")
                    assert headers["Content-Type"] == wanted
                    assert OF_DATA.items() <= headers.items()
                    assert not hidden.keys() & headers.keys()
        for status in (301, 302, 303, 307, 308, 502, 504):
            _TakenOver.status, _TakenOver.said = (
                status,
                {**said, "Location": "https://annan.example/"},
            )
            answer, text, headers = _ask(server, KO, host=DESK)
            assert (answer, text, headers["Content-Type"]) == (502, "{}", "application/json")
            assert "Location" not in headers
            assert not hidden.keys() & headers.keys()
        # What a browser has been shown it forgets when one logs out, and not before.
        _TakenOver.status, _TakenOver.said = 200, {"Content-Type": "application/json"}
        left = _ask(server, "/tipsmottagning/api/logga-ut/", host=DESK, body=Body({}))[2]
        assert left["Clear-Site-Data"] == '"cache"'
        assert OF_DATA.items() <= left.items()
    # nginx's own page is none for a script.
    with nginx(server):
        answer, text, headers = _ask(server, KO, host=DESK)
        assert (answer, text, headers["Content-Type"]) == (502, "{}", "application/json")


def test_where_a_tip_is_sealed_is_a_file_and_no_service_is_asked(folder):
    server = _configured(folder)
    for language in ("sv", "en"):
        page = server.var / "static" / sealed_page.file_of(language)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"en sida {language}")
    (server.var / "trust").mkdir()
    (server.var / "trust" / "keyring.json").write_text("{}")
    with _listeners(server, "intake", "public"), nginx(server):
        for path, language in (
            ("/tipsa/formular/", "sv"), ("/tipsa/formular/?x=1", "sv"), ("/en/tipsa/formular/", "en"),
        ):  # fmt: skip
            status, text, headers = _ask(server, path)
            # 203: no browser keeps it to show it on Back.
            assert (status, text) == (203, f"en sida {language}")
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert headers["Content-Language"] == language
            assert headers["Integrity-Policy"] == "blocked-destinations=(script)"
            policies = headers["Content-Security-Policy"].split(", ")
            assert set(policies[0].split("; ")) == set(policy.SEALING.split("; "))
            assert "/static/; worker-src 'none'" in policies[1]
            assert _HEADERS.items() <= headers.items()
        # Sent from a page that was opened before the update: it is the intake's.
        for path in ("/tipsa/formular/", "/en/tipsa/formular/"):
            sent = _ask(server, path, body=Body({"text": "x"}))
            assert sent[:2] == (200, "intake 127.0.0.1")
            assert "script-src 'none'" in sent[2]["Content-Security-Policy"]
        # Nowhere else, and never without its policy.
        assert _ask(server, f"/static/{sealed_page.file_of('sv')}")[0] == 404
        assert _ask(server, "/tip-form/sv.html")[0] == 404
        status, text, headers = _ask(server, "/tipsa/nycklar/keyring.json")
        assert (status, text, headers["Content-Type"]) == (200, "{}", "application/json")
        assert "sandbox" in headers["Content-Security-Policy"]
        assert _ask(server, "/tipsa/nycklar/saknas.json")[0] == 404
        page.unlink()
        assert _ask(server, "/en/tipsa/formular/")[:2] != (203, "intake 127.0.0.1")


@pytest.mark.parametrize("path", ["/tipsa/formular/lage.json", "/tipsa/formular/lamna/"])
def test_what_the_intake_answers_the_page_is_data_whatever_it_says_itself(folder, path):
    server = _configured(folder)
    with _listeners(server, "intake"), nginx(server):
        status, text, headers = _ask(server, path)
    assert (status, text) == (200, "intake 127.0.0.1")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Content-Type-Options"].startswith("nosniff")
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "/en"])
def test_the_form_without_script_runs_none_whatever_the_intake_says(folder, path):
    server = _configured(folder)
    with _listeners(server, "intake"), nginx(server):
        headers = _ask(server, f"{path}{FORM}")[2]
    assert "script-src 'none'" in headers["Content-Security-Policy"]


# With a real intake behind it


def _environment(folder: Path) -> dict[str, str]:
    return {
        **production_environment(),
        "SAPO_ROLES": "intake",
        "SAPO_VAR": str(folder / "var"),
        "SAPO_TIPS_TRUST": str(folder / "var" / "trust"),
        "TIPS_DATABASE_URL": f"sqlite:///{folder}/var/tips.sqlite3",
        "PATH": "/usr/bin:/bin",
    }


def _set_up(var: Path) -> None:
    with TemporaryDirectory() as folder:
        own = Path(folder) / "var"
        lay_static_files(own)
        trust_in(own / "trust", entries_for([age.generate_identity().recipient]))
        migrate = ["migrate", "tips", "--database", "tips"]
        run([sys.executable, "manage.py", *migrate], _environment(Path(folder)))
        shutil.copytree(own, var)


@contextmanager
def _intake(server: Nginx, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The intake as its unit starts it, on a database of its own."""
    shutil.copytree(prepared("intake", _set_up), folder / "var")
    environment = _environment(folder)
    unit = (ROOT / "deploy" / "sapo@intake.service").read_text().replace("\\\n", "")
    command = re.search(r"^ExecStart=\S+ (.*)$", unit, re.MULTILINE)[1].split()  # type: ignore[index]
    with (folder / "intake.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--bind", f"unix:{server.socket('intake')}"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(600):
            if server.socket("intake").exists():
                break
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(40)


def _traced(strace: str, folder: Path) -> tuple[str, ...]:
    options = ["-f", "-y", "-xx", "-s", "512", "--quiet=all", "-e", f"trace={_TRACE}"]
    return (strace, *options, "-o", str(folder / "trace"))


def _send_all_kinds(server: Nginx, marker: str) -> tuple[int, int]:
    """A tip with a film, and a form that comes back with all its text to one who reads slowly."""
    token = token_in(_ask(server, FORM)[1])
    time.sleep(RIPE)
    film = (f"{marker}.mov", "video/quicktime", f"{marker}|".encode() * 60_000)
    left = _ask(server, FORM, body=Body({"token": token, "text": marker}, [film]))

    too_fast = token_in(_ask(server, FORM)[1])
    # Six times as long in the page as it was typed.
    fields = dict.fromkeys(("when", "where", "people", "contact"), (marker + '"' * 75)[:100] * 19)
    fields["text"] = (marker + '"' * 75)[:100] * 199
    again = _ask(server, FORM, body=Body({"token": too_fast, **fields}), slow_reader=True)
    assert again[1].count(marker) == 199 + 4 * 19
    return left[0], again[0]


def test_nothing_of_a_tip_is_written_on_its_way_through(folder, strace):
    marker = f"Kajen {secrets.token_hex(8)}"
    server = _configured(folder)
    with _intake(server, folder), nginx(server, _traced(strace, folder)):
        assert _send_all_kinds(server, marker) == (200, 422)
        with socket.socket(socket.AF_UNIX) as past_nginx:
            past_nginx.connect(str(server.socket("intake")))
            past_nginx.sendall(f"{marker}\r\n{marker}: {marker}\r\n\r\n".encode())
            assert b"400" in past_nginx.recv(1000)
        assert leaks_in(marker, [folder]) == []
    assert leaks_in_writes(marker, folder / "trace") == []
    assert (folder / "intake.log").read_text() == ""


def test_the_detector_sees_what_nginx_would_write_without_those_lines(folder, strace):
    marker = f"Kajen {secrets.token_hex(8)}"
    lines = ("proxy_request_buffering", "proxy_buffering", "proxy_max_temp_file_size")
    server = _configured(folder, lines)
    with _intake(server, folder), nginx(server, _traced(strace, folder)):
        _send_all_kinds(server, marker)
    written = leaks_in_writes(marker, folder / "trace")
    for kind in ("client_body", "proxy"):
        assert [each for each in written if f"{folder}/temp/{kind}/" in each], kind


# Those who send slowly, to hold what others need

# As a proxy in front would say it; here, so that a sender can have any address.
_FROM_ANYWHERE = "set_real_ip_from 127.0.0.1; real_ip_header X-Comes-From;"


def _begin_to_send(server: Nginx, address: str) -> ssl.SSLSocket:
    """A form of which a little has been sent, and the rest does not come."""
    context = ssl.create_default_context(cafile=server.folder / "ssl" / "fullchain.pem")
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection = context.wrap_socket(plain, server_hostname=PUBLIC)
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


def _as_from(address: str) -> dict[str, str]:
    return {"X-Comes-From": address}


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
def test_one_network_sends_no_more_than_eight_forms_at_once(folder, senders, same, another):
    server = _configured(folder, beside=_FROM_ANYWHERE)
    body = Body({"token": "x", "text": "Ett till"})
    with _intake(server, folder), nginx(server):
        sending = [_begin_to_send(server, address) for address in senders]
        assert not any(_is_answered(each, 0.3) for each in sending)

        status, text, _headers = _ask(server, FORM, body=body, headers=_as_from(same))
        assert (status, "har det inte" in text, "010-568 70 00" in text) == (503, True, True)
        assert _ask(server, FORM, headers=_as_from(same))[0] == 203
        assert _ask(server, FORM, body=body, headers=_as_from(another))[0] == 422
        for each in sending:
            each.close()


def test_one_network_sends_no_more_than_a_few_forms_a_second(folder):
    server = _configured(folder, beside=_FROM_ANYWHERE)
    body = Body({})
    with nginx(server):  # where no intake answers it says 502
        answers = [_ask(server, FORM, body=body, headers=_as_from("192.0.2.1")) for _ in range(60)]
        statuses = [status for status, _text, _headers in answers]
        assert statuses[:20] == [502] * 20
        assert 503 in statuses
        assert "010-568 70 00" in answers[statuses.index(503)][1]
        assert _ask(server, FORM, headers=_as_from("192.0.2.1"))[0] == 502
        assert _ask(server, FORM, body=body, headers=_as_from("192.0.2.2"))[0] == 502


def test_while_thirty_two_send_slowly_the_form_is_shown_and_others_are_told_to_call(folder):
    server = _configured(folder, beside=_FROM_ANYWHERE)
    fields = {"token": "x", "text": "En bro i dimma"}
    text_only, with_photo = (
        Body(fields, files) for files in ([], [("bro.jpg", "image/jpeg", b"x" * 2_000_000)])
    )
    with _intake(server, folder), nginx(server):
        # From as many networks as it takes: one alone is not given the last places.
        senders = [f"10.{number % 8}.0.1" for number in range(32)]
        sending = [_begin_to_send(server, address) for address in senders]
        time.sleep(0.5)
        for number in range(40):
            asked = time.monotonic()
            headers = _as_from(f"198.51.100.{number}")
            assert _ask(server, FORM, headers=headers)[0] == 203
            status, text, _headers = _ask(server, FORM, body=text_only, headers=headers)
            assert (status, "Många skickar just nu" in text) == (503, True)
            # Where nginx is still passing on a file it may have to answer by itself.
            status, large, _headers = _ask(server, FORM, body=with_photo, headers=headers)
            assert status in (502, 503)
            for page in (text, large):
                assert "010-568 70 00" in page
                assert "har inte kommit fram" in page or "har det inte\n" in page
            assert time.monotonic() - asked < 2
        sending.pop().close()
        time.sleep(0.5)
        assert _ask(server, FORM, body=text_only)[0] == 422
        for each in sending:
            each.close()
