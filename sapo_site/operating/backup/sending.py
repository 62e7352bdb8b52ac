"""Sends everything once, and what is new from then on."""

import base64
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from . import server, standing, walks
from .machine import CODE, FILES, BackupError, MachinePlaces
from .pieces import Keeper, end_of, new_stamp

# Beside /etc/sapo: what the machine needs to be the site again.
_SETTINGS = (
    "etc/sapo", "etc/nginx", "etc/letsencrypt", "etc/systemd/system/sapo*",
    "etc/systemd/system/nginx.service.d", "etc/postgresql", "etc/smtpd*",
)  # fmt: skip
_CERTIFICATE = re.compile(r"^\s*ssl_certificate(?:_key)?\s+/?([^\s;]+);", re.MULTILINE)
# A segment, the mark of a set, or the history of a timeline. PostgreSQL's user may put anything beside them.
_ARCHIVED = re.compile(
    r"(?:[0-9A-F]{24}(?:\.[0-9A-F]{8}\.backup|\.partial)?|[0-9A-F]{8}\.history)\.zst"
)
_BETWEEN = 1.0
_AFTER_A_FAULT = 10.0
_CHECK_EACH = 10.0
_SET_AGAIN = 600.0


def send_all(places: MachinePlaces) -> None:
    """Sends a whole set. Its last piece says that it is whole, and what there is in it."""
    keeper, stamp = Keeper(places), new_stamp()
    links = server.last_links()
    with keeper.piece(f"{stamp}-full-database.age", part="database") as piece:
        _send_databases(piece)
    # After the databases: what a row names is then there.
    for part, tops in FILES.items():
        found = walks.walk(places.var, tops, time.time() + 60)
        with keeper.piece(f"{stamp}-full-{part}.age", part=part) as piece:
            walks.archive_files(piece, places.var, sorted(found))
    with keeper.piece(f"{stamp}-full-settings.age", part="settings") as piece:
        walks.archive_files(piece, places.root, _settings(places.root), opened=_secrets(places))
    said = {
        "ended": new_stamp(), "code": code_version(), "release": _release(places),
        "postgres": server.main_version(), "links": links, "pieces": keeper.digests,
    }  # fmt: skip
    size = keeper.sent
    with keeper.piece(f"{stamp}-full-done.age", part="database") as piece:
        piece.write(json.dumps(said).encode())
    standing.note_set(places, size)


