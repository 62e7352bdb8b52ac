"""Arrivals: what the intake signs of each tip that comes in, numbered and linked to the one before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from . import signers, trust
from .keyring import Keyring
from .trust import Signature, SigningKey, TrustError

# Where a tip was sealed; an epoch, where counting begins anew, is of no tip.
Way: TypeAlias = Literal["browser", "form", "command", "epoch"]

ARRIVAL_FORMAT = "sapo-arrival/1"
OF_NO_TIP = UUID(int=0)
_EPOCH = re.compile(r"[0-9a-f]{32}")
_NAMED = re.compile(r"(?:([0-9a-f]{32})/)?([1-9][0-9]{0,14}):([0-9a-f]{64})")
LONGEST_FILE = 16 * 1024


@dataclass(frozen=True)
class ArrivalMessage:
    """One number of the intake's, and which tip it stands for."""

    epoch: str
    counter: int
    previous: str  # the hash of the message before
    way: Way
    tip: UUID
    digest: str  # of all sealed files
    head: str  # of the head's payload
    on: date
    keyring: int
    key: str

    @cached_property
    def octets(self) -> bytes:
        """The message."""
        return trust.spell(
            {
                "counter": self.counter,
                "digest": self.digest,
                "epoch": self.epoch,
                "format": ARRIVAL_FORMAT,
                "head": self.head,
                "key": self.key,
                "keyring": self.keyring,
                "on": self.on.isoformat(),
                "previous": self.previous,
                "tip": str(self.tip),
                "way": self.way,
            }
        )

    @property
    def hash(self) -> str:
        return trust.sha256_of(self.octets)


def read_arrival(octets: bytes) -> ArrivalMessage:
    """The arrival in a message; TrustError unless it is written as one."""
    named = dict.fromkeys(
        ("digest", "epoch", "format", "head", "key", "on", "previous", "tip", "way"), str
    )
    numbers = {"counter": int, "keyring": int}
    read = trust.members(trust.read(octets), {**named, **numbers}, {})
    is_known = read["format"] == ARRIVAL_FORMAT and read["way"] in get_args(Way)
    if not is_known or not _EPOCH.fullmatch(read["epoch"]) or read["counter"] < 1:
        raise TrustError("format", "the arrival is not written as one")
    try:
        tip = UUID(read["tip"])
    except ValueError:
        raise TrustError("format", "the arrival names no tip") from None
    found = ArrivalMessage(
        read["epoch"],
        read["counter"],
        trust.hash_in(read["previous"]),
        read["way"],
        tip,
        trust.hash_in(read["digest"]),
        trust.hash_in(read["head"]),
        signers.day(read["on"]),
        read["keyring"],
        read["key"],
    )
    if str(tip) != read["tip"] or (found.way == "epoch") != (tip == OF_NO_TIP):
        raise TrustError("format", "the arrival is not written as one")
    return found


@dataclass(frozen=True)
class NamedArrival:
    """An arrival as it stands on paper, which may leave the epoch out: the hash says it as well."""

    epoch: str
    counter: int
    hash: str

    def __str__(self) -> str:
        return f"{self.epoch}/{self.counter}:{self.hash}"


def named_arrival(text: str) -> NamedArrival | None:
    """The arrival that is named so; None where the text names none."""
    found = _NAMED.fullmatch(text.strip().lower())
    return NamedArrival(found[1] or "", int(found[2]), found[3]) if found else None


@dataclass(frozen=True)
class SignedArrival:
    """A message as it lies, and both halves of the signature."""

    message: bytes
    signature: Signature

    @classmethod
    def of(cls, arrival: ArrivalMessage, key: SigningKey) -> "SignedArrival":
        return cls(arrival.octets, key.sign("arrival", arrival.octets))

    @classmethod
    def from_file(cls, octets: bytes) -> "SignedArrival":
        """What lies beside a tip's sealed files: the message, and a line with the signature."""
        message, end, last = octets[:LONGEST_FILE].partition(b"\n")
        named = trust.members(
            trust.read(last, longest=trust.LONGEST_SIGNATURE), {"ed25519": str, "mldsa65": str}, {}
        )
        return cls(message + end, trust.signature_in(named))

    @property
    def file(self) -> bytes:
        return self.message + trust.spell(trust.signature_row(self.signature))


def check_signed(signed: SignedArrival, rings: Mapping[int, Keyring]) -> ArrivalMessage:
    """The arrival, whose key the keyring that it names holds; TrustError unless both halves hold.

    For one older than all that are known, as after a new root, the oldest of these speaks.
    """
    arrival = read_arrival(signed.message)
    ring = rings.get(max(arrival.keyring, min(rings, default=0)))
    keys = {each.key.id: each.key for each in ring.intake} if ring else {}
    if arrival.key not in keys:
        raise TrustError("unknown", "somebody else has signed")
    if not keys[arrival.key].holds(signed.signature, "arrival", signed.message):
        raise TrustError("signature", "a signature does not hold")
    return arrival
