"""How whoever runs the commands is spoken to: Swedish, one line for a fault, never a traceback."""

import argparse
import contextlib
import errno
import os
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

_ERRNO_IN_WORDS = {
    errno.ENOENT: "finns inte",
    errno.EEXIST: "finns redan",
    errno.EACCES: "får du inte läsa eller skriva",
    errno.EPERM: "får du inte läsa eller skriva",
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "är ingen mapp",
    errno.ENOSPC: "får inte plats, disken är full",
    errno.EDQUOT: "får inte plats, utrymmet är slut",
    errno.EROFS: "ligger på en disk som inte går att skriva på",
}


class Mistake(Exception):
    """What cannot be done, in one line to the person at the keyboard."""


def put_line(text: str) -> None:
    """A line, or several, to whoever runs it; seen before anything is asked."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Mistake(f"Svaret {os_fault_in_words(error)}.") from None


class SwedishHelp(argparse.RawDescriptionHelpFormatter):
    """Argparse's own words in Swedish; description and examples keep their line breaks."""

    _headings = {"positional arguments": "Anges", "options": "Val"}

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix="Så här: ")

    def start_section(self, heading: str | None) -> None:
        super().start_section(self._headings.get(heading or "", heading))


def plain_fault(error: Exception) -> str:
    """What went wrong. The text of an error is not shown if it may quote a tip."""
    if isinstance(error, Mistake):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{legible(error.filename)} {os_fault_in_words(error)}."
    if isinstance(error, OSError):
        return f"Filen {os_fault_in_words(error)}."
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"Oväntat fel: {type(error).__name__} i {Path(where.filename).name}, rad {where.lineno}."


def os_fault_in_words(error: OSError) -> str:
    """The end of a sentence about a file."""
    return _ERRNO_IN_WORDS.get(error.errno or 0, "går inte att använda")


def legible(path: object) -> str:
    """A path as it may stand in a line on a terminal: no control characters, no line breaks."""
    text = os.fsdecode(path) if isinstance(path, (bytes, os.PathLike)) else str(path)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def in_plain_words(message: str) -> str:
    """What argparse says, in words for those who do not program; all of it on one line."""
    message = " ".join(message.split()).removeprefix("Error: ")
    for pattern, words in (
        (r"the following arguments are required: (.+)", "Något saknas: %s."),
        (r"argument ([^:]+): expected .*", "Något saknas efter %s."),
        (r"unrecognized arguments: (.+)", "Valet finns inte: %s."),
        (r"argument ([^:]+): invalid choice: ('[^']*').*", "%s kan inte vara %s."),
        (r"argument ([^:]+): .*", "Det som står efter %s stämmer inte."),
    ):
        if found := re.fullmatch(pattern, message):
            return legible(words % found.groups())
    return legible(message)


def leave_quietly(code: int) -> NoReturn:
    """Ends without Python's own complaint about what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)
