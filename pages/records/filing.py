"""Files what lies in the spool: in packs, each rendering told by the one before it."""

import base64
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .answered import KINDS_OF_FILES, MILLION, Answered, Site, micro
from .entries import BrokenError
from .lookup import RecordIndex, begin_index, bits, rebuild, written_whole
from .orders import Decisions
from .packs import NewPack, Packs
from .renderings import Renderings
from .spool import Handed, found_in
from .told_versions import begun_at, marks_in, of_versions
from .weeding import carry_out_decisions, file_decisions

# An item of a version that nobody has told of waits so long for whoever does.
_WAITS_SECONDS = 60
_AT_ONCE = 20_000
# An edition that has not been written by then is not waited for.
_OLD_SECONDS = 600
_MOST_ASKED = 2_000
_MOST_LOST = 1_000_000_000


@dataclass
class Filed:
    """What a run has done."""

    records: int = 0
    gaps: list[str] = field(default_factory=list)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Yields whether nobody else files or verifies now: the next run takes what lies there then."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_alone = True
        except BlockingIOError:
            is_alone = False
        yield is_alone
    finally:
        os.close(descriptor)


class Filing:
    """One run of the job."""

    def __init__(
        self,
        folder: Path,
        spool: Path,
        site: Site,
        *,
        now: float | None = None,
        waits: float = _WAITS_SECONDS,
    ) -> None:
        self.folder, self.spool, self.site, self.waits = folder, spool, site, waits
        self.now = int((now or time.time()) * MILLION)
        self.filed = Filed()

    def run(self) -> Filed:
        with alone(self.folder) as is_alone:
            if not is_alone:
                return self.filed
            begin_index(self.folder)
            self.packs = Packs(self.folder)
            if self._is_index_behind():  # a crash came between a pack and the index
                rebuild(self.packs)
                if self._is_index_behind():
                    raise BrokenError  # nothing is written over what cannot be read
            self.index = RecordIndex(self.packs)
            try:
                while self._file_some():
                    pass
            finally:
                self.index.close()
        return self.filed

    def _is_index_behind(self) -> bool:
        index = RecordIndex(self.packs)
        last = index.one("SELECT max(number) FROM pack") or 0
        index.close()
        return max(self.packs.numbers(), default=0) > last

    def _file_some(self) -> bool:
        """Files as much as goes into one pack; returns whether more lies there."""
        found = self._to_file()
        last = self.index.one("SELECT number, hash FROM pack ORDER BY number DESC LIMIT 1")
        number, before = (last[0] + 1, last[1]) if last else (1, "")
        decisions = Decisions(self.spool)
        self.pack = NewPack(self.packs, number, before)
        self._begins = len(self.pack.head)
        self.renderings = Renderings(self.packs, self.index, self.pack, self.site, self._gap)
        try:
            with written_whole(self.index):
                self._file(found)
                decided = file_decisions(decisions, self.packs, self.index, self.pack)
                if len(self.pack.head) == self._begins:
                    self.pack.give_up()
                else:
                    count = self.pack.count
                    digest = self.pack.end()
                    self.index.take_pack(
                        number, digest, self.renderings.first, self.renderings.last, count
                    )
                    self.filed.records += count
        except BaseException:
            if self.packs.writing:
                self.pack.give_up()
            self.packs.forget()
            raise
        for handed in found:
            handed.path.unlink(missing_ok=True)
        carry_out_decisions(decided, decisions, self.packs)
        return self._has_more

    def _to_file(self) -> list[Handed]:
        found = found_in(self.spool)
        found.sort(key=lambda each: (begun_at(each, self.now), each.process, each.number))
        told = {row[0] for row in self.index.rows("SELECT version FROM epoch")}
        told |= {version for version, item in of_versions(found) if "begins" in item}
        chosen: list[Handed] = []
        count, waiting = 0, set()
        for each in found:
            is_young = self.now - begun_at(each, self.now) < self.waits * MILLION
            if is_young and any(version not in told for version, _item in of_versions([each])):
                waiting.add(each.process)  # whoever tells of the version has not ended a file yet
            if each.process in waiting:
                continue
            if chosen and count + len(each.items) > _AT_ONCE:
                break
            chosen.append(each)
            count += len(each.items)
        self._has_more = len(chosen) + sum(each.process in waiting for each in found) < len(found)
        return chosen

    def _file(self, found: list[Handed]) -> None:
        self._look_for_missing(found)
        known = {row[0] for row in self.index.rows("SELECT version FROM epoch")}
        marks = marks_in(found, known, self.site.version(), self.now)
        begun = known.union(version for _begin, version, _former in marks)
        unknown = {version for version, item in of_versions(found) if "address" in item} - begun
        if unknown:
            self._gap("untold-version", None, count=len(unknown))
        versions = [
            row[0]
            for row in self.index.rows("SELECT DISTINCT version FROM epoch ORDER BY key")
            if any(version == row[0] for version, _item in of_versions(found))
        ]
        for version in versions:
            self._file_version(version, found)
        for begin, version, former in marks:
            self._begin_version(begin, version, former)
            self._file_version(version, found)
        for handed in found:
            for item in handed.items:
                if isinstance(item.get("gone"), list):
                    self.renderings.files_gone(item)
                elif "lost" in item:
                    count = item["lost"] if isinstance(item["lost"], int) else 1
                    count = max(1, min(count, _MOST_LOST))
                    self._gap("lost", item.get("since"), item.get("at"), count=count)
        self._pass_clock(self.now)
        self._look_at_site()

    # What is missing is named

    def _look_for_missing(self, found: list[Handed]) -> None:
        for handed in found:
            name = f"process {handed.process}"
            moment = begun_at(handed, self.now)
            number, _blank, since = (self._noted(name) or "0").partition(" ")
            if handed.number != int(number) + 1:
                self._gap("missing", int(since or moment) / MILLION, moment / MILLION)
            if not handed.is_whole:
                self._gap("crashed", moment / MILLION, handed.written / MILLION)
            is_over = handed.is_last or handed.path.suffix != ".ended"
            self._note(name, "" if is_over else f"{handed.number} {moment}")
        # A process has a file open as long as it lives.
        filed = {handed.path.name for handed in found}
        left = [path.name for path in self.spool.glob("*.??????.*") if path.name not in filed]
        there = {name.split(".")[0] for name in left}
        for name, value in self.index.rows(
            "SELECT name, value FROM noted WHERE name LIKE 'process %'"
        ):
            process = name.removeprefix("process ")
            if value and process not in there:
                self._gap("vanished", int(value.partition(" ")[2]) / MILLION)
                self._note(name, "")

    def _gap(self, kind: str, begin: Any, end: Any = None, **more: Any) -> None:
        begin, end = sorted(micro(each, self.now) for each in (begin, end))
        self.renderings.event({"gap": kind, "begin": begin, "end": end, **more})
        self.filed.gaps.append(kind)

    def _noted(self, name: str) -> str:
        return str(self.index.one("SELECT value FROM noted WHERE name = ?", name) or "")

    def _note(self, name: str, value: str) -> None:
        if value:
            self.index.connection.execute(
                "INSERT OR REPLACE INTO noted VALUES (?, ?)", (name, value)
            )
        else:
            self.index.connection.execute("DELETE FROM noted WHERE name = ?", (name,))

    # Versions, and what changes by itself under one

    def _begin_version(self, begin: int, version: str, former: str | None) -> None:
        last = self.index.last_epoch()
        # Since the former one was last seen, nothing is sure: for that time nobody has got anything.
        seen = min(max(int(self._noted("seen") or 0), last[2]) + 1, begin - 1) if last else 0
        if last and former is None:
            self._gap("unknown-begin", seen / MILLION, begin / MILLION)
            self._begin_epoch(seen, version)
        if last and former and not self._is_known(former):
            self._gap("unknown-version", seen / MILLION, begin / MILLION)
            self._begin_epoch(seen, former)
        self._begin_epoch(begin, version)

    def _is_known(self, version: str) -> bool:
        return bool(self.index.one("SELECT 1 FROM epoch WHERE version = ?", version))

    def _begin_epoch(self, begin: int, version: str, *, keeps: bool = False) -> None:
        last = self.index.last_epoch()
        if last:
            self._end_epoch(last[0])
            begin = max(begin, last[2] + 1)
        if keeps:  # the same version: what holds longer holds on
            self.index.connection.execute("DELETE FROM met WHERE until <= ?", (begin,))
        else:
            self.index.connection.execute("DELETE FROM met")
        key = last[0] + 1 if last else 1
        self.renderings.event({"epoch": key, "version": version, "begin": begin})

    def _end_epoch(self, key: int) -> None:
        met = {row[0] for row in self.index.rows("SELECT address FROM met")}
        pages = {row[0] for row in self.index.rows("SELECT key FROM address WHERE was_page = 1")}
        by = base64.b85encode(bits(met)).decode()
        self.renderings.event({"met": key, "by": by, "unmet": len(pages - met)})

    def _pass_clock(self, moment: int) -> None:
        """Begins an epoch where something has begun or ended by itself."""
        while (last := self.index.last_epoch()) and (
            due := self.index.one("SELECT min(until) FROM met WHERE until > 0")
        ):
            if due > moment:
                return
            self._begin_epoch(due, last[1], keeps=True)

    # What was handed over

    def _file_version(self, version: str, found: list[Handed]) -> None:
        seen = int(self._noted("seen") or 0)
        for handed in found:
            if not any(item.get("version") == version for item in handed.items):
                continue
            for item, body in handed.each():
                if item.get("version") != version:
                    continue
                if item.get("whole"):
                    self._note("told whole", str(micro(item.get("at"), self.now)))
                elif body is None:
                    self._gap("lost", item.get("at"), count=1)
                elif "address" in item and (met := Answered.from_item(item, body)):
                    met = replace(met, at=min(met.at, self.now))  # nobody met it later than now
                    self._pass_clock_at(met)
                    self.renderings.meet(met)
                    seen = max(seen, min(met.at, self.now))
        self._note("seen", str(seen))

    def _pass_clock_at(self, met: Answered) -> None:
        last = self.index.last_epoch()
        if last and last[1] == met.version and met.at <= self.now:
            self._pass_clock(met.at)

    # What nobody has asked for yet

    def _look_at_site(self) -> None:
        """Asks for what is still unknown of the present version, once the edition is through."""
        last, version = self.index.last_epoch(), self.site.version()
        if last is None or last[1] != version:
            return
        self._note("seen", str(self.now))
        is_told = int(self._noted("told whole") or 0) >= last[2]
        is_old = self.now - last[2] > _OLD_SECONDS * MILLION
        if last[3] or not (is_told or is_old or not self.site.has_edition):
            return
        if self._complete(last[0], version):
            self.renderings.event({"whole": last[0]})

    def _complete(self, epoch: int, version: str) -> bool:
        rows = self.index.rows(
            "SELECT text FROM address WHERE was_page = 1 AND key NOT IN (SELECT address FROM met)"
        )
        unmet = {text for (text,) in rows if not text.startswith(KINDS_OF_FILES)}
        met = {
            text
            for (text,) in self.index.rows(
                "SELECT text FROM address JOIN met ON met.address = address.key"
            )
        }
        unmet |= set(self.site.addresses()) - met
        for number, address in enumerate(sorted(unmet)):
            if number == _MOST_ASKED:
                return False
            asked = self.site.ask(address)
            if asked is None or asked.version != version:
                return False
            self.renderings.meet(asked)
            now = self.index.last_epoch()
            if now is None or now[0] != epoch:
                return False
        return True
