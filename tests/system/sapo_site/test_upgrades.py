"""An installation of each landed release goes on with this code: its content, its settings, and a step back."""

import html
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sapo_site.script.checking import DOMAIN
from tests.architecture.test_migrations import SINCE
from tests.nginx import Nginx, lay_static_files
from tests.postgres import ROOT, run
from tests.releases import RELEASES, as_left_by
from tests.system.pages.installation import Installation

# Migrates, goes back one step of the app, and forward again.
_MIGRATE = """
import django, gc, sys
from django.core.management import call_command
gc.set_threshold(100_000)
django.setup()
database, app, before = sys.argv[1:]
all_of_it = [] if database == "default" else [app]
for words in (all_of_it, [app, before], all_of_it):
    call_command("migrate", *words, database=database, verbosity=0)
"""
_PUBLISH = """
import django, json, sys
django.setup()
from django.contrib.auth.models import User
from wagtail.models import Page
from tests.newsroom import publish_by_two
title, *known = sys.argv[1:]
page = Page.objects.get(pk=known[-1]).specific
page.title = title
page.save_revision()
publish_by_two(page, *User.objects.filter(username__in=["redaktor", "chefredaktor"]).order_by("-pk"))
print(json.dumps([[each.url, each.title] for each in Page.objects.filter(pk__in=known)]))
"""


@pytest.fixture(params=RELEASES)
def site(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation that the release has left, with nothing done yet."""
    folder = Path("/tmp") / f"sapo-upgrade-{secrets.token_hex(4)}"  # noqa: S108 (a socket's path)
    (folder / "nginx" / "run").mkdir(parents=True)
    try:
        with as_left_by(request.param) as server:
            # Nobody's accounts but the demo's lie there, and with these no service starts.
            with server.connect("postgres", "sapo") as website:
                website.execute("UPDATE auth_user SET first_name = 'Anna', last_name = username")
            lay_static_files(folder / "var")
            site = Installation(folder, server, Nginx(folder / "nginx", folder / "var", 0, 0))
            try:
                yield site
            finally:
                for name in list(site.processes):
                    site.end(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_first_release_and_the_last_are_there_and_none_is_large():
    assert {"9f55fd0", SINCE} <= RELEASES.keys()
    dumps = [dump for release in RELEASES.values() for dump in release.glob("*.zst")]
    assert len(dumps) == 2 * len(RELEASES)
    assert all(dump.stat().st_size < 1_000_000 for dump in dumps)


def test_what_a_release_has_left_is_migrated_served_and_published_again(site):
    with site.server.connect("postgres", "sapo") as website:
        titles = dict(
            website.execute(
                "SELECT DISTINCT ON (content_type_id, locale_id) id, title FROM wagtailcore_page"
                " WHERE live AND depth > 1 ORDER BY content_type_id, locale_id, id"
            ).fetchall()
        )
        article = website.execute("SELECT max(page_ptr_id) FROM pages_articlepage").fetchone()[0]
    _migrate(site)

    site.serve("public")
    told = site.run(_PUBLISH, "Efter uppgraderingen", *map(str, [*titles, article]))
    pages = dict(json.loads(told.splitlines()[-1]))
    assert "Efter uppgraderingen" in pages.values()
    assert len(titles) > 10
    for address, title in pages.items():
        status, text, _headers = site.ask(address, service="public")
        assert (status, html.escape(title) in text) == (200, True), address
    found = site.ask("/sok/?q=uppgraderingen", service="public")[1]
    assert next(each for each, title in pages.items() if title == "Efter uppgraderingen") in found


def _migrate(site: Installation) -> None:
    for database, role, app, owner in (
        ("default", "editorial", "pages", "sapo-editorial"),
        ("tips", "intake", "tips", "sapo-tips-owner"),
    ):
        *_earlier, before, _last = sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
        environment = site.server.environment(
            role, owner, site.folder / "var", PYTHONPATH=str(ROOT)
        )
        run([sys.executable, "-c", _MIGRATE, database, app, before.stem], environment)
    site.server.apply("database_roles.sql", "sapo")
    site.server.apply("tips_database_roles.sql", "sapo_tips")


@pytest.mark.parametrize("role", ["public", "editorial", "intake", "desk"])
@pytest.mark.parametrize("release", RELEASES)
def test_the_settings_of_a_release_start_or_stop_with_the_name_of_what_is_missing(release, role):
    text = (RELEASES[release] / "environment.example").read_text().replace("example.se", DOMAIN)
    variables = dict(re.findall(r"^([A-Z_]+)=(.*)", text, re.MULTILINE))
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env={**variables, "SAPO_SECRET_KEY": secrets.token_urlsafe(64), "SAPO_ROLES": role,
             "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    if role == "desk" and "SAPO_DESK_KEY" not in variables:
        assert done.stderr == (
            "SAPO_DESK_KEY: saknas. Vad den är till för står i deploy/environment.example.\n"
        )
        assert done.returncode == 1
    else:
        assert (done.returncode, done.stderr) == (0, "")
