"""The key that the intake signs arrivals with: a file that no other service can read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate

from tips.sealing import trust
from tips.sealing.keyring import IntakeKey, Keyring, KeyringError
from tips.sealing.trust import SECRET_SIZE, SigningKey, TrustError

_read: tuple[tuple[object, ...], SigningKey] | None = None


def signing_key(ring: Keyring) -> SigningKey:
    """The intake's key; KeyringError unless the keyring names it."""
    key = own_key()
    if key.public.id not in {each.key.id for each in ring.intake}:
        raise KeyringError("intake", "the keyring names other keys of the intake")
    return key


def own_key() -> SigningKey:
    """The key in the file; KeyringError where there is none that can be read."""
    global _read
    path = settings.TIPS_INTAKE_KEY
    try:
        stamp = (path, (file := os.stat(path)).st_ino, file.st_mtime_ns, file.st_ctime_ns)
        if _read is None or _read[0] != stamp:
            secret = trust.from_text(path.read_text().strip(), SECRET_SIZE)
            _read = stamp, SigningKey(secret, "intake")
    except (OSError, UnicodeDecodeError, TrustError):
        raise KeyringError("no_key", "the intake has no key") from None
    return _read[1]


def entry() -> IntakeKey:
    """What the keyring is to say of the key."""
    return IntakeKey(own_key().public, localdate())


def make_key(path: Path) -> None:
    """Draws a key, unless one is there: what was signed with another would hold no more."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{trust.to_text(secrets.token_bytes(SECRET_SIZE))}\n")
            file.flush()
            os.fsync(file.fileno())