def _send_databases(piece: IO[bytes]) -> None:
    """Every file of PostgreSQL's, as the nights' part; each second's part is what it archives."""
    with subprocess.Popen(
        ["pg_basebackup", "--pgdata", "-", "--format", "tar", "--wal-method", "fetch",
         "--checkpoint", "fast", "--label", "sapo", "--no-password"],
        env={**os.environ, "PGUSER": "postgres"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **server.as_postgres(),
    ) as process:  # fmt: skip
        try:
            shutil.copyfileobj(end_of(process.stdout), piece)
        except BaseException:
            process.kill()
            raise
        why = end_of(process.stderr).read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise BackupError(f"pg_basebackup: {why[-1] if why else 'inget svar'}")


def _settings(root: Path) -> list[str]:
    """The settings' files, with the certificates that nginx names."""
    tops = [path for pattern in _SETTINGS for path in glob.glob(pattern, root_dir=root)]
    found = {path for top in tops for path in _below(root, top)}
    for path in sorted(found):
        if path.startswith("etc/nginx/") and (root / path).is_file():
            named = _CERTIFICATE.findall((root / path).read_text(errors="replace"))
            for place in ((root / name, (root / name).resolve()) for name in named):
                # Itself, which may be a link, and what it leads to.
                there = (each for each in place if each.is_file() and each.is_relative_to(root))
                found.update(str(each.relative_to(root)) for each in there)
    return sorted(found)


def _below(root: Path, top: str) -> list[str]:
    return sorted(walks.walk(root, [top], float("inf"))) if (root / top).is_dir() else [top]


def _secrets(places: MachinePlaces) -> dict[str, str]:
    """What systemd keeps sealed to this machine, opened, since no other can open it."""
    opened = {}
    for sealed in sorted(places.settings.glob("*.*.cred")):
        name = sealed.name.removesuffix(".cred").partition(".")[2]
        done = subprocess.run(
            ["systemd-creds", "decrypt", f"--name={name}", str(sealed), "-"], capture_output=True
        )
        if done.returncode:
            raise BackupError(f"{sealed} går inte att öppna på den här datorn.")
        opened[sealed.name] = base64.b64encode(done.stdout).decode()
    return opened


def code_version() -> str:
    """The commit of the code that runs here; where git does not know it, a digest of its files."""
    if shutil.which("git"):
        done = subprocess.run(
            ["git", "-C", str(CODE), "-c", f"safe.directory={CODE}", "rev-parse", "HEAD"],
            capture_output=True, text=True,
        )  # fmt: skip
        if not done.returncode:
            return done.stdout.strip()
    total = hashlib.sha256()
    for place, folders, files in os.walk(CODE):
        # Environments, and what is made while it runs.
        folders[:] = sorted(n for n in folders if n[0] != "." and n not in ("var", "__pycache__"))
        for path in filter(Path.is_file, (Path(place, name) for name in sorted(files))):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{digest}  {path.relative_to(CODE)}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _release(places: MachinePlaces) -> str:
    """The number of the signed release that is laid out here; empty where there is none."""
    found = None
    with suppress(OSError):
        signed = (places.var / "release/current/release.txt").read_text()
        found = re.search(r"^number (\d+)$", signed, re.MULTILINE)
    return found[1] if found else ""


class Follower:
    """Sends what is new, files before the rows that name them, and a whole set each night."""

    def __init__(self, places: MachinePlaces) -> None:
        self._places = places
        self._watches = {
            part: walks.FileWatch(places.var, tops, places.state / f"{part}.seen")
            for part, tops in FILES.items()
        }
        for watch in self._watches.values():
            if not watch.begin(new_stamp()):
                standing.forget_set(places)
        self._set: threading.Thread | None = None
        self._next_set = self._next_check = 0.0

    def run(self) -> None:
        while True:
            try:
                self.turn()
            except (BackupError, OSError) as error:
                say(error)
                time.sleep(_AFTER_A_FAULT)
            time.sleep(_BETWEEN)

    def turn(self) -> None:
        """One look at everything. What was acknowledged before it began is then sent, but for the
        segment that PostgreSQL still writes."""
        began = datetime.now(UTC)
        self._begin_set()
        # Rows that are archived now have their files in the look that comes after.
        archived = _archived(self._places.spool)
        self._send_files()
        for path in archived:
            with (
                open(path, "rb", opener=_the_file_itself) as file,
                Keeper(self._places).piece(
                    f"{new_stamp()}-wal-{path.stem}.age", part="database", squeeze=False
                ) as piece,
            ):
                shutil.copyfileobj(file, piece)
            path.unlink()
        if time.monotonic() >= self._next_check:
            server.check_archiving()
            self._next_check = time.monotonic() + _CHECK_EACH
        if standing.has_recent_set(self._places, began):
            standing.note_good(self._places, began)

    def _send_files(self) -> None:
        """Both parts where one has changed, so that no name tells when a tip came."""
        stamp = new_stamp()
        changes = {part: watch.look() for part, watch in self._watches.items()}
        if not any(changes.values()):
            return
        for part, change in changes.items():
            watch = self._watches[part]
            name = f"{stamp}-more-{part}.age"
            with Keeper(self._places).piece(name, part=part) as piece:
                walks.archive_files(
                    piece, self._places.var, change.paths,
                    name=name, gone=change.gone, after=watch.after,
                )  # fmt: skip
            watch.remember(change, stamp)

    def _begin_set(self) -> None:
        """Lets a whole set be sent beside what is new, each night."""
        night = datetime.now(UTC).date()
        is_due = standing.day_of_set(self._places) != night and time.monotonic() >= self._next_set
        if is_due and not (self._set and self._set.is_alive()):
            self._next_set = time.monotonic() + _SET_AGAIN
            self._set = threading.Thread(target=self._send_set, daemon=True)
            self._set.start()

    def _send_set(self) -> None:
        try:
            send_all(self._places)
        except (BackupError, OSError) as error:
            say(error)


def _archived(spool: Path) -> list[Path]:
    """What PostgreSQL has archived; a link or a pipe that lies there is left."""
    with os.scandir(spool) as entries:
        return sorted(
            Path(entry)
            for entry in entries
            if _ARCHIVED.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        )


def _the_file_itself(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def say(error: Exception) -> None:
    print(f"<3>{error}", file=sys.stderr, flush=True)  # an error, as systemd's journal knows it
