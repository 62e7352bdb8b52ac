"""Restores a backup in a folder, lets the site look at it, and throws it away."""

import os
import re
import shlex
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
# Where a service looks by itself, if its settings do not say.
_WHERE = {"SAPO_TIPS_TRUST": "/etc/sapo/trust", "SAPO_INTAKE_KEY": "/etc/sapo/intake.key"}
# What would lead elsewhere: other servers, and programs of theirs.
_NOWHERE = {"SAPO_CLAMD": "", "SAPO_TIPS_ALARM": "", "SAPO_EMAIL_URL": "dummymail://"}


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
    """The settings of the service in the backup, led to what was restored; and nothing else of it or of ours."""
    role = _ROLES.get(service, service)
    settings = laid.root / "etc" / "sapo"
    variables = _variables(_text(laid, settings / f"{role}.env"))
    for file in settings.glob(f"{role}.*.cred.opened"):
        variables[file.name.split(".")[1]] = _text(laid, file)
    known = re.findall(r"^([A-Z_]+)=", (CODE / "deploy/environment.example").read_text(), re.M)
    said = {name: value for name, value in variables.items() if name in known}
    return {
        **{
            name: value.replace("/etc/sapo/", f"{settings}/")
            for name, value in (_WHERE | said).items()
        },
        **_NOWHERE,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.production",
        "DATABASE_URL": "" if role in _OF_TIPS else "postgres:///sapo",
        "TIPS_DATABASE_URL": "postgres:///sapo_tips" if role in _OF_TIPS else "",
        "PGHOST": str(laid.own.folder),
        "PGUSER": f"sapo-{service}",
        "SAPO_ROLES": role,
        "SAPO_VAR": str(laid.root / "var" / "lib" / "sapo"),
    }


def _text(laid: LaidOut, file: Path) -> str:
    """What a file of the backup holds, and no other that a link of theirs leads to."""
    if not file.is_file() or not file.resolve().is_relative_to(laid.root.resolve()):
        raise BackupError(f"Kopian saknar {file.name}.")
    return file.read_text(errors="replace")


def _variables(text: str) -> dict[str, str]:
    """`NAME=value`, with quotes as a shell has them, and no shell."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError as error:
        raise BackupError("Kopians inställningar går inte att läsa.") from error
    return {name: value for name, _is, value in (word.partition("=") for word in words)}
