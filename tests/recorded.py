"""Records of what readers were sent, in the folders of the settings, as tests of the CMS need them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pages.records.kept import Records, RecordsError, Rendering

from .records import Process, file

HTML = (("Content-Type", "text/html; charset=utf-8"),)
_FILES = ("/static/", "/media/", "/dokument/")


def use_own_records(settings: Any, folder: Path) -> None:
    """From now on the records, their spool and the exports lie in a folder of the test."""
    settings.RECORDS_ROOT, settings.RECORDS_SPOOL = folder / "records", folder / "spool"
    settings.EXPORTS_DIR = folder / "exports"


class Was(NamedTuple):
    """What readers met at an address from a moment on."""

    address: str
    since: datetime
    body: str | bytes = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = HTML


def keep(*all_that_was: Was, unmet: Sequence[str] = ()) -> list[Rendering]:
    """Files all, by the hour; what is not told of at an hour stayed, but for what nobody met."""
    for since, rows in groupby(sorted(all_that_was, key=_since), key=_since):
        _file(since, list(rows), unmet)
    found = [Records().at(each.address, each.since) for each in all_that_was]
    return [each for each in found if each]


def _since(was: Was) -> datetime:
    return was.since


def _file(since: datetime, rows: list[Was], unmet: Sequence[str]) -> None:
    records, version = Records(), f"v{since.timestamp():.6f}"
    process = Process(records.decisions.folder.parent)
    with records._index() as index:
        last = index.last_epoch()
    if not last or last[0] != version:
        process.version(version, last[0] if last else "", since)
    told = {each.address for each in rows}
    for address, since_then, body, status, headers in [*rows, *_standing(records, since, told)]:
        if address not in unmet or since_then == since:
            sent = body.encode() if isinstance(body, str) else body
            process.rendering(address, sent, version, since, status=status, headers=headers)
    file(records, now=since + timedelta(seconds=1))


def _standing(records: Records, since: datetime, told: set[str]) -> list[Any]:
    found = []
    for each in records.standing_at(since - timedelta(microseconds=1)):
        if each.address in told or each.address.startswith(_FILES):
            continue
        try:
            sent = tuple(header for header in each.headers if header[0] != "ETag")
            found.append(Was(each.address, each.since, records.body(each), each.status, sent))
        except RecordsError:
            continue
    return found
