"""Takes in pieces of backups, and thins them: runs on the machine that keeps them, by itself.

Two sets are told by their names alone, so it needs no key:

    20270131T013000.000Z-full-database.age    a part of all that there was; -full-done.age is its last
    20270131T013002.114Z-more-site.age        what had changed in the files
    20270131T013005.702Z-wal-….age            what had changed in the databases

    keeping.py FOLDER                     takes in one piece: SSH_ORIGINAL_COMMAND is `put NAME`
    keeping.py FOLDER thin [DAYS]         so many days can be restored to the second
"""

import os
import re
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

PIECE = re.compile(r"(\d{8}T\d{6}\.\d{3}Z)-((?:full|more|wal)-[A-Za-z0-9.-]{1,60})\.age", re.ASCII)
_STAMP = "%Y%m%dT%H%M%S.%f%z"
# Whoever has the site's key could else write sets of other days, for which the rule lets true ones go.
_BEFORE, _AHEAD = timedelta(hours=36), timedelta(minutes=10)


class NotKeptError(Exception):
    """The message says why, in one line."""


def keep_piece(folder: Path, name: str, stream: BinaryIO) -> None:
    """Keeps a stream that came whole, under a name that nothing has: its name follows the last of it."""
    piece = PIECE.fullmatch(name)
    if not piece:
        raise NotKeptError("Så heter ingen del av en säkerhetskopia.")
    descriptor, part = tempfile.mkstemp(prefix=".part-", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            tail, end = b"", f"{name}\n".encode()
            while block := stream.read(1024 * 1024):
                tail += block
                file.write(tail[: -len(end)])
                tail = tail[-len(end) :]
            if tail != end:
                raise NotKeptError(f"{name} kom inte fram hel.")
            file.flush()
            os.fsync(file.fileno())
        _refuse_another_time(piece[1])  # when all has come: a stream can be drawn out
        try:
            os.link(part, folder / name)
        except FileExistsError as error:
            raise NotKeptError(f"{name} finns redan.") from error
    finally:
        os.unlink(part)
    listed = os.open(folder, os.O_RDONLY)
    os.fsync(listed)
    os.close(listed)


def _refuse_another_time(stamp: str) -> None:
    now = datetime.now(UTC)
    try:
        is_now = now - _BEFORE <= datetime.strptime(stamp, _STAMP) <= now + _AHEAD
    except ValueError:
        is_now = False
    if not is_now:
        raise NotKeptError(f"{stamp} är inte nu: klockan här är {stamp_of(now)}.")


def stamp_of(moment: datetime) -> str:
    """A moment as it stands in names, which are then in order."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03}Z"


def stamps_of_sets(names: list[str]) -> list[str]:
    """The stamps of the sets that are whole, the oldest first."""
    found = map(PIECE.fullmatch, names)
    return sorted(piece[1] for piece in found if piece and piece[2] == "full-done")


def superfluous(names: list[str], now: datetime, days: int) -> list[str]:
    """The pieces from before the last whole set that is older than the days: all later can be restored to the second.

    It counts from the last set, so that a site that is gone keeps what it has; and never from a time
    to come, which only somebody who wants the rest thrown away would write.
    """
    sets = [stamp for stamp in stamps_of_sets(names) if stamp <= stamp_of(now)]
    if not sets:
        return []
    oldest = stamp_of(datetime.strptime(sets[-1], _STAMP) - timedelta(days))
    whole_from = max((stamp for stamp in sets if stamp <= oldest), default=sets[0])
    found = (PIECE.fullmatch(name) for name in sorted(names))
    return [piece[0] for piece in found if piece and piece[1] < whole_from]


def thin(folder: Path, days: int) -> None:
    """Throws away what the rule lets go, and what was cut off a day ago."""
    for name in superfluous(os.listdir(folder), datetime.now(UTC), days):
        (folder / name).unlink()
    for part in folder.glob(".part-*"):
        if part.stat().st_mtime < time.time() - 24 * 60 * 60:
            part.unlink(missing_ok=True)


def keep_or_thin(words: list[str]) -> str:
    match words:
        case [folder]:
            verb, _space, name = os.environ.get("SSH_ORIGINAL_COMMAND", "").partition(" ")
            if verb != "put":
                raise NotKeptError("Här tas bara delar av säkerhetskopior emot.")
            keep_piece(Path(folder), name, sys.stdin.buffer)
            return "ok"
        case [folder, "thin", *bound] if len(bound) < 2 and all(map(str.isdecimal, bound)):
            thin(Path(folder), int(*(bound or ["35"])))
            free = shutil.disk_usage(folder).free // 1024**3
            return f"{len(stamps_of_sets(os.listdir(folder)))} hela kopior. {free} GB ledigt."
    raise NotKeptError("keeping.py MAPP, eller keeping.py MAPP thin [DYGN]")


if __name__ == "__main__":
    os.umask(0o077)
    try:
        print(keep_or_thin(sys.argv[1:]))
    except (NotKeptError, OSError) as error:
        sys.exit(str(error))
