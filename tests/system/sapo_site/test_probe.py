"""What another machine sees of the site, and when it says so."""

import http.server
import socket
import ssl
import threading
import time

import pytest

from sapo_site.operating import probe
from tests.nginx import NAMES, certificate_in

FORM = "/tipsa/formular/lage.json"
ADDRESS = f"https://{NAMES[0]}"


class _Site(http.server.BaseHTTPRequestHandler):
    lacking: dict[str, int] = {}
    apart = 0

    def do_GET(self) -> None:
        self.send_response_only(self.lacking.get(self.path, 200))
        self.send_header("Date", self.date_time_string(time.time() + self.apart))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_about: object) -> None:
        pass


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(_Site, "lacking", {})
    monkeypatch.setattr(probe, "_PATIENCE_SECONDS", 2)
    certificate_in(tmp_path, days=30)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "key.pem")
    server.socket = served.wrap_socket(server.socket, server_side=True)
    connect = socket.create_connection

    def here(_address, *others):
        return connect(server.server_address, *others)

    monkeypatch.setattr(socket, "create_connection", here)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    yield _Site
    server.shutdown()
    server.server_close()


@pytest.fixture
def asks(tmp_path, capsys):
    """Asks once, as cron does each minute: what it says, and what it ends with."""

    def ask() -> tuple[str, int]:
        with pytest.raises(SystemExit) as ended:
            probe.probe_site([ADDRESS, str(tmp_path / "state")])
        return capsys.readouterr().out.replace(f"{ADDRESS}: ", ""), int(ended.value.code)

    return ask


def test_what_begins_is_said_once_and_what_is_over_too(site, asks):
    assert asks() == ("", 0)
    site.lacking[FORM] = 503
    assert asks() == ("", 0)  # once may be chance
    assert asks() == ("FEL: tipsformuläret svarar 503.\n", 1)
    assert asks() == ("", 0)
    site.lacking["/"] = 502
    asks()
    assert asks() == ("FEL: startsidan svarar 502.\n", 1)
    site.lacking.clear()
    assert asks() == ("Över: startsidan.\nÖver: tipsformuläret.\n", 0)
    assert asks() == ("", 0)


def test_a_site_that_nobody_reaches_is_said(site, asks, monkeypatch):
    def refuses(*_given):
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr(socket, "create_connection", refuses)
    asks()
    said, code = asks()
    assert said.count("svarar inte (Connection refused)") == 3
    assert code == 1


def test_a_certificate_that_ends_and_a_clock_that_is_wrong_are_said(
    site, asks, tmp_path, monkeypatch
):
    monkeypatch.setattr(site, "apart", -90)
    monkeypatch.setattr(probe, "_CERTIFICATE_DAYS", 31)
    asks()
    assert asks()[0] == (
        "FEL: certifikatet går ut om 30 dygn.\nFEL: klockan går inte lika där och här.\n"
    )


def test_what_was_kept_and_is_damaged_begins_anew(site, asks, tmp_path):
    for damaged in ("", "[1]", "nej"):
        (tmp_path / "state").write_text(damaged)
        assert asks() == ("", 0)


def test_a_wrong_word_or_place_is_one_line(site, tmp_path):
    for words in ([], ["www.example.se", "x"], [ADDRESS, str(tmp_path / "missing" / "state")]):
        with pytest.raises(SystemExit, match=r"^(Ange webbplatsens adress|.*går inte att skriva)"):
            probe.probe_site(words)
