"""Makes signers and keyrings of what is brought: in memory, so that nothing is written until all is well."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tips.sealing import ceremony, succession
from tips.sealing.keyring import IntakeKey, Keyring, KeyringEntry
from tips.sealing.signers import HOW_MANY, Signer, Signers
from tips.sealing.trust import TrustError

from .begun import Begun, entry_in_request, found_file, intake_in_entry, signer_in
from .key_files import ask_line
from .mistakes import refuse_mistakes
from .speech import Mistake, legible
from .words import in_swedish

_LIFE = timedelta(days=190)


def begin_ceremony(begun: Begun, until: date | None, serial: int) -> Begun:
    """The first signers, and the first keyring, of all that lies in the folder."""
    if begun.whole:
        raise Mistake("I mappen ligger redan en nyckelring. Den följande görs med nasta.")
    brought = sorted(begun.folder.glob("*.request"))
    by = begun.last_signers
    if by is None:
        people = [signer_in(path) for path in sorted(begun.folder.glob("*.signer"))]
        by = _three(people, None)
        begun = replace(begun, pin=by.pin, coming=by)
    elif not brought:
        raise Mistake("I mappen ligger inga .request: gör handläggarnas nycklar först.")
    _refuse_signed(begun)
    if not brought:
        return begun
    added = [entry_in_request(path) for path in brought]
    intake = [intake_in_entry(path) for path in sorted(begun.folder.glob("*.entry"))]
    last_day = _last_day(until)
    refuse_mistakes(None, added, (), intake, last_day)
    with in_swedish("Nyckelringen"):
        ring = ceremony.first_keyring(
            added, by, made_on=date.today(), not_after=last_day, intake=intake, serial=serial
        )
    _ask_of_the_only_reader(ring)
    return replace(begun, ring=ring, signatures_of_ring=b"")


def follow_keyring(
    begun: Begun,
    add: Sequence[str] = (),
    intake: Sequence[str] = (),
    remove: Sequence[str] = (),
    until: date | None = None,
) -> Begun:
    """The keyring after the one that two have signed."""
    old, by = begun.whole, begun.last_signers
    if old is None or by is None:
        raise Mistake("I mappen ligger ingen nyckelring som två har skrivit under.")
    _refuse_signed(begun)
    added = [entry_in_request(found_file(name, begun.folder, ".request")) for name in add]
    keys = [each for each in old.intake if each.key.id not in remove]
    gone = [each for each in remove if each not in {known.key.id for known in old.intake}]
    keys += [intake_in_entry(found_file(name, begun.folder, ".entry")) for name in intake]
    ring = _following(old, by, added, gone, keys, _last_day(until))
    if gone:
        _ask_of_the_only_reader(ring)
    return replace(begun, ring=ring, signatures_of_ring=b"")


def change_signers(begun: Begun, add: Sequence[str], remove: Sequence[str]) -> Begun:
    """The next three signers, and the next keyring at once, which they sign with it."""
    old = begun.chain[-1] if begun.chain else None
    if old is None:
        raise Mistake("I mappen ligger inga undertecknare som alla tre har skrivit under.")
    if begun.signatures_of_coming:
        raise Mistake("Nästa undertecknare har någon redan skrivit under: skriv-under går vidare.")
    gone = [_named(old, each) for each in remove]
    people = [each for each in old.people if each not in gone]
    people += [signer_in(found_file(name, begun.folder, ".signer")) for name in add]
    begun = replace(begun, coming=_three(people, old))
    return follow_keyring(begun) if begun.whole else begun


def _three(people: Sequence[Signer], old: Signers | None) -> Signers:
    if len(people) != HOW_MANY:
        raise Mistake(f"Undertecknarna ska vara tre, och här är {len(people)} (.signer).")
    today = date.today()
    try:
        if old is None:
            return ceremony.first_signers(people, today)
        return ceremony.next_signers(old, people, today)
    except TrustError:
        raise Mistake("Undertecknarna ska vara tre olika personer med var sin nyckel.") from None


def _named(old: Signers, wanted: str) -> Signer:
    """The signer of that name, or whose key has that id."""
    for person in old.people:
        if wanted.casefold() in (person.key.id, person.name.casefold()):
            return person
    names = ", ".join(person.name for person in old.people)
    raise Mistake(f"Ingen undertecknare heter {legible(wanted)}. De är {legible(names)}.")


def _following(
    old: Keyring,
    by: Signers,
    added: Sequence[KeyringEntry],
    removed: Sequence[str],
    intake: Sequence[IntakeKey],
    until: date,
) -> Keyring:
    refuse_mistakes(old, added, removed, intake, until)
    with in_swedish("Nästa nyckelring"):
        return succession.following(
            old,
            made_on=date.today(),
            not_after=until,
            by=by.hash,
            added=added,
            removed=removed,
            intake=intake,
        )


def _last_day(until: date | None) -> date:
    return until or date.today() + _LIFE


def _refuse_signed(begun: Begun) -> None:
    """Nobody is to have signed two keyrings of one number."""
    ring = begun.ring
    if ring and begun.signatures_of_ring:
        raise Mistake(
            f"Nyckelring {ring.serial} har någon redan skrivit under. Är alla överens om att göra om den: "
            "ta bort keyring.json.sig."
        )


def _ask_of_the_only_reader(ring: Keyring) -> None:
    if len(ring.entries) > 1:
        return
    name = legible(ring.entries[0].name)
    typed = ask_line(
        f"Bara {name} kan då öppna tips: går den nyckeln förlorad är alla nya tips det. "
        "Är det meningen? Skriv ja: "
    )
    if typed.casefold() != "ja":
        raise Mistake("Inget har gjorts. Ta med en till, eller en reservnyckel.")
