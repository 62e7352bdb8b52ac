"""Says whether the records are as they were filed, and names those that are not."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from pages.ground.json_types import JsonObject

from .lookup import RecordIndex, Standing
from .packs import BrokenError, LostError, Packs, lines_in_log


class Fault(StrEnum):
    CHANGED = "changed"  # or moved, or one before it is gone
    REMOVED = "removed"


@dataclass(frozen=True)
class Found:
    """A record that is not as it was filed."""

    fault: Fault
    pack: int
    record: int  # counted from one, in its pack
    address: str  # as far as it can be read


@dataclass
class Verified:
    """What has been looked at; all is whole if nothing was found."""

    records: int = 0
    last_hash: str = ""
    found: list[Found] = field(default_factory=list)


def verified(packs: Packs, *, link: str = "") -> Verified:
    """Goes through all packs; `link` is a hash that was noted before, and must be in the chain."""
    with _nobody_files(packs):
        index = RecordIndex(packs)
        told = dict(index.rows("SELECT number, hash FROM pack"))
        index.close()
        # As the chain has it, and not the index that lies there.
        index = RecordIndex(packs, anew="")
        try:
            return _looked_at(packs, index, told, link)
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


def _looked_at(packs: Packs, index: RecordIndex, told: dict[int, str], link: str) -> Verified:
    done, is_linked = Verified(), not link
    for number in range(1, max([*told, *packs.numbers()], default=0) + 1):
        done.found += _faults_in(packs, index, number, done, told.get(number, ""))
        is_linked = is_linked or done.last_hash == link
    if not done.found and not is_linked:
        done.found.append(Found(Fault.CHANGED, 1, 1, ""))  # the whole chain was written anew
    return done


def _faults_in(
    packs: Packs, index: RecordIndex, number: int, done: Verified, told: str
) -> Iterator[Found]:
    before = done.last_hash
    try:
        log = packs.log(number)
    except BrokenError:
        done.last_hash = told
        yield Found(Fault.REMOVED, number, 1, "")
        return
    digest = hashlib.sha256(log).hexdigest()
    done.last_hash = told or digest
    first, count, has_fault = next(lines_in_log(log), None), 0, False
    is_readable = index.one("SELECT 1 FROM pack WHERE number = ? AND hash != ''", number)
    for line in lines_in_log(log):
        entry = line.entry or {}
        is_record = "body" in entry
        count += is_record
        if not line.stands:
            yield Found(Fault.CHANGED, number, max(count, 1), str(entry.get("met", "")))
            return
        if is_record and is_readable and (fault := _fault_of_body(index, entry)):
            has_fault = True
            yield Found(fault, number, count, entry["met"])
    is_linked = first and first.entry and first.entry.get("before") == before
    if not has_fault and not (is_linked and digest == done.last_hash):
        yield Found(Fault.CHANGED, number, 1, "")
    done.records += count


def _fault_of_body(index: RecordIndex, entry: JsonObject) -> Fault | None:
    if index.standing_of(entry["met"], entry["since"]) == Standing.WEEDED:
        return None
    body = entry["body"]
    try:
        index.bytes_of(body)
    except LostError:
        place = index.place_of(body)
        path = index.packs.bodies_of(place.pack) if place else index.packs.file_of(body)
        return Fault.CHANGED if path.exists() else Fault.REMOVED
    return None
