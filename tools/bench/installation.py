"""The site as it is installed: production settings, the demo's content, a folder of its own."""

import hashlib
import os
import secrets
import shutil
import sys
from itertools import chain
from pathlib import Path

from sapo_site.script.checking import DOMAIN, production_environment

from .servers import ROOT, run

HOST = f"www.{DOMAIN}"
# What nginx tells the services; they send anyone who is not known to have come by https away.
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}
ARTICLE = "/verksamheten/kontraspionage/"
SENTENCE = "Flera stater spionerar på Sverige."


def work_folder() -> Path:
    """Everything that is measured lies here, beside the data of `./sapo run`."""
    return Path(os.environ.get("SAPO_VAR") or ROOT / "var") / "bench"


class Installation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._secret = secrets.token_urlsafe(64)

    def prepare(self) -> None:
        """Builds the demo's content, unless it stands as it would be built, and writes the edition."""
        stamp, wanted = self.folder / "built-from", _fingerprint()
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        for command in ("prepare", "make_renditions"):
            run([sys.executable, "manage.py", command], {**os.environ, **self.demo_environment()})
        # In production nothing is served while the demo's people can log in: these are others.
        others = "from django.contrib.auth.models import User; User.objects.update(last_name='X')"
        shell = [sys.executable, "manage.py", "shell", "--command", others]
        run(shell, {**os.environ, **self.demo_environment()})
        stamp.write_text(wanted)
        shutil.rmtree(self.folder / "edition", ignore_errors=True)
        run([sys.executable, "manage.py", "edition"], self.environment("editorial"))

    def demo_environment(self) -> dict[str, str]:
        """That of `./sapo run`, on the same data."""
        return {"DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo", "SAPO_VAR": str(self.folder)}

    def environment(self, role: str = "public", **others: str) -> dict[str, str]:
        """That of a service in production."""
        return {
            **os.environ,
            **production_environment(),
            "SAPO_SECRET_KEY": self._secret,
            "SAPO_HOSTS": f"{HOST},127.0.0.1",
            "SAPO_VAR": str(self.folder),
            "SAPO_ROLES": role,
            "DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}",
            "SAPO_EDITION_URL": f"https://{HOST}",
            **others,
        }


def _fingerprint() -> str:
    """Changes with the tables and with the demo's content."""
    total = hashlib.sha256()
    demo = ROOT / "sapo_site" / "demo"
    migrations = chain(ROOT.glob("*/migrations/*.py"), ROOT.glob("pages/*/migrations/*.py"))
    for path in sorted([*migrations, *demo.rglob("*.*")]):
        if path.suffix != ".pyc":
            total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()
