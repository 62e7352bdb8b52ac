"""The keyring that holds now: what tips, notes and headers have to be sealed to."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tips.sealing.keyring import Keyring, KeyringError, load_keyring

_read: tuple[tuple[object, ...] | None, Keyring] | None = None


class OtherKeyring(Exception):
    """Sealed to another keyring than the present one: it is to be sealed anew."""


def keyring_now() -> Keyring:
    """The present keyring, read again when the file changes; KeyringError unless it is whole.

    A keyring that the demo has made is refused elsewhere.
    """
    global _read
    stamp = _stamp_of(settings.TIPS_KEYRING)
    if stamp is None or _read is None or _read[0] != stamp:
        _read = stamp, load_keyring(settings.TIPS_KEYRING)
    ring = _read[1]
    if ring.is_demo and not settings.TIPS_DEMO_KEYS_ALLOWED:
        raise KeyringError("demo", "the keyring was made by the demo")
    return ring


def keyring_fault_in_words(fault: KeyringError) -> str:
    """What is wrong with the keyring, to those who handle tips."""
    return {
        "missing": _("There is no keyring."),
        "unreadable": _("The keyring cannot be read."),
        "empty": _("The keyring has no keys."),
        "mixed": _("The keyring mixes post-quantum and X25519 keys."),
        "bad_recipient": _("The keyring holds something that is not a key."),
        "demo": _("The keyring was made by the demo, and does not count here."),
    }.get(fault.code, _("The keyring is damaged."))


def _stamp_of(path: Path) -> tuple[object, ...] | None:
    """A value that changes with the file; None when there is none: reading it tells why."""
    try:
        file = os.stat(path)
    except OSError:
        return None
    return path, file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns
