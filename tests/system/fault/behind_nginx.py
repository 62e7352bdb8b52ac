"""What stands around nginx in these tests: services, ours and others, and who asks it."""

import http.client
import re
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from playwright.sync_api import Browser, BrowserType

from sapo_site.script.checking import production_environment
from tests.browser.conftest import OPTIONS, WITHOUT_WINDOW
from tests.nginx import NAMES, Nginx, free_ports, headers_of, lay_static_files, nginx
from tests.postgres import ROOT, run, step_of
from tests.prepared import prepared
from tests.rings import entries_for, intake_key_in, trust_in
from tips.sealing import age

from .server import FORM, RIPE, Body, token_in

PUBLIC, EDITORIAL, DESK = NAMES
HEADERS = {
    "Strict-Transport-Security": "max-age=63072000",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# As a proxy in front would say it; here, so that a sender can have any address.
FROM_ANYWHERE = "set_real_ip_from 127.0.0.1; real_ip_header X-Comes-From;"


def as_from(address: str) -> dict[str, str]:
    return {"X-Comes-From": address}


# Who asks


def ask(
    server: Nginx,
    path: str,
    *,
    host: str = PUBLIC,
    body: Body | None = None,
    headers: dict[str, str] | None = None,
    slow_reader: bool = False,
    source: str = "",
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1")
    # A small buffer, so that the system does not take the answer in for a slow reader.
    receives = 2048 if slow_reader else 0
    connection.sock = server.connected(host, source=source, receives=receives)
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


def until_refused(
    refusal: int, server: Nginx, path: str, **asked: Any
) -> list[tuple[int, str, dict[str, str]]]:
    """What three are answered who ask at once, until one is refused, however slow the machine is."""
    answers: list[tuple[int, str, dict[str, str]]] = []
    with ThreadPoolExecutor(3) as people:
        while len(answers) < 1200 and refusal not in {status for status, *_rest in answers}:
            answers += people.map(lambda _turn: ask(server, path, **asked), range(60))
    return answers


def raw(server: Nginx, request: bytes, *, name: str = "") -> bytes:
    """What comes back for octets that are sent in the clear, or by TLS with a name."""
    in_clear = ("127.0.0.1", server.plain_port)
    with (
        server.connected(name, timeout=20)
        if name
        else socket.create_connection(in_clear, timeout=20)
    ) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@contextmanager
def browser_that_finds(browser_type: BrowserType, name: str) -> Iterator[Browser]:
    """Chromium, for which the name is this machine, and its certificate good."""
    browser = browser_type.launch(
        executable_path=WITHOUT_WINDOW,
        args=[*OPTIONS, "--ignore-certificate-errors", f"--host-resolver-rules=MAP {name} 127.0.0.1"],
    )  # fmt: skip
    try:
        yield browser
    finally:
        browser.close()


# Services that are none of ours


class Answering(BaseHTTPRequestHandler):
    """Behind a socket, where nobody has an address; says to POST what it says to GET, and logs nothing."""

    def do_GET(self) -> None:
        raise NotImplementedError

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status: int, headers: dict[str, str], content: bytes | str) -> None:
        octets = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def address_string(self) -> str:
        return ""

    def log_message(self, format: str, *args: object) -> None:
        pass


class SaysItsName(Answering):
    """Answers with its service and the header in which nginx says who sends."""

    def do_GET(self) -> None:
        service = Path(str(self.server.server_address)).stem
        self.answer(200, {}, f"{service} {self.headers.get('X-Sapo-Address', '')}")


class TakenOver(Answering):
    """Says whatever might be of use to one who has taken a service over."""

    status: ClassVar[int] = 200
    said: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.answer(self.status, self.said, "<script>x>")


class _Server(socketserver.ThreadingUnixStreamServer):
    request_queue_size = 64


@contextmanager
def listeners(
    server: Nginx, *services: str, handler: type[BaseHTTPRequestHandler] = SaysItsName
) -> Iterator[None]:
    with ExitStack() as listening:
        for service in services:
            listener = _Server(str(server.socket(service)), handler)
            server.socket(service).chmod(0o666)
            threading.Thread(target=listener.serve_forever, daemon=True).start()
            listening.callback(listener.server_close)
            listening.callback(listener.shutdown)
        yield


@contextmanager
def served(
    server: Nginx, *services: str, handler: type[BaseHTTPRequestHandler] = SaysItsName
) -> Iterator[Nginx]:
    """nginx, started, with such services behind it."""
    with listeners(server, *services, handler=handler), nginx(server):
        yield server


# Services of ours


@contextmanager
def as_its_unit_starts(
    role: str, server: Nginx, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A service behind nginx; what it logs lies beside nginx's folders."""
    unit = (ROOT / "deploy" / f"sapo@{role}.service").read_text().replace("\\\n", "")
    command = re.search(r"^ExecStart=\S+ (.*)$", unit, re.MULTILINE)[1].split()  # type: ignore[index]
    log = server.folder / f"{role}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *command, "--bind", f"unix:{server.socket(role)}"],
            cwd=ROOT, env=environment, stdout=written, stderr=written,
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not server.socket(role).exists():
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(40)


@contextmanager
def real_intake(server: Nginx) -> Iterator[subprocess.Popen[bytes]]:
    """The intake, on a database of its own."""
    shutil.copytree(prepared("intake", _set_up), server.var)
    with as_its_unit_starts("intake", server, _environment(server.folder)) as process:
        yield process


def _environment(folder: Path) -> dict[str, str]:
    return {
        **production_environment(),
        "SAPO_ROLES": "intake",
        "SAPO_VAR": str(folder / "var"),
        "SAPO_TIPS_TRUST": str(folder / "var" / "trust"),
        "SAPO_INTAKE_KEY": str(folder / "var" / "intake.key"),
        "TIPS_DATABASE_URL": f"sqlite:///{folder}/var/tips.sqlite3",
        "PATH": "/usr/bin:/bin",
    }


def _set_up(var: Path) -> None:
    with TemporaryDirectory() as folder:
        own = Path(folder) / "var"
        lay_static_files(own)
        trust_in(own / "trust", entries_for([age.generate_identity().recipient]))
        intake_key_in(own / "intake.key")
        migrate = ["migrate", "tips", "--database", "tips"]
        run([sys.executable, "manage.py", *migrate], _environment(Path(folder)))
        shutil.copytree(own, var)


def send_all_kinds(server: Nginx, marker: str) -> tuple[int, int]:
    """A tip with a film, and a form that comes back with all its text to one who reads slowly."""
    token = token_in(ask(server, FORM)[1])
    time.sleep(RIPE)
    film = (f"{marker}.mov", "video/quicktime", f"{marker}|".encode() * 60_000)
    left = ask(server, FORM, body=Body({"token": token, "text": marker}, [film]))

    too_fast = token_in(ask(server, FORM)[1])
    # Six times as long in the page as it was typed.
    fields = dict.fromkeys(("when", "where", "people", "contact"), (marker + '"' * 75)[:100] * 19)
    fields["text"] = (marker + '"' * 75)[:100] * 199
    again = ask(server, FORM, body=Body({"token": too_fast, **fields}), slow_reader=True)
    assert again[1].count(marker) == 199 + 4 * 19
    return left[0], again[0]


# A machine for visitors


def installed_tls(text: str, folder: Path) -> str:
    """The file as deploy/install puts it on a machine whose programs lie in the folder, or here."""
    words = ["/bin/sh", "-euc", f"{step_of('install', 'known_groups')}\nknown_groups"]
    return run(words, {"PATH": f"{folder}:/usr/bin:/bin"}, stdin=text)


def machine_for_visitors(folder: Path, first: Nginx) -> Nginx:
    """nginx as deploy/install makes it where only visitors are served."""
    folder.mkdir()
    server = Nginx(folder, folder / "var", *free_ports(2))
    beside = (ROOT / "deploy" / "nginx-visitors.conf").read_text()
    for there, here in (
        ("192.0.2.20:443", f"127.0.0.1:{first.port}"),
        ("192.0.2.20:80", f"127.0.0.1:{first.plain_port}"),
        ("/etc/ssl/certs/ca-certificates.crt", f"{first.folder}/ssl/fullchain.pem"),
        ("/var/cache/nginx/media", f"{folder}/kept"),
    ):
        assert there in beside
        beside = beside.replace(there, here)
    parts = {"nginx-snippet.conf": "snippet", "nginx-files.conf": "files", "nginx-tips.conf": "tips",
             "nginx.conf": "site"}  # fmt: skip
    step = step_of("visitors", "of_visitor")

    def changed(source: str, text: str) -> str:
        if source not in parts:
            return text
        words = ["/bin/sh", "-euc", f"{step}\nof_visitor {parts[source]}"]
        return run(words, {"PATH": "/usr/bin:/bin"}, stdin=text)

    server.write(beside=beside, changed=changed)
    return server
