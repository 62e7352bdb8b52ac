"""Keys: a recipient is sealed to, an identity opens. Both are post-quantum: age's other kinds are not read."""

import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .encoding import from_base64, from_bech32, to_base64, to_bech32
from .errors import BadKey, Damaged
from .stanza import SEALED_KEY_SIZE, Stanza

STANZA_KIND = "mlkem768x25519"
_POINT = 32
_MLKEM_PUBLIC, _MLKEM_SEALED, _MLKEM_SEED = 1184, 1088, 64
_SECRET = 32
_PUBLIC, _PRIVATE = "age1pq", "age-secret-key-pq-"
_LABEL = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class Recipient:
    """The public half of a key: seals, but does not open. `str()` is how it is passed on.

    Safe as long as either ML-KEM-768 or X25519 is.
    """

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        try:
            lattice = MLKEM768PublicKey.from_public_bytes(octets[:_MLKEM_PUBLIC])
        except ValueError as fault:
            raise BadKey("the ML-KEM half of the recipient is not a public key") from fault
        self._key = hpke.MLKEM768X25519PublicKey(lattice, _sound_point(octets[_MLKEM_PUBLIC:]))

    def __str__(self) -> str:
        return _written(self.octets)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)[:20]}…>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipient) and other.octets == self.octets

    def __hash__(self) -> int:
        return hash(self.octets)

    def wrap(self, file_key: bytes) -> Stanza:
        """The key of a file, sealed to this recipient."""
        sealed = _SUITE.encrypt(file_key, self._key, info=_LABEL)
        share, body = sealed[:-SEALED_KEY_SIZE], sealed[-SEALED_KEY_SIZE:]
        return Stanza((STANZA_KIND, to_base64(share).decode()), body)


class Identity:
    """The private half of a key. `str()` is the secret itself, `repr()` never."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        seeds = hashlib.shake_256(secret).digest(_MLKEM_SEED + _SECRET)
        lattice = MLKEM768PrivateKey.from_seed_bytes(seeds[:_MLKEM_SEED])
        self._curve = X25519PrivateKey.from_private_bytes(seeds[_MLKEM_SEED:])
        self._key = hpke.MLKEM768X25519PrivateKey(lattice, self._curve)
        self.recipient = Recipient(
            lattice.public_key().public_bytes_raw() + self._curve.public_key().public_bytes_raw()
        )

    def __str__(self) -> str:
        return to_bech32(_PRIVATE, self._secret).upper()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.recipient!r}>"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The key of the file; None when the stanza is somebody else's."""
        if stanza.kind != STANZA_KIND:
            return None
        if len(stanza.arguments) != 2:
            raise Damaged("a stanza has too many or too few arguments")
        try:
            share = from_base64(stanza.arguments[1].encode())
        except ValueError as fault:
            raise Damaged("the share of a stanza is not Base64") from fault
        if len(stanza.body) != SEALED_KEY_SIZE or len(share) != _MLKEM_SEALED + _POINT:
            raise Damaged("the body or the share of a stanza has the wrong length")
        try:  # refuses a point of low order, which HPKE cannot tell from somebody else's stanza
            self._curve.exchange(X25519PublicKey.from_public_bytes(share[_MLKEM_SEALED:]))
        except ValueError as fault:
            raise Damaged("the share of a stanza is not a sound X25519 point") from fault
        try:
            return _SUITE.decrypt(share + stanza.body, self._key, info=_LABEL)
        except InvalidTag:
            return None


# Making and reading them


def generate_identity() -> Identity:
    return Identity(os.urandom(_SECRET))


# Public keys are read from the keyring, and written, for every tip. Nothing secret is remembered.
@lru_cache(maxsize=128)
def _written(public: bytes) -> str:
    return to_bech32(_PUBLIC, public)


@lru_cache(maxsize=128)
def parse_recipient(text: str) -> Recipient:
    """The recipient written as `age1pq1…`."""
    try:
        prefix, octets = from_bech32(text)
    except ValueError as fault:
        raise BadKey(f"not an age recipient: {fault}") from fault
    if text != text.lower() or (prefix, len(octets)) != (_PUBLIC, _MLKEM_PUBLIC + _POINT):
        raise BadKey("not a post-quantum age recipient")
    return Recipient(octets)


def parse_identity(text: str) -> Identity:
    """The identity written as `AGE-SECRET-KEY-PQ-1…`."""
    try:
        prefix, secret = from_bech32(text)
    except ValueError:
        # The cause is left out: its frames hold the secret.
        raise BadKey("not an age identity: a character is wrong or missing") from None
    if text != text.upper() or (prefix, len(secret)) != (_PRIVATE, _SECRET):
        raise BadKey("not a post-quantum age identity")
    return Identity(secret)


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
