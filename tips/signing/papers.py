"""What is told of a folder that is whole: on the screen, and on the papers of signers and handlers."""

from collections.abc import Iterator
from datetime import date

from tips.sealing import keyring, requests, trust

from .begun import Begun, entry_in_request, intake_in_entry, signer_in
from .speech import Mistake
from .waiting import who_has_signed, who_is_left
from .words import in_one_line, in_swedish, twelve_words


def refuse_faults(begun: Begun) -> None:
    """Stops unless all that lies in the folder holds, and nothing waits."""
    for pattern, read in (
        ("*.signer", signer_in),
        ("*.request", entry_in_request),
        ("*.entry", intake_in_entry),
    ):
        for path in sorted(begun.folder.glob(pattern)):
            read(path)
    if waiting := " ".join(who_is_left(begun)):
        raise Mistake(waiting)
    if begun.whole is None and begun.release is None:
        raise Mistake("I mappen ligger ingen nyckelring.")
    with in_swedish("Nyckelringen"):
        if begun.whole:
            keyring.check_day(begun.whole, date.today())
            if keyring.is_over(begun.whole, date.today()):
                raise keyring.KeyringError("expired", "its last day has gone")


def in_force(begun: Begun) -> Iterator[str]:
    """That it may be put in place, in a few lines."""
    yield from who_has_signed(begun)
    if ring := begun.whole:
        yield f"{in_one_line(ring, date.today())} Den kan läggas på plats på servern.\n{twelve_words(ring.hash)}"


def on_paper(begun: Begun) -> Iterator[str]:
    """Names, ids and words: what is compared when somebody asks whose key it is."""
    if (by := begun.last_signers) is None or begun.pin is None:
        raise Mistake("I mappen ligger inga undertecknare.")
    yield f"Roten {begun.pin}\n{twelve_words(begun.pin.hash)}"
    yield f"Undertecknare {by.number}, gjorda {by.made_on}: två av de tre skriver under."
    for person in by.people:
        yield _row(person.name, person.key.id, requests.spell_signer(person.name, person.key))
    if ring := begun.ring or begun.whole:
        yield f"Nyckelring {ring.serial}, gjord {ring.made_on}, gäller till och med {ring.not_after}\n{twelve_words(ring.hash)}"
        for entry in ring.entries:
            name = entry.name if entry.key else f"{entry.name}, ett kassaskåp"
            yield _row(name, entry.id, requests.spell_request(entry))
        for each in ring.intake:
            yield _row("Inlämningens nyckel", each.key.id, requests.spell_intake(each))


def _row(name: str, id: str, octets: bytes) -> str:
    return f"{name} ({id})\n{twelve_words(trust.sha256_of(octets))}"
