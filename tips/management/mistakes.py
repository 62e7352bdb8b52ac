"""What people get wrong at a ceremony, said before anything is made of it."""

from collections.abc import Sequence
from datetime import date

from django.core.management.base import CommandError
from django.utils.timezone import localdate

from tips.sealing.keyring import LONGEST_LIFE, IntakeKey, Keyring, KeyringEntry

from .console import legible


def refuse_mistakes(
    old: Keyring | None,
    added: Sequence[KeyringEntry],
    removed: Sequence[str],
    intake: Sequence[IntakeKey],
    until: date,
) -> None:
    """Stops where a keyring cannot be made of these, and says which of them is wrong."""
    today = localdate()
    if not today <= until <= today + LONGEST_LIFE:
        raise CommandError("Sista dagen ska vara i dag eller senare, och högst 200 dagar bort.")
    there = {entry.id for entry in old.entries} if old else set()
    left = {gone.id for gone in old.former} if old else set()
    if strangers := [each for each in removed if each not in there]:
        raise CommandError(f"Ingen i nyckelringen har id {legible(strangers[0])}.")
    for entry in added:
        if entry.id in there:
            raise CommandError(f"{entry.id} finns redan i nyckelringen.")
        if entry.id in left:
            raise CommandError(
                f"{entry.id} har tillhört någon som har lämnat. Ta ett nytt id, till exempel {entry.id}-2."
            )
        there.add(entry.id)
    if not there.difference(removed):
        raise CommandError("Minst en måste stå i nyckelringen.")
    if not intake:
        raise CommandError(
            "Inlämningens nyckel saknas: --intake FIL, som tips_intake_key skriver på servern."
        )
