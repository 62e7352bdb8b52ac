"""What follows what: a keyring comes after another, and gives nobody's id, key or past to another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from .keyring import Former, IntakeKey, Keyring, KeyringEntry, KeyringError, in_key_order


def check_follows(new: Keyring, old: Keyring) -> None:
    """That the keyring is the next one, and gives nobody's id, key or past to another."""
    if (new.serial, new.previous) != (old.serial + 1, old.hash):
        raise KeyringError("link", "the keyring does not follow the one before")
    if new.is_demo != old.is_demo:
        raise KeyringError("demo", "one of the keyrings was made by the demo")
    now = {entry.id: entry for entry in new.entries}
    gone = {each.id: each for each in new.former}
    for each in old.former:
        if gone.get(each.id) != each:
            raise KeyringError("past", f"what {each.id} has been is changed")
    for entry in old.entries:
        left = gone.get(entry.id)
        # How somebody comes in may change, and nothing else.
        if entry.id in now and replace(now[entry.id], passkeys=entry.passkeys) != entry:
            raise KeyringError("past", f"{entry.id} has become another")
        if entry.id not in now and left != Former(entry.id, entry.name, entry.key, old.serial):
            raise KeyringError("past", f"{entry.id} has vanished")
    known = {each.id for each in old.former} | {entry.id for entry in old.entries}
    if strangers := sorted(gone.keys() - known):
        raise KeyringError("past", f"{strangers[0]} has left and was never there")


def following(
    old: Keyring,
    *,
    made_on: date,
    not_after: date,
    by: str,
    added: Sequence[KeyringEntry] = (),
    removed: Sequence[str] = (),
    intake: Iterable[IntakeKey] | None = None,
) -> Keyring:
    """The next keyring, signed by nobody yet.

    Who is added and is there already, with the same keys, gets the passkeys that are asked for.
    """
    known = {entry.id: entry for entry in old.entries}
    if strangers := [each for each in removed if each not in known]:
        raise KeyringError("unknown", strangers[0])
    left = [Former(each, known[each].name, known[each].key, old.serial) for each in removed]
    asked = {entry.id: entry for entry in added if is_same_holder(entry, known.get(entry.id))}
    stay = [
        replace(entry, passkeys=asked.pop(entry.id, entry).passkeys)
        for entry in old.entries
        if entry.id not in removed
    ]
    added = [entry for entry in added if not is_same_holder(entry, known.get(entry.id))]
    new = replace(
        old,
        serial=old.serial + 1,
        made_on=made_on,
        not_after=not_after,
        entries=tuple(sorted([*stay, *added], key=lambda entry: entry.id)),
        former=tuple(sorted([*old.former, *left], key=lambda each: each.id)),
        intake=old.intake if intake is None else in_key_order(intake),
        previous=old.hash,
        signers=by,
        file=b"",
    )
    check_follows(new, old)
    return new


def is_same_holder(entry: KeyringEntry, there: KeyringEntry | None) -> bool:
    """Whether the entry is that of the same id, name and keys: it may ask for other passkeys."""
    return (
        there is not None
        and replace(entry, passkeys=there.passkeys, since=there.since, follows=there.follows)
        == there
    )
