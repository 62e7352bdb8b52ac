"""Signers, handlers and signed keyrings, as two people at two machines would have made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate

from tips.handling.handlers import NEW_FOR
from tips.sealing import age, ceremony, keyring, succession, trust, trust_folder
from tips.sealing.keyring import IntakeKey, Keyring, KeyringEntry
from tips.sealing.signers import Signer, Signers
from tips.sealing.trust import NOTHING_BEFORE, SigningKey

SIGNER_KEYS = [SigningKey(bytes([number]) * 32, "signer") for number in (1, 2, 3, 4)]
SIGNER_NAMES = ["Sara Ett", "Sven Två", "Siv Tre", "Stig Fyra"]
PEOPLE = [Signer(name, key.public) for name, key in zip(SIGNER_NAMES, SIGNER_KEYS, strict=True)]


INTAKE_SECRET = bytes([200]) * 32
INTAKE_KEY = SigningKey(INTAKE_SECRET, "intake")


def intake_key_in(path: Path) -> IntakeKey:
    """The intake's key file, laid there, and what a keyring says of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{trust.to_text(INTAKE_SECRET)}\n")
    return IntakeKey(INTAKE_KEY.public, localdate())


def handler_secret(number: int = 1) -> bytes:
    return bytes([100 + number]) * 32


@cache
def handler_key(number: int = 1) -> SigningKey:
    return SigningKey(handler_secret(number), "handler")


def secret_number(holder: KeyringEntry) -> int:
    """Which of the handlers' secrets is this one's."""
    numbers = range(1, 60)
    return next(each for each in numbers if handler_key(each).public == holder.key)


def entry(
    entry_id: str, name: str, recipient: age.Recipient, number: int, since: date | None = None
) -> KeyringEntry:
    since = since or localdate()
    return KeyringEntry(entry_id, name, recipient, since, handler_key(number).public)


_LETTERS = "bcdefghkpq"


def handler_id(number: int) -> str:
    """tipsmottagare, tipsmottagare-c, tipsmottagare-d …: no two are alike."""
    return "tipsmottagare" if number == 1 else f"tipsmottagare-{letters(number)}"


def letters(number: int) -> str:
    tens, ones = divmod(number - 1, len(_LETTERS))
    return (_LETTERS[tens] if tens else "") + _LETTERS[ones]


def entries_for(
    recipients: Sequence[age.Recipient], names: Sequence[str] = ()
) -> list[KeyringEntry]:
    """One entry for each, in this order: tipsmottagare, tipsmottagare-c …"""
    return [
        entry(
            handler_id(number),
            names[number - 1] if names else f"Provnyckel {letters(number)}".removesuffix(" b"),
            recipient,
            number,
        )
        for number, recipient in enumerate(recipients, start=1)
    ]


def over_since(days: int) -> dict[str, Any]:
    """What to change in a keyring whose last day was so long ago."""
    last = localdate() - timedelta(days=days)
    return {"made_on": last - timedelta(days=150), "not_after": last, "file": b""}


OF_NO_USE = keyring.GRACE.days + 1


def ring_for(recipients: Sequence[age.Recipient]) -> Keyring:
    """A keyring with an entry for each, that nobody has signed."""
    today = localdate()
    entries, last = tuple(entries_for(recipients)), today + timedelta(days=200)
    intake = (IntakeKey(INTAKE_KEY.public, today),)
    return Keyring(1, today, last, entries, (), intake, NOTHING_BEFORE, NOTHING_BEFORE)


