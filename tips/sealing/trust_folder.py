"""The folder in which signers and keyrings lie, all that there have been, and what it is worth.

    signers-1.json, signers-1.json.sig …   each followed by the next
    keyring-7.json, keyring-7.json.sig …   the same
    keyring.json                           the one that holds now; keyring-<serial>.json again

A program that keeps what it has seen is not shown an older one.
"""

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import keyring, signers, trust
from .keyring import Keyring, KeyringError
from .signers import Pin, Signers
from .trust import LARGEST_SIGNED, TrustError

PRESENT = "keyring.json"
# What is in the folder for all to read.
FILE_NAME = re.compile(r"(?:keyring(?:-[1-9][0-9]{0,9})?|signers-[1-9][0-9]{0,5})\.json(?:\.sig)?")
_SIGNERS = re.compile(r"signers-([1-9][0-9]{0,5})\.json")
_SEEN_FORMAT = "sapo-trust-seen/1"


@dataclass(frozen=True)
class SeenKeyring:
    """The newest keyring that a program has believed."""

    serial: int
    hash: str
    signers: int


@dataclass(frozen=True)
class Trusted:
    """A keyring that two of three have signed, and the signers from the pinned ones on."""

    ring: Keyring
    chain: tuple[Signers, ...]

    @property
    def signers(self) -> Signers:
        return next(each for each in self.chain if each.hash == self.ring.signers)

    @property
    def as_seen(self) -> SeenKeyring:
        return SeenKeyring(self.ring.serial, self.ring.hash, self.signers.number)


def load(folder: Path, pin: Pin) -> Trusted:
    """The present keyring in the folder; KeyringError unless it is signed, from the pin on."""
    ring = keyring.parse_keyring(read_file(folder / PRESENT))
    signatures = read_file(folder / f"{numbered(ring.serial)}.sig", missing="unsigned")
    return trusted(ring, signatures, chain_in(folder, pin))


def trusted(ring: Keyring, signatures: bytes, chain: list[Signers]) -> Trusted:
    by = next((each for each in chain if each.hash == ring.signers), None)
    if by is None:
        raise KeyringError("signers", "the keyring names signers who are not known")
    keyring.keyring_signatures(signatures, ring, by)
    return Trusted(ring, tuple(chain))


def chain_in(folder: Path, pin: Pin) -> list[Signers]:
    files = {}
    try:
        names = os.listdir(folder)
    except OSError as fault:
        raise KeyringError("missing", "there is no folder of keyrings") from fault
    for found in filter(None, map(_SIGNERS.fullmatch, names)):
        path = folder / found[0]
        files[int(found[1])] = (read_file(path), read_file(folder / f"{found[0]}.sig"))
    try:
        return signers.walk_from(pin, files)
    except TrustError as fault:
        raise KeyringError("signers", f"the signers are not to be believed: {fault}") from fault


def check_seen(found: Trusted, seen: SeenKeyring, folder: Path) -> None:
    """That the keyring is the one seen, or follows it by steps that are all there."""
    ring = found.ring
    if ring.serial < seen.serial or found.signers.number < seen.signers:
        raise KeyringError("older", f"keyring {seen.serial} has been seen, this is {ring.serial}")
    if ring.serial == seen.serial:
        if ring.hash != seen.hash:
            raise KeyringError("twin", "another keyring with the same serial has been seen")
        return
    before = ring.previous
    for serial in range(ring.serial - 1, seen.serial, -1):
        octets = read_file(folder / numbered(serial), missing="link")
        if trust.sha256_of(octets) != before:
            raise KeyringError("link", f"keyring {serial} is not the one that was followed")
        before = keyring.parse_keyring(octets).previous
    if before != seen.hash:
        raise KeyringError("link", "the keyring does not follow the one that has been seen")


def with_those_before(read: Callable[[str], bytes | None], ring: Keyring) -> dict[int, Keyring]:
    """The keyring and those before it by their serials, as far back as they are there and linked."""
    found = {ring.serial: ring}
    while ring.previous != trust.NOTHING_BEFORE:
        name = numbered(ring.serial - 1)
        octets = read(name)
        if octets is None:
            break
        if trust.sha256_of(octets) != ring.previous:
            raise KeyringError("link", f"{name} is not the one that was followed")
        ring = keyring.parse_keyring(octets)
        found[ring.serial] = ring
    return found


def texts_since(folder: Path, seen: int) -> dict[str, str]:
    """The files by which one who has seen that keyring can check the present one; no others."""
    present = keyring.parse_keyring(read_file(folder / PRESENT)).serial
    between = range(seen + 1, present) if seen else ()  # who has seen none needs none between
    names = [PRESENT, f"{numbered(present)}.sig", *map(numbered, between)]
    for found in filter(None, map(_SIGNERS.fullmatch, os.listdir(folder))):
        names += [found[0], f"{found[0]}.sig"]
    return {name: read_file(folder / name).decode() for name in names if (folder / name).exists()}


def texts_from(folder: Path, serial: int) -> dict[str, str]:
    """The keyrings from this serial to the one before the present one."""
    present = keyring.parse_keyring(read_file(folder / PRESENT)).serial
    names = [numbered(each) for each in range(max(serial, 1), present)]
    return {name: read_file(folder / name).decode() for name in names if (folder / name).exists()}


def numbered(serial: int) -> str:
    return f"keyring-{serial}.json"


# What has been seen


def read_seen(path: Path) -> SeenKeyring | None:
    """What the file says has been seen; None where there is none yet."""
    if not path.exists():
        return None
    named = {"format": str, "keyring": str, "serial": int, "signers": int}
    try:
        read = trust.members(trust.read(read_file(path)), named, {})
    except TrustError as fault:
        raise KeyringError("seen", "what has been seen cannot be read") from fault
    if read["format"] != _SEEN_FORMAT:
        raise KeyringError("seen", "what has been seen is of another format")
    return SeenKeyring(read["serial"], trust.hash_in(read["keyring"]), read["signers"])


def write_seen(path: Path, seen: SeenKeyring) -> None:
    content = {"format": _SEEN_FORMAT, "keyring": seen.hash, "serial": seen.serial}
    put_file(path, trust.spell({**content, "signers": seen.signers}), 0o640)


# Files


def read_file(path: Path, missing: str = "missing") -> bytes:
    try:
        with open(path, "rb") as file:
            octets = file.read(LARGEST_SIGNED + 1)
    except FileNotFoundError as fault:
        raise KeyringError(missing, f"{path.name} is missing") from fault
    except OSError as fault:
        raise KeyringError("unreadable", f"{path.name} cannot be read") from fault
    if len(octets) > LARGEST_SIGNED:
        raise KeyringError("format", f"{path.name} is too large")
    return octets


def put_file(path: Path, octets: bytes, mode: int = 0o644) -> None:
    """Puts the file in place: whole, or not at all."""
    descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(octets)
            file.flush()
            os.fsync(descriptor)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
