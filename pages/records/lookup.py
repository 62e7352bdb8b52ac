"""Finds what the log tells: an SQLite file that is made from the packs, and made anew if it is gone."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from pages.ground.json_types import JsonObject

from .answered import is_a_file
from .packs import BrokenError, NewPack, Packs, Place

# What stood at an address from a moment on, and until when that holds by itself; and the epoch, which is the
# beginning of a version, in which a page was met last.
_TABLES = """
CREATE TABLE pack (number INTEGER PRIMARY KEY, hash TEXT);
CREATE TABLE epoch (version TEXT PRIMARY KEY, begin INT);
CREATE INDEX epoch_begin ON epoch (begin);
CREATE TABLE held (
    address TEXT, since INT, until INT, status INT, sent INT, body TEXT, standing TEXT,
    PRIMARY KEY (address, since)) WITHOUT ROWID;
CREATE INDEX held_since ON held (since);
CREATE INDEX held_until ON held (until) WHERE until IS NOT NULL;
CREATE TABLE page (address TEXT PRIMARY KEY, seen INT) WITHOUT ROWID;
CREATE TABLE sent (key INTEGER PRIMARY KEY, headers TEXT UNIQUE);
CREATE TABLE body (digest TEXT PRIMARY KEY, pack INT, begin INT, length INT, is_weeded INT)
    WITHOUT ROWID;
