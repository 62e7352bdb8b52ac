"""A period of the records as WACZ, with what it holds and lacks in words."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext, ngettext

from pages.records.kept import Records, RecordsError, Rendering
from pages.records.lookup import Standing

from .as_it_stood import page_tree
from .frames import PAGE, type_of
from .shown_record import location_of, met_in_words
from .stockholm_time import in_words
from .wacz import Wacz, new_wacz

_SAFE = "/:@!$&'()*+,;=-._~"
_TOO_FINE = timedelta(microseconds=1)


class PackingError(Exception):
    """No archive was made; says why in a sentence."""


@dataclass
class Packed:
    """What an archive holds, and what was left out of it."""

    pages: int = 0
    files: int = 0
    left_out: Counter[Standing] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)  # what the records lack, in sentences

    @property
    def words(self) -> str:
        said = [
            ngettext("%(count)d page", "%(count)d pages", self.pages) % {"count": self.pages},
            ngettext("%(count)d file", "%(count)d files", self.files) % {"count": self.files},
        ]
        text = gettext("Holds %(what)s.") % {"what": gettext(" and ").join(said)}
        return " ".join([text, *self._left_out_words(), *self._gap_words()])

    def _gap_words(self) -> list[str]:
        if not self.gaps:
            return []
        said = [
            f"{sentence} ({count})" if count > 1 else sentence
            for sentence, count in self.gaps.items()
        ]
        return [gettext("The records lack something of this period:"), *said]

    def _left_out_words(self) -> list[str]:
        words = {
            Standing.SEALED: gettext("sealed for secrecy: %(count)d"),
            Standing.WEEDED: gettext("weeded: %(count)d"),
            Standing.DAMAGED: gettext("damaged: %(count)d"),
        }
        said = [
            text % {"count": self.left_out[why]}
            for why, text in words.items()
            if self.left_out[why]
        ]
        return [gettext("Left out: %(what)s.") % {"what": ", ".join(said)}] if said else []


def write_archive(start: datetime, end: datetime, target: Path) -> Packed:
    """What readers could get from `start` until `end`, whole or not at all."""
    packed = Packed()
    title = gettext("What readers met from %(start)s to %(end)s") % {
        "start": in_words(start), "end": in_words(end),
    }  # fmt: skip
    with (
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".packing-") as folder,
        new_wacz(Path(folder), title) as wacz,
    ):
        _fill(packed, wacz, start, end)
        if not packed.pages + packed.files:
            raise PackingError(
                gettext("The records hold nothing of this period that may be handed over.")
            )
        wacz.pack(packed.words).replace(target)
    return packed


def _fill(packed: Packed, wacz: Wacz, start: datetime, end: datetime) -> None:
    records = Records()
    packed.gaps.update(gap.sentence for gap in records.gaps(start, end))
    for rendering in _of_period(records, start, end):
        try:
            body = records.body(rendering)
        except RecordsError as error:
            packed.left_out[error.why] += 1
            continue
        is_page = type_of(rendering) == PAGE or bool(location_of(rendering))
        packed.pages += is_page
        packed.files += not is_page
        wacz.add(
            _origin() + quote(rendering.address, safe=_SAFE), rendering.since, rendering.status,
            rendering.headers, body, page=_title(rendering, body) if is_page else "",
        )  # fmt: skip


def _of_period(records: Records, start: datetime, end: datetime) -> Iterator[Rendering]:
    """What stood there when the period began, then what came in it."""
    yield from records.standing_at(start)
    yield from records.changes(start + _TOO_FINE, end)


def _title(rendering: Rendering, body: bytes) -> str:
    tree = page_tree(body)
    title = "" if tree is None else " ".join((tree.findtext(".//title") or "").split())
    said = filter(None, [title or location_of(rendering), met_in_words(rendering)])
    return " · ".join(said) or rendering.address


def _origin() -> str:
    return (settings.EDITION_URL or settings.WAGTAILADMIN_BASE_URL).rstrip("/")
