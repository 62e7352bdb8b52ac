"""How the commands come by signers and keyrings that can be believed, and say what is wrong."""

from django.conf import settings
from django.utils.timezone import localdate

from tips.keeping import intake_key
from tips.keeping.present_keyring import trusted_now
from tips.sealing import keyring
from tips.sealing.keyring import Keyring
from tips.sealing.trust_folder import Trusted, check_seen, read_seen
from tips.signing.words import in_swedish


def installed(*, also_of_no_use: bool = False) -> Trusted:
    """The keyring that holds on this machine, signed and in date, unless that does not matter."""
    with in_swedish(f"Nyckelringen i {settings.TIPS_TRUST_DIR}"):
        found = trusted_now()
        if not also_of_no_use:
            refuse_useless(found.ring)
        return found


def refuse_useless(ring: Keyring) -> None:
    """A keyring that is out of date is to be replaced, and the demo's is of no use outside the demo."""
    if ring.is_demo and not settings.TIPS_DEMO_KEYS_ALLOWED:
        raise keyring.KeyringError("demo", "made by the demo")
    keyring.check_day(ring, localdate())
    if keyring.is_over(ring, localdate()):
        raise keyring.KeyringError("expired", "its last day has gone")


def refuse_unseen(found: Trusted) -> None:
    """A keyring that the intake refuses, since it has seen another or has another key to sign with.

    Only the intake can tell.
    """
    try:
        seen = read_seen(settings.TIPS_INTAKE_DIR / "trust-seen")
    except PermissionError:
        return
    if seen is not None:
        check_seen(found, seen, settings.TIPS_TRUST_DIR)
    intake_key.signing_key(found.ring)
