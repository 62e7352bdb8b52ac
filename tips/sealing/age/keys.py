"""Keys: a recipient is sealed to, an identity opens. Post-quantum ones, and X25519."""

import hashlib
import os
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .encoding import from_base64, from_bech32, to_base64, to_bech32
from .errors import BadKey, Damaged
from .stanza import SEALED_KEY_SIZE, Stanza

KeyKind: TypeAlias = Literal["hybrid", "x25519"]

_NO_NONCE = bytes(12)
_POINT = 32
_MLKEM_PUBLIC, _MLKEM_SEALED, _MLKEM_SEED = 1184, 1088, 64
_SECRET = 32

_X25519_LABEL = b"age-encryption.org/v1/X25519"
_HYBRID_LABEL = b"age-encryption.org/mlkem768x25519"
_HYBRID_SUITE = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
)


class Recipient(ABC):
    """The public half of a key: seals, but does not open. `str()` is how it is passed on."""

    kind: KeyKind
    _prefix: str

    def __init__(self, octets: bytes) -> None:
        self.octets = octets

    def __str__(self) -> str:
        return _written(self._prefix, self.octets)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)[:20]}…>"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.octets == self.octets

    def __hash__(self) -> int:
        return hash(self.octets)

    @abstractmethod
    def wrap(self, file_key: bytes) -> Stanza:
        """The key of a file, sealed to this recipient."""


class Identity(ABC):
    """The private half of a key. `str()` is the secret itself, `repr()` never."""

    kind: KeyKind
    recipient: Recipient
    _prefix: str
    _stanza: str

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __str__(self) -> str:
        return to_bech32(self._prefix, self._secret).upper()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.recipient!r}>"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The key of the file; None when the stanza is somebody else's."""
        if stanza.kind != self._stanza:
            return None
        if len(stanza.arguments) != 2:
            raise Damaged("a stanza has too many or too few arguments")
        try:
            share = from_base64(stanza.arguments[1].encode())
        except ValueError as fault:
            raise Damaged("the share of a stanza is not Base64") from fault
        if len(stanza.body) != SEALED_KEY_SIZE:
            raise Damaged("the body of a stanza has the wrong length")
        return self._open(share, stanza.body)

    @abstractmethod
    def _open(self, share: bytes, body: bytes) -> bytes | None: ...


class X25519Recipient(Recipient):
    kind = "x25519"
    _prefix = "age"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        self._point = _sound_point(octets)

    def wrap(self, file_key: bytes) -> Stanza:
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = _wrap_key(ephemeral.exchange(self._point), share, self.octets)
        body = ChaCha20Poly1305(key).encrypt(_NO_NONCE, file_key, None)
        return Stanza(("X25519", to_base64(share).decode()), body)


class X25519Identity(Identity):
    kind = "x25519"
    _prefix = "age-secret-key-"
    _stanza = "X25519"

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self.recipient = X25519Recipient(self._key.public_key().public_bytes_raw())

    def _open(self, share: bytes, body: bytes) -> bytes | None:
        key = _wrap_key(_exchange(self._key, share), share, self.recipient.octets)
        try:
            return ChaCha20Poly1305(key).decrypt(_NO_NONCE, body, None)
        except InvalidTag:
            return None


class HybridRecipient(Recipient):
    """Safe as long as either ML-KEM-768 or X25519 is."""

    kind = "hybrid"
    _prefix = "age1pq"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        try:
            lattice = MLKEM768PublicKey.from_public_bytes(octets[:_MLKEM_PUBLIC])
        except ValueError as fault:
            raise BadKey("the ML-KEM half of the recipient is not a public key") from fault
        self._key = hpke.MLKEM768X25519PublicKey(lattice, _sound_point(octets[_MLKEM_PUBLIC:]))

    def wrap(self, file_key: bytes) -> Stanza:
        sealed = _HYBRID_SUITE.encrypt(file_key, self._key, info=_HYBRID_LABEL)
        share, body = sealed[:-SEALED_KEY_SIZE], sealed[-SEALED_KEY_SIZE:]
        return Stanza(("mlkem768x25519", to_base64(share).decode()), body)


