"""The keyring that holds now: what tips, notes and headers have to be sealed to."""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate

from tips.refusals import Refusal, Refusing
from tips.sealing import keyring, trust_folder
from tips.sealing.keyring import Keyring, KeyringError
from tips.sealing.signers import Pin
from tips.sealing.trust import TrustError
from tips.sealing.trust_folder import SeenKeyring, Trusted

from . import intake_key

_read: tuple[tuple[object, ...], Trusted] | None = None
_seen: tuple[Path, SeenKeyring] | None = None


class OtherKeyring(Exception):
    """Sealed to another keyring than the present one: it is to be sealed anew."""


def keyring_now() -> Keyring:
    """The present keyring, read again when its files change; KeyringError unless it is whole.

    That is: signed by two of three who are believed, and not out of date. A keyring that the demo
    has made is refused elsewhere.
    """
    return _usable(trusted_now())


def signed_now() -> Keyring:
    """The same, also when it is out of date: nothing may be sealed to it then."""
    return _allowed(trusted_now())


def keyring_of_the_intake() -> Keyring:
    """The same, for the one who keeps what it has seen: an older one than that is refused."""
    global _seen
    trusted = trusted_now()
    ring = _usable(trusted)
    path = settings.TIPS_INTAKE_DIR / "trust-seen"
    if _seen != (path, trusted.as_seen):
        _see(path, trusted)
        _seen = path, trusted.as_seen
    intake_key.signing_key(ring)  # refused here, so that the form is closed before it is filled in
    return ring


def trusted_now() -> Trusted:
    """The present keyring with those who signed it, be it out of date or the demo's."""
    global _read
    stamp = _stamp_of(settings.TIPS_TRUST_DIR, settings.TIPS_ROOT)
    if stamp is None or _read is None or _read[0] != stamp:
        trusted = trust_folder.load(settings.TIPS_TRUST_DIR, root_now())
        if stamp is None:  # it came meanwhile
            return trusted
        _read = stamp, trusted
    return _read[1]


def rings_now() -> Mapping[int, Keyring]:
    """The present keyring and those before it, by their serials: what arrivals are checked by."""
    folder = settings.TIPS_TRUST_DIR

    def read(name: str) -> bytes | None:
        path = folder / name
        return trust_folder.read_file(path) if path.exists() else None

    return trust_folder.with_those_before(read, trusted_now().ring)


def root_now() -> Pin:
    """Which signers this release believes."""
    try:
        return Pin.of(trust_folder.read_file(settings.TIPS_ROOT, missing="root").decode())
    except KeyringError:
        raise
    except (TrustError, UnicodeDecodeError) as fault:
        raise KeyringError("root", "the root is not written as one") from fault


def root_or_none() -> Pin | None:
    """The same, for a page that says itself what is wrong without it."""
    try:
        return root_now()
    except KeyringError:
        return None


def refused_keyring(fault: KeyringError) -> Refusing:
    """What is wrong with the keyring, for those who handle tips."""
    if fault.code == "expired":
        return Refusing(Refusal.KEYRING_EXPIRED, day=trusted_now().ring.not_after)
    return Refusing(Refusal.KEYRING_REFUSED)


def _usable(trusted: Trusted) -> Keyring:
    ring = _allowed(trusted)
    keyring.check_day(ring, localdate())
    return ring


def _allowed(trusted: Trusted) -> Keyring:
    if trusted.ring.is_demo and not settings.TIPS_DEMO_KEYS_ALLOWED:
        raise KeyringError("demo", "the keyring was made by the demo")
    return trusted.ring


def _see(path: Path, trusted: Trusted) -> None:
    """Believes the keyring and keeps that it has, one process at a time."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        seen = trust_folder.read_seen(path)
        if seen is not None:
            trust_folder.check_seen(trusted, seen, settings.TIPS_TRUST_DIR)
        if seen != trusted.as_seen:
            trust_folder.write_seen(path, trusted.as_seen)
    finally:
        os.close(descriptor)


def _stamp_of(folder: Path, root: Path) -> tuple[object, ...] | None:
    """A value that changes with the files; None when one is missing: reading tells which."""
    try:
        files = [os.stat(path) for path in (folder, folder / trust_folder.PRESENT, root)]
    except OSError:
        return None
    return folder, *(
        (file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns) for file in files
    )
