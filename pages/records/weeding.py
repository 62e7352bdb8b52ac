"""Carries out what has been decided of records: sealing, and weeding, which leaves a tombstone.

What is weeded is overwritten where it lies, unless another record holds the same bytes. The chain stays
whole, since it covers digests.
"""

from .lookup import RecordIndex, Standing, new_pack
from .orders import KINDS_DECIDED, Decisions


def carry_out_decisions(decisions: Decisions, index: RecordIndex) -> None:
    """In a pack of their own, and before all else: after a crash the same is done again, and does no more."""
    if not (waiting := list(decisions.all())):
        return
    with new_pack(index) as pack:
        for decision in waiting:
            kind = next((kind for kind in KINDS_DECIDED if kind in decision), None)
            if kind and index.standing_of(*decision[kind]) not in (None, KINDS_DECIDED[kind]):
                pack.add(decision)
                index.take(decision, pack.number)
    for decision in waiting:
        if "weed" in decision and index.standing_of(*decision["weed"]) == Standing.WEEDED:
            _wipe(index, *decision["weed"])
        decisions.done(decision["name"])


def _wipe(index: RecordIndex, address: str, since: int) -> None:
    found = index.held_at(address, since)
    if found and not index.is_shown(found.body):
        index.packs.wipe(found.body, index.place_of(found.body))
