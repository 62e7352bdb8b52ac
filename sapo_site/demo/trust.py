"""The demo's root of trust: three signers and a keyring, made by one who knows all their secrets."""

import json
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from tips.sealing import age, ceremony, trust, trust_folder
from tips.sealing.keyring import IntakeKey, KeyringEntry
from tips.sealing.signers import Pin, Signer, Signers
from tips.sealing.trust import SECRET_SIZE, SigningKey

_LIFE = timedelta(days=200)
# The demo's handlers: two, since a purge takes two.
HANDLERS = {"tove-berg": "Tove Berg", "tage-lind": "Tage Lind"}
_NAMES = ("Demots första", "Demots andra", "Demots tredje")


@dataclass(frozen=True)
class DemoHandler:
    """One who handles the demo's tips, with all that nobody else knows in production."""

    id: str
    identity: age.Identity
    secret: bytes

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(self.secret, "handler")

    def entry(self, since: date) -> KeyringEntry:
        return KeyringEntry(
            self.id, HANDLERS[self.id], self.identity.recipient, since, self.key.public
        )


def pin_in(folder: Path) -> Pin:
    return Pin.of(trust_folder.read_file(folder / "root").decode())


def make_anew(
    folder: Path,
    keys_folder: Path,
    handlers: Sequence[DemoHandler],
    intake: IntakeKey,
    today: date,
) -> Pin:
    """Draws signers, and puts a keyring that they have signed in place of what lies there."""
    drawn = [secrets.token_bytes(SECRET_SIZE) for _name in _NAMES]
    keys = [SigningKey(secret, "signer") for secret in drawn]
    people = [Signer(name, key.public) for name, key in zip(_NAMES, keys, strict=True)]
    for number, (person, secret) in enumerate(zip(people, drawn, strict=True), start=1):
        text = f"# sapo-signer-key/1\n# name: {person.name}\n# id: {person.key.id}\n"
        content = f"{text}{trust.to_text(secret)}\n".encode()
        trust_folder.put_file(keys_folder / f"undertecknare-{number}.txt", content, 0o600)
    by = ceremony.first_signers(people, today)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    _lay(part, by, keys, handlers, intake, today, _serial_after(folder))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return by.pin


def _serial_after(folder: Path) -> int:
    """The number after that of the keyring before, signed or not: tips know it by that."""
    last = 0
    for path in (folder / trust_folder.PRESENT, folder.with_name(trust_folder.PRESENT)):
        with suppress(OSError, ValueError, KeyError, TypeError):
            last = max(last, int(json.loads(path.read_bytes())["serial"]))
    return last + 1


def _lay(
    folder: Path,
    by: Signers,
    keys: list[SigningKey],
    handlers: Sequence[DemoHandler],
    intake: IntakeKey,
    today: date,
    serial: int,
) -> None:
    entries = [each.entry(today) for each in handlers]
    ring = ceremony.first_keyring(
        entries,
        by,
        made_on=today,
        not_after=today + _LIFE,
        serial=serial,
        intake=[intake],
        is_demo=True,
    )
    signed: bytes | None = None
    for key in keys:
        signed = ceremony.sign("signers", by.octets, signed, by.keys, key)
    trust_folder.put_file(folder / "signers-1.json", by.octets)
    trust_folder.put_file(folder / "signers-1.json.sig", signed or b"")
    signed = None
    for key in keys[:2]:
        signed = ceremony.sign("keyring", ring.octets, signed, by.keys, key)
    trust_folder.put_file(folder / "root", f"{by.pin}\n".encode())
    for name in (trust_folder.numbered(serial), trust_folder.PRESENT):
        trust_folder.put_file(folder / f"{name}.sig", signed or b"")
        trust_folder.put_file(folder / name, ring.octets)
