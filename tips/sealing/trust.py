"""What is signed outside the server: files with one spelling, keys, and signatures under them.

The format is docs/decisions/0083. The browser's half is tips/opener/trust/trust.js; both read the same
vectors in tests/vectors/.
"""

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SignedKind: TypeAlias = Literal[
    "signers", "keyring", "request", "release", "note", "arrival", "account", "step", "login"
]
Role: TypeAlias = Literal["handler", "signer", "intake"]

LARGEST_SIGNED = 512 * 1024
_LONGEST_TEXT = 4096
SECRET_SIZE = 32
SIGNATURES_FORMAT = "sapo-signatures/1"
NOTHING_BEFORE = "0" * 64

_LARGEST_NUMBER = 2**53 - 1
_DEEPEST = 6
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_HASH = re.compile(r"[0-9a-f]{64}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ED25519, _MLDSA65 = 32, 1952
_ED25519_SIGNATURE, _MLDSA65_SIGNATURE = 64, 3309
LONGEST_SIGNATURE = 4412  # an ML-DSA-65 signature in Base64
_PRIME = 2**255 - 19
# The second coordinates of the points of small order. Every library accepts such a key, and a
# signature that holds for any message.
_SMALL_ORDER = {
    0,
    1,
    _PRIME - 1,
    int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
    ),
}


class TrustError(ValueError):
    """A file or key that must not be believed.

    `code` says why to programs: spelling, format, key, other, unknown, signature or few; the
    keyring's and signers' own are in signed_keyring and signers.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def sha256_of(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


# Files with one spelling


def spell(content: Mapping[str, object]) -> bytes:
    """The only octets that say this."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def read(octets: bytes, *, longest: int = _LONGEST_TEXT, lines: bool = False) -> dict[str, Any]:
    """What the octets say; TrustError unless they are its only spelling.

    Texts may be as long as `longest`, and hold line breaks where `lines` says so.
    """
    if len(octets) > LARGEST_SIGNED:
        raise TrustError("spelling", "the file is too large")
    try:
        content = json.loads(octets.decode())
    except (ValueError, RecursionError) as fault:
        raise TrustError("spelling", "the file is not JSON") from fault
    if not isinstance(content, dict):
        raise TrustError("spelling", "the file is not an object")
    _check(content, 1, longest, lines)
    if spell(content) != octets:
        raise TrustError("spelling", "the file is not written in its only spelling")
    return content


def _check(value: object, depth: int, longest: int, lines: bool) -> None:
    if isinstance(value, str):
        _check_text(value, longest, lines)
    elif isinstance(value, (dict, list)):
        if depth > _DEEPEST:
            raise TrustError("spelling", "the file is nested too deep")
        if isinstance(value, dict) and not all(_NAME.fullmatch(name) for name in value):
            raise TrustError("spelling", "a member has a name that it may not have")
        for inner in value.values() if isinstance(value, dict) else value:
            _check(inner, depth + 1, longest, lines)
    elif type(value) is int:
        if not 0 <= value <= _LARGEST_NUMBER:
            raise TrustError("spelling", "a number is out of range")
    elif type(value) is not bool:
        raise TrustError("spelling", "a value is of a kind that it may not be")


def _check_text(text: str, longest: int, lines: bool) -> None:
    seen = text.replace("\n", "") if lines else text
    if len(text) > longest:
        raise TrustError("spelling", "a text is too long")
    if any(unicodedata.category(letter) in _UNSEEN for letter in seen):
        raise TrustError("spelling", "a text holds what cannot be seen")
    if not unicodedata.is_normalized("NFC", text):
        raise TrustError("spelling", "a text is not composed")


def members(row: object, named: Mapping[str, type], maybe: Mapping[str, type]) -> dict[str, Any]:
    """The members of an object, each of its type: all those named, those that may be, no others.

    Only what begins with x- is passed over: it is room for what comes later.
    """
    if not isinstance(row, dict):
        raise TrustError("format", "an object is expected")
    known = {**named, **maybe}
    for name, value in row.items():
        if not name.startswith("x-") and (name not in known or type(value) is not known[name]):
            raise TrustError("format", f"the member {name} is not expected, or not like that")
    if missing := [name for name in named if name not in row]:
        raise TrustError("format", f"the member {missing[0]} is missing")
    return {name: value for name, value in row.items() if name in known}


def is_hash(text: str) -> bool:
    return _HASH.fullmatch(text) is not None


def hash_in(text: str) -> str:
    if not is_hash(text):
        raise TrustError("format", "a hash is not written as one")
    return text


def to_text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def from_text(text: str, size: int) -> bytes:
    """The octets of a text without filling; it has one spelling only."""
    return octets_in(text, range(size, size + 1))


def octets_in(text: str, sizes: range) -> bytes:
    """The same, of any of these sizes."""
    try:
        octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as fault:
        raise TrustError("format", "a key or signature is not Base64") from fault
    if len(octets) not in sizes or to_text(octets) != text:
        raise TrustError("format", "a key or signature has another length or spelling")
    return octets


# Keys


