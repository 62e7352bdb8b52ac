"""Says whether the records are as they were filed, or which is the first that is not."""

import fcntl
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from .entries import BrokenError, Place, RecordEntry
from .lookup import RecordIndex, as_place, place_as_number
from .packs import LostError, Packs, hash_before


class Fault(StrEnum):
    CHANGED = "changed"
    MOVED = "moved"  # or taken away before it
    REMOVED = "removed"


@dataclass(frozen=True)
class Found:
    """The first record that is not as it was filed."""

    fault: Fault
    pack: int
    record: int  # counted from one, in its pack
    address: str  # as far as it can be read


@dataclass(frozen=True)
class Whole:
    records: int
    last_hash: str


def verified(packs: Packs, *, link: str = "") -> Found | Whole:
    """Goes through all packs; `link` is a hash that was noted before, and must be in the chain."""
    with _nobody_files(packs):
        index = RecordIndex(packs)
        try:
            return _Verifying(packs, index).result(link)
        finally:
            index.close()


@contextmanager
def _nobody_files(packs: Packs) -> Iterator[None]:
    """Lets nothing be weeded meanwhile, where who verifies may say so."""
    with ExitStack() as stack:
        with suppress(OSError):
            lock = stack.enter_context((packs.folder / "lock").open("rb"))
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


class _Verifying:
    def __init__(self, packs: Packs, index: RecordIndex) -> None:
        self.packs, self.index = packs, index
        self.faults: dict[Place, Fault] = {}
        self.number_of: dict[Place, int] = {}
        self.by_address: dict[int, list[Place]] = defaultdict(list)
        self.weeded: set[Place | None] = set()  # as the chain has it, and not the index

    def result(self, link: str) -> Found | Whole:
        before, is_linked = "", not link
        told = dict(self.index.rows("SELECT number, hash FROM pack"))
        for number in range(1, max([*told, *self.packs.numbers()], default=0) + 1):
            before = self._check_head(number, before, told.get(number, ""))
            is_linked = is_linked or before == link
        self._check_bodies()
        if not self.faults and not is_linked:
            self.faults[(1, 0)] = Fault.CHANGED  # the whole chain was written anew
        if not self.faults:
            return Whole(sum(map(len, self.by_address.values())), before)
        place = min(self.faults)
        return Found(
            self.faults[place], place[0], self.number_of.get(place, 1), self._address_at(place)
        )

    def _check_head(self, number: int, before: str, told: str) -> str:
        """Notes what is wrong in the head of a pack; the hash that the next one must tell."""
        begin = (number, 0)
        if not self.packs.head_of(number).exists():
            self.faults[begin] = Fault.REMOVED
            return told
        try:
            head = self.packs.head(number)
            digest = hashlib.sha256(head).hexdigest()
            count, stand = 0, True
            for at, entry, stands in self.packs.entries(number):
                if isinstance(entry, RecordEntry):
                    count += 1
                    self.number_of[number, at] = count
                    self.by_address[entry.address].append((number, at))
                else:
                    self.number_of[number, at] = count + 1
                    self.weeded.add(as_place(entry.get("weed")))
                if stand and not stands:
                    self.faults[number, at] = Fault.MOVED
                    stand = False
                    break
            if stand and (hash_before(head) != before or (told and digest != told)):
                self.faults[begin] = Fault.CHANGED
        except BrokenError:
            last = max((at for pack, at in self.number_of if pack == number), default=0)
            self.faults[number, last] = Fault.CHANGED
        return told or digest

    def _check_bodies(self) -> None:
        """By address, since each record is told by the one before."""
        for places in self.by_address.values():
            for place in places:
                if place in self.weeded:
                    continue
                try:
                    entry = self.packs.told(place)
                    if entry.is_file and not self.packs.file_of(entry.digest).exists():
                        self.faults.setdefault(place, Fault.REMOVED)
                        continue
                    self.packs.body(place)
                except LostError:
                    number = self.packs.told(place).held_in or place[0]
                    is_there = entry.is_file or self.packs.bodies_of(number).exists()
                    fault = Fault.CHANGED if is_there else Fault.REMOVED
                    self.faults.setdefault(place, fault)
                except BrokenError:  # what it is told by stands in a head that is named
                    self.faults.setdefault(place, Fault.CHANGED)

    def _address_at(self, place: Place) -> str:
        """The address that stands there now, or that the index knows to have stood there."""
        row = self.index.one("SELECT text FROM address WHERE place = ?", place_as_number(place))
        if row:
            return str(row)
        try:
            key = self.packs.entry(place).address
        except BrokenError:
            return ""
        return str(self.index.one("SELECT text FROM address WHERE key = ?", key) or "")
