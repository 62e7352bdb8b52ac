"""The site's own nginx configuration on loopback: as in deploy/, but for folders and ports."""

import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sapo_site.script.checking import DOMAIN, production_environment
from tests.lacking import lacking
from tests.postgres import ROOT, run
from tests.prepared import prepared

NAMES = tuple(f"{name}.{DOMAIN}" for name in ("www", "redaktion", "tipsmottagning"))


class Nginx:
    """The server, with its sockets to the services under `folder / "run"`."""

    def __init__(self, folder: Path, var: Path, port: int, plain_port: int) -> None:
        self.folder = folder
        self.var = var
        self.port = port
        self.plain_port = plain_port

    def socket(self, service: str) -> Path:
        return self.folder / "run" / f"{service}.sock"

    def write(
        self,
        without: tuple[str, ...] = (),
        beside: str = "",
        site: str = "nginx.conf",
        changed: Callable[[str, str], str] = lambda source, text: text,
    ) -> None:
        """Writes the configuration without lines that begin so; `beside` stands next to its servers.

        `changed` is given the name of each file and its text, and gives the text that is written.
        """
        for name in ("run", "log", "snippets", "ssl", "temp"):
            (self.folder / name).mkdir()
        certificate_in(self.folder / "ssl")
        for name, source in (
            ("snippets/sapo.conf", "nginx-snippet.conf"),
            ("snippets/sapo-tls.conf", "nginx-tls.conf"),
            ("snippets/sapo-headers.conf", "nginx-headers.conf"),
            ("snippets/sapo-tips.conf", "nginx-tips.conf"),
            ("snippets/sapo-edition.conf", "nginx-edition.conf"),
            *(
                (f"snippets/sapo-{part}.conf", f"nginx-{part}.conf")
                for part in (
                    "maps",
                    "crisis",
                    "files",
                    "programs",
                    "shield",
                    "hidden",
                    "desk-page",
                    "desk-api",
                    "tip-form",
                    "tip-answers",
                    "requests",
                )
            ),
            ("site.conf", site),
        ):
            lines = (ROOT / "deploy" / source).read_text().splitlines()
            text = "\n".join(line for line in lines if not line.strip().startswith(without or "\n"))
            (self.folder / name).write_text(self._on_loopback(changed(source, f"{text}\n")))
        temporary = "".join(
            f"    {kind}_temp_path {self.folder}/temp/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nmaster_process on;\nworker_processes 1;\n"
            f"{'user root;' if os.geteuid() == 0 else ''}\n"
            f"pid {self.folder}/pid;\nerror_log {self.folder}/log/error.log;\n"
            "events { worker_connections 768; }\n"
            f"http {{\n    access_log {self.folder}/log/access.log;\n{temporary}"
            "    include /etc/nginx/mime.types;\n"
            f"    {beside}\n    include {self.folder}/site.conf;\n}}\n"
        )

    def connected(
        self, host: str = NAMES[0], *, timeout: float = 60, source: str = "", receives: int = 0
    ) -> ssl.SSLSocket:
        """A connection by TLS to one of its names; with another address or a smaller buffer of its own."""
        context = ssl.create_default_context(cafile=self.folder / "ssl" / "fullchain.pem")
        plain = socket.socket()
        plain.settimeout(timeout)
        if source:
            plain.bind((source, 0))
        if receives:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        plain.connect(("127.0.0.1", self.port))
        return context.wrap_socket(plain, server_hostname=host)

    def let_certificate_run_out(self) -> None:
        certificate_in(self.folder / "ssl", days=-1)

    def renew_certificate(self) -> None:
        certificate_in(self.folder / "ssl")

    def command(self, *words: str) -> list[str]:
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            lacking("nginx-light")
        return [str(program), "-e", str(self.folder / "log" / "start.log"),
                "-c", str(self.folder / "nginx.conf"), *words]  # fmt: skip

    def wait(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if (self.folder / "pid").exists() and (self.folder / "pid").read_text().strip():
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log" / "start.log").read_text())

    def _on_loopback(self, text: str) -> str:
        text = re.sub(r"^ *listen \[::\]:.*\n", "", text, flags=re.MULTILINE)
        # A small socket buffer: most of an answer that is read slowly waits in nginx.
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl sndbuf=8k;", 1)
        for old, new in (
            ("example.se", DOMAIN),
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
            ("listen 80", f"listen 127.0.0.1:{self.plain_port}"),
            ("/etc/nginx/snippets/", f"{self.folder}/snippets/"),
            ("/etc/ssl/sapo/", f"{self.folder}/ssl/"),
            ("/run/sapo/", f"{self.folder}/run/"),
            ("/var/lib/sapo", str(self.var)),
            ("/etc/sapo/trust", str(self.var / "trust")),
            ("/var/log/nginx/", f"{self.folder}/log/"),
            ("/srv/sapo/deploy", str(ROOT / "deploy")),
            ("/dev/log", f"{self.folder}/journal"),
            ("/run/sapo-requests/log", f"{self.folder}/requests"),
        ):
            text = text.replace(old, new)
        return text


@contextmanager
def configured(*without: str, **written: Any) -> Iterator[Nginx]:
    """One of its own, written as `write` does and not started yet, in a folder that is removed after it."""
    with short_folder("nginx") as folder:
        server = Nginx(folder, folder / "var", *free_ports(2))
        server.write(without, **written)
        yield server


@contextmanager
def short_folder(name: str) -> Iterator[Path]:
    """A folder in which the path of a socket is short enough for the system."""
    folder = Path("/tmp") / f"sapo-{name}-{secrets.token_hex(4)}"  # noqa: S108
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Ports that nobody has, each another."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _each in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def nginx(server: Nginx, prefix: tuple[str, ...] = ()) -> Iterator[Nginx]:
    """The server, started; `prefix` is a program that runs it, such as strace."""
    process = subprocess.Popen(
        [*prefix, *server.command()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        server.wait()
        yield server
    finally:
        master = (server.folder / "pid").read_text().strip()
        if master:
            os.kill(int(master), 15)
        process.wait(20)


def headers_of(response: HTTPResponse) -> dict[str, str]:
    """The headers by name; one that is sent twice, as a policy is, has both with a comma between."""
    return {name: ", ".join(response.headers.get_all(name, [])) for name in response.headers}


def certificate_in(folder: Path, days: int = 1) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in NAMES]), False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def lay_static_files(var: Path) -> None:
    """Lays the static files there as `collectstatic` leaves them in production."""
    shutil.copytree(prepared("static", _collect), var / "static", dirs_exist_ok=True)


def lay_tip_form(var: Path) -> None:
    """The same, with the pages that seal as they are collected where the root there is believed."""
    lay_static_files(var)
    root = (var / "trust" / "root").read_text().strip()
    for page in (var / "static" / "tip-form").iterdir():
        named = f'name="sapo-root" content="{root}"'
        page.write_text(page.read_text().replace('name="sapo-root" content=""', named))


def _collect(folder: Path) -> None:
    environment = {
        **production_environment(),
        "SAPO_ROLES": "editorial",
        "SAPO_VAR": str(folder.parent),
        "SAPO_STATIC": str(folder),
        "PATH": os.environ.get("PATH", os.defpath),
    }
    run([sys.executable, "manage.py", "collectstatic", "--no-input"], environment)
