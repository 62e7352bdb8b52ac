"""Whether the tips of a bundle are those that the intake has signed, told without a server."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from . import age, trust_folder
from .arrivals import SignedArrival, Way, check_signed
from .bundle import Bundle
from .manifest import ATTACHMENT_NAME, HEAD_NAME, PACKED_ARRIVAL, PackedTip
from .packed_trust import packed_keyring
from .signers import Pin
from .trust import TrustError

# By which way a tip came that is as it was signed; else what is wrong. One is lacking where the intake
# had a key already: it should have been signed.
Judgement: TypeAlias = Way | Literal["unsigned", "lacking", "untested", "forged"]


@dataclass(frozen=True)
class Judged:
    """What is told of a tip, and the hash of its signed arrival where it is as that says."""

    code: Judgement
    arrival: str = ""


class Judge:
    """Knows the keyrings in a bundle, as far as they hold from the root."""

    def __init__(self, bundle: Bundle, root: Pin | None) -> None:
        self._bundle = bundle
        try:
            ring = packed_keyring(bundle.trust, root) if root else None
            self._rings = trust_folder.with_those_before(bundle.trust, ring) if ring else None
        except TrustError:
            self._rings = None

    def judge(self, tip: PackedTip, own_day: str = "") -> Judged:
        """What the intake has signed of the tip; `untested` without a keyring to be believed.

        The bundle may give any day: that of the tip itself, where it could be opened, counts as well.
        """
        if self._rings is None:
            return Judged("untested")
        if PACKED_ARRIVAL not in tip.files:
            return Judged("lacking" if self._is_signing(tip.received_on, own_day) else "unsigned")
        try:
            with self._bundle.sealed(tip, PACKED_ARRIVAL) as file:
                octets = file.read(trust_folder.LARGEST_SIGNED)
            arrival = check_signed(SignedArrival.from_file(octets), self._rings)
        except TrustError:
            return Judged("forged")
        payloads = self._payloads(tip)
        is_same = (arrival.tip, arrival.digest, {arrival.head}) == (
            tip.id,
            _digest_of({name: sums.copy().pop() for name, sums in payloads.items()}),
            payloads.get("head.age"),
        )
        return Judged(arrival.way, arrival.hash) if is_same else Judged("forged")

    def _is_signing(self, *days: str) -> bool:
        """Whether what came on the last of these days should have been signed."""
        rings = (self._rings or {}).values()
        return any(each.since.isoformat() <= max(days) for ring in rings for each in ring.intake)

    def _payloads(self, tip: PackedTip) -> Mapping[str, set[str]]:
        """The sums of the payloads: of the heads there is one, unless one was exchanged."""
        found: dict[str, set[str]] = {}
        for name in tip.files:
            is_head = HEAD_NAME.fullmatch(name)
            if is_head or name == "body.age" or ATTACHMENT_NAME.fullmatch(name):
                with self._bundle.sealed(tip, name) as source:
                    age.split_header(source)
                    found.setdefault("head.age" if is_head else name, set()).add(source.read_on())
        return found


def _digest_of(payloads: Mapping[str, str]) -> str:
    lines = (f"{name} {payloads[name]}\n" for name in sorted(payloads))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
