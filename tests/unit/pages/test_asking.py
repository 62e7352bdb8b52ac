"""The program that asks other websites: what it takes for an answer, and whom it never asks."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ground import asking
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[3]


def _location(target: list[str]) -> str:
    path = "/".join(target)
    return path if path == "ftp:" else f"/{path or 'to/'}"


class _Website(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.asked.append((self.command, self.path))
        match self.path.strip("/").split("/"):
            case ["no-head"] if self.command == "HEAD":
                self.send_error(405)
            case ["hangs-up"] if self.command == "HEAD":
                self.connection.close()
            case ["to", *target]:
                self.send_response(302)
                self.send_header("Location", _location(target))
                self.end_headers()
            case ["drips"]:
                self._drip()
            case ["endless"]:
                self.send_response(200)
                self.end_headers()
                self._fill()
            case ["heads"]:
                self.wfile.write(b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n")
            case ["nonsense"]:
                self.wfile.write(b"220 mail.example ready\r\n")
            case [number] if number.isdecimal():
                self.send_response(int(number))
                self.end_headers()
            case _:
                self.send_response(200)
                self.end_headers()

    def _drip(self) -> None:
        try:
            for letter in b"HTTP/1.0 200 OK" * 100:
                self.wfile.write(bytes([letter]))
                time.sleep(0.05)
        except OSError:
            return

    def _fill(self) -> None:
        try:
            while True:
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def website() -> Iterator[str]:
    _Website.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Website)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@every_row(
    ("path", "status", "is_failing"),
    [
        ("/", "200", False),
        ("/sökväg med blank?å=ä", "200", False),
        ("/no-head", "200", False),
        ("/hangs-up", "200", False),
        ("/404", "404", True),
        ("/410", "410", True),
        ("/500", "500", True),
        ("/403", "403", False),  # it answers, but not to a program
        ("/429", "429", False),
        ("/to/200", "200", False),
        ("/to/to/to/404", "404", True),
        ("/to/", "redirects", True),
        ("/to/ftp:", "refused", False),
        ("/heads", "strange", True),
        ("/nonsense", "strange", True),
        ("/endless", "200", False),
    ],
)
def test_an_answer_is_read_and_nothing_more(website, path, status, is_failing):
    found = asking.ask(website + path, may_be_private=True)
    assert (found.status, found.is_failing) == (status, is_failing)


def test_a_website_that_sends_a_letter_a_second_is_not_waited_for(website, monkeypatch):
    monkeypatch.setattr(asking, "_LONGEST", 0.4)
    assert asking.ask(f"{website}/drips", may_be_private=True).status == "timeout"


def test_where_nobody_listens_there_is_no_answer():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        found = asking.ask(f"http://127.0.0.1:{port}/", may_be_private=True)
    assert (found.status, found.is_failing) == ("connection", True)


@every_row(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://127.1/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://[ff02::1]/", "http://192.0.2.1/",
        "http://[64:ff9b:1::a00:1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:127.0.0.1]/",
        "http://[fec0::1]/",
        "http://anna:hemligt@www.example.org/", "http://www.example.org:22/",
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/",
    ],
)  # fmt: skip
def test_no_machine_of_our_own_is_asked(address, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_given: pytest.fail("connected"))
    assert asking.ask(address) == asking.AskedLink(address, "refused", is_failing=False)


def test_a_redirect_does_not_lead_inside(website, monkeypatch):
    port = int(website.rpartition(":")[2])
    monkeypatch.setattr(asking, "_PORTS", {"http": port, "https": 443})
    monkeypatch.setattr(asking, "is_of_the_internet", lambda address: address == "127.0.0.1")
    assert asking.ask(f"{website}/to/200").status == "200"
    assert asking.ask(f"{website}/to//127.0.0.2:{port}/200").status == "refused"


def test_a_name_is_looked_up_once_and_that_answer_is_connected_to(website, monkeypatch):
    port = int(website.rpartition(":")[2])
    looked_up, connected = [], []
    real = socket.socket.connect

    def getaddrinfo(host, *_given, **_more):
        looked_up.append(host)
        place = ("93.184.216.34" if len(looked_up) == 1 else "10.0.0.1", port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)]

    def connect(wire, place):
        connected.append(place[0])
        return real(wire, ("127.0.0.1", port))

    monkeypatch.setattr(asking, "_PORTS", {"http": port, "https": 443})
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert asking.ask(f"http://www.example.org:{port}/").status == "200"
    assert (looked_up, connected) == (["www.example.org"], ["93.184.216.34"])
    # The second time the name leads inside.
    assert asking.ask(f"http://www.example.org:{port}/").status == "refused"
    assert connected == ["93.184.216.34"]


def test_one_website_is_asked_one_question_after_the_other(website, monkeypatch):
    waits = []
    monkeypatch.setattr(asking, "time", SimpleNamespace(sleep=waits.append))
    addresses = [f"{website}/{number}" for number in (200, 204, 404, 200)]
    found = list(asking.ask_all(addresses, may_be_private=True))
    assert [each.status for each in found] == ["200", "204", "404"]
    assert waits == [asking._BETWEEN] * 2
    assert [path for _method, path in _Website.asked] == ["/200", "/204", "/404", "/404"]


@given(st.text(max_size=80))
def test_no_address_breaks_the_program(text):
    def no_network(*_given, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "no network")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", no_network)
        for address in (text, f"http://{text}", f"https://www.example.org/{text}"):
            assert asking.ask(address).status in ("name", "refused", "strange")
