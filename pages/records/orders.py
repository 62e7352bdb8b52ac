"""Sealing and weeding: decided in the CMS, in force at once, carried out by the job.

The service of editors may not write the records. It lays each decision into the spool, and whoever
asks for a record looks there first.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from pages.ground.json_types import JsonObject

from .answered import is_moment
from .lookup import RecordIndex, Standing, new_pack
from .spool import DECIDED, item_in

KINDS_DECIDED = {"weed": Standing.WEEDED, "seal": Standing.SEALED}  # the stronger first


class Decisions:
    """What has been decided and is not filed yet."""

    def __init__(self, spool: Path) -> None:
        self.folder = spool / DECIDED

    def add(self, kind: str, address: str, since: int, *, by: list[str], reason: str) -> None:
        """Returns when the decision is on disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}-{secrets.token_hex(4)}"
        decision: JsonObject = {kind: [address, since], "by": by, "reason": reason}
        decision |= {"at": time.time_ns() // 1000, "name": name}
        part = self.folder / f"{name}.part"
        with part.open("x", encoding="utf-8") as file:
            json.dump(decision, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / f"{name}.json")

    def all(self) -> Iterator[JsonObject]:
        """The decisions that wait, in order."""
        for path in sorted(self.folder.glob("*.json")):
            try:
                decision = item_in(path.read_bytes())
            except OSError:  # filed meanwhile
                continue
            if decision and decision.get("name") == path.stem:
                yield _as_decided(decision)

    def waiting(self) -> set[tuple[str, str, int]]:
        """What has been decided of which record and is not filed yet."""
        return {
            (kind, *each[kind]) for each in self.all() for kind in KINDS_DECIDED if kind in each
        }

    def done(self, name: str) -> None:
        (self.folder / f"{name}.json").unlink(missing_ok=True)


def _as_decided(found: JsonObject) -> JsonObject:
    """What a decision may say, and nothing else; its name alone, if it is none of ours."""
    for kind in KINDS_DECIDED:
        match found.get(kind):
            case [str(address), since] if is_moment(since):
                said = {name: found.get(name) for name in ("by", "reason", "at", "name")}
                return {kind: [address, since], **said}
    return {"name": found["name"]}


def carry_out_decisions(decisions: Decisions, index: RecordIndex) -> None:
    """In a pack of their own, and before all else: after a crash the same is done again, and does no more.

    What is weeded is overwritten where it lies, unless another record holds the same bytes. A tombstone stays, and
    the chain is whole, since it covers digests.
    """
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
