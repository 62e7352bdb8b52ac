"""A period of the records as WACZ: warcio writes what readers were sent, wacz packs it with its index."""

import json
import logging
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext, ngettext
from lxml import html as lxml_html
from lxml.etree import ParserError
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pages.records.kept import (
    DamagedError,
    Records,
    RecordsError,
    Rendering,
    SealedError,
    WeededError,
)

from .frames import PAGE, type_of
from .shown_record import location_of, met_in_words
from .stockholm_time import in_words

logger = logging.getLogger(__name__)
_LONGEST = 6 * 60 * 60
# They say how the bytes came over the wire; kept are the bytes themselves.
_OF_THE_WIRE = {
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
}
_SAFE = "/:@!$&'()*+,;=-._~"
_TOO_FINE = timedelta(microseconds=1)


class PackingError(Exception):
    """No archive was made; says why in a sentence."""


@dataclass
class Packed:
    """What an archive holds, and what was left out of it."""

    pages: int = 0
    files: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)  # what the records lack, in sentences

    @property
    def words(self) -> str:
        said = [
            ngettext("%(count)d page", "%(count)d pages", self.pages) % {"count": self.pages},
            ngettext("%(count)d file", "%(count)d files", self.files) % {"count": self.files},
        ]
        text = gettext("Holds %(what)s.") % {"what": gettext(" and ").join(said)}
        return " ".join([text, *self.left_out_words, *self.gap_words])

    @property
    def gap_words(self) -> list[str]:
        if not self.gaps:
            return []
        said = [
            f"{sentence} ({count})" if count > 1 else sentence
            for sentence, count in self.gaps.items()
        ]
        return [gettext("The records lack something of this period:"), *said]

    @property
    def left_out_words(self) -> list[str]:
        sentences = {
            "sealed": ngettext(
                "Left out: %(count)d record that is sealed for secrecy.",
                "Left out: %(count)d records that are sealed for secrecy.", self.left_out["sealed"],
            ),
            "weeded": ngettext(
                "Left out: %(count)d record that has been weeded.",
                "Left out: %(count)d records that have been weeded.", self.left_out["weeded"],
            ),
            "nobody": ngettext(
                "Left out: %(count)d record that nobody had got before it was replaced.",
                "Left out: %(count)d records that nobody had got before they were replaced.",
                self.left_out["nobody"],
            ),
            "damaged": ngettext(
                "%(count)d record is damaged and is missing.",
                "%(count)d records are damaged and are missing.", self.left_out["damaged"],
            ),
        }  # fmt: skip
        return [
            text % {"count": self.left_out[why]}
            for why, text in sentences.items()
            if self.left_out[why]
        ]


def program() -> Path:
    """wacz, which has an environment of its own where the site runs for others."""
    return Path(settings.WACZ_PROGRAM or Path(sys.executable).with_name("wacz"))


def write_archive(start: datetime, end: datetime, target: Path) -> Packed:
    """What readers could get from `start` until `end`, whole or not at all."""
    if not program().exists():
        raise PackingError(gettext("The program wacz, which packs the archive, is not installed."))
    packed = Packed()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".packing-") as folder:
        warc, pages = Path(folder, "records.warc.gz"), Path(folder, "pages.jsonl")
        with warc.open("wb") as stream, pages.open("w", encoding="utf-8") as lines:
            _write(packed, WARCWriter(stream, gzip=True, warc_version="1.1"), lines, start, end)
        if not packed.pages + packed.files:
            raise PackingError(
                gettext("The records hold nothing of this period that may be handed over.")
            )
        whole = Path(folder, "whole.wacz")
        about = gettext("What readers met from %(start)s to %(end)s") % {
            "start": in_words(start), "end": in_words(end),
        }  # fmt: skip
        _run(
            [
                "create", "--output", str(whole), "--pages", str(pages), "--copy-pages",
                "--title", about, "--desc", packed.words, str(warc),
            ],
            Path(folder),
        )  # fmt: skip
        whole.replace(target)
    return packed


def _write(packed: Packed, writer: Any, lines: Any, start: datetime, end: datetime) -> None:
    records = Records()
    header = {"format": "json-pages-1.0", "id": "pages", "title": gettext("All pages")}
    lines.write(json.dumps(header) + "\n")
    packed.gaps.update(gap.sentence for gap in records.gaps(start, end))
    for rendering in _of_period(records, start, end):
        try:
            body = records.body(rendering)
        except RecordsError as error:
            packed.left_out[_why(error)] += 1
            continue
        url = _origin() + quote(rendering.address, safe=_SAFE)
        writer.write_record(_warc_record(writer, rendering, body, url))
        if type_of(rendering) == PAGE or location_of(rendering):
            packed.pages += 1
            lines.write(json.dumps(_page(rendering, body, url), ensure_ascii=False) + "\n")
        else:
            packed.files += 1


def _of_period(records: Records, start: datetime, end: datetime) -> Iterator[Rendering]:
    """What stood there when the period began, then what came in it."""
    yield from records.standing_at(start)
    yield from records.changes(start + _TOO_FINE, end)


def _warc_record(writer: Any, rendering: Rendering, body: bytes, url: str) -> Any:
    headers = [
        (name, value) for name, value in rendering.headers if name.lower() not in _OF_THE_WIRE
    ]
    status = f"{rendering.status} {_phrase(rendering.status)}".strip()
    return writer.create_warc_record(
        url, "response", payload=BytesIO(body), length=len(body),
        http_headers=StatusAndHeaders(
            status, [*headers, ("Content-Length", str(len(body)))], protocol="HTTP/1.1"
        ),
        warc_headers_dict={"WARC-Date": _iso(rendering.since)},
    )  # fmt: skip


def _page(rendering: Rendering, body: bytes, url: str) -> dict[str, str]:
    said = " · ".join(
        filter(None, [_title(body) or location_of(rendering), met_in_words(rendering)])
    )
    return {
        "id": f"{rendering.digest[:16]}-{_iso(rendering.since)}",
        "url": url,
        "ts": _iso(rendering.since),
        "title": said or rendering.address,
    }


def _title(body: bytes) -> str:
    try:
        tree = lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(encoding="utf-8"))
    except ParserError:
        return ""
    return " ".join((tree.findtext(".//title") or "").split())


def _origin() -> str:
    return (settings.EDITION_URL or settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _why(error: RecordsError) -> str:
    match error:
        case SealedError():
            return "sealed"
        case WeededError():
            return "weeded"
        case DamagedError():
            return "damaged"
    return "nobody"


def _run(words: list[str], folder: Path) -> None:
    """Without password or settings; it asks no other machine."""
    try:
        done = subprocess.run(  # noqa: S603  a program of ours, and words of our own
            [str(program()), *words], cwd=folder, env={"PYTHONUTF8": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=_LONGEST, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The program wacz did not answer: %s", error)
        raise PackingError(
            gettext("The program wacz did not answer. Tell whoever runs the site.")
        ) from None
    if done.returncode:
        last = (done.stdout.strip().splitlines() or [""])[-1]
        raise PackingError(gettext("The program wacz failed: %(why)s") % {"why": last})
