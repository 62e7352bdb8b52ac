"""How the commands come by signers and keyrings that can be believed, and say what is wrong."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.keeping import intake_key
from tips.keeping.present_keyring import root_now, trusted_now
from tips.sealing import ceremony, fingerprint, keyring
from tips.sealing.keyring import Keyring
from tips.sealing.signers import Pin
from tips.sealing.trust import TrustError
from tips.sealing.trust_folder import Trusted, check_seen, read_seen

from .console import legible

_IN_WORDS = {
    "missing": "finns inte, eller saknar en fil som hör till",
    "unreadable": "går inte att läsa",
    "unsigned": "är inte underskriven av två av de tre som ska göra det",
    "signers": "är inte underskriven av dem som gäller här, eller deras kedja är bruten",
    "chain": "är inte underskriven av dem som gäller här, eller deras kedja är bruten",
    "root": "går inte att pröva: ange roten från papperet, --root 1:…",
    "pin": "går inte att pröva: en rot skrivs som 1: och 64 tecken",
    "early": "är gjord en dag som inte har kommit än",
    "expired": "har gått ut",
    "older": "är äldre än den som redan har gällt",
    "twin": "är en annan än den som redan finns med samma löpnummer",
    "link": "följer inte på den som gäller",
    "past": "ändrar vad någon har varit, eller låter någon försvinna",
    "recipient": "innehåller något som inte är en postkvant mottagarnyckel",
    "unknown": "är underskriven av någon annan än dem som ska göra det",
    "few": "är underskriven av för få",
    "signature": "har en underskrift som inte stämmer",
    "other": "har underskrifter av något annat",
    "intake": "nämner andra nycklar än den som inlämningen skriver under med",
    "no_key": "är till ingen nytta: inlämningens nyckel finns inte, eller går inte att läsa",
    "demo": "är gjord av demot och gäller inte här: vem som helst kan ha dess nyckel",
}


@contextlib.contextmanager
def in_swedish(what: object) -> Iterator[None]:
    """Says what is wrong with what is signed."""
    try:
        yield
    except TrustError as error:
        words = _IN_WORDS.get(error.code, "är inte skriven som den ska, eller skadad")
        raise CommandError(f"{legible(what)} {words}.") from None


@contextlib.contextmanager
def name_in_swedish() -> Iterator[None]:
    """Says what a name may not be."""
    try:
        yield
    except TrustError:
        raise CommandError(
            "Namnet får inte vara tomt eller för långt, eller börja eller sluta med mellanslag."
        ) from None


def add_root(parser: CommandParser) -> None:
    parser.add_argument("--root", metavar="N:SUMMA", help="Roten på papperet.")


def root_from(text: str | None) -> Pin:
    with in_swedish("Roten"):
        return Pin.of(text) if text else root_now()


def installed(*, also_of_no_use: bool = False) -> Trusted:
    """The keyring that holds on this machine, signed and in date, unless that does not matter."""
    with in_swedish(f"Nyckelringen i {settings.TIPS_TRUST_DIR}"):
        found = trusted_now()
        if not also_of_no_use:
            refuse_useless(found.ring)
        return found


def keyring_in(path: Path, root: str | None) -> Keyring:
    """The keyring in a file, with signatures and signers beside it."""
    with in_swedish(f"Nyckelringen {path}"):
        ring = ceremony.keyring_beside(path, root_from(root)).ring
        refuse_useless(ring)
        return ring


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


def twelve_words(digest: str) -> str:
    """The twelve words, in the rows in which they are read aloud."""
    return "\n".join(f"    {row}" for row in fingerprint.word_rows(digest))


def _in_days(left: int) -> str:
    return {0: "i dag", 1: "om 1 dag"}.get(left, f"om {left} dagar")


def in_one_line(ring: Keyring) -> str:
    """Which keyring it is, and until when it is good."""
    demo = ", gjord av demot" if ring.is_demo else ""
    left = keyring.warning_due(ring, localdate())
    if left is not None and left < 0:
        until = f"gick ut {ring.not_after}"
    elif left is not None:
        until = f"går ut {ring.not_after}, {_in_days(left)}: gör nästa"
    else:
        until = f"gäller till och med {ring.not_after}"
    return f"Nyckelring {ring.serial}: {len(ring.entries)} mottagare, {until}{demo}."
