"""Who handles tips: those who stand in the keyring that is signed and are not stopped, and nobody else.

Also in one that is out of date: who handles tips is the same the day after. KeyringError where none is
to be believed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from tips.keeping.present_keyring import signed_now
from tips.refusals import Refusal
from tips.sealing.keyring import Keyring, KeyringEntry
from tips.sealing.trust import NOTHING_BEFORE

from .stopping import stopped_now

# For so long two who have just been let in purge nothing.
NEW_FOR = timedelta(days=7)


def handler_now(handler_id: str) -> KeyringEntry | None:
    """The entry of the handler with exactly this id."""
    return next((each for each in all_handlers() if each.id == handler_id), None)


def all_handlers() -> list[KeyringEntry]:
    """All handlers, by name."""
    entries, stopped = signed_now().entries, stopped_now()
    handlers = (each for each in entries if each.kind == "handler" and each.id not in stopped)
    return sorted(handlers, key=lambda each: each.name.casefold())


def is_handler(handler_id: str) -> bool:
    return handler_now(handler_id) is not None


def is_new(handler: KeyringEntry, rings: Mapping[int, Keyring], on: date) -> bool:
    """Whether the handler's key stood, that day, in no keyring that was made a week before, nor in the first."""
    old = (
        ring
        for ring in rings.values()
        if ring.made_on <= on - NEW_FOR or ring.previous == NOTHING_BEFORE
    )
    return not any(each.key == handler.key for ring in old for each in ring.entries)


def why_not_two(
    first: KeyringEntry | None,
    second: KeyringEntry | None,
    rings: Mapping[int, Keyring],
    on: date,
) -> Refusal | None:
    """Why these do not purge together what the first has proposed; None where they do.

    Both handle tips, they are not one, and neither is new.
    """
    if first is None or second is None:
        return Refusal.PROPOSER_LEFT
    if first.id == second.id:
        return Refusal.OWN_PROPOSAL
    return Refusal.NEWCOMER if any(is_new(each, rings, on) for each in (first, second)) else None
