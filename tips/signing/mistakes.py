"""What people get wrong at a ceremony, said before anything is made of it."""

from collections.abc import Sequence
from datetime import date

from tips.sealing.keyring import (
    LONGEST_LIFE,
    Former,
    IntakeKey,
    Keyring,
    KeyringEntry,
    lookalikes,
)
from tips.sealing.succession import is_same_holder

from .speech import Mistake, legible


def refuse_mistakes(
    old: Keyring | None,
    added: Sequence[KeyringEntry],
    removed: Sequence[str],
    intake: Sequence[IntakeKey],
    until: date,
) -> None:
    """Stops where a keyring cannot be made of these, and says which of them is wrong."""
    today = date.today()
    if not today <= until <= today + LONGEST_LIFE:
        raise Mistake("Sista dagen ska vara i dag eller senare, och högst 200 dagar bort.")
    there = {entry.id for entry in old.entries} if old else set()
    left = {gone.id for gone in old.former} if old else set()
    if strangers := [each for each in removed if each not in there]:
        raise Mistake(f"Ingen i nyckelringen har id {legible(strangers[0])}.")
    stay = {entry.id: entry for entry in old.entries if entry.id not in removed} if old else {}
    for entry in added:
        now = stay.get(entry.id)
        if now and is_same_holder(entry, now) and entry.passkeys != now.passkeys:
            continue
        if entry.id in there:
            raise Mistake(f"{entry.id} finns redan i nyckelringen.")
        if entry.id in left:
            raise Mistake(
                f"{entry.id} har tillhört någon som har lämnat. Ta ett nytt id, till exempel "
                f"{entry.id}-2, och --foljer {entry.id}."
            )
        there.add(entry.id)
        stay[entry.id] = entry
    _refuse_lookalikes(old, list(stay.values()), removed)
    if not stay:
        raise Mistake("Minst en måste stå i nyckelringen.")
    if not intake:
        raise Mistake(
            "Inlämningens nyckel saknas. tips_intake_key på servern skriver den: lägg den i mappen som "
            "intake.entry, eller ange --inlamning FIL."
        )


def _refuse_lookalikes(
    old: Keyring | None, stay: Sequence[KeyringEntry], removed: Sequence[str]
) -> None:
    """Says who is called as whom; the rule itself is the keyring's."""
    left = (
        [Former(each.id, each.name, None, 0) for each in old.entries if each.id in removed]
        if old
        else []
    )
    gone = [*(old.former if old else ()), *left]
    known = {each.id for each in gone}
    for entry in stay:
        if entry.follows and entry.follows not in known:
            raise Mistake(f"{entry.id} följer {legible(entry.follows)}, som inte har lämnat.")
    if alike := lookalikes(stay, gone):
        entry, other = alike
        raise Mistake(
            f"{legible(entry.name)} ({entry.id}) går inte att skilja från {legible(other.name)} "
            f"({other.id}). Är det samma person, som har en ny nyckel: --foljer {other.id}."
        )
