"""The demo's root of trust: three signers and a keyring, made by one who knows all their secrets."""

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from tips.sealing import age, ceremony, trust, trust_folder
from tips.sealing.keyring import LONGEST_LIFE, IntakeKey, KeyringEntry
from tips.sealing.signers import Pin, Signer, Signers
from tips.sealing.trust import SECRET_SIZE, SignedKind, SigningKey

# The demo's handlers: two, since a purge takes two.
HANDLERS = {"tove-berg": "Tove Berg", "tage-lind": "Tage Lind"}
_NAMES = ("Demots första", "Demots andra", "Demots tredje")


@dataclass(frozen=True)
class DemoHandler:
    """One who handles the demo's tips, with all that nobody else knows in production."""

    id: str
    identity: age.Identity
    secret: bytes

    @classmethod
    def drawn(cls, name: str) -> "DemoHandler":
        return cls(name, age.generate_identity(), secrets.token_bytes(SECRET_SIZE))

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(self.secret, "handler")

    def entry(self, since: date) -> KeyringEntry:
        return KeyringEntry(
            self.id, HANDLERS[self.id], self.identity.recipient, since, self.key.public
        )


def pin_in(folder: Path) -> Pin:
    return Pin.of(trust_folder.read_file(folder / "root").decode())


def make_anew(folder: Path, handlers: Sequence[DemoHandler], today: date, serial: int) -> Pin:
    """Draws signers, and lays a keyring that they have signed beside the keys in the folder."""
    drawn = [secrets.token_bytes(SECRET_SIZE) for _name in _NAMES]
    keys = [SigningKey(secret, "signer") for secret in drawn]
    people = [Signer(name, key.public) for name, key in zip(_NAMES, keys, strict=True)]
    for number, (person, secret) in enumerate(zip(people, drawn, strict=True), start=1):
        text = f"# sapo-signer-key/1\n# name: {person.name}\n# id: {person.key.id}\n"
        content = f"{text}{trust.to_text(secret)}\n".encode()
        trust_folder.put_file(folder / f"undertecknare-{number}.txt", content, 0o600)
    by = ceremony.first_signers(people, today)
    secret = trust.from_text((folder / "intake.key").read_text().strip(), SECRET_SIZE)
    ring = ceremony.first_keyring(
        [each.entry(today) for each in handlers],
        by,
        made_on=today,
        not_after=today + LONGEST_LIFE,
        serial=serial,
        intake=[IntakeKey(SigningKey(secret, "intake").public, today)],
        is_demo=True,
    )
    laid = folder / "trust"
    laid.mkdir()
    _lay(laid, "signers-1.json", by.octets, _signed("signers", by.octets, by, keys))
    signed = _signed("keyring", ring.octets, by, keys[:2])
    for name in (trust_folder.numbered(serial), trust_folder.PRESENT):
        _lay(laid, name, ring.octets, signed)
    trust_folder.put_file(laid / "root", f"{by.pin}\n".encode())
    return by.pin


def _signed(kind: SignedKind, octets: bytes, by: Signers, keys: list[SigningKey]) -> bytes:
    signed: bytes | None = None
    for key in keys:
        signed = ceremony.sign(kind, octets, signed, by.keys, key)
    return signed or b""


def _lay(folder: Path, name: str, octets: bytes, signed: bytes) -> None:
    trust_folder.put_file(folder / f"{name}.sig", signed)
    trust_folder.put_file(folder / name, octets)


def serial_after(folder: Path) -> int:
    """The number after that of the keyring before: tips know it by that."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((folder / trust_folder.PRESENT).read_bytes())["serial"]) + 1
    return 1
