"""Other systems, installed on the spot from PyPI, each with an environment and a site of its own.

The other modules of this package run in the peers' environments, never in ours.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.bench.load import Target
from tools.bench.servers import ROOT, Failed, gunicorn

HERE = Path(__file__).parent
# Long enough for a slow line; a peer that cannot be had is left out.
_PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Peer:
    """A system, how a site of its own kind is begun and filled, and what is asked of it."""

    name: str
    packages: tuple[str, ...]
    settings: str
    commands: tuple[str, ...]  # in the folder of the site, with the environment's programs
    path: str
    sentence: str
    # What each way of serving it is called, and what that changes in the environment.
    ways: Mapping[str, Mapping[str, str]]
    application: str = "peer.wsgi"


WAGTAIL = Peer(
    "Wagtail's project template",
    ("wagtail",),
    "wagtail_settings",
    ("wagtail start peer .", "django-admin migrate", "django-admin collectstatic --noinput"),
    "/",
    "Welcome to your new Wagtail site!",
    {"wagtail start, its home page": {}},
)
CODERED = Peer(
    "coderedcms",
    ("coderedcms",),
    "codered_settings",
    (
        "coderedcms start peer .",
        "django-admin migrate",
        "django-admin collectstatic --noinput",
        "python {here}/codered_content.py",
    ),
    "/articles/measured/",
    "The sixth paragraph of the article.",
    {"coderedcms, cache off": {"PEER_CACHE": "0"}, "coderedcms, its cache": {"PEER_CACHE": "1"}},
)
DJANGO_CMS = Peer(
    "django-cms",
    ("django-cms", "djangocms-text"),
    "djangocms_settings",
    ("django-admin migrate", "python {here}/djangocms_content.py"),
    "/en/measured/",
    "The sixth paragraph of the article.",
    {"django-cms, cache off": {"PEER_CACHE": "0"}, "django-cms, its cache": {"PEER_CACHE": "1"}},
    "djangocms_urls",
)
PEERS = (WAGTAIL, CODERED, DJANGO_CMS)
CACHED = ("coderedcms, its cache", "django-cms, its cache")


def targets(running: ExitStack, folder: Path, say: Callable[[str], None]) -> Iterator[Target]:
    """Every peer that can be had, started; the others are left out with a line."""
    for peer in PEERS:
        try:
            home = _ready(peer, folder, say)
            for name, changes in peer.ways.items():
                server = gunicorn(
                    name,
                    peer.application,
                    log=folder / "log" / name,
                    python=str(home / ".venv" / "bin" / "python"),
                    folder=home / "site",
                    environment={**_environment(peer, home), **changes},
                )
                yield Target(name, running.enter_context(server), peer.path, peer.sentence)
        except Failed as error:
            say(f"{peer.name}: {error}. Utelämnas.")


def versions(folder: Path) -> list[str]:
    """What of the peers is installed, in a reader's words."""
    found = []
    for peer in PEERS:
        for name in (*peer.packages[:1], "Django"):
            home = _home(peer, folder)
            if there := sorted(home.glob(f".venv/lib/*/site-packages/{_module(name)}-*.dist-info")):
                version = there[-1].name.removesuffix(".dist-info").rpartition("-")[2]
                found.append(f"{name} {version}")
    return [f"{a} ({b})" for a, b in zip(found[::2], found[1::2], strict=True)]


def _ready(peer: Peer, folder: Path, say: Callable[[str], None]) -> Path:
    """The peer's folder, with its environment and its site; made when it is not there or is old."""
    home = _home(peer, folder)
    stamp, wanted = home / "built-from", _fingerprint(peer)
    if stamp.exists() and stamp.read_text() == wanted:
        return home
    say(f"Installerar {' och '.join(peer.packages)} från PyPI …")
    shutil.rmtree(home, ignore_errors=True)
    site = home / "site"
    site.mkdir(parents=True)
    uv = Path(sys.executable).with_name("uv")
    python = home / ".venv" / "bin" / "python"
    _run([str(uv), "venv", "--quiet", "--python", sys.executable, str(home / ".venv")], peer, home)
    install = [str(uv), "pip", "install", "--quiet", "--python", str(python)]
    _run([*install, *peer.packages, _our_gunicorn()], peer, home)
    for command in peer.commands:
        _run(command.format(here=HERE).split(), peer, home)
    stamp.write_text(wanted)
    return home


def _home(peer: Peer, folder: Path) -> Path:
    return folder / peer.packages[0]


def _module(name: str) -> str:
    return re.sub("[-.]", "_", name.lower())


def _environment(peer: Peer, home: Path) -> dict[str, str]:
    programs = home / ".venv" / "bin"
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(home / ".venv"),
        "PYTHONPATH": f"{home / 'site'}{os.pathsep}{HERE}",
        "DJANGO_SETTINGS_MODULE": peer.settings,
        "PEER_SITE": str(home / "site"),
    }


def _run(command: Iterable[str], peer: Peer, home: Path) -> None:
    environment, words = _environment(peer, home), list(command)
    words[0] = shutil.which(words[0], path=environment["PATH"]) or words[0]
    try:
        done = subprocess.run(
            words, cwd=home / "site", env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_PATIENCE_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{Path(words[0]).name}: {error}") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise Failed(f"{Path(words[0]).name}: {lines[-1] if lines else done.returncode}")


def _our_gunicorn() -> str:
    """The same server for all."""
    text = (ROOT / "requirements.txt").read_text()
    found = re.search(r"^gunicorn==[\d.]+", text, re.MULTILINE)
    assert found
    return found[0]


def _fingerprint(peer: Peer) -> str:
    total = hashlib.sha256(repr((peer, sys.version)).encode())
    for path in sorted(
        [HERE / "article.py", *HERE.glob(f"{peer.settings.partition('_')[0]}_*.py")]
    ):
        total.update(path.read_bytes())
    return total.hexdigest()