@dataclass(frozen=True)
class Signature:
    """Two halves over the same message; one of them alone is none."""

    ed25519: bytes
    mldsa65: bytes


def signature_in(row: Mapping[str, str]) -> Signature:
    """The signature in the members ed25519 and mldsa65."""
    return Signature(
        from_text(row["ed25519"], _ED25519_SIGNATURE), from_text(row["mldsa65"], _MLDSA65_SIGNATURE)
    )


@dataclass(frozen=True)
class PublicKey:
    """What signatures are held against; one that anything holds against cannot be made."""

    ed25519: bytes
    mldsa65: bytes

    def __post_init__(self) -> None:
        if len(self.ed25519) != _ED25519 or len(self.mldsa65) != _MLDSA65:
            raise TrustError("key", "a key has the wrong length")
        height = int.from_bytes(self.ed25519, "little") & ((1 << 255) - 1)
        if height >= _PRIME or height in _SMALL_ORDER:
            raise TrustError("key", "a signature would hold against the key for any message")

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "PublicKey":
        """The key in the members ed25519 and mldsa65."""
        return cls(from_text(row["ed25519"], _ED25519), from_text(row["mldsa65"], _MLDSA65))

    @cached_property
    def id(self) -> str:
        return sha256_of(b"sapo-key/1\n" + self.ed25519 + self.mldsa65)[:16]

    def as_members(self) -> dict[str, str]:
        return {"ed25519": to_text(self.ed25519), "mldsa65": to_text(self.mldsa65)}

    def holds(self, signature: Signature, kind: SignedKind, octets: bytes) -> bool:
        """Whether both halves are of this key, this kind and these octets."""
        said = _message(kind, octets)
        try:
            Ed25519PublicKey.from_public_bytes(self.ed25519).verify(signature.ed25519, said)
            MLDSA65PublicKey.from_public_bytes(self.mldsa65).verify(signature.mldsa65, said)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """The pair of signing keys that a secret gives whoever has this role."""

    def __init__(self, secret: bytes, role: Role) -> None:
        if len(secret) != SECRET_SIZE:
            raise TrustError("key", "a signing secret has the wrong length")
        self._ed25519 = Ed25519PrivateKey.from_private_bytes(_seed(secret, role, "ed25519"))
        self._mldsa65 = MLDSA65PrivateKey.from_seed_bytes(_seed(secret, role, "mldsa65"))
        self.public = PublicKey(
            self._ed25519.public_key().public_bytes_raw(),
            self._mldsa65.public_key().public_bytes_raw(),
        )

    def sign(self, kind: SignedKind, octets: bytes) -> Signature:
        said = _message(kind, octets)
        return Signature(self._ed25519.sign(said), self._mldsa65.sign(said))


def _seed(secret: bytes, role: Role, algorithm: str) -> bytes:
    info = f"sapo/{role}/{algorithm}/1".encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(secret)


def _message(kind: SignedKind, octets: bytes) -> bytes:
    """What is signed of the octets: a signature of one kind is none of another."""
    return f"sapo-signature/1\n{kind}\n{sha256_of(octets)}\n".encode()


# Signatures in a file beside what they are of


def signature_row(signature: Signature) -> dict[str, str]:
    return {"ed25519": to_text(signature.ed25519), "mldsa65": to_text(signature.mldsa65)}


def spell_signatures(kind: SignedKind, octets: bytes, signatures: Mapping[str, Signature]) -> bytes:
    """The file with these signatures of the octets, by the ids of their keys."""
    rows = [
        {"key": key, **signature_row(signature)} for key, signature in sorted(signatures.items())
    ]
    content = {"format": SIGNATURES_FORMAT, "kind": kind, "of": sha256_of(octets)}
    return spell({**content, "signatures": rows})


def read_signatures(
    file: bytes, kind: SignedKind, octets: bytes, known: Iterable[PublicKey], threshold: int
) -> dict[str, Signature]:
    """The signatures of the octets: each by a key that is known, whole, and enough of them.

    One that is not spoils the file, so that no reader is more lenient than another.
    """
    named = {"format": str, "kind": str, "of": str, "signatures": list}
    content = members(read(file, longest=LONGEST_SIGNATURE), named, {})
    if content["format"] != SIGNATURES_FORMAT:
        raise TrustError("format", f"the signatures are not of the format {SIGNATURES_FORMAT}")
    if (content["kind"], content["of"]) != (kind, sha256_of(octets)):
        raise TrustError("other", "the signatures are of something else")
    keys = {key.id: key for key in known}
    signatures = {}
    for row in content["signatures"]:
        row = members(row, {"ed25519": str, "key": str, "mldsa65": str}, {})
        if row["key"] not in keys:
            raise TrustError("unknown", "somebody else has signed")
        signature = signature_in(row)
        if not keys[row["key"]].holds(signature, kind, octets):
            raise TrustError("signature", "a signature does not hold")
        signatures[row["key"]] = signature
    if [row["key"] for row in content["signatures"]] != sorted(signatures):
        raise TrustError("format", "the signatures are not in order, or one is there twice")
    if len(signatures) < threshold:
        raise TrustError("few", "too few have signed")
    return signatures
