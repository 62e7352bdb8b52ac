"""The keyring as the desk may use it."""

from django.conf import settings
from django.utils.translation import gettext as _

from tips.sealing import keyring
from tips.sealing.age import AgeError
from tips.sealing.age.header import Source, read_header
from tips.sealing.keyring import Keyring, KeyringError

_STANZAS = {"hybrid": "mlkem768x25519", "x25519": "X25519"}


def keyring_now() -> Keyring:
    """The keyring; one that the demo has made counts for nothing elsewhere."""
    ring = keyring.load(settings.TIPS_KEYRING)
    if ring.is_demo and not settings.TIPS_DEMO_KEYS_ALLOWED:
        raise KeyringError("demo", "the keyring was made by the demo")
    return ring


def in_words(fault: KeyringError) -> str:
    """What is wrong with the keyring, to those who handle tips."""
    return {
        "missing": _("There is no keyring."),
        "unreadable": _("The keyring cannot be read."),
        "empty": _("The keyring has no keys."),
        "mixed": _("The keyring mixes post-quantum and X25519 keys."),
        "bad_recipient": _("The keyring holds something that is not a key."),
        "demo": _("The keyring was made by the demo, and does not count here."),
    }.get(fault.code, _("The keyring is damaged."))


def is_sealed_to(ring: Keyring, source: Source) -> bool:
    """Whether the header at the source has one place for each in the keyring, of its kind.

    Who can open it only the keys can tell; the server has none.
    """
    try:
        header = read_header(source)
    except AgeError:
        return False
    kinds = [stanza.kind for stanza in header.stanzas]
    return kinds == [_STANZAS[recipient.kind] for recipient in ring.recipients]
