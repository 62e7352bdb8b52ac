"""What readers met before a restore, and is not public after it: the records outlive rows that were lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .answered import Site
from .filing import Filing
from .kept import Records, RecordsError
from .lookup import RecordIndex
from .packs import Packs

_MESSAGES = "/meddelanden.json"


@dataclass(frozen=True)
class Lost:
    """Something that readers met from a moment on, and that the restored site has not."""

    what: str  # an address, or the heading of a message
    since: datetime
    is_message: bool = False
    is_there_as_before: bool = False


@dataclass(frozen=True)
class Restored:
    """What the restored databases say is public."""

    version: str
    # Whether a page or a file is public at the address; None where it leads to neither.
    has: Callable[[str], bool | None]
    messages: frozenset[str]  # their identifiers


def lost_by_restore(records: Path, spool: Path, restored: Restored) -> list[Lost]:
    """All that readers met after the last version that the databases know, the oldest first."""
    # What the last minute brought; nothing is asked of this site.
    Filing(records, spool, Site()).run()
    index = RecordIndex(Packs(records))
    try:
        begin = index.one("SELECT begin FROM epoch WHERE version = ?", restored.version)
        rows = index.rows(
            "SELECT address, max(since) FROM held WHERE since > ? GROUP BY address", begin or 0
        )
    finally:
        index.close()
    kept = Records(records, spool)
    found = [
        lost
        for address, since in rows
        for lost in _lost(kept, address, since, restored, is_known=bool(begin))
    ]
    return sorted(found, key=lambda each: (each.since, each.what))


def _lost(
    kept: Records, address: str, since: int, restored: Restored, *, is_known: bool
) -> Iterator[Lost]:
    met = kept.since(address, since)
    if met is None or met.status != 200:
        return
    if address.endswith(_MESSAGES):
        with suppress(RecordsError):
            yield from _lost_messages(kept.body(met), restored.messages)
        return
    match restored.has(address):
        case False:
            yield Lost(address, met.since)
        case True if is_known:
            yield Lost(address, met.since, is_there_as_before=True)


def _lost_messages(answer: bytes, there: frozenset[str]) -> Iterator[Lost]:
    for each in json.loads(answer)["messages"]:
        if each["identifier"] not in there:
            heading = each["heading"]["sv"] or each["heading"]["en"]
            yield Lost(heading, datetime.fromisoformat(each["first_said_at"]), is_message=True)
