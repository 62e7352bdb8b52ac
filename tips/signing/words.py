"""What is signed, in words: which it is, what is wrong with it, and the twelve that are read aloud."""

import contextlib
from collections.abc import Iterator
from datetime import date

from tips.sealing import fingerprint, keyring
from tips.sealing.keyring import Keyring
from tips.sealing.trust import TrustError

from .speech import Mistake, legible

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

# Why a handler is stopped, as the desk calls it too.
STOP_REASONS_IN_WORDS = {
    "key_lost": "nyckeln är borta, eller hos någon annan",
    "acts_alone": "gör på egen hand vad som kräver två",
    "left": "har slutat",
    "other": "annat skäl",
}


@contextlib.contextmanager
def in_swedish(what: object) -> Iterator[None]:
    """Says what is wrong with what is signed."""
    try:
        yield
    except TrustError as error:
        words = _IN_WORDS.get(error.code, "är inte skriven som den ska, eller skadad")
        raise Mistake(f"{legible(what)} {words}.") from None


@contextlib.contextmanager
def name_in_swedish() -> Iterator[None]:
    """Says what a name may not be."""
    try:
        yield
    except TrustError:
        raise Mistake(
            "Namnet skrivs med bokstäver, mellanslag, bindestreck och apostrof, högst 100 tecken."
        ) from None


def twelve_words(digest: str) -> str:
    """The twelve words, in the rows in which they are read aloud."""
    return "\n".join(f"    {row}" for row in fingerprint.word_rows(digest))


def _in_days(left: int) -> str:
    return {0: "i dag", 1: "om 1 dag"}.get(left, f"om {left} dagar")


def in_one_line(ring: Keyring, today: date) -> str:
    """Which keyring it is, and until when it is good."""
    demo = ", gjord av demot" if ring.is_demo else ""
    left = keyring.warning_due(ring, today)
    if left is not None and left < 0:
        until = f"gick ut {ring.not_after}"
    elif left is not None:
        until = f"går ut {ring.not_after}, {_in_days(left)}: gör nästa"
    else:
        until = f"gäller till och med {ring.not_after}"
    return f"Nyckelring {ring.serial}: {len(ring.entries)} mottagare, {until}{demo}."
