"""The key file of the desk's service, and the secrets of apps with codes that it seals.

Neither the database's user nor a backup of the database has the key.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tips.models import Handler

_KEY_OCTETS, _NONCE_OCTETS = 32, 12


class NoKeyFile(Exception):
    """The key file is missing, cannot be read, or is not the one that sealed this."""


def make_key_file(path: Path) -> None:
    """Makes the file unless it is there; it appears whole, and only its owner reads it."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secrets.token_hex(_KEY_OCTETS)}\n")
    try:
        os.link(part, path)
    except FileExistsError:  # another start was first, and its key counts
        pass
    finally:
        part.unlink()


def seal_secret(secret: bytes, handler: Handler) -> bytes:
    nonce = secrets.token_bytes(_NONCE_OCTETS)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, _whose(handler))


def unseal_secret(sealed: bytes, handler: Handler) -> bytes:
    """Only for the handler whose it is: a secret that was moved to another row opens nothing."""
    sealed = bytes(sealed)
    try:
        nonce, rest = sealed[:_NONCE_OCTETS], sealed[_NONCE_OCTETS:]
        return AESGCM(_key()).decrypt(nonce, rest, _whose(handler))
    except InvalidTag:
        raise NoKeyFile from None


def key_for(purpose: bytes) -> bytes:
    """A key that the file gives for this purpose, and that tells nothing of the others."""
    return HKDF(SHA256(), _KEY_OCTETS, salt=None, info=purpose).derive(_key())


def _whose(handler: Handler) -> bytes:
    return f"tips totp {handler.pk}".encode()


def _key() -> bytes:
    try:
        key = bytes.fromhex(Path(settings.DESK_KEY_FILE).read_text().strip())
    except (OSError, ValueError):
        raise NoKeyFile from None
    if len(key) != _KEY_OCTETS:
        raise NoKeyFile
    return key