class HybridIdentity(Identity):
    kind = "hybrid"
    _prefix = "age-secret-key-pq-"
    _stanza = "mlkem768x25519"

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        seeds = hashlib.shake_256(secret).digest(_MLKEM_SEED + _SECRET)
        lattice = MLKEM768PrivateKey.from_seed_bytes(seeds[:_MLKEM_SEED])
        self._curve = X25519PrivateKey.from_private_bytes(seeds[_MLKEM_SEED:])
        self._key = hpke.MLKEM768X25519PrivateKey(lattice, self._curve)
        self.recipient = HybridRecipient(
            lattice.public_key().public_bytes_raw() + self._curve.public_key().public_bytes_raw()
        )

    def _open(self, share: bytes, body: bytes) -> bytes | None:
        if len(share) != _MLKEM_SEALED + _POINT:
            raise Damaged("the share of a stanza has the wrong length")
        # Refuses a point of low order, which HPKE cannot tell from somebody else's stanza.
        _exchange(self._curve, share[_MLKEM_SEALED:])
        try:
            return _HYBRID_SUITE.decrypt(share + body, self._key, info=_HYBRID_LABEL)
        except InvalidTag:
            return None


# Making and reading them


def generate_identity(kind: KeyKind = "hybrid") -> Identity:
    return {"hybrid": HybridIdentity, "x25519": X25519Identity}[kind](os.urandom(_SECRET))


# Public keys are read from the keyring, and written, for every tip. Nothing secret is remembered.
@lru_cache(maxsize=128)
def _written(prefix: str, public: bytes) -> str:
    return to_bech32(prefix, public)


@lru_cache(maxsize=128)
def parse_recipient(text: str) -> Recipient:
    """The recipient written as `age1pq1…` or `age1…`."""
    try:
        prefix, octets = from_bech32(text)
    except ValueError as fault:
        raise BadKey(f"not an age recipient: {fault}") from fault
    if text == text.lower():
        if prefix == "age1pq" and len(octets) == _MLKEM_PUBLIC + _POINT:
            return HybridRecipient(octets)
        if prefix == "age" and len(octets) == _POINT:
            return X25519Recipient(octets)
    raise BadKey("not an age recipient of a known kind")


def parse_identity(text: str) -> Identity:
    """The identity written as `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`."""
    try:
        prefix, secret = from_bech32(text)
    except ValueError:
        # The cause is left out: its frames hold the secret.
        raise BadKey("not an age identity: a character is wrong or missing") from None
    if text == text.upper() and len(secret) == _SECRET:
        if prefix == "age-secret-key-pq-":
            return HybridIdentity(secret)
        if prefix == "age-secret-key-":
            return X25519Identity(secret)
    raise BadKey("not an age identity of a known kind")


def parse_identity_file(text: str) -> list[Identity]:
    """The identities of a key file: one a line, `#` begins a comment line."""
    identities = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            identities.append(parse_identity(line))
        except BadKey as fault:
            raise BadKey(f"line {number}: {fault}") from None
    if not identities:
        raise BadKey("no identity in the file")
    return identities


def _sound_point(octets: bytes) -> X25519PublicKey:
    """A point that can be sealed to: those of low order would give a secret known to all."""
    point = X25519PublicKey.from_public_bytes(octets)
    try:
        X25519PrivateKey.generate().exchange(point)
    except ValueError as fault:
        raise BadKey("the X25519 part of the recipient is a point of low order") from fault
    return point


def _exchange(key: X25519PrivateKey, share: bytes) -> bytes:
    try:
        return key.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as fault:
        raise Damaged("the share of a stanza is not a sound X25519 point") from fault


def _wrap_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=share + recipient, info=_X25519_LABEL).derive(shared)
