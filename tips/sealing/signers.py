"""The root of trust: three people, two of whom sign each keyring, and the chain of those before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from . import trust
from .trust import NOTHING_BEFORE, PublicKey, Signature, TrustError

SIGNERS_FORMAT = "sapo-signers/1"
HOW_MANY, THRESHOLD = 3, 2
LONGEST_WALK = 64
_LONGEST_NAME = 100
_LATEST_YEAR = 9000  # days after it cannot be counted on from
_PIN = re.compile(r"([1-9][0-9]{0,5}):([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """Which signers are believed: a number and a hash, kept where no server can write."""

    number: int
    hash: str

    @classmethod
    def of(cls, text: str) -> "Pin":
        found = _PIN.fullmatch(text.strip())
        if not found:
            raise TrustError("pin", "a root is written as 1: and a hash")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Signer:
    name: str
    key: PublicKey


@dataclass(frozen=True)
class Signers:
    number: int
    made_on: date
    people: tuple[Signer, ...]
    previous: str
    octets: bytes

    @property
    def hash(self) -> str:
        return trust.sha256_of(self.octets)

    @property
    def pin(self) -> Pin:
        return Pin(self.number, self.hash)

    @property
    def keys(self) -> list[PublicKey]:
        return [person.key for person in self.people]

    def name_of(self, key_id: str) -> str:
        return next(person.name for person in self.people if person.key.id == key_id)


# One file


def parse_signers(octets: bytes) -> Signers:
    """The signers in the file's octets, whoever has signed it."""
    texts = dict.fromkeys(("format", "made_on", "previous"), str)
    named = {**texts, "number": int, "signers": list, "threshold": int}
    content = trust.members(trust.read(octets), named, {})
    if (content["format"], content["threshold"]) != (SIGNERS_FORMAT, THRESHOLD):
        raise TrustError("format", f"the signers are not of the format {SIGNERS_FORMAT}")
    people = tuple(_person(row) for row in content["signers"])
    ids = [person.key.id for person in people]
    if len(people) != HOW_MANY or ids != sorted(set(ids)):
        raise TrustError("format", f"the signers are not {HOW_MANY}, or not in order")
    if len({person.name.casefold() for person in people}) < HOW_MANY:
        raise TrustError("format", "two signers have the same name")
    number, previous = content["number"], trust.hash_in(content["previous"])
    if number < 1 or (number == 1) != (previous == NOTHING_BEFORE):
        raise TrustError("format", "the number of the signers does not fit those before")
    return Signers(number, day(content["made_on"]), people, previous, octets)


def spell_signers(number: int, made_on: date, people: list[Signer], previous: str) -> bytes:
    """The file that names these three; TrustError if it would be refused."""
    rows = [
        {"id": person.key.id, "name": person.name, **person.key.as_members()}
        for person in sorted(people, key=lambda person: person.key.id)
    ]
    content = {"format": SIGNERS_FORMAT, "made_on": made_on.isoformat(), "number": number}
    octets = trust.spell({**content, "previous": previous, "signers": rows, "threshold": THRESHOLD})
    return parse_signers(octets).octets


def _person(row: object) -> Signer:
    read = trust.members(row, dict.fromkeys(("ed25519", "id", "mldsa65", "name"), str), {})
    key = PublicKey.of(read)
    if read["id"] != key.id:
        raise TrustError("format", "the id of a signer is not that of the key")
    return Signer(name(read["name"]), key)


# The chain


def signers_signatures(file: bytes, new: Signers, old: Signers | None) -> dict[str, Signature]:
    """The signatures of the signers, by at least one of all who may sign them."""
    known = [*new.keys, *(old.keys if old else ())]
    return trust.read_signatures(file, "signers", new.octets, known, 1)


def check_step(file: bytes, new: Signers, old: Signers | None) -> None:
    """All three have signed that they are it, and two of the three before that they are to be."""
    signed = signers_signatures(file, new, old)
    if not {key.id for key in new.keys} <= signed.keys():
        raise TrustError("few", "not all of the signers have signed that they are")
    if old is None:
        if new.number != 1:
            raise TrustError("chain", "the signers before are missing")
        return
    if (new.number, new.previous) != (old.number + 1, old.hash):
        raise TrustError("chain", "the signers do not follow those before")
    if len({key.id for key in old.keys} & signed.keys()) < THRESHOLD:
        raise TrustError("few", "too few of the signers before have signed")


def walk_from(pin: Pin, files: Mapping[int, tuple[bytes, bytes]]) -> list[Signers]:
    """The signers from the pinned ones on, each signed by those before.

    Of each number: the file, and its signatures.
    """
    if pin.number not in files:
        raise TrustError("chain", "the pinned signers are missing")
    pinned = parse_signers(files[pin.number][0])
    if pinned.pin != pin:
        raise TrustError("pin", "the signers are not the pinned ones")
    chain = [pinned]
    while (number := chain[-1].number + 1) in files:
        if len(chain) > LONGEST_WALK:
            raise TrustError("chain", "the chain of signers is too long")
        octets, signatures = files[number]
        new = parse_signers(octets)
        check_step(signatures, new, chain[-1])
        chain.append(new)
    return chain


# What signers and keyrings have in common


def name(text: str) -> str:
    if not text.strip() or text != text.strip() or len(text) > _LONGEST_NAME:
        raise TrustError("format", "a name is missing, or too long")
    return text


def day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise TrustError("format", "a date is not written as 2026-11-25") from fault
    if found.isoformat() != text or found.year >= _LATEST_YEAR:
        raise TrustError("format", "a date is not written as 2026-11-25")
    return found
