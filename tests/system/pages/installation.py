"""Services of an installation, each a process of its own, as tests of several of them need."""

import http.client
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.nginx import NAMES, Nginx, free_ports, headers_of, lay_static_files, nginx, short_folder
from tests.pace import until
from tests.postgres import ROOT, Cluster, installed, run

PUBLIC = NAMES[0]
ARTICLE = "/verksamheten/samverkan/"
_SETUP = """
import django
django.setup()
from wagtail.models import Page, Site
from pages.newsroom.keeping_public import deleting_for_good
from tests.factories import ArticlePageFactory, HomePageFactory, SectionPageFactory
from tests.guarding import let_everything_through
let_everything_through()
home = HomePageFactory(parent=Page.get_first_root_node())
site = Site.objects.get(is_default_site=True)
welcome, site.root_page = site.root_page, home
site.hostname, site.port = "www.sapo.example", 443
site.save()
with deleting_for_good("a test"):
    welcome.delete()
section = SectionPageFactory(parent=home, title="Verksamheten", slug="verksamheten")
for number in range(20):
    ArticlePageFactory(parent=section, title=f"Artikel {number}", slug=f"artikel-{number}")
ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
"""
# As systemd hands over a socket that it holds.
_WITH_SOCKET = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
_PUBLISH = """
import django, sys
django.setup()
from pages.content.models import ArticlePage
from tests.guarding import let_everything_through
let_everything_through()
article = ArticlePage.objects.get(slug="samverkan")
article.title = sys.argv[1]
article.save_revision().publish()
"""
_UNPUBLISH = """
import django
django.setup()
from pages.content.models import ArticlePage
from tests.guarding import let_everything_through
let_everything_through()
ArticlePage.objects.get(slug="samverkan").unpublish()
"""


class Installation:
    """The services, each a process of its own with its own database user."""

    def __init__(self, folder: Path, server: Cluster, front: Nginx) -> None:
        self.folder = folder
        self.variables: dict[str, dict[str, str]] = {}  # what a role has beside the usual
        self.server = server
        self.front = front
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.held: dict[str, socket.socket] = {}  # sockets in which requests wait for a service

    def environment(self, role: str) -> dict[str, str]:
        var = self.folder / "var"
        return self.server.environment(
            role,
            f"sapo-{role}",
            var,
            PYTHONPATH=str(ROOT),
            PYTHONDONTWRITEBYTECODE="1",
            **self.variables.get(role, {}),
        )

    def publish(self, title: str) -> None:
        """Publishes the article under another title, as the editorial service."""
        self.run(_PUBLISH, title)

    def unpublish(self) -> None:
        self.run(_UNPUBLISH)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def run(self, program: str, *words: str) -> str:
        """What a program says that is run as the editorial service."""
        return run([sys.executable, "-c", program, *words], self.environment("editorial"))

    def serve(self, name: str) -> None:
        role = name.rstrip("0123456789")
        path = self.front.socket(name)
        self._start(
            name, role, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--workers", "1",
            "--bind", f"unix:{path}", "sapo_site.wsgi",
        )  # fmt: skip
        until(lambda: self.ask("/halsa/", service=name)[0] == 200, 60)

    def hold_socket(self, name: str) -> None:
        """Holds the socket of a service, as its unit for systemd does; end it before the test does."""
        self.held[name] = held = socket.socket(socket.AF_UNIX)
        held.bind(str(self.front.socket(name)))
        held.listen(512)

    def write_edition(self, role: str = "editorial") -> None:
        self._start("edition", role, "manage.py", "edition", "--every", "1")

    def _start(self, name: str, role: str, *words: str) -> None:
        held = [self.held[name].fileno()] if name in self.held else []
        if held:
            words = ("-c", _WITH_SOCKET, str(held[0]), *words)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=self.environment(role),
                stdout=log, stderr=log, pass_fds=held,
            )  # fmt: skip

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(40)

    def ask(
        self, path: str, *, service: str = "", method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Asks a service, or nginx as visitors do."""
        connection = http.client.HTTPConnection(PUBLIC)
        try:
            if service:
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.settimeout(30)
                connection.sock.connect(str(self.front.socket(service)))
            else:
                connection.sock = self.front.connected(timeout=30)
            connection.request(
                method, path, body or None,
                {"Host": PUBLIC, "X-Forwarded-Proto": "https", **headers},
            )  # fmt: skip
            response = connection.getresponse()
            return response.status, response.read().decode(), headers_of(response)
        except OSError:
            return 0, "", {}
        finally:
            connection.close()

    def edition_has(self, address: str, words: str) -> bool:
        file = self.folder / "var" / "edition" / "current" / address.strip("/") / "index.html"
        return file.exists() and words in file.read_text()


@contextmanager
def installation() -> Iterator[Installation]:
    """The databases with a site in them; no service has been started yet."""
    with short_folder("many") as folder, installed() as server:
        (folder / "var").mkdir()
        (folder / "nginx").mkdir()
        front = Nginx(folder / "nginx", folder / "var", *free_ports(2))
        front.write()
        site = Installation(folder, server, front)
        lay_static_files(front.var)
        site.run(_SETUP)
        try:
            yield site
        finally:
            for name in list(site.processes):
                site.end(name)
            for held in site.held.values():
                held.close()


@contextmanager
def two_for_visitors() -> Iterator[Installation]:
    """Two services for visitors, one for editors and the job that writes the edition, behind nginx."""
    with installation() as site:
        # The same service on two machines has the same variables.
        site.variables["public"] = {"SAPO_SECRET_KEY": secrets.token_urlsafe(64)}
        folder = site.front.folder
        configured = folder / "site.conf"
        one = f"server unix:{folder}/run/public1.sock fail_timeout=0;"
        two = f"server unix:{folder}/run/public2.sock fail_timeout=0;"
        text = configured.read_text()
        before = f"server unix:{folder}/run/public.sock    fail_timeout=0;"
        assert before in text
        configured.write_text(text.replace(before, f"{one} {two}"))
        for name in ("public1", "public2", "editorial"):
            site.serve(name)
        site.write_edition()
        until(lambda: site.edition_has(ARTICLE, "Samverkan"))
        with nginx(site.front):
            yield site
