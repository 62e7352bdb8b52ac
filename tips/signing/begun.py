"""The folder of a ceremony: who signs, the keyring that two have signed, and what is begun on and not whole."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tips.sealing import keyring, requests, signers, succession, trust, trust_folder
from tips.sealing.keyring import IntakeKey, Keyring, KeyringEntry
from tips.sealing.signers import Pin, Signer, Signers
from tips.sealing.trust_folder import PRESENT, numbered, put_file, read_file

from .differences import about_keyring, about_signers
from .draft import Draft
from .releases import RELEASE, release_in
from .speech import Mistake, legible
from .words import in_swedish

_SIGNERS = re.compile(r"signers-([1-9][0-9]{0,5})\.json")


@dataclass(frozen=True)
class Begun:
    """What lies in a folder, or is to lie there: `ring` is the one that follows `whole`, if any."""

    folder: Path
    pin: Pin | None = None
    chain: tuple[Signers, ...] = ()
    coming: Signers | None = None
    whole: Keyring | None = None
    ring: Keyring | None = None
    signatures_of_coming: bytes = b""
    signatures_of_ring: bytes = b""
    signed_whole: str = ""  # the names of those who have
    release: Draft | None = None

    @property
    def last_signers(self) -> Signers | None:
        return self.coming or (self.chain[-1] if self.chain else None)

    def drafts(self) -> Iterator[Draft]:
        """What waits."""
        if self.release and not self.release.is_signed:
            yield self.release
        if new := self.coming:
            old = self.chain[-1] if self.chain else None
            if old and (new.number, new.previous) != (old.number + 1, old.hash):
                raise Mistake(
                    f"Undertecknare {new.number} följer inte på undertecknare {old.number}."
                )
            people = {each.key.id: each for each in (*new.people, *(old.people if old else ()))}
            path = self.folder / f"signers-{new.number}.json"
            may_sign, words = tuple(people.values()), about_signers(new, old)
            signed = self.signatures_of_coming
            yield Draft("signers", path, new.octets, new.number, may_sign, signed, words)
        if ring := self.ring:
            path, by = self.folder / PRESENT, self.last_signers
            if by is None or by.hash != ring.signers:
                raise Mistake(f"{legible(path)} nämner andra undertecknare än de senaste i mappen.")
            words = about_keyring(ring, self.whole)
            signed = self.signatures_of_ring
            yield Draft("keyring", path, ring.octets, ring.serial, by.people, signed, words)


def read_folder(folder: Path, root: str | None) -> Begun:
    """What lies there, believed from the root on, which is the first signers' where none is given."""
    if not folder.is_dir():
        raise Mistake(f"Mappen {legible(folder)} finns inte.")
    with in_swedish("Roten"):
        pin = Pin.of(root) if root else None
    begun = _with_keyrings(_with_signers(Begun(folder, pin)))
    list(begun.drafts())  # what cannot be shown is refused at once
    known = [*begun.chain, *([begun.coming] if begun.coming else [])]
    return replace(begun, release=release_in(folder, known, _signatures(folder / RELEASE)))


def _with_signers(begun: Begun) -> Begun:
    found = filter(None, (_SIGNERS.fullmatch(path.name) for path in begun.folder.iterdir()))
    numbers = sorted(int(each[1]) for each in found)
    if not numbers:
        return begun
    files = {}
    for number in numbers:
        path = begun.folder / f"signers-{number}.json"
        with in_swedish(path):
            files[number] = (read_file(path), _signatures(path))
            last = signers.parse_signers(files[number][0])
        pin = begun.pin or last.pin
        if pin.number == number and pin != last.pin:
            raise Mistake("Roten är en annan än den som undertecknarna i mappen har.")
        begun = replace(begun, pin=pin)
    with in_swedish("Kedjan av undertecknare"):
        before = signers.parse_signers(files[numbers[-2]][0]) if len(numbers) > 1 else None
        is_whole = before is None and last.number > 1
        with suppress(trust.TrustError):
            signers.check_step(files[last.number][1], last, before)
            is_whole = True
        if not is_whole:
            signed = files.pop(last.number)[1]
            begun = replace(begun, coming=last, signatures_of_coming=signed)
        if not files and pin == last.pin:
            return begun
        return replace(begun, chain=tuple(signers.walk_from(pin, files)))


def _with_keyrings(begun: Begun) -> Begun:
    path = begun.folder / PRESENT
    if not path.exists():
        return begun
    with in_swedish(path):
        ring = keyring.parse_keyring(read_file(path))
        for name in (PRESENT, numbered(ring.serial)):
            with suppress(trust.TrustError):
                signed = _signatures(begun.folder / name)
                found = trust_folder.trusted(ring, signed, list(begun.chain))
                ids = keyring.keyring_signatures(signed, ring, found.signers)
                names = ", ".join(sorted(map(found.signers.name_of, ids)))
                return replace(begun, whole=ring, signed_whole=names)
        begun = replace(begun, ring=ring, signatures_of_ring=_signatures(path))
        if ring.previous == trust.NOTHING_BEFORE:
            return begun
    before = begun.folder / numbered(ring.serial - 1)
    with in_swedish(before):
        old = keyring.parse_keyring(read_file(before))
        trust_folder.trusted(old, _signatures(before), list(begun.chain))
    with in_swedish(path):
        succession.check_follows(ring, old)
    return replace(begun, whole=old)


def _signatures(path: Path) -> bytes:
    file = path.with_name(f"{path.name}.sig")
    return read_file(file) if file.exists() else b""


def write_begun(begun: Begun) -> None:
    """Lays the files there, so that whoever is cut off begins where the files before are whole."""
    new, ring, old = begun.coming, begun.ring, begun.whole
    if begun.release:
        _put(begun.release.path, begun.release.octets, begun.release.signatures)
    if new:
        _put(begun.folder / f"signers-{new.number}.json", new.octets, begun.signatures_of_coming)
    if not ring:
        return
    path = begun.folder / PRESENT
    if old and path.exists() and read_file(path) == old.octets:
        kept = begun.folder / numbered(old.serial)
        signed = _signatures(path) or _signatures(kept)
        put_file(kept.with_name(f"{kept.name}.sig"), signed)
        put_file(kept, old.octets)
    _put(path, ring.octets, begun.signatures_of_ring)


def _put(path: Path, octets: bytes, signatures: bytes) -> None:
    file = path.with_name(f"{path.name}.sig")
    if not path.exists() or path.read_bytes() != octets:
        file.unlink(missing_ok=True)
        put_file(path, octets)
    if signatures:
        put_file(file, signatures)


# What is brought


def found_file(name: str, folder: Path, ending: str = "") -> Path:
    """The file of that name: as it is given, or in the folder, with the ending or without."""
    there = [Path(name), folder / name]
    there += [path.with_name(f"{path.name}{ending}") for path in there]
    for path in there:
        if path.is_file():
            return path
    raise Mistake(f"{legible(name)} finns varken här eller i {legible(folder)}.")


def signer_in(path: Path) -> Signer:
    with in_swedish(path):
        return requests.read_signer(read_file(path))


def entry_in_request(path: Path) -> KeyringEntry:
    """The entry that asks to be taken in, signed by its own key."""
    with in_swedish(path):
        octets, signatures = read_file(path), path.with_name(f"{path.name}.sig")
        if b'"kind":"handler"' in octets and not signatures.exists():
            raise Mistake(f"{legible(signatures)} finns inte: ta med båda filerna.")
        return requests.read_request(octets, _signatures(path))


def intake_in_entry(path: Path) -> IntakeKey:
    with in_swedish(path):
        return requests.read_intake(read_file(path))
