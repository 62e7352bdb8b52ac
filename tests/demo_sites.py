"""The demo's site, built once for a test run, as `./sapo run` serves it: on an ordinary day and on a bad one.

On a bad day a message of each level stands on every page, and the tip form is closed.
"""

import os
import shutil
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from tests.databases import lay_migrated
from tests.postgres import run
from tests.prepared import prepared
from tools.bench.servers import gunicorn

ORDINARY, BAD = "ordinary", "bad"
# Withdrawn pages: out of date, and published by mistake.
OUTDATED, MISTAKEN = "/inaktuell/", "/misstag/"


class DemoSites:
    """Serves each of the two from when it is first asked for."""

    def __init__(self, logs: Path) -> None:
        self.folder = prepared("demo-sites", _lay)
        self._logs = logs
        self._serving = ExitStack()
        self._urls: dict[str, str] = {}

    def __enter__(self) -> "DemoSites":
        return self

    def __exit__(self, *error: object) -> None:
        self._serving.close()

    def url(self, day: str) -> str:
        if day not in self._urls:
            environment = _environment(self.folder / day)
            log = self._logs / f"{day}.log"
            server = gunicorn(day, "sapo_site.wsgi", log=log, environment=environment)
            self._serving.enter_context(server)
            self._urls[day] = f"http://127.0.0.1:{server.port}"
        return self._urls[day]


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
        "SAPO_VAR": str(folder),
    }


def _lay(folder: Path) -> None:
    bad = folder / BAD
    bad.mkdir(parents=True)
    lay_migrated(bad / "db.sqlite3")
    run([sys.executable, "-m", __name__, str(folder / ORDINARY)], _environment(bad))


def build(ordinary: Path) -> None:
    """Builds the one in the data folder of this process, and copies it before the day goes bad."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from wagtail.models import Locale

    from pages.content.models import Alert, ArticlePage, Withdrawal, WithdrawalReason
    from pages.newsroom.permit import everything_permitted

    call_command("prepare")
    article = ArticlePage.objects.get(slug="kontraspionage", locale__language_code="sv")
    told = {"title": "Spioner i Sverige", "withdrawn_on": date(2026, 11, 20)}
    with everything_permitted():
        Withdrawal.objects.create(address=OUTDATED, **told, reason=WithdrawalReason.OUTDATED)
        Withdrawal.objects.create(address=MISTAKEN, reason=WithdrawalReason.MISTAKE)
    connections.close_all()
    shutil.copytree(settings.VAR_DIR, ordinary)
    (settings.TIPS_TRUST_DIR / "keyring.json").unlink()
    with everything_permitted():
        headings = ("Kontoret är stängt i dag", "Telefonen ligger nere", "Ett attentat har skett")
        for level, heading in zip(Alert.Level.values, headings, strict=True):
            Alert.objects.create(
                level=level, heading=heading, text="Mejla oss så länge.",
                page=article, locale=Locale.get_default(),
            )  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    build(Path(sys.argv[1]))
