"""A file that waits for signatures."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tips.sealing import trust
from tips.sealing.signers import THRESHOLD, Signer

from .words import in_swedish


@dataclass(frozen=True)
class Draft:
    """A file that waits for signatures: what it is, in words, and who may sign it."""

    kind: trust.SignedKind
    path: Path
    octets: bytes
    number: int
    people: tuple[Signer, ...]
    signatures: bytes
    in_words: str

    def signed_by(self) -> list[str]:
        """The ids of the keys that have signed; what does not hold is refused."""
        if not self.signatures:
            return []
        keys = [person.key for person in self.people]
        with in_swedish(self.path):
            return sorted(trust.read_signatures(self.signatures, self.kind, self.octets, keys, 0))

    @property
    def is_signed(self) -> bool:
        """Whether two have, which is enough but for signers, of whom all sign."""
        return self.kind != "signers" and len(self.signed_by()) >= THRESHOLD

    def may_sign(self) -> set[str]:
        return {person.key.id for person in self.people}

    def names_of(self, ids: Collection[str]) -> str:
        return ", ".join(sorted(person.name for person in self.people if person.key.id in ids))
