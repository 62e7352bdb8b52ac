"""Notes on a tip, signed as a handler's browser would."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tips.sealing import trust
from tips.sealing.trust import NOTHING_BEFORE, PublicKey, Signature, SigningKey

from .rings import handler_key

LONGEST_NOTE = 20_000


@dataclass(frozen=True)
class SignedNote:
    """A note that says of itself who wrote it, on which tip, and after which other note."""

    said: dict[str, Any]
    octets: bytes
    signature: Signature

    @property
    def hash(self) -> str:
        return trust.sha256_of(self.octets)

    def is_by(self, key: PublicKey) -> bool:
        return key.holds(self.signature, "note", self.octets)


def read_note(plain: bytes) -> SignedNote:
    """The note in what was sealed."""
    outside = json.loads(plain)
    octets = outside["note"].encode()
    return SignedNote(json.loads(octets), octets, trust.signature_in(outside))


def signed_note(
    tip: UUID | str, text: str = "Ringt.", key: SigningKey | None = None, **said: Any
) -> SignedNote:
    """The first note on the tip, by the first handler, unless it says something else."""
    return read_note(sealable_note(tip, text, key, **said))


def sealable_note(
    tip: UUID | str, text: str = "Ringt.", key: SigningKey | None = None, **said: Any
) -> bytes:
    """What is sealed of such a note, padded as a browser does."""
    content = {
        "arrival": "", "author": "tipsmottagare", "format": "sapo-note-text/2", "id": str(uuid4()),
        "keyring": 1, "place": 1, "previous": NOTHING_BEFORE, "root": 1, "seen": [],
        "written": "2026-11-25T14:15", **said, "text": text, "tip": str(tip),
    }  # fmt: skip
    octets = trust.spell(content)
    whole = _plain(octets, (key or handler_key()).sign("note", octets))
    return whole.ljust(-(-len(whole) // 1024) * 1024)


def plain_of(note: SignedNote) -> bytes:
    """What was sealed of it, without what pads it."""
    return _plain(note.octets, note.signature)


def _plain(octets: bytes, signature: Signature) -> bytes:
    return trust.spell(
        {
            "ed25519": trust.to_text(signature.ed25519),
            "format": "sapo-note/2",
            "mldsa65": trust.to_text(signature.mldsa65),
            "note": octets.decode(),
        }
    )
