"""Files what lies in the spool, in a pack: what was met at which address, from which moment on.

A version of the content begins an epoch. What was met in it stood there since it began. If it was over
before all pages had been met, that is named: how the others looked then, nobody can say for sure.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from pages.ground.json_types import JsonObject

from .answered import MILLION, Answered, Site, is_a_file, is_version, micro
from .lookup import ALWAYS, RecordIndex, new_pack, rebuild
from .orders import Decisions, carry_out_decisions
from .packs import BrokenError, LostError, Packs
from .spool import Handed, HandedItem, body_of, found_in

_AT_ONCE_BYTES = 32 * 1024 * 1024
# An edition that has not been written by then is not waited for.
_OLD_SECONDS = 600
_MOST_ASKED = 2_000
_MOST_LOST = 1_000_000_000
_MOST_NAMED = 300
# For so long after a change a process for visitors may still tell of the version before.
_LATE = 300 * MILLION


@dataclass
class Filed:
    """What a run has done."""

    records: int = 0
    gaps: list[str] = field(default_factory=list)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Yields whether nobody else is at it: the next run takes what lies there then."""
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_alone = True
        except BlockingIOError:
            is_alone = False
        yield is_alone


class Filing:
    """One run of the job."""

    def __init__(self, folder: Path, spool: Path, site: Site, *, now: float | None = None) -> None:
        self.folder, self.spool, self.site = folder, spool, site
        self.now = int((now or time.time()) * MILLION)
        self.filed = Filed()
        self._asked: set[str] = set()

    def run(self) -> Filed:
        with alone(self.folder) as is_alone:
            if not is_alone:
                return self.filed
            self.index = _opened(Packs(self.folder))
            try:
                # Before the last run all was filed: only the editors' service tells of the time before.
                begin = (self.index.last_epoch() or ("", 0))[1]
                self._earliest = max(begin, self.index.noted("seen") - _LATE)
                carry_out_decisions(Decisions(self.spool), self.index)
                while self._file_some():
                    pass
            finally:
                self.index.close()
        return self.filed

    def _file_some(self) -> bool:
        """Files as much as goes into one pack; returns whether more lies there."""
        found, taken, size = found_in(self.spool), list[Handed](), 0
        for handed in found:
            if size > _AT_ONCE_BYTES:
                break
            handed.take()
            taken.append(handed)
            size += handed.size
        with new_pack(self.index) as self.pack:
            self._file(taken)
        for handed in taken:
            handed.filed()
        return len(taken) < len(found)

    def _file(self, found: list[Handed]) -> None:
        self._begin_versions(found)
        for epoch, met in self._all_met(found):
            self._end_epochs(epoch)
            self.meet(met)
        if last := self.index.last_epoch():
            self._end_epochs(last[1])
        for handed in found:
            if handed.lost:
                begun = handed.begun(self.now)
                self._gap("lost", begun, begun, handed.lost)
            for item in handed.items:
                if isinstance(item.get("gone"), list):
                    self._look_for_files(item["gone"])
                elif "lost" in item:
                    count = item["lost"] if isinstance(item["lost"], int) else 1
                    count = max(1, min(count, _MOST_LOST))
                    begin, end = micro(item.get("since"), self.now), micro(item.get("at"), self.now)
                    self._gap("lost", begin, end, count)
                elif item.get("whole"):
                    self.index.note("told whole", micro(item.get("at"), self.now))
        self._look_at_site()

    def _write(self, entry: JsonObject) -> None:
        self.pack.add(entry)
        self.index.take(entry, self.pack.number)

    def _gap(self, kind: str, begin: int, end: int, count: int = 1) -> None:
        begin, end = sorted((begin, end))
        self._write({"gap": kind, "begin": begin, "end": end, "count": count})
        self.filed.gaps.append(kind)

    # Versions

    def _begin_versions(self, found: list[Handed]) -> None:
        """Begins what is told of, and the present version, of which visitors may have met something before."""
        told: dict[str, tuple[int, str | None]] = {}
        for handed in found:
            for version, item in _told(handed).items():
                told.setdefault(version, (micro(item["begins"], self.now), item["former"]))
        met = [(at, item["version"]) for at, _said, item in self._handed_over(found)]
        present = self.site.version()
        if present and (first := [at for at, version in met if version == present]):
            told.setdefault(present, (min(first), None))
        for version, (begin, former) in sorted(told.items(), key=lambda each: each[1][0]):
            if self._begin_of(version) is None:
                seen = [at for at, of_version in met if at < begin and of_version != version]
                self._begin_version(version, begin, former, max(seen, default=0))

    def _begin_version(self, version: str, begin: int, former: str | None, seen: int) -> None:
        if last := self.index.last_epoch():
            if former is None or (former and self._begin_of(former) is None):
                seen = max(seen, self.index.noted("seen"), last[1]) + 1
                self._gap("untold-version", seen, max(seen, begin))
            # Those that were drawn in one transaction begin together.
            begin = max(begin, last[1])
        self._write({"version": version, "begin": begin})

    def _begin_of(self, version: str) -> int | None:
        begin: int | None = self.index.one("SELECT begin FROM epoch WHERE version = ?", version)
        return begin

    def _end_epochs(self, until: int) -> None:
        """Names the epochs that are over before all pages have been met in them."""
        while (epoch := self.index.epoch_after(self.index.noted("ended"))) and epoch < until:
            unmet = self.index.one("SELECT count(*) FROM page WHERE seen < ?", epoch)
            self._write({"over": epoch, "until": self.index.epoch_after(epoch), "unmet": unmet})

    # What was met

    def _handed_over(self, found: list[Handed]) -> Iterator[tuple[int, int | None, HandedItem]]:
        """What was met, and when; and when a process for visitors says that it was."""
        for handed in found:
            for item in handed.met():
                at = micro(item.get("at"), self.now)
                said = None if handed.is_of_editors else at
                yield at if said is None else max(at, self._earliest), said, item

    def _all_met(self, found: list[Handed]) -> Iterator[tuple[int, Answered]]:
        """By version, and by the hour; what cannot be read, or is of no known version, is named."""
        epochs = dict(self.index.rows("SELECT version, begin FROM epoch"))
        met, unknown, late = [], [], []
        for at, said, item in self._handed_over(found):
            epoch = epochs.get(item["version"])
            if epoch is None:
                unknown.append(at)
            elif said is not None and not max(epoch, self._earliest) <= said <= self._latest(epoch):
                late.append(at)
            else:
                met.append((epoch, at, item))
        for kind, moments in (("untold-version", unknown), ("late", late)):
            if moments:
                self._gap(kind, min(moments), max(moments), len(moments))
        for epoch, at, item in sorted(met, key=lambda each: each[:2]):
            try:
                answered = Answered.from_item(item, body_of(item))
            except LostError:
                self._gap("lost", at, at)
                continue
            if answered:
                until = answered.until and max(answered.until, at)
                yield epoch, replace(answered, at=at, until=until)

    def _latest(self, epoch: int) -> int:
        return (self.index.epoch_after(epoch) or self.now) + _LATE

    def meet(self, met: Answered) -> None:
        """Files what was met, unless it is what is known of the address already."""
        epoch: Any = self._begin_of(met.version)
        after = self.index.epoch_after(epoch) or ALWAYS
        known = self.index.held_at(met.address, ALWAYS if is_a_file(met.address) else after - 1)
        answer = met.status, self._sent(met), self._digest(met)
        seen = self.index.seen(met.address)
        if known is None or known[2:5] != answer:
            since = epoch
            if known and max(known.since, seen) >= epoch:
                # It has looked otherwise in this version. What held no longer by itself made room then.
                began = min(known.until or met.at, met.at)
                since = max(began, known.since + 1, epoch)
            if since >= after:
                self._gap("late", met.at, met.at)
                return
            entry = self._said(met.address, since, met.until, *answer)
            if (
                isinstance(met.body, bytes)
                and not is_a_file(met.address)
                and not self._is_kept(answer[2])
            ):
                entry["at"] = self.pack.keep(met.body)
            self._write(entry)
            self.filed.records += 1
            if known and epoch < seen and not self.index.held_after(met.address, since):
                # Later it was met as before.
                again = self._said(met.address, seen, *known[1:5])
                self._write(again | {"standing": known.standing})
        elif known.until != met.until:
            self._write({"holds": met.address, "since": known.since, "until": met.until})
        if epoch > seen:
            self.index.run("UPDATE page SET seen = ? WHERE address = ?", epoch, met.address)
        self.index.note("seen", max(self.index.noted("seen"), met.at))
        if met.status == 200:
            self._keep_files(met)

    def _said(
        self, address: str, since: int, until: int | None, status: int, sent: int, digest: str
    ) -> JsonObject:
        said = {"met": address, "since": since, "status": status, "sent": sent, "body": digest}
        return said if until is None else said | {"until": until}

    def _is_kept(self, digest: str) -> bool:
        return bool(self.index.one("SELECT 1 FROM body WHERE digest = ? AND NOT is_weeded", digest))

    def _digest(self, met: Answered) -> str:
        if isinstance(met.body, bytes) and not is_a_file(met.address):
            return hashlib.sha256(met.body).hexdigest()
        source = BytesIO(met.body) if isinstance(met.body, bytes) else met.body
        return self.index.packs.keep_file(source)

    def _sent(self, met: Answered) -> int:
        headers = [list(each) for each in met.headers]
        query = "SELECT key FROM sent WHERE headers = ?"
        found = self.index.one(query, json.dumps(headers))
        if found is None:
            found = (self.index.one("SELECT max(key) FROM sent") or 0) + 1
            self._write({"sent": found, "headers": headers})
        return int(found)

    # What nobody has asked for yet

    def _keep_files(self, met: Answered) -> None:
        for address in islice(self.site.named(met), _MOST_NAMED):
            if address not in self._asked:
                self._asked.add(address)
                last = self.index.held_at(address, ALWAYS)
                is_kept = last and last.status == 200
                asked = None if is_kept else self.site.ask(address)
                if asked and asked.status == 200:  # it was there when the page was
                    self.meet(replace(asked, version=met.version, until=None))

    def _look_for_files(self, gone: list[object]) -> None:
        for address in map(str, gone):
            is_known = self.index.held_at(address, ALWAYS)
            asked = is_known and self.site.ask(address)
            if asked and asked.status != 200:
                self._meet_file(asked)

    def _meet_file(self, met: Answered) -> None:
        if last := self.index.last_epoch():
            self.meet(replace(met, version=last[0], until=None))

    def _look_at_site(self) -> None:
        """Asks for what is still unknown of the present version, once the edition is through."""
        last, version = self.index.last_epoch(), self.site.version()
        if last is None or self._begin_of(version) != last[1]:
            return
        self.index.note("seen", self.now)
        is_told = self.index.noted("told whole") >= last[1]
        is_old = self.now - last[1] > _OLD_SECONDS * MILLION
        if is_told or is_old or not self.site.has_edition:
            self._complete(version, last[1])

    def _complete(self, version: str, epoch: int) -> None:
        rows = self.index.rows("SELECT address FROM page WHERE seen < ?", epoch)
        rows += self.index.rows(
            "SELECT address FROM held AS old WHERE until BETWEEN ? AND ? AND NOT EXISTS ("
            " SELECT 1 FROM held WHERE address = old.address AND since > old.since)",
            epoch,
            self.now,
        )
        unmet = {address for (address,) in rows}
        if self.index.noted("whole") < epoch:
            met = {
                row[0] for row in self.index.rows("SELECT address FROM page WHERE seen = ?", epoch)
            }
            unmet |= set(self.site.addresses()) - met
        for address in sorted(unmet)[:_MOST_ASKED]:
            asked = self.site.ask(address)
            if asked is None or asked.version != version:
                return
            self.meet(asked)
        if len(unmet) <= _MOST_ASKED:
            self.index.note("whole", epoch)


def _told(handed: Handed) -> dict[str, JsonObject]:
    """The versions that a file tells of, and when each began."""
    return {
        item["version"]: item
        for item in handed.items
        if is_version(item.get("version"))
        and "begins" in item
        and (item.get("former") == "" or is_version(item.get("former")))
    }


def _opened(packs: Packs) -> RecordIndex:
    """The index, made anew where a crash came between a pack and it."""
    if not (packs.folder / "index.sqlite3").exists():
        rebuild(packs)
    for _attempt in range(2):
        index = RecordIndex(packs)
        if max(packs.numbers(), default=0) <= (index.one("SELECT max(number) FROM pack") or 0):
            return index
        index.close()
        rebuild(packs)
    raise BrokenError  # nothing is written over what cannot be read
