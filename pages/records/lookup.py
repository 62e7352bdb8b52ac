"""Finds records: an SQLite file that is made from the packs, and made anew if it is gone.

It has a row for an address, not for a record: each record leads to the one before it, and every
sixteenth has a row, so that a moment long ago is found without going through all since.
"""

import base64
import hashlib
import json
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .entries import BrokenError, Place, RecordEntry
from .packs import Packs

EVERY = 16
_FIELDS_KEPT = 256
_TABLES = """
CREATE TABLE pack (number INTEGER PRIMARY KEY, hash TEXT, first INT, last INT, count INT);
CREATE TABLE address (
    key INTEGER PRIMARY KEY, text TEXT UNIQUE, place INT, count INT, was_page INT DEFAULT 0);
CREATE TABLE milestone (address INT, since INT, place INT, PRIMARY KEY (address, since))
    WITHOUT ROWID;
CREATE TABLE sent (key INTEGER PRIMARY KEY, status INT, headers TEXT, UNIQUE (status, headers));
CREATE TABLE epoch (
    key INTEGER PRIMARY KEY, version TEXT, begin INT, whole INT DEFAULT 0, met BLOB, ended INT,
    unmet INT DEFAULT 0);
CREATE INDEX epoch_begin ON epoch (begin);
CREATE INDEX epoch_version ON epoch (version);
CREATE TABLE met (address INTEGER PRIMARY KEY, until INT);
CREATE TABLE gap (begin INT, finish INT, kind TEXT, count INT);
CREATE TABLE mark (place INTEGER PRIMARY KEY, kind TEXT);
CREATE TABLE told_anew (place INTEGER PRIMARY KEY, held_in INT, begin INT, length INT, base INT);
CREATE TABLE asked (name TEXT PRIMARY KEY, value INT);
CREATE TABLE noted (name TEXT PRIMARY KEY, value TEXT);
"""
_OFFSET_BITS = 32


def place_as_number(place: Place | None) -> int | None:
    return None if place is None else place[0] << _OFFSET_BITS | place[1]


def as_place(value: int | None) -> Place | None:
    return None if value is None else (value >> _OFFSET_BITS, value & (1 << _OFFSET_BITS) - 1)


