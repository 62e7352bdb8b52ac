"""Two services for visitors, one for editors and the job that writes the edition, behind nginx.

On PostgreSQL, with the users and rights of an installation. What is published in one process is met
in the others; one that dies, and a database that is gone, are not noticed by readers.
"""

import http.client
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fault.server import free_port
from tests.integration.tips.conftest import installed
from tests.nginx import NAMES, Nginx, nginx
from tests.postgres import ROOT, Cluster, run

PUBLIC = NAMES[0]
ARTICLE = "/verksamheten/samverkan/"
_SETUP = """
import django
django.setup()
from wagtail.models import Page, Site
from tests.factories import ArticlePageFactory, HomePageFactory, SectionPageFactory
home = HomePageFactory(parent=Page.get_first_root_node())
site = Site.objects.get(is_default_site=True)
welcome, site.root_page = site.root_page, home
site.hostname, site.port = "www.example.se", 443
site.save()
welcome.delete()
section = SectionPageFactory(parent=home, title="Verksamheten", slug="verksamheten")
for number in range(20):
    ArticlePageFactory(parent=section, title=f"Artikel {number}", slug=f"artikel-{number}")
ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
"""
_PUBLISH = """
import django, sys
django.setup()
from pages.models import ArticlePage
article = ArticlePage.objects.get(slug="samverkan")
article.title = sys.argv[1]
article.save_revision().publish()
"""
_UNPUBLISH = """
import django
django.setup()
from pages.models import ArticlePage
ArticlePage.objects.get(slug="samverkan").unpublish()
"""


