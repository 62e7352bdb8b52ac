"""What readers met before a restore, and cannot meet after it: the records outlive rows that were lost."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pages.ground.json_types import JsonObject

from .answered import Answered, Site
from .filing import Filing
from .kept import Records, Rendering, RecordsError
from .lookup import RecordIndex
from .packs import Packs

Ask = Callable[[str], Answered | None]
_MESSAGES = "/meddelanden.json"
_OF_THE_CODE = "/static/"


@dataclass(frozen=True)
class Lost:
    """Something that readers met from a moment on, and that the restored site has not."""

    what: str  # an address, or the heading of a message
    since: datetime
    is_message: bool = False
    is_there_as_before: bool = False


def lost_by_restore(records: Path, spool: Path, version: str, ask: Ask) -> list[Lost]:
    """All that began to stand before readers after the version that the databases have, the oldest first."""
    Filing(records, spool, Site()).run()  # what was met in the last minute; nothing is asked of this site
    index = RecordIndex(Packs(records))
    try:
        begin = index.one("SELECT begin FROM epoch WHERE version = ?", version) or 0
        rows = index.rows(
            "SELECT address, max(since) FROM held WHERE since > ? AND address NOT LIKE ?"
            " GROUP BY address",
            begin, f"{_OF_THE_CODE}%",
        )  # fmt: skip
    finally:
        index.close()
    kept = Records(records, spool)
    met = (kept.since(address, since) for address, since in rows)
    found = [lost for each in met if each and each.status == 200 for lost in _lost(kept, each, ask)]
    return sorted(found, key=lambda each: (each.since, each.what))


def _lost(kept: Records, met: Rendering, ask: Ask) -> Iterator[Lost]:
    now = ask(met.address)
    if now is None or now.status != 200:
        yield Lost(met.address, met.since)
    elif met.address.endswith(_MESSAGES) and isinstance(now.body, bytes):
        with suppress(RecordsError):
            yield from _lost_messages(kept.body(met), now.body)
    elif _digest(now.body) != met.digest:
        yield Lost(met.address, met.since, is_there_as_before=True)


def _lost_messages(before: bytes, now: bytes) -> Iterator[Lost]:
    there = {each["identifier"] for each in _messages(now)}
    for each in _messages(before):
        if each["identifier"] not in there:
            heading = each["heading"]["sv"] or each["heading"]["en"]
            yield Lost(heading, datetime.fromisoformat(each["first_said_at"]), is_message=True)


def _messages(answer: bytes) -> list[JsonObject]:
    messages: list[JsonObject] = json.loads(answer)["messages"]
    return messages


def _digest(body: bytes | BinaryIO) -> str:
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest()
    return hashlib.file_digest(body, "sha256").hexdigest()
