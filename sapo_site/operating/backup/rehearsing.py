"""Restores a backup in a folder, lets the site look at it, and throws it away."""

import os
import secrets
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from . import server
from .choosing import choose
from .machine import CODE, BackupError
from .restoring import LOOKS, LaidOut, laid_out, looked_at

_ROLES = {"records": "public"}
_OF_TIPS = ("desk", "intake")


def rehearse(folder: Path, identity: bytes, moment: datetime | None) -> str:
    """Compares every file with its digest, every page of the databases with PostgreSQL's, and lets the
    site follow its own chains. A site that was broken into wrote what it restores: nothing of it runs as root,
    or as who can read the key."""
    chosen = choose(folder, identity, moment)
    beside = Path(tempfile.gettempdir())
    with laid_out(chosen, identity, moment, data=beside, files=beside) as laid:
        files = sum(path.is_file() for path in laid.root.rglob("*"))
        environments = {service: _environment(laid, service) for service, *_words in LOOKS}
        subprocess.run(["chown", "--recursive", "postgres:postgres", str(laid.root)], check=True)

        def run(service: str, words: list[str]) -> "subprocess.CompletedProcess[str]":
            command = [
                *server.becoming("postgres"),
                sys.executable,
                str(CODE / "manage.py"),
                *words,
            ]
            given = environments[service]
            return subprocess.run(
                command, env=given, capture_output=True, text=True, **server.APART
            )

        for words, done in looked_at(LOOKS, run):
            if done.returncode:
                lines = (done.stderr or done.stdout).strip().splitlines() or ["inget svar"]
                raise BackupError(f"{words[0]} på den återställda kopian: {lines[-1]}")
    return f"Kopian från {chosen.last_rows} går att återställa: {files} filer, databaserna och alla kedjor är som de var."


def _environment(laid: LaidOut, service: str) -> dict[str, str]:
    """What the service needs to look at what was restored; no setting of the site's, nor of this machine's."""
    role = _ROLES.get(service, service)
    settings = laid.root / "etc" / "sapo"
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.production",
        "DATABASE_URL": "" if role in _OF_TIPS else "postgres:///sapo",
        "TIPS_DATABASE_URL": "postgres:///sapo_tips" if role in _OF_TIPS else "",
        "PGHOST": str(laid.own.folder),
        "PGUSER": f"sapo-{service}",
        "SAPO_ROLES": role,
        "SAPO_VAR": str(laid.root / "var" / "lib" / "sapo"),
        "SAPO_TIPS_TRUST": str(settings / "trust"),
        "SAPO_INTAKE_KEY": str(settings / "intake.key"),
        "SAPO_SECRET_KEY": secrets.token_urlsafe(64),
        "SAPO_HOSTS": "localhost",
        "SAPO_BASE_URL": "https://localhost",
        "SAPO_TIPS_ADDRESS_HEADER": "HTTP_X_SAPO_ADDRESS",
        "SAPO_EMAIL_URL": "dummymail://",
        "SAPO_EMAIL_FROM": "root@localhost",
    }
