"""A stop keeps a handler out at once, until the next keyring settles it or a fortnight has gone: it only takes away.

Two handlers sign it, or one of the signers. The format is docs/decisions/0050; the browser's half is
tips/opener/trust/stops.js, and both read tests/vectors/stops.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from . import likeness, signers, trust
from .keyring import Keyring
from .signers import Signers
from .trust import PublicKey, SignedKind, TrustError

STOP_FORMAT = "sapo-stop/1"
STOP_REASONS = ("key_lost", "acts_alone", "left", "other")
STANDS_FOR = timedelta(days=14)
# So far may the day that it says be from the one that it is laid on.
LAID_WITHIN = timedelta(days=1)
_TOLD_OF_LAST = 3  # days
_HANDLERS = 2


@dataclass(frozen=True)
class StopText:
    """What is signed of it, by whoever it may be."""

    handler: str
    keyring: str
    made_on: date
    reason: str
    octets: bytes

    @property
    def last_day(self) -> date:
        return self.made_on + STANDS_FOR

    def is_told_of(self, today: date) -> bool:
        """Whether those who handle tips are told today that it soon lapses."""
        return 0 <= (self.last_day - today).days < _TOLD_OF_LAST


@dataclass(frozen=True)
class SignedStop:
    """A stop with those who have signed it: one or two handlers, by their ids, or one signer, by the key's."""

    text: StopText
    kind: SignedKind
    by: tuple[str, ...]
    file: bytes

    @property
    def is_whole(self) -> bool:
        return self.kind == "account" or len(self.by) == _HANDLERS

    def is_of_now(self, today: date) -> bool:
        """Whether it stands today; where one half is missing, whether that may still be signed."""
        until = self.text.last_day if self.is_whole else self.text.made_on + LAID_WITHIN
        return self.text.made_on - LAID_WITHIN <= today <= until


def spell_stop(handler: str, keyring: str, made_on: date, reason: str) -> bytes:
    said = {"handler": handler, "keyring": keyring, "made_on": made_on.isoformat()}
    return trust.spell({"format": STOP_FORMAT, **said, "reason": reason})


def read_stop(octets: bytes) -> StopText:
    """What the octets say; TrustError unless they are the only spelling of a stop."""
    texts = dict.fromkeys(("format", "handler", "keyring", "made_on", "reason"), str)
    said = trust.members(trust.read(octets), texts, {})
    if said["format"] != STOP_FORMAT or said["reason"] not in STOP_REASONS:
        raise TrustError("format", "a stop says what it may not")
    if not likeness.is_id(said["handler"]):
        raise TrustError("format", "whom it stops is not written as an id")
    keyring, made_on = trust.hash_in(said["keyring"]), signers.day(said["made_on"])
    return StopText(said["handler"], keyring, made_on, said["reason"], octets)


def signed_stop(octets: bytes, file: bytes, ring: Keyring, by: Signers) -> SignedStop:
    """The stop, of somebody in this keyring, and who has signed it; TrustError where anything else has been."""
    text = read_stop(octets)
    if text.keyring != ring.hash:
        raise TrustError("link", "the stop is of another keyring")
    keys = {each.id: each.key for each in ring.entries if each.key}
    if keys.pop(text.handler, None) is None:
        raise TrustError("unknown", "whom it stops is no handler")
    try:  # handlers and signers have no key in common
        return _signed(text, file, "step", keys, _HANDLERS)
    except TrustError as fault:
        if fault.code != "other":
            raise
    return _signed(text, file, "account", {key.id: key for key in by.keys}, 1)


def _signed(
    text: StopText, file: bytes, kind: SignedKind, keys: dict[str, PublicKey], most: int
) -> SignedStop:
    signed = trust.read_signatures(file, kind, text.octets, keys.values(), 1)
    if len(signed) > most:
        raise TrustError("many", "more have signed than it takes")
    ids = {key.id: each for each, key in keys.items()}
    return SignedStop(text, kind, tuple(sorted(ids[each] for each in signed)), file)


def joined(one: SignedStop, other: SignedStop, ring: Keyring, by: Signers) -> SignedStop:
    """The same stop with the signatures of both."""
    keys = [each.key for each in ring.entries if each.key]
    octets = one.text.octets
    files: Sequence[bytes] = (one.file, other.file)
    signatures = [trust.read_signatures(file, "step", octets, keys, 1) for file in files]
    file = trust.spell_signatures("step", octets, {**signatures[0], **signatures[1]})
    return signed_stop(octets, file, ring, by)
