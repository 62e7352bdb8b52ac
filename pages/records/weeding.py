"""Carries out what has been decided of records: sealing, and weeding, which leaves a tombstone.

What is weeded is overwritten where it lies. The chain stays whole, since it covers digests; and what
was told by the weeded bytes is told anew first.
"""

import os
from typing import Any

from .entries import Place, RecordEntry
from .lookup import RecordIndex, as_place, place_as_number
from .orders import Decisions
from .packs import LostError, NewPack, Packs, smaller

# Where bytes lie: the pack, the first byte, how many.
_Part = tuple[int, int, int]


def file_decisions(
    decisions: Decisions, packs: Packs, index: RecordIndex, pack: NewPack
) -> list[dict[str, Any]]:
    """Writes the decisions into the pack; those that are to be carried out once it is on disk."""
    filed = []
    for decision in decisions.all():
        known = index.one("SELECT value FROM asked WHERE name = ?", decision["name"])
        if known is not None:  # a crash came before it was carried out
            filed.append(decision | packs.event(as_place(int(known))))
            continue
        place = as_place(decision.get("weed") or decision.get("seal"))
        if place is None or not packs.is_record(place):  # not one of ours
            decisions.done(decision["name"])
            continue
        event = dict(decision)
        if "weed" in decision:
            event |= _told_without(place, packs, index, pack)
        begin = len(pack.head)
        pack.add_event(event)
        index.take_event(event, at=(pack.number, begin))
        filed.append(event)
    return filed


def _told_without(place: Place, packs: Packs, index: RecordIndex, pack: NewPack) -> dict[str, Any]:
    """Tells anew what is told by a record, and says which bytes are to be overwritten."""
    entry = packs.told(place)
    wipe: list[_Part] = []
    if not entry.is_file:
        wipe.append((entry.held_in or place[0], entry.begin, entry.length))
        for each in _told_by(place, packs, pack):
            base = entry.base
            try:
                compressed = smaller(packs.body(each), packs.body(base) if base else None)
            except LostError:  # it was damaged before: verify_records says which
                continue
            told = packs.told(each)
            wipe.append((told.held_in or each[0], told.begin, told.length))
            begin = pack.add_bytes(compressed)
            event = {
                "told_anew": place_as_number(each), "held_in": pack.number, "begin": begin,
                "length": len(compressed), "base": place_as_number(base),
            }  # fmt: skip
            pack.add_event(event)
            index.take_event(event)
        return {"wipe": wipe}
    is_elsewhere = _is_elsewhere(place, entry, packs, index, pack)
    return {} if is_elsewhere else {"file": entry.digest.hex()}


def _told_by(place: Place, packs: Packs, pack: NewPack) -> list[Place]:
    return [
        (number, at)
        for number in [*packs.numbers(), pack.number]
        if number >= place[0]
        for at, entry, _stands in packs.entries(number)
        if isinstance(entry, RecordEntry) and packs.told((number, at)).base == place
    ]


def _is_elsewhere(
    place: Place, entry: RecordEntry, packs: Packs, index: RecordIndex, pack: NewPack
) -> bool:
    """Whether the same file was met at another address or time, and is not weeded there."""
    weeded = {as_place(row[0]) for row in index.rows("SELECT place FROM mark WHERE kind = 'weed'")}
    return any(
        isinstance(other, RecordEntry)
        and other.is_file
        and other.digest == entry.digest
        and (number, at) not in weeded | {place}
        for number in [*packs.numbers(), pack.number]
        for at, other, _stands in packs.entries(number)
    )


def carry_out_decisions(filed: list[dict[str, Any]], decisions: Decisions, packs: Packs) -> None:
    """Overwrites what is weeded. Done again after a crash, it does no more."""
    for decision in filed:
        for number, begin, length in decision.get("wipe", ()):
            with packs.bodies_of(number).open("r+b") as file:
                file.seek(begin)
                file.write(bytes(length))
                file.flush()
                os.fsync(file.fileno())
        if "file" in decision:
            packs.file_of(bytes.fromhex(decision["file"])).unlink(missing_ok=True)
        decisions.done(decision["name"])