@dataclass
class TrustFolder:
    """A folder of signers and keyrings, and the keys to make more of them."""

    path: Path
    by: Signers
    keys: Sequence[SigningKey] = tuple(SIGNER_KEYS)

    @property
    def ring(self) -> Keyring:
        return keyring.parse_keyring((self.path / trust_folder.PRESENT).read_bytes())

    @property
    def root(self) -> Path:
        return self.path / "root"

    def put(self, ring: Keyring, signed_by: Sequence[int] = (0, 1)) -> Keyring:
        """Lays the keyring there as the present one, signed by these signers."""
        file = signed_keyring(ring, self.by, signed_by, self.keys)
        trust_folder.put_file(self.path / f"{trust_folder.numbered(ring.serial)}.sig", file)
        trust_folder.put_file(self.path / trust_folder.numbered(ring.serial), ring.octets)
        trust_folder.put_file(self.path / trust_folder.PRESENT, ring.octets)
        trust_folder.put_file(self.path / f"{trust_folder.PRESENT}.sig", file)
        return ring

    def follow(
        self,
        *,
        added: Sequence[Any] = (),
        removed: Sequence[str] = (),
        intake: Sequence[IntakeKey] | None = None,
        made_on: date | None = None,
    ) -> Keyring:
        """The next keyring, laid there; so old that nobody in it is new."""
        made_on = made_on or localdate() - NEW_FOR
        new = succession.following(
            self.ring,
            made_on=made_on,
            not_after=made_on + timedelta(days=200),
            by=self.by.hash,
            added=added,
            removed=removed,
            intake=intake,
        )
        return self.put(new)

    def add(self, name: str, recipient: age.Recipient) -> Keyring:
        number = len(self.ring.entries) + len(self.ring.former) + 1
        return self.follow(added=[entry(handler_id(number), name, recipient, number)])


@cache
def _recipient_of(name: str) -> age.Recipient:
    return age.generate_identity().recipient


def stands_in_keyring(channel: Any, *names: str) -> None:
    """Two signers have let them in, each by an entry of this id."""
    ring = channel.trust.ring
    first = len(ring.entries) + len(ring.former) + 1
    channel.trust.follow(
        added=[
            entry(name, name.capitalize(), _recipient_of(name), number)
            for number, name in enumerate(names, start=first)
        ]
    )


def trust_in(
    folder: Path,
    entries: Sequence[KeyringEntry],
    *,
    made_on: date | None = None,
    is_demo: bool = False,
    signers: Sequence[SigningKey] = tuple(SIGNER_KEYS),
    intake: Sequence[IntakeKey] | None = None,
) -> TrustFolder:
    """A new folder with a root, three signers and a first keyring."""
    made_on = made_on or localdate()
    folder.mkdir(parents=True, exist_ok=True)
    names = zip(SIGNER_NAMES, signers, strict=False)
    people = [Signer(name, key.public) for name, key in names]
    by = ceremony.first_signers(people[:3], made_on)
    (folder / "signers-1.json").write_bytes(by.octets)
    (folder / "signers-1.json.sig").write_bytes(signed_signers(by, (0, 1, 2), keys=signers))
    (folder / "root").write_text(f"{by.pin}\n")
    ring = ceremony.first_keyring(
        entries,
        by,
        made_on=made_on,
        not_after=made_on + timedelta(days=200),
        intake=intake or [IntakeKey(INTAKE_KEY.public, made_on)],
        is_demo=is_demo,
    )
    made = TrustFolder(folder, by, signers)
    made.put(ring)
    return made


def signed_keyring(
    ring: Keyring,
    by: Signers,
    signed_by: Sequence[int],
    keys: Sequence[SigningKey] = tuple(SIGNER_KEYS),
) -> bytes:
    file = None
    for number in signed_by:
        file = ceremony.sign("keyring", ring.octets, file, by.keys, keys[number])
    return file or b""


def signed_signers(
    new: Signers,
    signed_by: Sequence[int],
    old: Signers | None = None,
    keys: Sequence[SigningKey] = tuple(SIGNER_KEYS),
) -> bytes:
    known = [*new.keys, *(old.keys if old else ())]
    file = None
    for number in signed_by:
        file = ceremony.sign("signers", new.octets, file, known, keys[number])
    return file or b""
