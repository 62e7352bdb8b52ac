"""Puts renderings into the records, as processes hand them over and the job files them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pages.records.answered import MILLION, Answered, Site, is_a_file
from pages.records.filing import Filed, Filing
from pages.records.kept import Records, RecordsError
from pages.records.spool import Writing

PLAIN = (("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "sv"))


class Process:
    """A process that hands over, with a clock that the test moves."""

    def __init__(self, spool: Path) -> None:
        self.spool, self._file = spool, Writing(spool)

    def version(self, version: str, former: str, at: datetime) -> None:
        self._add({"version": version, "former": former, "begins": at.timestamp()})

    def rendering(
        self, address: str, body: bytes, version: str, at: datetime, *, status: int = 200,
        headers: tuple[tuple[str, str], ...] = PLAIN, until: datetime | None = None,
    ) -> None:  # fmt: skip
        item = {
            "address": address, "version": version, "status": status, "headers": headers,
            "at": at.timestamp(), "until": until and until.timestamp(),
        }  # fmt: skip
        self._add(item, body)

    def whole(self, version: str, at: datetime) -> None:
        self._add({"version": version, "whole": True, "at": at.timestamp()})

    def _add(self, item: dict[str, Any], body: bytes = b"") -> None:
        self._file.add(item, body)


def file(records: Records, site: Site | None = None, *, now: datetime) -> Filed:
    spool = records.decisions.folder.parent
    site = site or Site(has_edition=True)
    return Filing(records.folder, spool, site, now=now.timestamp()).run()


def body_at(records: Records, address: str, moment: datetime) -> bytes:
    """What readers got there then: they got something."""
    found = records.at(address, moment)
    assert found
    return records.body(found)


class Was(NamedTuple):
    """What readers met at an address from a moment on."""

    address: str
    since: datetime
    body: str | bytes = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = PLAIN


def keep(
    records: Records, address: str, body: bytes, since: datetime, *, version: str = ""
) -> None:
    """Files what readers met at an address from a moment on; all else stays as it was."""
    keep_all(records, since, [Was(address, since, body)], version=version)


def keep_all(
    records: Records,
    since: datetime,
    rows: list[Was],
    *,
    version: str = "",
    unmet: Sequence[str] = (),
) -> None:
    """Files what began at an hour; what is not told of stayed, but for what nobody met."""
    version, process = (
        version or f"v{since.timestamp():.6f}",
        Process(records.decisions.folder.parent),
    )
    with records._index() as index:
        last = index.last_epoch()
    if not last or last[0] != version:
        process.version(version, last[0] if last else "", since)
    told, files = {each.address for each in rows}, []
    for address, began, body, status, headers in [*rows, *_standing(records, since, told)]:
        sent = body.encode() if isinstance(body, str) else body
        if is_a_file(address):
            at = int(since.timestamp() * MILLION)
            files.append(Answered(address, version, status, headers, sent, at))
        elif address not in unmet or began == since:
            process.rendering(address, sent, version, since, status=status, headers=headers)
    _FilingWithFiles(records, files, now=since + timedelta(seconds=1)).run()


class _FilingWithFiles(Filing):
    """The job, which has asked for these files too: no process hands them over."""

    def __init__(self, records: Records, files: list[Answered], *, now: datetime) -> None:
        spool = records.decisions.folder.parent
        super().__init__(records.folder, spool, Site(has_edition=True), now=now.timestamp())
        self._files = files

    def _look_at_site(self) -> None:
        super()._look_at_site()
        for each in self._files:
            self._meet_file(each)


def _standing(records: Records, since: datetime, told: set[str]) -> list[Was]:
    found = []
    for each in records.standing_at(since - timedelta(microseconds=1)):
        if each.address not in told and not is_a_file(each.address):
            with suppress(RecordsError):
                sent = tuple(header for header in each.headers if header[0] != "ETag")
                found.append(Was(each.address, each.since, records.body(each), each.status, sent))
    return found
