"""Puts renderings into the records, as processes hand them over and the job files them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pages.records.answered import Answered, Site
from pages.records.filing import Filed, Filing
from pages.records.kept import Records
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
    filing = Filing(
        records.folder, records.decisions.folder.parent, site or Site(has_edition=True),
        now=now.timestamp(), waits=0,
    )  # fmt: skip
    return filing.run()


def keep(
    records: Records,
    address: str,
    body: bytes,
    since: datetime,
    *,
    version: str = "",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = PLAIN,
) -> None:
    """Files what readers met at an address from a moment on; all else stays as it was."""
    process = Process(records.decisions.folder.parent)
    with records._index() as index:
        last = index.last_epoch()
    former = last[0] if last else ""
    version = version or f"{since.timestamp():.6f}"
    if not last or version != former:
        process.version(version, former, since)
    process.rendering(address, body, version, since, status=status, headers=headers)
    before = since - timedelta(microseconds=1)
    site = Site(version=lambda: version, ask=_unchanged(records, before, version))
    file(records, site, now=since + timedelta(seconds=1))


def _unchanged(
    records: Records, moment: datetime, version: str
) -> Callable[[str], Answered | None]:
    def ask(address: str) -> Answered | None:
        found = records.at(address, moment)
        if found is None:
            return None
        sent = tuple(each for each in found.headers if each[0] != "ETag")
        at = int(moment.timestamp() * 1_000_000) + 1
        return Answered(address, version, found.status, sent, records.body(found), at)

    return ask
