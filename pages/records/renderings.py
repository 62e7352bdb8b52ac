"""Files renderings into a pack: each told by the one before it, or by a page of the same frame."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from .answered import KINDS_OF_FILES, MILLION, Answered, Site
from .entries import BrokenError, Place, RecordEntry
from .lookup import RecordIndex, as_place
from .packs import LostError, NewPack, Packs, keep_file, smaller

# So many renderings are told one by another, at most: to read the last one, all are read.
_LONGEST_LINE = 250
_SPREAD = 100


class Renderings:
    """A pack that is written, and what has been asked of the site for it."""

    def __init__(
        self, packs: Packs, index: RecordIndex, pack: NewPack, site: Site, gap: Callable[..., None]
    ) -> None:
        self.packs, self.index, self.pack, self.site, self.gap = packs, index, pack, site, gap
        self.first = self.last = 0  # when the records of the pack began
        self._frames: dict[int, tuple[Place, bytes]] = {}
        self._asked: set[str] = set()

    def event(self, event: dict[str, Any]) -> None:
        self.pack.add_event(event)
        self.index.take_event(event)

    def meet(self, met: Answered) -> None:
        """Files a rendering, unless it is what is known of the address already."""
        last = self.index.last_epoch()
        if last is None:
            return
        key, _version, begin, *_rest = last
        is_late = met.version != last[1] or (met.until is not None and met.until <= begin)
        address = self._address(met.address)
        former = self._former(address)
        is_file = met.address.startswith(KINDS_OF_FILES)
        if is_file or not isinstance(met.body, bytes):
            source = BytesIO(met.body) if isinstance(met.body, bytes) else met.body
            digest, is_file = keep_file(self.packs, source), True
        else:
            digest = hashlib.sha256(met.body).digest()
        sent = self._sent(met)
        if is_late:
            late = self.index.one(
                "SELECT key, begin FROM epoch WHERE version = ? ORDER BY key DESC LIMIT 1"
                if met.version != last[1]
                else "SELECT key, begin FROM epoch WHERE version = ? ORDER BY key DESC LIMIT 1, 1",
                met.version,
            )
            if not late or (former and former[1].epoch >= late[0]):
                if not former or (former[1].digest, former[1].sent) != (digest, sent):
                    self.gap("late", met.at / MILLION, address=met.address)
                return
            key, begin = late
        if not former or (former[1].digest, former[1].sent) != (digest, sent):
            was_met = self.index.one("SELECT 1 FROM met WHERE address = ?", address)
            is_again = bool(was_met) or (
                former is not None and self.index.since(former[1]) >= begin
            )
            since = max(met.at, self.index.since(former[1]) + 1 if former else 0) if is_again else 0
            entry = RecordEntry(
                address, key, sent, digest, former[0] if former else None, since, is_file
            )
            place = self._add(entry, b"" if is_file else met.body)
            self.index.take_entry(place, entry, since or begin)
            self.first = min(self.first or since or begin, since or begin)
            self.last = max(self.last, since or begin)
        if not is_late and not is_file:
            self.index.connection.execute(
                "INSERT OR REPLACE INTO met VALUES (?, ?)", (address, met.until)
            )
        if met.status == 200:
            self._keep_files(met)

    def _address(self, text: str) -> int:
        found = self.index.one("SELECT key FROM address WHERE text = ?", text)
        if found is None:
            found = (self.index.one("SELECT max(key) FROM address") or 0) + 1
            self.event({"address": found, "is": text})
        return int(found)

    def _former(self, address: int) -> tuple[Place, RecordEntry] | None:
        place = as_place(self.index.one("SELECT place FROM address WHERE key = ?", address))
        return None if place is None else (place, self.packs.entry(place))

    def _sent(self, met: Answered) -> int:
        headers = json.dumps(met.headers)
        found = self.index.one(
            "SELECT key FROM sent WHERE status = ? AND headers = ?", met.status, headers
        )
        if found is None:
            found = (self.index.one("SELECT max(key) FROM sent") or 0) + 1
            self.event({"sent": found, "status": met.status, "headers": met.headers})
        return int(found)

    def _add(self, entry: RecordEntry, body: Any) -> Place:
        if entry.is_file:
            return self.pack.add(entry)
        base, by = self._base(entry, body)
        compressed = smaller(body, by)
        if base is not None and entry.former != base and len(compressed) * 3 > len(body):
            base, compressed = None, smaller(body, None)
        begin = self.pack.add_bytes(compressed)
        place = self.pack.add(replace(entry, base=base, begin=begin, length=len(compressed)))
        self.packs.remember(place, body)
        if base is None:
            self._frames[entry.sent] = place, body
        return place

    def _base(self, entry: RecordEntry, body: bytes) -> tuple[Place | None, bytes | None]:
        """What the body is told by: the one before it, or a page of the same frame."""
        if entry.former is not None and not self.packs.entry(entry.former).is_file:
            try:
                before, depth = self.packs.body_and_depth(entry.former)
                # Not all of a site in the same round.
                if depth < _LONGEST_LINE - entry.address % _SPREAD:
                    return entry.former, before
            except (LostError, BrokenError):
                pass  # weeded, or damaged: verify_records says which
        frame = self._frames.get(entry.sent)
        return frame or (None, None)

    def _keep_files(self, met: Answered) -> None:
        for address in self.site.named(met):
            if address in self._asked:
                continue
            self._asked.add(address)
            key = self.index.one("SELECT key FROM address WHERE text = ?", address)
            former = self._former(key) if key else None
            status = former and self.index.one(
                "SELECT status FROM sent WHERE key = ?", former[1].sent
            )
            if status != 200 and (asked := self.site.ask(address)):
                self._meet_file(asked)

    def files_gone(self, item: dict[str, Any]) -> None:
        for address in item["gone"]:
            key = self.index.one("SELECT key FROM address WHERE text = ?", str(address))
            asked = key and self.site.ask(str(address))
            if asked and asked.status != 200:
                self._meet_file(asked)

    def _meet_file(self, met: Answered) -> None:
        """Files come and go without a version of their own."""
        if last := self.index.last_epoch():
            self.meet(replace(met, version=last[1], until=None))
