"""What the ceremony is made of: a signature more in a file, and what is signed put in its place."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from . import keyring, signers, succession, trust, trust_folder
from .keyring import IntakeKey, Keyring, KeyringEntry, KeyringError
from .signers import Pin, Signer, Signers
from .trust import NOTHING_BEFORE, PublicKey, SignedKind, SigningKey
from .trust_folder import Trusted, numbered, put_file, read_file


def sign(
    kind: SignedKind, octets: bytes, file: bytes | None, known: Iterable[PublicKey], key: SigningKey
) -> bytes:
    """The file of signatures with this one more; those that are there must hold."""
    there = trust.read_signatures(file, kind, octets, known, 0) if file else {}
    return trust.spell_signatures(kind, octets, {**there, key.public.id: key.sign(kind, octets)})


def first_keyring(
    entries: Iterable[KeyringEntry],
    by: Signers,
    *,
    made_on: date,
    not_after: date,
    intake: Iterable[IntakeKey],
    serial: int = 1,
    is_demo: bool = False,
) -> Keyring:
    """The first keyring, signed by nobody yet; tips know it by its serial, as those before it."""
    in_order = tuple(sorted(entries, key=lambda entry: entry.id))
    keys = keyring.in_key_order(intake)
    return Keyring(serial, made_on, not_after, in_order, (), keys, NOTHING_BEFORE, by.hash, is_demo)


def first_signers(people: Iterable[Signer], made_on: date) -> Signers:
    return signers.parse_signers(signers.spell_signers(1, made_on, list(people), NOTHING_BEFORE))


def next_signers(old: Signers, people: Iterable[Signer], made_on: date) -> Signers:
    return signers.parse_signers(
        signers.spell_signers(old.number + 1, made_on, list(people), old.hash)
    )


def install_keyring(ring_file: Path, into: Path, pin: Pin) -> Trusted:
    """Puts a signed keyring, and the signers beside it, in place, if all of it is to be believed.

    It must be the one after the present one, or the present one again. The form never meets
    anything half: the present keyring changes in one moment, when its signatures lie there under its serial.
    """
    new = keyring_beside(ring_file, pin)
    ring = new.ring
    if (into / trust_folder.PRESENT).exists():
        old = keyring.parse_keyring(read_file(into / trust_folder.PRESENT))
        if old.hash != ring.hash:
            succession.check_follows(ring, old)
            numbers = {each.hash: each.number for each in new.chain}
            if new.signers.number < numbers.get(old.signers, 0):
                raise KeyringError("older", "it is signed by those before the present signers")
    into.mkdir(exist_ok=True)
    for each in new.chain:
        name = f"signers-{each.number}.json"
        _copy(ring_file.parent / f"{name}.sig", into)
        _copy(ring_file.parent / name, into)
    put_file(into / f"{numbered(ring.serial)}.sig", read_file(_signatures(ring_file)))
    put_file(into / numbered(ring.serial), ring.octets)
    put_file(into / trust_folder.PRESENT, ring.octets)
    put_file(into / f"{trust_folder.PRESENT}.sig", read_file(_signatures(ring_file)))
    return trust_folder.load(into, pin)


def keyring_beside(ring_file: Path, pin: Pin) -> Trusted:
    """The keyring in the file, by the signatures and signers that lie beside it."""
    ring = keyring.parse_keyring(read_file(ring_file))
    signatures = read_file(_signatures(ring_file), missing="unsigned")
    return trust_folder.trusted(ring, signatures, trust_folder.chain_in(ring_file.parent, pin))


def _signatures(file: Path) -> Path:
    return file.with_name(f"{file.name}.sig")


def _copy(file: Path, into: Path) -> None:
    there = into / file.name
    octets = read_file(file)
    if there.exists() and there.suffix == ".json" and read_file(there) != octets:
        raise KeyringError("twin", f"{file.name} is there already, and is another")
    put_file(there, octets)
