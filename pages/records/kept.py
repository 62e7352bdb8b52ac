"""Asks the records: how a page looked at a moment, what changed, what stood."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .answered import KINDS_OF_FILES
from .entries import BrokenError, Place, RecordEntry
from .lookup import RecordIndex, place_as_number
from .orders import KINDS_DECIDED, Decisions
from .packs import LostError, Packs


class Standing(StrEnum):
    """What has become of a record."""

    KEPT = "kept"
    SUPERSEDED = "superseded"  # its version ended before its round was whole; nobody had got it
    SEALED = "sealed"  # secrecy
    WEEDED = "weeded"  # a tombstone


class RecordsError(Exception):
    """The bytes of a record cannot be had; says why."""


class SealedError(RecordsError):
    pass


class WeededError(RecordsError):
    pass


class DamagedError(RecordsError):
    pass


class NobodyGotItError(RecordsError):
    """There are no bytes: the version ended before anybody had got the page."""


@dataclass(frozen=True)
class Rendering:
    """What readers met at an address for a time."""

    address: str
    version: str
    since: datetime
    until: datetime | None
    status: int
    headers: tuple[tuple[str, str], ...]
    digest: str
    standing: Standing


@dataclass(frozen=True)
class Gap:
    """What the records lack, and why."""

    begin: datetime
    end: datetime
    kind: str
    sentence: str


_MILLION = timedelta(microseconds=1)
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = (404, 410)
_Waiting = set[tuple[str, Any]]
_DECISIONS = {"seal": Standing.SEALED, "weed": Standing.WEEDED}


class Records:
    """The records in a folder. Who asks is written nowhere."""

    def __init__(self, folder: Path | None = None, spool: Path | None = None) -> None:
        self.folder = Path(folder or settings.RECORDS_ROOT)
        self.decisions = Decisions(Path(spool or settings.RECORDS_SPOOL))

    def at(self, address: str, moment: datetime) -> Rendering | None:
        """What readers met at the address at a moment; None if nothing is known of it."""
        with self._index() as index:
            key = index.one("SELECT key FROM address WHERE text = ?", address)
            return (
                _at(index, address, key, _micro(moment), self.decisions.waiting()) if key else None
            )

    def body(self, rendering: Rendering) -> bytes:
        """The bytes that a reader got, before compression."""
        with self._index() as index:
            key = index.one("SELECT key FROM address WHERE text = ?", rendering.address)
            found = index.last_until(key, _micro(rendering.since)) if key else None
            if rendering.standing is Standing.SUPERSEDED or found is None:
                raise NobodyGotItError(_("Nobody had got this page before it was changed again."))
            standing = _standing(index, found[0], self.decisions.waiting())
            if standing is Standing.SEALED:
                raise SealedError(_("This record is sealed."))
            if standing is Standing.WEEDED:
                raise WeededError(_("This record has been weeded: its bytes are gone."))
            try:
                return index.packs.body(found[0])
            except (LostError, BrokenError) as error:
                raise DamagedError(
                    _("This record is damaged: its bytes are not those that were kept.")
                ) from error

    def older(self, rendering: Rendering) -> Rendering | None:
        """What stood at the address before."""
        return self.at(rendering.address, rendering.since - _MILLION)

    def newer(self, rendering: Rendering) -> Rendering | None:
        """What took its place."""
        return self.at(rendering.address, rendering.until) if rendering.until else None

    def changes(self, start: datetime, end: datetime) -> Iterator[Rendering]:
        """All that began in the period, by since, then address."""
        begin, finish = _micro(start), _micro(end)
        with self._index() as index:
            found = []
            for (number,) in index.rows(
                "SELECT number FROM pack WHERE last >= ? AND first < ? AND count > 0", begin, finish
            ):
                for _at_byte, entry, _stands in index.packs.entries(number):
                    if (
                        isinstance(entry, RecordEntry)
                        and begin <= (at := index.since(entry)) < finish
                    ):
                        text = index.one("SELECT text FROM address WHERE key = ?", entry.address)
                        found.append((at, text, entry.address))
            waiting = self.decisions.waiting()
            for at, text, key in sorted(found):
                if rendering := _at(index, text, key, at, waiting):
                    yield rendering

    def standing_at(self, moment: datetime) -> Iterator[Rendering]:
        """All that readers could get at that moment."""
        with self._index() as index:
            waiting = self.decisions.waiting()
            for key, text in index.rows("SELECT key, text FROM address ORDER BY text"):
                rendering = _at(index, text, key, _micro(moment), waiting)
                if rendering and rendering.status not in _GONE:
                    yield rendering

    def gaps(self, start: datetime, end: datetime) -> Iterator[Gap]:
        """What is missing in the period, and why; also versions whose round was never whole."""
        begin, finish = _micro(start), _micro(end)
        with self._index() as index:
            for at, until, kind, count in index.rows(
                "SELECT begin, finish, kind, count FROM gap WHERE finish >= ? AND begin < ?"
                " UNION ALL SELECT begin, ended, 'superseded', unmet FROM epoch"
                " WHERE ended >= ? AND begin < ? AND unmet > 0 ORDER BY 1",
                begin, finish, begin, finish,
            ):  # fmt: skip
                yield Gap(_moment(at), _moment(until), kind, gap_sentence(kind, count))

    def superseded_in(self, rendering: Rendering) -> Iterator[str]:
        """The addresses that nobody had got in the version of a rendering, before it was over."""
        with self._index() as index:
            epoch = index.epoch_at(_micro(rendering.since))
            rows = index.rows("SELECT key, text FROM address WHERE was_page = 1 ORDER BY text")
            for key, text in rows:
                if (
                    epoch
                    and not text.startswith(KINDS_OF_FILES)
                    and index.last_until(key, epoch[2])
                ) and not index.is_met(key, epoch[0]):
                    yield text

    def seal(self, address: str, since: datetime, *, by: str, reason: str) -> None:
        """Hides a record at once."""
        self.decisions.add("seal", self._place(address, since), by=[by], reason=reason)

    def weed(self, address: str, since: datetime, *, by: tuple[str, str], decision: str) -> None:
        """Removes the bytes of a record under a decision by two persons; a tombstone stays."""
        if by[0] == by[1]:
            raise ValueError("weeding takes two persons")
        self.decisions.add("weed", self._place(address, since), by=list(by), reason=decision)

    def _place(self, address: str, since: datetime) -> int:
        with self._index() as index:
            key = index.one("SELECT key FROM address WHERE text = ?", address)
            found = index.last_until(key, _micro(since)) if key else None
            if found is None:
                raise LookupError(address)
            return place_as_number(found[0]) or 0

    @contextmanager
    def _index(self) -> Iterator[RecordIndex]:
        index = RecordIndex(Packs(self.folder))
        try:
            yield index
        except BrokenError as error:
            raise DamagedError(
                _("This record is damaged: its bytes are not those that were kept.")
            ) from error
        finally:
            index.close()


def _at(
    index: RecordIndex, address: str, key: int, moment: int, waiting: _Waiting
) -> Rendering | None:
    epoch, found = index.epoch_at(moment), index.last_until(key, moment)
    if epoch is None or found is None:
        return None
    place, entry = found
    begin, after = index.since(entry), index.first_after(key, moment)
    end = index.since(after[1]) if after else None
    is_file = address.startswith(KINDS_OF_FILES)
    if not is_file:
        if epoch[0] != entry.epoch and not index.is_met(key, epoch[0]):
            return Rendering(
                address, epoch[1], _moment(epoch[2]), _moment_or_none(index.end_of(epoch[0])),
                0, (), "", Standing.SUPERSEDED,
            )  # fmt: skip
        begin = index.met_since(key, entry.epoch, epoch[0]) or begin
        unmet = index.met_until(key, epoch[0])
        end = min((each for each in (end, unmet) if each), default=None)
    status, headers = index.one("SELECT status, headers FROM sent WHERE key = ?", entry.sent)
    digest = entry.digest.hex()
    sent = [(name, value) for name, value in json.loads(headers)]
    if not is_file and status == 200 and not any(name.lower() == "etag" for name, _value in sent):
        sent.append(("ETag", f'"{digest[:20]}"'))
    version = index.one("SELECT version FROM epoch WHERE key = ?", entry.epoch)
    return Rendering(
        address, version, _moment(begin), _moment_or_none(end), status, tuple(sent), digest,
        _standing(index, place, waiting),
    )  # fmt: skip


def _standing(index: RecordIndex, place: Place, waiting: _Waiting) -> Standing:
    at = place_as_number(place) or 0
    kinds = {row[0] for row in index.rows("SELECT kind FROM mark WHERE place = ?", at)}
    kinds |= {kind for kind in KINDS_DECIDED if (kind, at) in waiting}
    for kind in KINDS_DECIDED:
        if kind in kinds:
            return _DECISIONS[kind]
    return Standing.KEPT


def gap_sentence(kind: str, count: int) -> str:
    """What a gap means, for people."""
    match kind:
        case "lost":
            return ngettext(
                "%(count)d rendering could not be handed over: the disk was full, or too many came.",
                "%(count)d renderings could not be handed over: the disk was full, or too many came.",
                count,
            ) % {"count": count}
        case "missing":
            return _("A file that a process had handed over is missing.")
        case "crashed" | "vanished":
            return _("A process ended before it had handed over all that it had answered.")
        case "unknown-version":
            return _("Nobody has told of a version of the content between two others.")
        case "untold-version":
            return _(
                "What was handed over of a version that the editors’ service has not told of is not kept."
            )
        case "unknown-begin":
            return _("When the version began is not known, only when it was first answered.")
        case "late":
            return _("A rendering was handed over after another had taken its place.")
        case "superseded":
            return ngettext(
                "The version was over before its round was whole: nobody had got %(count)d page.",
                "The version was over before its round was whole: nobody had got %(count)d pages.",
                count,
            ) % {"count": count}
    return _("The records lack something.")


def _micro(moment: datetime) -> int:
    return (moment - _BEGAN) // _MILLION


def _moment(micro: int) -> datetime:
    return _BEGAN + micro * _MILLION


def _moment_or_none(micro: int | None) -> datetime | None:
    return None if micro is None else _moment(micro)