def bits(keys: Iterable[int]) -> bytes:
    """A set of keys in few bytes."""
    chosen = set(keys)
    field = bytearray(max(chosen, default=-1) // 8 + 1)
    for key in chosen:
        field[key // 8] |= 1 << key % 8
    return zlib.compress(bytes(field))


class RecordIndex:
    """The index of a folder of records, open for reading or for the job that files."""

    def __init__(self, packs: Packs) -> None:
        self.packs = packs
        self.path = packs.folder / "index.sqlite3"
        self.connection = self._opened()
        self._met: OrderedDict[int, bytes] = OrderedDict()
        for place, held_in, begin, length, base in self.rows("SELECT * FROM told_anew"):
            self._note_told_anew(place, held_in, begin, length, base)

    def _opened(self) -> sqlite3.Connection:
        if not self.path.exists():  # who reads writes nothing
            return _filled(self.packs, ":memory:")
        return sqlite3.connect(self.path, timeout=20, isolation_level=None)

    def close(self) -> None:
        self.connection.close()

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row and len(row) == 1 else row

    # What the job and the rebuilding write, entry by entry

    def take_entry(self, place: Place, entry: RecordEntry, since: int) -> None:
        row = self.one("SELECT count FROM address WHERE key = ?", entry.address)
        count = (row or 0) + 1
        status = self.one("SELECT status FROM sent WHERE key = ?", entry.sent)
        self.connection.execute(
            "UPDATE address SET place = ?, count = ?, was_page = max(was_page, ?) WHERE key = ?",
            (place_as_number(place), count, status == 200, entry.address),
        )
        if count % EVERY == 0:
            self.connection.execute(
                "INSERT OR REPLACE INTO milestone VALUES (?, ?, ?)",
                (entry.address, since, place_as_number(place)),
            )

    def take_event(self, event: dict[str, Any], at: Place | None = None) -> None:
        run = self.connection.execute
        match event:
            case {"address": key, "is": text}:
                run("INSERT INTO address (key, text, count) VALUES (?, ?, 0)", (key, text))
            case {"sent": key, "status": status, "headers": headers}:
                run("INSERT INTO sent VALUES (?, ?, ?)", (key, status, json.dumps(headers)))
            case {"epoch": key, "version": version, "begin": begin}:
                run("UPDATE epoch SET ended = ? WHERE key = ?", (begin, key - 1))
                run(
                    "INSERT INTO epoch (key, version, begin) VALUES (?, ?, ?)",
                    (key, version, begin),
                )
            case {"whole": key}:
                run("UPDATE epoch SET whole = 1 WHERE key = ?", (key,))
            case {"met": key, "by": text, "unmet": unmet}:
                run(
                    "UPDATE epoch SET met = ?, unmet = ? WHERE key = ?",
                    (base64.b85decode(text), unmet, key),
                )
            case {"gap": kind, "begin": begin, "end": end}:
                run(
                    "INSERT INTO gap VALUES (?, ?, ?, ?)", (begin, end, kind, event.get("count", 1))
                )
            case {"seal": place} | {"weed": place}:
                kind = "seal" if "seal" in event else "weed"
                if kind == "weed" or not self.one("SELECT 1 FROM mark WHERE place = ?", place):
                    run("INSERT OR REPLACE INTO mark VALUES (?, ?)", (place, kind))
                run("INSERT INTO asked VALUES (?, ?)", (event["name"], place_as_number(at)))
            case {"told_anew": place}:
                values = (event["held_in"], event["begin"], event["length"], event["base"])
                run("INSERT OR REPLACE INTO told_anew VALUES (?, ?, ?, ?, ?)", (place, *values))
                self._note_told_anew(place, *values)

    def take_pack(self, number: int, digest: str, first: int, last: int, count: int) -> None:
        self.connection.execute(
            "INSERT INTO pack VALUES (?, ?, ?, ?, ?)", (number, digest, first, last, count)
        )

    def _note_told_anew(
        self, place: int, held_in: int, begin: int, length: int, base: int | None
    ) -> None:
        at = as_place(place)
        assert at is not None  # noqa: S101 (told by its own row)
        self.packs.moved[at] = replace(
            self.packs.entry(at), begin=begin, length=length, held_in=held_in, base=as_place(base)
        )

    # What is asked

    def epoch_at(self, moment: int) -> tuple[int, str, int, int, bytes | None] | None:
        row: Any = self.one(
            "SELECT key, version, begin, whole, met FROM epoch WHERE begin <= ?"
            " ORDER BY begin DESC, key DESC LIMIT 1",
            moment,
        )
        return row

    def last_epoch(self) -> tuple[int, str, int, int, bytes | None] | None:
        row: Any = self.one(
            "SELECT key, version, begin, whole, met FROM epoch ORDER BY key DESC LIMIT 1"
        )
        return row

    def end_of(self, epoch: int) -> int | None:
        found: int | None = self.one("SELECT ended FROM epoch WHERE key = ?", epoch)
        return found

    def is_met(self, address: int, epoch: int) -> bool:
        """Whether somebody got the address while the epoch lasted."""
        if self.end_of(epoch) is None:
            return bool(self.one("SELECT 1 FROM met WHERE address = ?", address))
        if epoch not in self._met:
            field = self.one("SELECT met FROM epoch WHERE key = ?", epoch)
            self._met[epoch] = zlib.decompress(field) if field else b""
            if len(self._met) > _FIELDS_KEPT:
                self._met.popitem(last=False)
        field = self._met[epoch]
        return address // 8 < len(field) and bool(field[address // 8] >> address % 8 & 1)

    def met_since(self, address: int, first: int, last: int) -> int | None:
        """Where the line of epochs in which it was met begins, if that is after the first."""
        for key, ended in self.rows(
            "SELECT key, ended FROM epoch WHERE key > ? AND key < ? AND (unmet > 0 OR ?)"
            " ORDER BY key DESC",
            first, last, not self._was_page(address),
        ):  # fmt: skip
            if not self.is_met(address, key):
                return int(ended)
        return None

    def met_until(self, address: int, epoch: int) -> int | None:
        """When the first epoch began in which it was not met any more."""
        for key, begin in self.rows(
            "SELECT key, begin FROM epoch WHERE key > ? AND (unmet > 0 OR ended IS NULL OR ?)"
            " ORDER BY key",
            epoch, not self._was_page(address),
        ):  # fmt: skip
            if not self.is_met(address, key):
                return int(begin)
        return None

    def _was_page(self, address: int) -> bool:
        """Whether the round of each version asks for it."""
        return bool(self.one("SELECT was_page FROM address WHERE key = ?", address))

    def since(self, entry: RecordEntry) -> int:
        found: int = entry.since or self.one("SELECT begin FROM epoch WHERE key = ?", entry.epoch)
        return found

    def last_until(self, address: int, moment: int) -> tuple[Place, RecordEntry] | None:
        """The last record of an address that began at a moment, or before."""
        for place, entry in self._back_to(address, moment):
            if self.since(entry) <= moment:
                return place, entry
        return None

    def first_after(self, address: int, moment: int) -> tuple[Place, RecordEntry] | None:
        """The first record of an address that began after a moment."""
        found: tuple[Place, RecordEntry] | None = None
        for place, entry in self._back_to(address, moment):
            if self.since(entry) <= moment:
                break
            found = place, entry
        return found

    def _back_to(self, address: int, moment: int) -> Iterator[tuple[Place, RecordEntry]]:
        """The records of an address, the later first, from not long after a moment."""
        place = self.one(
            "SELECT place FROM milestone WHERE address = ? AND since > ? ORDER BY since LIMIT 1",
            address, moment,
        ) or self.one("SELECT place FROM address WHERE key = ?", address)  # fmt: skip
        at = as_place(place)
        while at is not None:
            entry = self.packs.entry(at)
            yield at, entry
            at = entry.former


@contextmanager
def written_whole(index: RecordIndex) -> Iterator[None]:
    """What is written comes into the index together, or not at all."""
    # Those who read wait for the end alone.
    index.connection.execute("PRAGMA cache_spill = 0")
    index.connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        index.connection.execute("COMMIT")
    except BaseException:
        index.connection.execute("ROLLBACK")
        raise


def unusable(folder: Path) -> str:
    """What to do where SQLite cannot use the index, for people."""
    return _(
        "The index of the records cannot be used. Remove it, and it is made anew: %(path)s"
    ) % {"path": folder / "index.sqlite3"}


def begin_index(folder: Path) -> None:
    """Makes an empty index, once."""
    path = folder / "index.sqlite3"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rebuild(Packs(folder))


def rebuild(packs: Packs) -> None:
    """Makes the index from the packs, and puts it in its place when it is whole."""
    path = packs.folder / "index.sqlite3"
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    _filled(packs, part).close()
    part.chmod(0o640)
    part.replace(path)


def _filled(packs: Packs, path: Path | str) -> sqlite3.Connection:
    """An index of the packs, up to the first that cannot be read."""
    made = RecordIndex.__new__(RecordIndex)
    made.packs = packs
    made.connection = sqlite3.connect(path, isolation_level=None)
    made.connection.executescript(_TABLES)
    with written_whole(made), suppress(BrokenError):
        for number in packs.numbers():
            first = last = count = 0
            for at, entry, _stands in list(packs.entries(number)):
                if isinstance(entry, RecordEntry):
                    since = made.since(entry)
                    made.take_entry((number, at), entry, since)
                    first, last, count = min(first or since, since), max(last, since), count + 1
                else:
                    made.take_event(entry, at=(number, at))
            digest = hashlib.sha256(packs.head(number)).hexdigest()
            made.take_pack(number, digest, first, last, count)
    return made.connection
