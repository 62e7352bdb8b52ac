"""Sends everything once, and what is new from then on."""

import base64
import glob
import json
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from . import server, standing, wal, walks
from .keeping import stamp_of
from .machine import FILES, BackupError, MachinePlaces
from .pieces import new_piece, new_stamp

# Beside /etc/sapo: what the machine needs to be the site again.
_UNITS = ("etc/systemd/system/sapo*", "etc/systemd/system/nginx.service.d")
_TLS = ("etc/ssl/sapo", "etc/letsencrypt")
_SETTINGS = ("etc/sapo", "etc/nginx", *_TLS, *_UNITS, "etc/postgresql", "etc/smtpd*")
_BETWEEN = 1.0
_LOG_EACH = 3.0
_AFTER_A_FAULT = 2.0
_SET_AGAIN = 30.0
_A_NIGHT = timedelta(hours=26)  # a night's set may take its time
_HEARD_EACH = 300.0  # so often the keeper must answer, also where nothing is new


def send_all(places: MachinePlaces) -> None:
    """Sends a whole set. Its last piece says that it is whole, and what there is in it."""
    stamp = new_stamp()
    with new_piece(places, f"{stamp}-full-database.age", part="database") as piece:
        _send_databases(piece)
    # After the databases: what a row names is then there.
    for part, tops in FILES.items():
        found = walks.walk(places.var, tops, time.time() + 60)
        with new_piece(places, f"{stamp}-full-{part}.age", part=part) as piece:
            walks.archive_files(piece, places.var, sorted(found))
    _send_settings(places, f"{stamp}-full-settings.age")
    said = {"ended": new_stamp(), "release": release_of(places)}
    said["postgres"] = server.main_version()
    with new_piece(places, f"{stamp}-full-done.age", part="database") as piece:
        piece.write(json.dumps(said).encode())
    standing.note_set(places)


def _send_databases(piece: IO[bytes]) -> None:
    """Every file of PostgreSQL's, as the nights' part; the others are what it writes to its log."""
    command = ["pg_basebackup", "--pgdata", "-", "--format", "tar", "--wal-method", "fetch"]
    command += ["--checkpoint", "fast", "--label", "sapo", "--no-password"]
    server.pour(command, piece)


def _send_settings(places: MachinePlaces, name: str) -> None:
    """All of them, also where one has changed: they are few, and small."""
    with new_piece(places, name, part="settings") as piece:
        walks.archive_files(piece, places.root, _settings(places.root), opened=_secrets(places))


def _settings(root: Path) -> list[str]:
    """The settings' files, with the certificate and the key that nginx is led to."""
    tops = [path for pattern in _SETTINGS for path in glob.glob(pattern, root_dir=root)]
    found = {path for top in tops for path in _below(root, top)}
    led_to = ((root / path).resolve() for path in found if path.startswith("etc/ssl/sapo/"))
    found.update(str(p.relative_to(root)) for p in led_to if p.is_file() and p.is_relative_to(root))
    return sorted(found)


def _signs(root: Path) -> dict[str, tuple[int, ...]]:
    """What changes with each of the settings' files."""
    found: dict[str, tuple[int, ...]] = {}
    for path in _settings(root):
        with suppress(FileNotFoundError):
            status = (root / path).lstat()
            found[path] = status.st_mode, status.st_ino, status.st_ctime_ns
    return found


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


def release_of(places: MachinePlaces) -> str:
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
        self._settings: dict[str, tuple[int, ...]] = {}
        self._set: threading.Thread | None = None
        self._next_set = self._next_log = self._next_files = 0.0
        self._said: set[str] = set()

    def run(self) -> None:
        while True:
            try:
                self.turn()
                self._said.clear()
            except (BackupError, OSError) as error:
                self._say(error)
                time.sleep(_AFTER_A_FAULT)
            time.sleep(_BETWEEN)

    def turn(self) -> None:
        """One look at everything. Rows that are written before it have their files in it, and go after these."""
        began, log, why = datetime.now(UTC), None, None
        try:
            log = self._log()
        except BackupError as error:  # the files go all the same
            why = error
        time.sleep(walks.SETTLES_SECONDS)
        self._send_files()
        self._send_settings()
        if log is None:
            raise why or BackupError("PostgreSQL svarar inte.")
        self._begin_set()
        has_set = began - standing.last_set(self._places) < _A_NIGHT
        if self._send_log(log, stamp_of(began)) and has_set:
            standing.note_good(self._places, log.written, began)

    def _log(self) -> wal.LogPosition:
        log = wal.log_position()
        if not log.confirmed:
            if self._set and self._set.is_alive():
                raise BackupError(
                    "PostgreSQL har släppt sin logg. En ny hel kopia följer på den som pågår."
                )
            wal.begin_log()
            standing.forget_set(self._places)
            log = wal.log_position()
        return log

    def _send_log(self, log: wal.LogPosition, stamp: str) -> bool:
        """Whether the keeper has all that was written when it was looked."""
        if log.until > log.confirmed:
            if time.monotonic() < self._next_log:
                return False
            name = f"{stamp}-{log.name}.age"
            with new_piece(self._places, name, part="database") as piece:
                wal.send_log(log, piece)
            wal.confirm_log(log.until)
            # What is behind goes on at once.
            self._next_log = time.monotonic() + _LOG_EACH if log.until == log.written else 0
        return log.until == log.written

    def _send_files(self) -> None:
        """Both parts where one has changed, so that no name tells when a tip came."""
        stamp = new_stamp()
        changes = {part: watch.look() for part, watch in self._watches.items()}
        if not any(changes.values()) and time.monotonic() < self._next_files:
            return
        for part, change in changes.items():
            watch = self._watches[part]
            name = f"{stamp}-more-{part}.age"
            with new_piece(self._places, name, part=part) as piece:
                said = {"name": name, "gone": change.gone, "after": watch.after}
                walks.archive_files(piece, self._places.var, change.paths, **said)
            watch.remember(change, stamp)
        self._next_files = time.monotonic() + _HEARD_EACH

    def _send_settings(self) -> None:
        found = _signs(self._places.root)
        if found != self._settings:
            _send_settings(self._places, f"{new_stamp()}-more-settings.age")
            self._settings = found

    def _begin_set(self) -> None:
        """Lets a whole set be sent beside what is new, each night."""
        night = datetime.now(UTC).date()
        is_due = (
            standing.last_set(self._places).date() != night and time.monotonic() >= self._next_set
        )
        if is_due and not (self._set and self._set.is_alive()):
            self._set = threading.Thread(target=self._send_set, daemon=True)
            self._set.start()

    def _send_set(self) -> None:
        try:
            send_all(self._places)
        except (BackupError, OSError) as error:
            self._say(error)
        self._next_set = time.monotonic() + _SET_AGAIN

    def _say(self, error: Exception) -> None:
        """Once, until all is well again; as an error, as systemd's journal knows it."""
        if str(error) not in self._said:
            self._said.add(str(error))
            print(f"<3>{error}", file=sys.stderr, flush=True)
