"""What the MDN HTTP Observatory would say of the site as it is shipped, behind its nginx."""

import http.client
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connections
from wagtail.models import Page, Site

from sapo_site.script.checking import production_environment
from tests.factories import HomePageFactory
from tests.nginx import NAMES, Nginx, configured, lay_static_files, nginx
from tests.observatory import Seen, points, score
from tests.pace import until
from tests.postgres import ROOT
from tests.rings import entries_for, intake_key_in, trust_in
from tips.sealing import age

from .behind_nginx import ask

PUBLIC, EDITORIAL, DESK = NAMES
_SERVICES = ("public", "editorial", "desk")

pytestmark = pytest.mark.django_db(
    transaction=True, serialized_rollback=True, databases=["default", "tips"]
)


@pytest.fixture
def home() -> Page:
    home = HomePageFactory(parent=Page.get_first_root_node(), lead="Vi stoppar hot.", slug="start")
    Site.objects.update(root_page=home)
    return home


@pytest.fixture
def server(home) -> Iterator[Nginx]:
    """nginx, and one process behind it that plays the three services in production settings."""
    with configured() as server:
        _fill(server)
        lay_static_files(server.var)
        log = server.folder / "services.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--workers=1",
                 *(f"--bind=unix:{server.socket(name)}" for name in _SERVICES), "sapo_site.wsgi"],
                cwd=ROOT, env=_environment(server), stdout=written, stderr=written,
            )  # fmt: skip
        try:
            while not all(server.socket(name).exists() for name in _SERVICES):
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            with nginx(server):
                yield server
        finally:
            process.terminate()
            process.wait(40)


def _environment(server: Nginx) -> dict[str, str]:
    return {
        **production_environment(),
        "SAPO_ROLES": ",".join(_SERVICES),
        "SAPO_VAR": str(server.var),
        "SAPO_TIPS_TRUST": str(server.var / "trust"),
        "SAPO_INTAKE_KEY": str(server.var / "intake.key"),
        "DATABASE_URL": f"sqlite:///{server.var}/default.sqlite3",
        "TIPS_DATABASE_URL": f"sqlite:///{server.var}/tips.sqlite3",
        "PATH": "/usr/bin:/bin",
    }


def _fill(server: Nginx) -> None:
    server.var.mkdir()
    trust_in(server.var / "trust", entries_for([age.generate_identity().recipient]))
    intake_key_in(server.var / "intake.key")
    for alias in ("default", "tips"):
        own = sqlite3.connect(connections[alias].settings_dict["NAME"])
        with closing(own), closing(sqlite3.connect(server.var / f"{alias}.sqlite3")) as copy:
            own.backup(copy)


def _seen(server: Nginx, host: str, path: str) -> Seen:
    plain = http.client.HTTPConnection("127.0.0.1", server.plain_port, timeout=60)
    plain.request("GET", path, headers={"Host": host})
    redirected_to = plain.getresponse().getheader("Location", "")
    plain.close()

    safe = http.client.HTTPConnection("127.0.0.1")
    safe.sock = server.connected(host)
    safe.request("GET", path, headers={"Host": host})
    answer = safe.getresponse()
    seen = Seen(answer.getheaders(), answer.read().decode(), redirected_to)
    safe.close()
    assert answer.status == 200, (host, path)
    return seen


def test_the_observatory_gives_the_site_135_and_each_login_at_least_115(server):
    for host, path in ((PUBLIC, "/"), (EDITORIAL, "/admin/login/")):  # drawn for the first time
        until(lambda host=host, path=path: ask(server, path, host=host)[0] == 200)
    public = _seen(server, PUBLIC, "/")
    assert score(public) == 135, points(public)
    for host, path in ((EDITORIAL, "/admin/login/"), (DESK, "/tipsmottagning/")):
        login = _seen(server, host, path)
        assert score(login) >= 115, points(login)


def _page(**headers: str) -> Seen:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    good = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=63072000",
    }
    return Seen([*{**good, **named}.items()], "", "https://www.example.org/")


@pytest.mark.parametrize(
    ("headers", "given"),
    [
        ({}, 130),
        ({"Content_Security_Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'"}, 80),
        ({"Content_Security_Policy": "default-src 'none'; script-src 'self' 'unsafe-eval'"}, 110),
        ({"Strict_Transport_Security": ""}, 80),
        ({"Set_Cookie": "__Host-csrf=1; Secure; SameSite=Strict"}, 135),
        ({"Set_Cookie": "session=1; Secure; SameSite=Strict"}, 70),
        ({"Referrer_Policy": "unsafe-url"}, 120),
        ({"Content_Security_Policy": "script-src 'self'; default-src 'none', script-src 'self'"}, 130),
    ],
)  # fmt: skip
def test_the_points_are_those_of_the_observatory(headers, given):
    assert score(_page(**headers)) == given
