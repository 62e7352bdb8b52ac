"""The keyring: a file, outside every database, that says who tips are sealed to."""

import hashlib
import json
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from . import age
from .age.header import SealedSource, read_header

KEYRING_FORMAT = "sapo-keyring/1"
# Fewer than the header of a sealed file has room for.
MAX_RECIPIENTS = 40
_LARGEST_FILE = 1024 * 1024
_LONGEST_NAME = 200
_STANZAS = {"hybrid": "mlkem768x25519", "x25519": "X25519"}


class KeyringError(ValueError):
    """A keyring that tips must not be sealed to, or a change that would make it one.

    `code` says why to programs: missing, unreadable, format, empty, bad_recipient or mixed for
    a file; exists, duplicate, unknown or ambiguous for a change.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class KeyringEntry:
    name: str
    recipient: age.Recipient
    added_on: date


@dataclass(frozen=True)
class Keyring:
    serial: int
    made_on: date
    entries: tuple[KeyringEntry, ...]
    is_demo: bool = False

    def __post_init__(self) -> None:
        if not self.entries:
            raise KeyringError("empty", "the keyring has no recipient")
        if len(self.entries) > MAX_RECIPIENTS:
            raise KeyringError("format", f"the keyring has more than {MAX_RECIPIENTS} recipients")
        if len({recipient.kind for recipient in self.recipients}) > 1:
            raise KeyringError("mixed", "the keyring mixes post-quantum and X25519 recipients")
        if len(set(self.recipients)) < len(self.entries):
            raise KeyringError("bad_recipient", "the keyring has the same recipient twice")

    @property
    def recipients(self) -> list[age.Recipient]:
        return [entry.recipient for entry in self.entries]

    @property
    def fingerprint(self) -> str:
        """Short enough to compare by eye; another set of recipients gives another."""
        text = "\n".join(sorted(map(str, self.recipients)))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def is_sealed_to(ring: Keyring, source: SealedSource) -> bool:
    """Whether the header at the source has one stanza for each recipient, of the recipient's kind.

    Only a key can tell who opens it; the server has none.
    """
    try:
        header = read_header(source)
    except age.AgeError:
        return False
    kinds = [stanza.kind for stanza in header.stanzas]
    return kinds == [_STANZAS[recipient.kind] for recipient in ring.recipients]


# Reading and writing


def load_keyring(path: Path | str) -> Keyring:
    try:
        with open(path, "rb") as file:
            octets = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError as fault:
        raise KeyringError("missing", "there is no keyring") from fault
    except OSError as fault:
        raise KeyringError("unreadable", "the keyring cannot be read") from fault
    if len(octets) > _LARGEST_FILE:
        raise KeyringError("format", "the keyring is too large")
    return parse(octets)


def parse(octets: bytes) -> Keyring:
    """The keyring in the file's octets. Unknown keys of the JSON object are ignored."""
    try:
        read = json.loads(octets.decode())
    except (ValueError, RecursionError) as fault:
        raise KeyringError("format", "the keyring is not JSON") from fault
    if not isinstance(read, dict) or read.get("format") != KEYRING_FORMAT:
        raise KeyringError("format", f"the keyring is not of the format {KEYRING_FORMAT}")
    serial, is_demo, rows = read.get("serial"), read.get("demo", False), read.get("recipients")
    if type(serial) is not int or serial < 1:
        raise KeyringError("format", "the serial number is not a whole number from 1")
    if type(is_demo) is not bool or not isinstance(rows, list):
        raise KeyringError("format", "the keyring is malformed")
    entries = tuple(_entry(number, row) for number, row in enumerate(rows, start=1))
    return Keyring(serial, _day(read.get("made_on")), entries, is_demo)


def dump(keyring: Keyring) -> str:
    content: dict[str, object] = {
        "format": KEYRING_FORMAT,
        "serial": keyring.serial,
        "made_on": keyring.made_on.isoformat(),
    }
    if keyring.is_demo:
        content["demo"] = True
    content["recipients"] = [
        {
            "name": entry.name,
            "recipient": str(entry.recipient),
            "added_on": entry.added_on.isoformat(),
        }
        for entry in keyring.entries
    ]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def save_keyring(keyring: Keyring, path: Path | str) -> None:
    """Replaces the keyring in the file: whole, or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # Public keys only; the intake reads it as another user than the one who writes it.
            os.fchmod(descriptor, 0o644)
            file.write(dump(keyring))
            file.flush()
            os.fsync(descriptor)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


# Changing


def create_keyring(
    path: Path | str,
    recipients: Iterable[tuple[str, age.Recipient]],
    *,
    made_on: date,
    is_demo: bool = False,
) -> Keyring:
    """A first keyring, written where there is none."""
    if Path(path).exists():
        raise KeyringError("exists", "there is a keyring already")
    entries = tuple(KeyringEntry(_name(name), key, made_on) for name, key in recipients)
    keyring = Keyring(1, made_on, entries, is_demo)
    save_keyring(keyring, path)
    return keyring


def add(keyring: Keyring, name: str, recipient: age.Recipient, *, on: date) -> Keyring:
    """The next keyring, with one recipient more."""
    if recipient in keyring.recipients:
        raise KeyringError("duplicate", "the recipient is in the keyring already")
    entries = (*keyring.entries, KeyringEntry(_name(name), recipient, on))
    return replace(keyring, serial=keyring.serial + 1, made_on=on, entries=entries)


def remove(keyring: Keyring, key: str, *, on: date) -> Keyring:
    """The next keyring, without the one whose name or recipient this is."""
    found = [entry for entry in keyring.entries if key in (entry.name, str(entry.recipient))]
    if not found:
        raise KeyringError("unknown", "nobody in the keyring has that name or recipient")
    if len(found) > 1:
        raise KeyringError("ambiguous", "several in the keyring have that name")
    entries = tuple(entry for entry in keyring.entries if entry is not found[0])
    return replace(keyring, serial=keyring.serial + 1, made_on=on, entries=entries)


def _entry(number: int, row: object) -> KeyringEntry:
    if not isinstance(row, dict) or not isinstance(row.get("recipient"), str):
        raise KeyringError("format", f"recipient {number} is malformed")
    try:
        recipient = age.parse_recipient(row["recipient"])
    except age.BadKey as fault:
        raise KeyringError("bad_recipient", f"recipient {number}: {fault}") from fault
    return KeyringEntry(_name(row.get("name")), recipient, _day(row.get("added_on")))


def _name(name: object) -> str:
    if (
        not isinstance(name, str)
        or not name.strip()
        or len(name) > _LONGEST_NAME
        or any(unicodedata.category(letter).startswith("C") for letter in name)
    ):
        raise KeyringError("format", "a name is missing, too long, or holds control characters")
    return name


def _day(text: object) -> date:
    try:
        if isinstance(text, str):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise KeyringError("format", "a date is not written as 2026-11-25")
