"""Locking with a passphrase, for identity files."""

import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .armor import armor, dearmor
from .encoding import from_base64, to_base64
from .errors import BadKey, Damaged
from .stanza import SEALED_KEY_SIZE, Stanza
from .stream import seal, unseal

# The base-two logarithm of what a guess costs: 18 takes most of a second and 256 MiB.
WORK_FACTOR = 18
LARGEST_WORK_FACTOR = 20
_LABEL = b"age-encryption.org/v1/scrypt"
_SALT = 16
_NO_NONCE = bytes(12)
_NUMBER = re.compile(r"[1-9][0-9]?")


class Passphrase:
    """Seals and opens in the place of a key, always alone."""

    kind = "scrypt"

    def __init__(self, passphrase: str, work_factor: int = WORK_FACTOR) -> None:
        if not passphrase:
            raise BadKey("the passphrase is empty")
        if not 1 <= work_factor <= LARGEST_WORK_FACTOR:
            raise BadKey("the work factor is out of range")
        self._passphrase = passphrase.encode()
        self._work_factor = work_factor

    def wrap(self, file_key: bytes) -> Stanza:
        salt = os.urandom(_SALT)
        body = self._cipher(salt, self._work_factor).encrypt(_NO_NONCE, file_key, None)
        return Stanza(("scrypt", to_base64(salt).decode(), str(self._work_factor)), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        if stanza.kind != self.kind:
            return None
        if len(stanza.arguments) != 3 or len(stanza.body) != SEALED_KEY_SIZE:
            raise Damaged("the passphrase's stanza is malformed")
        _kind, salt_text, work_factor = stanza.arguments
        try:
            salt = from_base64(salt_text.encode())
        except ValueError as fault:
            raise Damaged("the salt is not Base64") from fault
        if len(salt) != _SALT or not _NUMBER.fullmatch(work_factor):
            raise Damaged("the passphrase's stanza is malformed")
        if int(work_factor) > LARGEST_WORK_FACTOR:
            raise Damaged("the work factor is so large that opening would take too long")
        try:
            return self._cipher(salt, int(work_factor)).decrypt(_NO_NONCE, stanza.body, None)
        except InvalidTag:
            return None

    def _cipher(self, salt: bytes, work_factor: int) -> ChaCha20Poly1305:
        scrypt = Scrypt(salt=_LABEL + salt, length=32, n=2**work_factor, r=8, p=1)
        return ChaCha20Poly1305(scrypt.derive(self._passphrase))


def lock(plaintext: bytes, passphrase: str, work_factor: int = WORK_FACTOR) -> str:
    """The octets as an armored file that the passphrase opens, here or with any age tool."""
    return armor(seal(plaintext, [Passphrase(passphrase, work_factor)]))


def unlock(locked: str, passphrase: str) -> bytes:
    """What was locked; WrongKey when the passphrase is not the one."""
    return unseal(dearmor(locked), [Passphrase(passphrase)])
