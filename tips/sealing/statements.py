"""What handlers do with tips is a text that they sign: one act with one tip, or the same with many.

Each tip has a chain of such statements: a statement names the last one before it on each of its tips, and the
hash of what the intake signed when the tip came. The format is docs/decisions/0108; the browser's half is
tips/opener/trust/statement.js.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from .keyring import Keyring
from .trust import (
    LARGEST_SIGNED,
    Signature,
    SigningKey,
    TrustError,
    hash_in,
    members,
    read,
    sha256_of,
    spell,
)

STATEMENT_FORMAT = "sapo-steps/1"
MOST_AT_ONCE = 500
LONGEST_STATEMENT = LARGEST_SIGNED
# A quarter of an hour, as the one who signed had it.
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):(00|15|30|45)")
_ACT = re.compile(r"[a-z_]{2,24}")
_AUTHOR = re.compile(r"[a-z0-9-]{2,32}")
_LONGEST_VALUE = 150


@dataclass(frozen=True)
class ChainLink:
    """Where a statement stands in the chain of a tip: after which, and on which content."""

    arrival: str
    previous: str


@dataclass(frozen=True)
class Statement:
    """What was signed, not yet held against a key."""

    act: str
    author: str
    keyring: int
    tips: Mapping[UUID, ChainLink]
    value: str
    written_on: date
    octets: bytes
    signature: Signature

    @property
    def hash(self) -> str:
        return sha256_of(self.octets)

    def is_by(self, ring: Keyring) -> bool:
        """Whether its author has signed it, who stands in this keyring, and it is the one that is named."""
        entry = next((each for each in ring.entries if each.id == self.author), None)
        if not (entry and entry.key and ring.serial == self.keyring):
            return False
        return entry.key.holds(self.signature, "step", self.octets)


def read_statement(octets: bytes, signature: Signature) -> Statement:
    """What the octets say; TrustError unless they are the only spelling of a statement."""
    texts = dict.fromkeys(("act", "author", "format", "value", "written"), str)
    said = _only(read(octets), {**texts, "keyring": int, "tips": list})
    when = _WHEN.fullmatch(said["written"])
    is_sound = (
        said["format"] == STATEMENT_FORMAT
        and _ACT.fullmatch(said["act"])
        and _AUTHOR.fullmatch(said["author"])
        and len(said["value"]) <= _LONGEST_VALUE
    )
    if not (is_sound and when):
        raise TrustError("format", "a statement says what it may not")
    return Statement(
        said["act"],
        said["author"],
        said["keyring"],
        _links_in(said["tips"]),
        said["value"],
        _day_in(when[1]),
        octets,
        signature,
    )


def sign_statement(
    key: SigningKey,
    *,
    act: str,
    author: str,
    keyring: int,
    tips: Mapping[UUID, ChainLink],
    written: datetime,
    value: str = "",
) -> Statement:
    """The statement as a handler's browser makes it."""
    quarter = written.replace(minute=written.minute // 15 * 15)
    octets = spell(
        {
            "act": act,
            "author": author,
            "format": STATEMENT_FORMAT,
            "keyring": keyring,
            "tips": [{"tip": str(each), **vars(tips[each])} for each in sorted(tips)],
            "value": value,
            "written": f"{quarter:%Y-%m-%dT%H:%M}",
        }
    )
    return read_statement(octets, key.sign("step", octets))


def _links_in(rows: list[object]) -> dict[UUID, ChainLink]:
    links: dict[UUID, ChainLink] = {}
    for row in rows:
        said = _only(row, dict.fromkeys(("arrival", "previous", "tip"), str))
        arrival = hash_in(said["arrival"]) if said["arrival"] else ""
        links[_id_in(said["tip"])] = ChainLink(arrival, hash_in(said["previous"]))
    if (
        not 1 <= len(rows) <= MOST_AT_ONCE
        or len(links) != len(rows)
        or list(links) != sorted(links)
    ):
        raise TrustError("format", "the tips are none, too many, twice or in another order")
    return links


def _only(row: object, named: Mapping[str, type]) -> dict[str, Any]:
    """The members, of which none may be added here: what is kept of a tip for ever says nothing more."""
    said = members(row, named, {})
    if row != said:
        raise TrustError("format", "a statement says more than it may")
    return said


def _id_in(text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise TrustError("format", "the number of a tip is not written as one")
    return found


def _day_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TrustError("format", "there is no such day") from None
