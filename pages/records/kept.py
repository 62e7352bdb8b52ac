"""Asks the records: how a page looked at a moment, what changed, what stood."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .answered import is_a_file
from .lookup import Held, RecordIndex, Standing
from .orders import KINDS_DECIDED, Decisions
from .packs import LostError, Packs


class RecordsError(Exception):
    """The bytes of a record cannot be had."""

    def __init__(self, why: Standing) -> None:
        super().__init__(why)
        self.why = why


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
    holds_until: datetime | None  # after that it changed by itself


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
_Waiting = set[tuple[str, str, int]]


class Records:
    """The records in a folder. Who asks is written nowhere."""

    def __init__(self, folder: Path | None = None, spool: Path | None = None) -> None:
        self.folder = Path(folder or settings.RECORDS_ROOT)
        self.decisions = Decisions(Path(spool or settings.RECORDS_SPOOL))

    def at(self, address: str, moment: datetime) -> Rendering | None:
        """What readers met at the address at a moment; None if nothing is known of it."""
        return self.since(address, _micro(moment))

    def since(self, address: str, micro: int) -> Rendering | None:
        """What began there at the moment, in microseconds since 1970."""
        with self._index() as index:
            return _at(index, address, micro, self.decisions.waiting())

    def body(self, rendering: Rendering) -> bytes:
        """The bytes that a reader got, before compression."""
        with self._index() as index:
            found = index.held_at(rendering.address, _micro(rendering.since))
            if found is None:
                raise RecordsError(Standing.DAMAGED)
            standing = _standing(rendering.address, found, self.decisions.waiting())
            if standing is not Standing.KEPT:
                raise RecordsError(standing)
            try:
                return index.bytes_of(found.body)
            except LostError as error:
                raise RecordsError(Standing.DAMAGED) from error

    def older(self, rendering: Rendering) -> Rendering | None:
        """What stood at the address before."""
        return self.at(rendering.address, rendering.since - _MILLION)

    def newer(self, rendering: Rendering) -> Rendering | None:
        """What took its place."""
        return self.at(rendering.address, rendering.until) if rendering.until else None

    def changes(self, start: datetime, end: datetime) -> Iterator[Rendering]:
        """All that began in the period, by since, then address."""
        with self._index() as index:
            waiting = self.decisions.waiting()
            for address, since in index.rows(
                "SELECT address, since FROM held WHERE since >= ? AND since < ?"
                " ORDER BY since, address",
                _micro(start),
                _micro(end),
            ):
                if rendering := _at(index, address, since, waiting):
                    yield rendering

    def standing_at(self, moment: datetime) -> Iterator[Rendering]:
        """All that readers could get at that moment."""
        with self._index() as index:
            waiting = self.decisions.waiting()
            for (address,) in index.rows("SELECT DISTINCT address FROM held ORDER BY address"):
                rendering = _at(index, address, _micro(moment), waiting)
                if rendering and rendering.status not in _GONE:
                    yield rendering

    def gaps(self, start: datetime, end: datetime) -> Iterator[Gap]:
        """What is missing in the period, and why; also versions whose round was never whole."""
        with self._index() as index:
            for begin, finish, kind, count in index.rows(
                "SELECT * FROM gap WHERE finish >= ? AND begin < ? ORDER BY begin",
                _micro(start),
                _micro(end),
            ):
                yield Gap(_moment(begin), _moment(finish), kind, gap_sentence(kind, count))

    def seal(self, address: str, since: datetime, *, by: str, reason: str) -> None:
        """Hides a record at once."""
        self.decisions.add("seal", address, self._since(address, since), by=[by], reason=reason)

    def weed(self, address: str, since: datetime, *, by: tuple[str, str], decision: str) -> None:
        """Removes the bytes of a record under a decision by two persons; a tombstone stays."""
        if by[0] == by[1]:
            raise ValueError("weeding takes two persons")
        at = self._since(address, since)
        self.decisions.add("weed", address, at, by=list(by), reason=decision)

    def _since(self, address: str, moment: datetime) -> int:
        with self._index() as index:
            found = index.held_at(address, _micro(moment))
            if found is None:
                raise LookupError(address)
            return found.since

    @contextmanager
    def _index(self) -> Iterator[RecordIndex]:
        index = RecordIndex(Packs(self.folder))
        try:
            yield index
        finally:
            index.close()


def _at(index: RecordIndex, address: str, moment: int, waiting: _Waiting) -> Rendering | None:
    epoch, found = index.epoch_at(moment), index.held_at(address, moment)
    if epoch is None or found is None:
        return None
    headers = index.headers(found.sent)
    if found.status == 200 and not is_a_file(address):
        headers.append(("ETag", f'"{found.body[:20]}"'))
    after = index.held_after(address, moment)
    standing = _standing(address, found, waiting)
    if standing is Standing.KEPT and index.is_unsure(address, found, moment):
        standing = Standing.UNSURE
    since, until = _moment(found.since), None if after is None else _moment(after)
    sent = tuple(headers)
    lasting = None if found.until is None else _moment(found.until)
    met = found.status, sent, found.body, standing
    return Rendering(address, epoch[0], since, until, *met, lasting)


def _standing(address: str, found: Held, waiting: _Waiting) -> Standing:
    for kind, standing in KINDS_DECIDED.items():
        if found.standing == standing or (kind, address, found.since) in waiting:
            return standing
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
        case "untold-version":
            return _(
                "The editors’ service has not told of a version: when it began is not sure, and what was handed over of it may be missing."
            )
        case "late":
            return _("A rendering was handed over after another had taken its place.")
        case "superseded":
            return ngettext(
                "Something was published again before all pages were kept: %(count)d page is not sure.",
                "Something was published again before all pages were kept: %(count)d pages are not sure.",
                count,
            ) % {"count": count}
    return _("The records lack something.")


def _micro(moment: datetime) -> int:
    return (moment - _BEGAN) // _MILLION


def _moment(micro: int) -> datetime:
    return _BEGAN + micro * _MILLION