CREATE TABLE gap (begin INT, finish INT, kind TEXT, count INT);
CREATE TABLE noted (name TEXT PRIMARY KEY, value);
"""
ALWAYS = 1 << 62


class Standing(StrEnum):
    """What has become of a record."""

    KEPT = "kept"
    UNSURE = "unsure"  # as it was met last before: nobody may have got it in this version
    SEALED = "sealed"  # secrecy
    WEEDED = "weeded"  # a tombstone
    DAMAGED = "damaged"  # its bytes are not those that were kept


class Held(NamedTuple):
    """What stood at an address from a moment on."""

    since: int
    until: int | None  # what holds no longer by itself
    status: int
    sent: int
    body: str
    standing: str


class RecordIndex:
    """The index of a folder of records, open for reading or for the job that files."""

    def __init__(self, packs: Packs, *, anew: Path | str | None = None) -> None:
        self.packs = packs
        path: Path | str = packs.folder / "index.sqlite3"
        if anew is None and not Path(path).exists():
            anew = ""  # who reads writes nothing: SQLite's own file, which goes with the connection
        path = path if anew is None else anew
        self.connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        if anew is not None:
            self._fill()

    def close(self) -> None:
        self.connection.close()

    def rows(self, query: str, *values: object) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row and len(row) == 1 else row

    def run(self, query: str, *values: object) -> None:
        self.connection.execute(query, values)

    def _fill(self) -> None:
        """From the packs, up to the first that cannot be read."""
        self.connection.executescript(_TABLES)
        with written_whole(self), suppress(BrokenError):
            for number in self.packs.numbers():
                for entry in list(self.packs.entries(number)):
                    self.take(entry, number)
                digest = hashlib.sha256(self.packs.log(number)).hexdigest()
                self.run("UPDATE pack SET hash = ? WHERE number = ?", digest, number)

    # What the log tells, line by line

    def take(self, entry: JsonObject, pack: int) -> None:
        match entry:
            case {"pack": number, "before": _before}:
                self.run("INSERT INTO pack VALUES (?, '')", number)
            case {"sent": key, "headers": headers}:
                self.run("INSERT INTO sent VALUES (?, ?)", key, json.dumps(headers))
            case {"version": version, "begin": begin}:
                self.run("INSERT INTO epoch VALUES (?, ?)", version, begin)
            case {"met": _address, "since": _since, "body": _body}:
                self._met(entry, pack)
            case {"holds": address, "since": since, "until": until}:
                self.run(
                    "UPDATE held SET until = ? WHERE address = ? AND since = ?",
                    until,
                    address,
                    since,
                )
            case {"over": epoch, "until": until, "unmet": unmet}:
                self._over(epoch, until, unmet)
            case {"gap": kind, "begin": begin, "end": end, "count": count}:
                self.run("INSERT INTO gap VALUES (?, ?, ?, ?)", begin, end, kind, count)
            case {"seal": [address, since]}:
                self._decided(Standing.SEALED, address, since)
            case {"weed": [address, since]}:
                self._weeded(address, since)

    def _met(self, entry: JsonObject, pack: int) -> None:
        address, body = entry["met"], entry["body"]
        values = [entry.get(name) for name in ("until", "status", "sent")]
        standing = entry.get("standing", Standing.KEPT)
        insert = "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?)"
        self.run(insert, address, entry["since"], *values, body, standing)
        if at := entry.get("at"):
            self.run("INSERT OR REPLACE INTO body VALUES (?, ?, ?, ?, 0)", body, pack, *at)
        if entry["status"] == 200 and not is_a_file(address):
            self.run("INSERT OR IGNORE INTO page VALUES (?, 0)", address)

    def _over(self, epoch: int, until: int, unmet: int) -> None:
        self.note("ended", epoch)
        if unmet:
            self.run("INSERT INTO gap VALUES (?, ?, 'superseded', ?)", epoch, until, unmet)

    def _weeded(self, address: str, since: int) -> None:
        self._decided(Standing.WEEDED, address, since)
        body = self.one("SELECT body FROM held WHERE address = ? AND since = ?", address, since)
        if not self.is_shown(body):
            self.run("UPDATE body SET is_weeded = 1 WHERE digest = ?", body)

    def _decided(self, standing: str, address: str, since: int) -> None:
        query = (
            "UPDATE held SET standing = ? WHERE address = ? AND since = ? AND standing != 'weeded'"
        )
        self.run(query, standing, address, since)

    # What is asked

    def epoch_at(self, moment: int) -> tuple[str, int] | None:
        """The version at a moment, and when it began."""
        found: tuple[str, int] | None = self.one(
            "SELECT version, begin FROM epoch WHERE begin <= ? ORDER BY begin DESC, rowid DESC LIMIT 1",
            moment,
        )
        return found

    def last_epoch(self) -> tuple[str, int] | None:
        return self.epoch_at(ALWAYS)

    def epoch_after(self, moment: int) -> int | None:
        found: int | None = self.one("SELECT min(begin) FROM epoch WHERE begin > ?", moment)
        return found

    def held_after(self, address: str, moment: int) -> int | None:
        """When something else took the place of what stood there."""
        query = "SELECT min(since) FROM held WHERE address = ? AND since > ?"
        found: int | None = self.one(query, address, moment)
        return found

    def seen(self, address: str) -> int:
        """The epoch in which a page was met last."""
        return int(self.one("SELECT seen FROM page WHERE address = ?", address) or 0)

    def is_unsure(self, address: str, held: Held, moment: int) -> bool:
        """Whether nobody may have got what is known of an address, since something was published."""
        if is_a_file(address):
            return False
        last = self.last_epoch()
        if last and held.since < last[1] <= moment and self.seen(address) < last[1]:
            return True
        if held.until and held.until <= moment:
            return True
        query = (
            "SELECT 1 FROM gap WHERE begin > ? AND begin <= ? AND finish > ?"
            " AND kind IN ('superseded', 'untold-version')"
        )
        return bool(self.one(query, held.since, moment, moment))

    def held_at(self, address: str, moment: int) -> Held | None:
        """What stood at the address at a moment, whether somebody had got it then or not."""
        query = (
            "SELECT since, until, status, sent, body, standing FROM held"
            " WHERE address = ? AND since <= ? ORDER BY since DESC LIMIT 1"
        )
        row = self.one(query, address, moment)
        return Held(*row) if row else None

    def standing_of(self, address: str, since: int) -> str | None:
        """Of the very record; None if there is none."""
        query = "SELECT standing FROM held WHERE address = ? AND since = ?"
        found: str | None = self.one(query, address, since)
        return found

    def headers(self, sent: int) -> list[tuple[str, str]]:
        found = self.one("SELECT headers FROM sent WHERE key = ?", sent)
        return [(name, value) for name, value in json.loads(found)]

    def note(self, name: str, value: int) -> None:
        self.run("INSERT OR REPLACE INTO noted VALUES (?, ?)", name, value)

    def noted(self, name: str) -> int:
        """What the job has noted of itself: when it was sure of the version last, for example."""
        return int(self.one("SELECT value FROM noted WHERE name = ?", name) or 0)

    def is_shown(self, body: str) -> bool:
        """Whether a record has these bytes that is not weeded."""
        return bool(self.one("SELECT 1 FROM held WHERE body = ? AND standing != 'weeded'", body))

    def place_of(self, body: str) -> Place | None:
        """Where the bytes lie, unless in a file of their own."""
        row = self.one("SELECT pack, begin, length FROM body WHERE digest = ?", body)
        return Place(*row) if row else None

    def bytes_of(self, body: str) -> bytes:
        return self.packs.body(body, self.place_of(body))


@contextmanager
def written_whole(index: RecordIndex) -> Iterator[None]:
    """What is written comes into the index together, or not at all."""
    # Those who read wait for the end alone.
    index.run("PRAGMA cache_spill = 0")
    index.run("BEGIN IMMEDIATE")
    try:
        yield
        index.run("COMMIT")
    except BaseException:
        index.run("ROLLBACK")
        raise


@contextmanager
def new_pack(index: RecordIndex) -> Iterator[NewPack]:
    """A pack, and what it tells in the index: both, or neither."""
    last = index.one("SELECT number, hash FROM pack ORDER BY number DESC LIMIT 1") or (0, "")
    pack = NewPack(index.packs, last[0] + 1, last[1])
    try:
        with written_whole(index):
            yield pack
            if pack.count > 1:  # more than its first line
                index.run("INSERT INTO pack VALUES (?, ?)", pack.number, pack.end())
    finally:
        pack.give_up()


@contextmanager
def faults_told(folder: Path, sentence: str) -> Iterator[None]:
    """Says as commands do what is wrong with the records in the folder."""
    try:
        yield
    except OSError as error:
        raise CommandError(sentence % {"error": error.strerror or error}) from error
    except sqlite3.Error as error:
        text = _(
            "The index of the records cannot be used. Remove it, and it is made anew: %(path)s"
        )
        raise CommandError(text % {"path": folder / "index.sqlite3"}) from error
    except BrokenError as error:
        raise CommandError(_("The records are damaged: verify_records says where.")) from error
    except DatabaseError as error:
        raise CommandError(_("The database cannot be used: set the site up first.")) from error


def rebuild(packs: Packs) -> None:
    """Makes the index from the packs, and puts it in its place when it is whole."""
    packs.folder.mkdir(parents=True, exist_ok=True)
    part = packs.folder / "index.part"
    part.unlink(missing_ok=True)
    RecordIndex(packs, anew=part).close()
    part.chmod(0o640)
    part.replace(packs.folder / "index.sqlite3")
