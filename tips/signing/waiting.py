"""Signs what waits in a folder for one signer, when it has been shown in words; and says who is left."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tips.sealing import ceremony, keyring, trust_folder
from tips.sealing.keyring import Keyring
from tips.sealing.signers import THRESHOLD
from tips.sealing.trust import SigningKey
from tips.sealing.trust_folder import put_file, read_file

from .begun import Begun, Draft
from .differences import about_keyring
from .key_files import ask_line
from .speech import Mistake, legible, put_line
from .words import in_swedish, twelve_words

_NAMES = {"signers": "Undertecknare", "keyring": "Nyckelring", "release": "Release"}
_NUMBER_OF = {
    "signers": "undertecknarnas nummer",
    "keyring": "nyckelringens löpnummer",
    "release": "releasens nummer",
}


def show_root(begun: Begun) -> None:
    if begun.pin and not (begun.coming and begun.coming.pin == begun.pin):  # who shows its own
        put_line(f"Roten {begun.pin}\ni ord, som på papperet:\n{twelve_words(begun.pin.hash)}")


def sign_waiting(begun: Begun, key: SigningKey, own: Path) -> Begun:
    """With this signature too, where the number of each has been typed; `own` keeps the keyring signed last."""
    mine = [draft for draft in begun.drafts() if key.public.id in draft.may_sign()]
    if not mine and list(begun.drafts()):
        raise Mistake("Nyckeln hör inte till någon av undertecknarna.")
    mine = [draft for draft in mine if key.public.id not in draft.signed_by()]
    if not mine:
        raise Mistake("Inget i mappen väntar på din underskrift.")
    show_root(begun)
    for draft in mine:
        put_line(draft.in_words)
        if draft.kind == "keyring" and begun.ring:
            _tell_since(own, begun.ring, begun)
        typed = ask_line(f"Är det detta du skriver under? Skriv {_NUMBER_OF[draft.kind]}: ")
        if typed != str(draft.number):
            raise Mistake("Det är inte numret. Inget har skrivits under.")
    for draft in mine:
        begun = _with_signature(begun, draft, key)
        if draft.kind == "keyring":
            put_file(own, draft.octets, 0o600)
    return begun


def _with_signature(begun: Begun, draft: Draft, key: SigningKey) -> Begun:
    keys = [person.key for person in draft.people]
    with in_swedish(draft.path):
        signed = ceremony.sign(draft.kind, draft.octets, draft.signatures or None, keys, key)
    if draft.kind == "signers":
        return replace(begun, signatures_of_coming=signed)
    if draft.kind == "release":
        return replace(begun, release=replace(draft, signatures=signed))
    return replace(begun, signatures_of_ring=signed)


def _tell_since(own: Path, ring: Keyring, begun: Begun) -> None:
    """What has come since this signer signed, where others signed in between; a twin is refused."""
    if not own.exists():
        return
    with in_swedish(own):
        last = keyring.parse_keyring(read_file(own))
    if last.serial >= ring.serial:
        if last.hash == ring.hash:
            return
        raise Mistake(
            f"Du har redan skrivit under nyckelring {last.serial}, och den var en annan. Är alla överens "
            f"om att den inte ska gälla: ta bort {legible(own)}."
        )
    if begun.whole is None:
        put_line(f"Den följer inte på någon. Du har skrivit under nyckelring {last.serial}.")
    elif last.hash != begun.whole.hash:
        with in_swedish(own):
            before = trust_folder.with_those_before(partial(_octets_in, begun.folder), begun.whole)
        if last.serial not in before or before[last.serial].hash != last.hash:
            raise Mistake(
                f"Det följer inte på nyckelring {last.serial}, som du skrev under ({legible(own)})."
            )
        put_line(
            f"Sedan nyckelring {last.serial}, som du skrev under senast:\n{about_keyring(ring, last)}"
        )


def _octets_in(folder: Path, name: str) -> bytes | None:
    return read_file(folder / name) if (folder / name).exists() else None


def who_has_signed(begun: Begun) -> Iterator[str]:
    """Who has signed what lies there, and who is left."""
    if begun.chain:
        yield f"Undertecknare {begun.chain[-1].number}: alla har skrivit under."
    yield from who_is_left(begun)
    if begun.whole:
        yield f"Nyckelring {begun.whole.serial}: underskriven av {begun.signed_whole}."
    if (done := begun.release) and done.is_signed:
        yield f"Release {done.number}: underskriven av {done.names_of(done.signed_by())}. Den kan läggas ut."


def who_is_left(begun: Begun) -> Iterator[str]:
    """Of what waits: who has signed it, and who is to."""
    for draft in begun.drafts():
        there = draft.signed_by()
        by = f"underskriven av {draft.names_of(there)}" if there else "ingen har skrivit under"
        yield f"{_NAMES[draft.kind]} {draft.number}: {by}. {_left(begun, draft, there)}"


def _left(begun: Begun, draft: Draft, there: Collection[str]) -> str:
    if draft.kind != "signers":
        left = THRESHOLD - len(there)
        return {2: "Två ska skriva under.", 1: "En till ska skriva under."}.get(left, "")
    new, old = begun.coming, begun.chain[-1] if begun.chain else None
    names = [person.name for person in (new.people if new else ()) if person.key.id not in there]
    of_old = len({key.id for key in old.keys} & set(there)) if old else THRESHOLD
    more = f" och {THRESHOLD - of_old} av de tre före" if of_old < THRESHOLD else ""
    return f"Kvar: {', '.join(sorted(names))}{more}."
