"""Whether each step in the event log was signed by the one it names, after all that was signed before it.

The log's own chain (`events`) shows what was changed behind its back. This shows what was made up: whoever owns
the database can make a new chain, and signs nothing in another's name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from tips.keeping.present_keyring import rings_now
from tips.models import Event, SignedStatement
from tips.router import DATABASE
from tips.sealing.keyring import Keyring, KeyringEntry
from tips.sealing.statements import ChainLink, Statement, read_statement
from tips.sealing.trust import NOTHING_BEFORE, Signature, TrustError, sha256_of

from . import handlers, states
from .acting import CLOCK_WRONG_BY
from .events import BrokenLink, one_moment

_KEPT = 64  # one statement may be on many tips, one after another in the log
# Signatures that hold, by what was signed, by which octets and under which keyring: it takes the longest to check.
_MOST_HELD = 100_000
_held: set[tuple[str, str, str]] = set()


def unproved() -> list[BrokenLink]:
    """The events that nobody has signed who could; KeyringError where no keyring is believed."""
    with one_moment():
        return list(_Proofs(rings_now()).faults())


@dataclass
class _Chain:
    """What has been signed of a tip so far."""

    arrival: str = ""
    last: str = NOTHING_BEFORE
    proposal: Statement | None = None


class _Proofs:
    def __init__(self, rings: Mapping[int, Keyring]) -> None:
        self._rings = rings
        self._chains: dict[UUID, _Chain] = defaultdict(_Chain)
        self._keyring = 0  # the latest under which something was signed: who has left signs no more
        self._signed = lru_cache(_KEPT)(self._read)

    def faults(self) -> Iterator[BrokenLink]:
        for event in Event.objects.using(DATABASE).order_by("seq").iterator():
            if event.verb in states.ARRIVALS:
                arrival = event.reason.partition(" ")[2]
                self._chains[event.tip_id] = _Chain(arrival)
            elif event.verb in states.SIGNED and not self._is_proved(event):
                yield BrokenLink("unsigned", event.seq, event.tip_id)

    def _is_proved(self, event: Event) -> bool:
        chain, said = self._chains[event.tip_id], self._signed(event.statement)
        expected, chain.last = ChainLink(chain.arrival, chain.last), event.statement or chain.last
        if said is None or said.tips.get(event.tip_id) != expected:
            return False
        is_said = (said.act, said.author) == (event.verb, event.actor)
        is_in_time = abs(event.on - said.written_on) <= CLOCK_WRONG_BY
        if not (is_said and is_in_time and said.keyring >= self._keyring):
            return False
        self._keyring = said.keyring
        if event.verb == "propose_purge":
            chain.proposal = said
        if event.verb == "purge":
            return self._may_purge(event, said, chain.proposal)
        return event.verb == "rewrap" or said.value == event.reason

    def _may_purge(self, event: Event, said: Statement, proposal: Statement | None) -> bool:
        """Two who may, both in the keyring of the second, who names what the first proposed."""
        if proposal is None or (said.value, event.reason) != (proposal.hash, proposal.value):
            return False
        first, second = self._entry_of(proposal), self._entry_of(said)
        is_here = first in self._rings[said.keyring].entries
        why = handlers.why_not_two(first if is_here else None, second, self._rings, event.on)
        return why is None

    def _entry_of(self, said: Statement) -> KeyringEntry:
        entries = self._rings[said.keyring].entries
        return next(each for each in entries if each.id == said.author)

    def _read(self, digest: str) -> Statement | None:
        """The statement, if it is signed by the one it names."""
        row = SignedStatement.objects.using(DATABASE).filter(pk=digest).first()
        if row is None:
            return None
        try:
            signature = Signature(bytes(row.ed25519), bytes(row.mldsa65))
            said = read_statement(bytes(row.octets), signature)
        except TrustError:
            return None
        ring = self._rings.get(said.keyring)
        return said if ring and said.hash == digest and _holds(said, ring) else None


def _holds(said: Statement, ring: Keyring) -> bool:
    """Whether its author has signed it, who stands in the keyring; checked once in this process."""
    halves = sha256_of(said.signature.ed25519 + said.signature.mldsa65)
    known = (said.hash, halves, ring.hash)
    if known not in _held:
        if not said.is_by(ring):
            return False
        if len(_held) >= _MOST_HELD:
            _held.clear()
        _held.add(known)
    return True
