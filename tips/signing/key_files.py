"""How the commands come by keys: identity files and passphrases."""

import getpass
import sys
import warnings
from pathlib import Path

from tips.sealing import age

from .files import read_text
from .speech import Mistake, legible

SHORTEST_PASSPHRASE = 12


def identities_in(path: Path) -> list[age.Identity]:
    """The identities in a file; where it is wrapped, its passphrase is asked for."""
    try:
        return age.parse_identity_file(unlocked(path))
    except (age.AgeError, UnicodeDecodeError):
        raise Mistake(
            f"{legible(path)} är ingen nyckelfil, eller är skadad: den ska innehålla en rad som "
            "börjar med AGE-SECRET-KEY-, eller vara låst med en lösenfras."
        ) from None


def unlocked(path: Path) -> str:
    """The text of a file; where it is wrapped, its passphrase is asked for."""
    text = read_text(path)
    if not age.is_armored(text):
        return text
    try:
        return age.unlock(text, ask_secret(f"Lösenfras till {legible(path.name)}: ")).decode()
    except age.WrongKey:
        raise Mistake(f"Lösenfrasen till {legible(path)} är fel.") from None


def ask_line(prompt: str) -> str:
    """What is typed, in the open."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


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
        raise Mistake(f"{prompt.rstrip(': ')} behövs, och inget skrevs.")
    return line.rstrip("\r\n")


def ask_new_passphrase() -> str:
    """A passphrase typed twice alike, and long enough to withstand guessing."""
    passphrase = ask_secret("Ny lösenfras: ")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Mistake(
            f"Lösenfrasen är för kort: ta minst {SHORTEST_PASSPHRASE} tecken, gärna fem ord. "
            "Ingen nyckel har gjorts."
        )
    if ask_secret("Samma en gång till: ") != passphrase:
        raise Mistake("Lösenfraserna är inte lika. Ingen nyckel har gjorts.")
    return passphrase