class Installation:
    """The services, each a process of its own with its own database user."""

    def __init__(self, folder: Path, server: Cluster, front: Nginx) -> None:
        self.folder = folder
        self.server = server
        self.front = front
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self, role: str) -> dict[str, str]:
        var = self.folder / "var"
        return self.server.environment(
            role, f"sapo-{role}", var, PYTHONPATH=str(ROOT), PYTHONDONTWRITEBYTECODE="1"
        )

    def run(self, program: str, *words: str) -> None:
        """Runs a program as the editorial service."""
        run([sys.executable, "-c", program, *words], self.environment("editorial"))

    def serve(self, name: str) -> None:
        role = name.rstrip("0123456789")
        path = self.front.socket(name)
        self._start(
            name, role, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--workers", "1",
            "--bind", f"unix:{path}", "sapo_site.wsgi",
        )  # fmt: skip
        _until(lambda: self.ask("/halsa/", service=name)[0] == 200, 60)

    def write_edition(self) -> None:
        self._start("edition", "editorial", "manage.py", "edition", "--every", "1")

    def _start(self, name: str, role: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=self.environment(role),
                stdout=log, stderr=log,
            )  # fmt: skip

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(40)

    def ask(
        self, path: str, *, service: str = "", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Asks a service, or nginx as visitors do."""
        plain = socket.socket(socket.AF_UNIX if service else socket.AF_INET)
        plain.settimeout(20)
        try:
            if service:
                plain.connect(str(self.front.socket(service)))
                connected = plain
            else:
                plain.connect(("127.0.0.1", self.front.port))
                certificate = self.front.folder / "ssl" / "fullchain.pem"
                context = ssl.create_default_context(cafile=certificate)
                connected = context.wrap_socket(plain, server_hostname=PUBLIC)
            connection = http.client.HTTPConnection(PUBLIC)
            connection.sock = connected
            connection.request(
                "GET", path, headers={"Host": PUBLIC, "X-Forwarded-Proto": "https", **headers}
            )
            response = connection.getresponse()
            return response.status, response.read().decode(), dict(response.getheaders())
        except OSError:
            return 0, "", {}
        finally:
            plain.close()

    def edition_has(self, address: str, words: str) -> bool:
        file = self.folder / "var" / "edition" / "current" / address.strip("/") / "index.html"
        return file.exists() and words in file.read_text()


def _until(holds: Callable[[], bool], seconds: float) -> float:
    """Waits for it; how long it took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it did not come"
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    # The path of a socket has to be short.
    folder = Path("/tmp") / f"sapo-many-{secrets.token_hex(4)}"  # noqa: S108
    var = folder / "var"
    var.mkdir(parents=True)
    front_folder = folder / "nginx"
    front_folder.mkdir()
    front = Nginx(front_folder, var, free_port(), free_port())
    front.write()
    configured = front_folder / "site.conf"
    one = f"server unix:{front_folder}/run/public1.sock fail_timeout=0;"
    two = f"server unix:{front_folder}/run/public2.sock fail_timeout=0;"
    text = configured.read_text()
    before = f"server unix:{front_folder}/run/public.sock    fail_timeout=0;"
    assert before in text
    configured.write_text(text.replace(before, f"{one} {two}"))
    try:
        with installed(var) as server:
            site = Installation(folder, server, front)
            run([sys.executable, "manage.py", "collectstatic", "--no-input"],
                site.environment("editorial"))  # fmt: skip
            site.run(_SETUP)
            try:
                for name in ("public1", "public2", "editorial"):
                    site.serve(name)
                site.write_edition()
                _until(lambda: site.edition_has(ARTICLE, "Samverkan"), 60)
                with nginx(front):
                    yield site
            finally:
                for name in list(site.processes):
                    site.end(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_edition_is_what_the_service_answers_word_for_word_and_header_for_header(site):
    for address in ("/", "/verksamheten/", ARTICLE):
        by_file = site.ask(address, **{"Accept-Encoding": "identity"})
        by_service = site.ask(address, service="public1", **{"Accept-Encoding": "identity"})
        assert by_file[:2] == by_service[:2]
        assert _comparable(by_file[2]) == _comparable(by_service[2])
        assert "Accept-Ranges" in by_file[2], "nginx itself has answered"


def _comparable(headers: dict[str, str]) -> dict[str, object]:
    """Without what tells when and by whom; policies as sets, since their order means nothing."""
    passing = {"Accept-Ranges", "Connection", "Date", "ETag", "Last-Modified", "Server", "Vary"}
    kept: dict[str, object] = {
        name: value for name, value in headers.items() if name not in passing
    }
    policy = str(kept.pop("Content-Security-Policy"))
    return {**kept, "policy": {each.strip() for each in policy.split(";")}}


def test_a_reader_of_whom_we_know_something_is_answered_by_the_service(site):
    for headers in ({"Cookie": "kakmeddelande=stangt"}, {"Cookie": "a=b; __Host-session=x"}):
        assert "Accept-Ranges" not in site.ask(ARTICLE, **headers)[2]
    assert "Accept-Ranges" not in site.ask(f"{ARTICLE}?sida=2")[2]
    assert "Accept-Ranges" in site.ask(ARTICLE, Cookie="_ga=1")[2]


def test_nothing_of_the_edition_but_its_pages_can_be_fetched(site):
    for path in ("/edition/current/", "/answer.json", "/verksamheten/answer.json", "/whole",
                 "/../edition/current/index.html", "/verksamheten/index.html"):  # fmt: skip
        assert site.ask(path)[0] in (301, 400, 404), path


def test_what_is_published_in_one_process_is_met_in_all_others_within_a_second(site):
    services = ("public1", "public2", "editorial")
    took = []
    for number in range(4):
        title = f"Samverkan, version {number}"
        for service in services:
            assert site.ask(ARTICLE, service=service)[0] == 200
        site.run(_PUBLISH, title)
        published = time.monotonic()
        with ThreadPoolExecutor(len(services)) as readers:
            list(readers.map(lambda s, t=title: _until_it_has(site, s, t), services))
        took.append(time.monotonic() - published)
        _until(lambda t=title: t in site.ask(ARTICLE)[1], 10)
    # Others may have the machine for a moment; that no reader waits longer is a matter of the code.
    assert min(took) < 1


def _until_it_has(site: Installation, service: str, words: str) -> None:
    _until(lambda: words in site.ask(ARTICLE, service=service)[1], 10)


def test_no_reader_meets_the_old_page_once_a_new_one_was_met(site):
    """Nginx takes turns between two services and the edition: none may fall back."""
    site.run(_PUBLISH, "Före")
    _until(lambda: site.edition_has(ARTICLE, "Före"), 30)
    site.run(_PUBLISH, "Efteråt")
    _until(
        lambda: all("Efteråt" in site.ask(ARTICLE, service=s)[1] for s in ("public1", "public2")),
        10,
    )
    assert all("Efteråt" in site.ask(ARTICLE)[1] for _ in range(50))
    _until(lambda: site.edition_has(ARTICLE, "Efteråt"), 30)
    assert all("Efteråt" in site.ask(ARTICLE)[1] for _ in range(20))


def test_one_that_dies_is_not_noticed(site):
    site.end("public1", signal.SIGKILL)
    try:
        answers = [site.ask(f"{ARTICLE}?sida=2")[0] for _ in range(20)]
        assert answers == [200] * 20
    finally:
        site.front.socket("public1").unlink(missing_ok=True)
        site.serve("public1")


def test_what_is_withdrawn_is_gone_for_all_within_a_second(site):
    site.run(_PUBLISH, "Samverkan")
    _until(lambda: site.edition_has(ARTICLE, "Samverkan"), 30)
    site.run(_UNPUBLISH)
    _until(lambda: site.ask(ARTICLE)[0] == 410, 5)
    for service in ("public1", "public2", "editorial"):
        _until(lambda s=service: site.ask(ARTICLE, service=s)[0] == 410, 5)
    site.run(_PUBLISH, "Samverkan")
    _until(lambda: site.edition_has(ARTICLE, "Samverkan"), 30)


def test_without_a_database_the_pages_stand_also_in_a_service_that_has_just_started(site):
    paths = ("/", "/verksamheten/", ARTICLE)
    before = {path: site.ask(path, service="public2")[1] for path in paths}
    site.server.stop()
    try:
        for path in paths:
            assert site.ask(path)[1] == before[path]
            assert site.ask(path, service="public2")[:2] == (200, before[path])
        site.end("public1")
        site.front.socket("public1").unlink(missing_ok=True)
        site.serve("public1")
        for path in paths:
            assert site.ask(path, service="public1")[:2] == (200, before[path])
    finally:
        site.server.start()
    _until(lambda: site.ask("/sok/?q=samverkan")[0] == 200, 30)
    site.run(_PUBLISH, "Efter avbrottet")
    for service in ("public1", "public2"):
        _until(lambda s=service: "Efter avbrottet" in site.ask(ARTICLE, service=s)[1], 10)
