"""What handlers write to each other on a tip: sealed to the keyring, signed by the one who writes.

The browser's half is tips/opener/signed_note.js. Notes of before were not signed; they are read, and
never written.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from . import trust
from .trust import PublicKey, Signature, TrustError

NOTE_FORMAT = "sapo-note/2"
TEXT_FORMAT = "sapo-note-text/2"
LONGEST_NOTE = 20_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ID = re.compile(r"[a-z0-9-]{2,32}")
_EPOCH = re.compile(r"[0-9a-f]{32}")
_WHEN = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):(00|15|30|45)")
_MEMBERS = {
    "arrival": str, "author": str, "format": str, "id": str, "keyring": int, "place": int,
    "previous": str, "root": int, "seen": list, "text": str, "tip": str, "written": str,
}  # fmt: skip


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


@dataclass(frozen=True)
class FormerNote:
    """A note from before notes were signed: whoever had the server can have written it."""

    text: str
    author: str
    written: str


def read_note(plain: bytes) -> SignedNote | FormerNote:
    """The note in what was sealed, whoever has signed it; TrustError where it is none."""
    octets = plain.rstrip(b" ")
    try:
        content = json.loads(octets.decode())
    except (ValueError, RecursionError):
        # Without the cause, whose text and frames hold what was sealed.
        raise TrustError("format", "not JSON") from None
    if isinstance(content, dict) and "format" not in content:
        return _former(content)
    named = dict.fromkeys(("ed25519", "format", "mldsa65", "note"), str)
    read = trust.members(trust.read(octets, longest=trust.LARGEST_SIGNED, lines=True), named, {})
    if read["format"] != NOTE_FORMAT:
        raise TrustError("format", "a note of another format")
    inside = read["note"].encode()
    said = trust.members(trust.read(inside, longest=LONGEST_NOTE, lines=True), _MEMBERS, {})
    if not _is_sound(said):
        raise TrustError("format", "a note says what it may not")
    return SignedNote(said, inside, trust.signature_in(read))


def _former(content: dict[str, Any]) -> FormerNote:
    texts = [content.get(name, "") for name in ("text", "author", "written")]
    if "text" not in content or not all(isinstance(text, str) for text in texts):
        raise TrustError("format", "no text")
    return FormerNote(*texts)


def _is_sound(said: dict[str, Any]) -> bool:
    return bool(
        said["format"] == TEXT_FORMAT
        and _ID.fullmatch(said["author"])
        and _UUID.fullmatch(said["id"])
        and _UUID.fullmatch(said["tip"])
        and _WHEN.fullmatch(said["written"])
        and min(said["keyring"], said["root"], said["place"]) >= 1
        and trust.is_hash(said["previous"])
        and (said["arrival"] == "" or trust.is_hash(said["arrival"]))
        and (said["seen"] == [] or _is_seen(said["seen"]))
    )


def _is_seen(seen: list[Any]) -> bool:
    """Whether it names an arrival: its epoch, number and hash."""
    if len(seen) != 3 or not isinstance(seen[0], str) or not isinstance(seen[2], str):
        return False
    is_number = type(seen[1]) is int and seen[1] >= 1
    return bool(is_number and _EPOCH.fullmatch(seen[0]) and trust.is_hash(seen[2]))
