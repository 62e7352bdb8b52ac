"""How the commands come by keys: identity files, passphrases and the keyring."""

import contextlib
import getpass
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from tips.sealing import age, keyring
from tips.sealing.keyring import Keyring, KeyringError

from .console import legible
from .files import read_text

SHORTEST_PASSPHRASE = 12
KINDS_IN_WORDS = {"hybrid": "postkvant (mlkem768x25519)", "x25519": "X25519"}

_KEYRING_IN_WORDS = {
    "missing": "finns inte",
    "unreadable": "går inte att läsa",
    "empty": "har inga nycklar",
    "mixed": "blandar två slags nycklar: postkvant och X25519 får inte stå tillsammans",
    "bad_recipient": "innehåller något som inte är en mottagarnyckel",
    "format": "är ingen nyckelring, eller är skadad",
    "exists": "finns redan",
    "duplicate": "har redan den nyckeln",
    "unknown": "har ingen med det namnet eller den nyckeln",
    "ambiguous": "har flera med det namnet: skriv mottagarnyckeln i stället",
}


def identities_in(path: Path) -> list[age.Identity]:
    """The identities in a file; where it is wrapped, its passphrase is asked for."""
    text = read_text(path)
    try:
        if age.is_armored(text):
            passphrase = ask_secret(f"Lösenfras till {legible(path.name)}: ")
            text = age.unlock(text, passphrase).decode()
        return age.parse_identity_file(text)
    except age.WrongKey:
        raise CommandError(f"Lösenfrasen till {legible(path)} är fel.") from None
    except (age.AgeError, UnicodeDecodeError):
        raise CommandError(
            f"{legible(path)} är ingen nyckelfil, eller är skadad: den ska innehålla en rad som "
            "börjar med AGE-SECRET-KEY-, eller vara låst med en lösenfras."
        ) from None


def ask_secret(prompt: str) -> str:
    """What is typed without being shown; where there is no terminal, a line of standard input."""
    try:
        if sys.stdin.isatty():
            with warnings.catch_warnings(action="ignore", category=getpass.GetPassWarning):
                return getpass.getpass(prompt)
        line = sys.stdin.readline()
    except (EOFError, UnicodeDecodeError):
        line = ""
    if not line:
        raise CommandError(f"{prompt.rstrip(': ')} behövs, och inget skrevs.")
    return line.rstrip("\r\n")


def ask_new_passphrase() -> str:
    """A passphrase typed twice alike, and long enough to withstand guessing."""
    passphrase = ask_secret("Ny lösenfras: ")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise CommandError(
            f"Lösenfrasen är för kort: ta minst {SHORTEST_PASSPHRASE} tecken, gärna fem ord. "
            "Ingen nyckel har gjorts."
        )
    if ask_secret("Samma en gång till: ") != passphrase:
        raise CommandError("Lösenfraserna är inte lika. Ingen nyckel har gjorts.")
    return passphrase


def recipient_from(text: str) -> age.Recipient:
    """The recipient written out, or alone in a file."""
    if not text.startswith("age1"):
        path = Path(text)
        lines = [line.strip() for line in read_text(path).splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        if any("AGE-SECRET-KEY-" in line or "BEGIN AGE" in line for line in lines):
            raise CommandError(
                f"{legible(path)} är en hemlig nyckel och ska stanna hos den som har den. "
                "Be om mottagarnyckeln i stället, raden som börjar med age1."
            )
        if len(lines) != 1:
            raise CommandError(f"{legible(path)} ska innehålla en enda mottagarnyckel.")
        text = lines[0]
    try:
        return age.parse_recipient(text)
    except age.BadKey:
        raise CommandError(
            "Det är ingen mottagarnyckel: den börjar med age1 och ska vara hel, utan radbrytning."
        ) from None


def keyring_at(path: Path, *, of_the_demo_too: bool = False) -> Keyring:
    """The keyring in a file; one that the demo has made counts for nothing outside the demo."""
    with in_swedish(path):
        found = keyring.load_keyring(path)
    if found.is_demo and not (of_the_demo_too or settings.TIPS_DEMO_KEYS_ALLOWED):
        raise CommandError(
            f"Nyckelringen {legible(path)} är gjord av demot och gäller inte här: "
            "vem som helst kan ha dess nyckel."
        )
    return found


@contextlib.contextmanager
def in_swedish(path: Path) -> Iterator[None]:
    """Says what is wrong with the keyring, or with a change to it."""
    try:
        yield
    except KeyringError as error:
        words = _KEYRING_IN_WORDS.get(error.code, "går inte att använda")
        raise CommandError(f"Nyckelringen {legible(path)} {words}.") from None
