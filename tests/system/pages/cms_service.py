"""A real CMS: gunicorn on loopback with a data folder of its own, and people who use it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.databases import lay_migrated
from tests.postgres import ROOT, run
from tests.system.fault.server import free_port

_SETUP = """
import django, sys
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Page, Site
from tests.factories import ArticlePageFactory, HomePageFactory, SectionPageFactory
from tests.guarding import let_everything_through
let_everything_through()
home = HomePageFactory(parent=Page.get_first_root_node())
site = Site.objects.get(is_default_site=True)
site.root_page = home
site.save()
section = SectionPageFactory(parent=home, title="Verksamheten", slug="verksamheten")
article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
print(article.pk)
for number in range(3):
    user = get_user_model().objects.create_superuser(f"redaktor{number}", password=None)
    client = Client()
    client.force_login(user)
    print("; ".join(f"{name}={each.value}" for name, each in client.cookies.items()))
"""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class CmsService:
    """The service, an article in it, and a login for each of three editors."""

    folder: Path
    port: int
    article: int = 0
    logins: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    process: Any = None

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.system.fault.settings",
            "SAPO_VAR": str(self.folder),
            "SAPO_ROLES": "editorial",
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }

    def run(self, *words: str) -> str:
        return run([sys.executable, *words], self.environment())

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind",
                 f"127.0.0.1:{self.port}", "sapo_site.wsgi"],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.ask("GET", "/halsa/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def token(self, path: str, who: int) -> str:
        """What a form of the page has to be sent with."""
        found = _TOKEN.search(self.ask("GET", path, who)[1])
        assert found, "the page has a form"
        return found[1]

    def send(self, path: str, form: dict[str, Any], who: int, token: str = "") -> tuple[int, float]:
        """What an editor who sends a form is answered, and after how long."""
        token = token or self.token(path, who)
        body = encode_multipart(BOUNDARY, {**form, "csrfmiddlewaretoken": token})
        headers = {
            "Cookie": f"{self.logins[who]}; csrftoken={token}",
            "Content-Type": MULTIPART_CONTENT,
            "Referer": f"http://127.0.0.1:{self.port}/",
        }
        began = time.monotonic()
        return self._asked("POST", path, body, headers)[0], time.monotonic() - began

    def ask(self, method: str, path: str, who: int = 0) -> tuple[int, str]:
        return self._asked(method, path, None, {"Cookie": "".join(self.logins[who : who + 1])})

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


@contextmanager
def cms_service(folder: Path, **variables: str) -> Iterator[CmsService]:
    """The service, which has been started, with an article and three editors."""
    (folder / "tmp").mkdir(parents=True)
    service = CmsService(folder, free_port(), variables=variables)
    lay_migrated(folder / "db.sqlite3")
    service.run("manage.py", "migrate", "--verbosity", "0")
    service.run("manage.py", "roles")
    article, *logins = service.run("-c", _SETUP).split("\n")[:4]
    service.start()
    service.article, service.logins = int(article), logins
    try:
        yield service
    finally:
        service.stop()


class Watched:
    """The largest that each of some processes has been, in megabytes, its part of what is shared."""

    def __init__(self, pids: list[int]) -> None:
        self.largest = dict.fromkeys(pids, 0.0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            for pid in self.largest:
                text = Path(f"/proc/{pid}/smaps_rollup").read_text()
                found = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
                assert found
                self.largest[pid] = max(self.largest[pid], int(found[1]) / 1024)
