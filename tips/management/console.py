"""How the commands of the tip channel speak: Swedish, one line for a fault, never a traceback."""

import argparse
import contextlib
import errno
import io
import os
import re
import sys
import traceback
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import DatabaseError, InterfaceError, connections

_ERRNO_IN_WORDS = {
    errno.ENOENT: "finns inte",
    errno.EEXIST: "finns redan",
    errno.EACCES: "får du inte läsa eller skriva",
    errno.EPERM: "får du inte läsa eller skriva",
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "är ingen mapp",
    errno.ENOTEMPTY: "är inte tom",
    errno.ENOSPC: "får inte plats, disken är full",
    errno.EDQUOT: "får inte plats, utrymmet är slut",
    errno.EROFS: "ligger på en disk som inte går att skriva på",
    errno.ENAMETOOLONG: "har ett för långt namn",
    errno.EIO: "går inte att läsa eller skriva, disken svarar inte",
    errno.ELOOP: "pekar runt i en ring",
}

_OF_DJANGO = "--version --verbosity --settings --pythonpath --traceback --no-color --force-color --skip-checks"


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


class TipsCommand(BaseCommand):
    """A command that needs no system check, whose help fits on one screen."""

    requires_system_checks: list[str] = []
    example = ""
    suppressed_base_arguments = set(_OF_DJANGO.split())

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        kwargs.update(
            formatter_class=SwedishHelp,
            add_help=False,
            allow_abbrev=False,
            epilog=f"Exempel: {self.example}" if self.example else None,
        )
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("-h", "--help", action="help", help="Visar den här hjälpen.")
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Like Django's, but any fault is one line."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
            handle_default_options(Namespace(**options))
            options.pop("args", None)
            self.execute(**options)
            self.stdout.flush()
        except BrokenPipeError:
            _leave_quietly(1)
        except CommandError as error:
            with contextlib.suppress(OSError):
                self.stderr.write(_in_plain_words(str(error)))
            _leave_quietly(error.returncode)
        except OSError as error:  # the output cannot be written
            with contextlib.suppress(OSError):
                self.stderr.write(f"Svaret {os_fault_in_words(error)}.")
            _leave_quietly(1)
        finally:
            connections.close_all()

    def execute(self, *args: object, **options: object) -> str | None:
        """Like Django's, but any fault is a CommandError in words."""
        try:
            return super().execute(*args, **options)
        except (CommandError, BrokenPipeError):
            raise
        except Exception as error:
            if options.get("traceback"):
                raise
            raise CommandError(fault_in_words(error)) from error


def fault_in_words(error: Exception) -> str:
    """What went wrong. The text of an error is not shown if it may quote a tip."""
    if isinstance(error, (DatabaseError, InterfaceError)):
        return (
            "Databasen går inte att använda. Sätt upp den först: ./sapo run i ett demo, "
            "manage.py migrate tips --database tips i drift."
        )
    if isinstance(error, OSError) and error.filename is not None:
        return f"{legible(error.filename)} {os_fault_in_words(error)}."
    if isinstance(error, OSError):
        return f"Filen {os_fault_in_words(error)}."
    if isinstance(error, ImproperlyConfigured):
        return f"Inställningarna stämmer inte: {error}"
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"Oväntat fel: {type(error).__name__} i {Path(where.filename).name}, rad {where.lineno}."


def os_fault_in_words(error: OSError) -> str:
    """The end of a sentence about a file."""
    return _ERRNO_IN_WORDS.get(error.errno or 0, "går inte att använda")


def legible(path: object) -> str:
    """A path as it may stand in a line on a terminal: no control characters, no line breaks."""
    text = os.fsdecode(path) if isinstance(path, (bytes, os.PathLike)) else str(path)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _in_plain_words(message: str) -> str:
    """What argparse says, in words for those who do not program; all of it on one line."""
    message = " ".join(message.split()).removeprefix("Error: ")
    for pattern, words in (
        (r"the following arguments are required: (.+)", "Något saknas: %s."),
        (r"argument ([^:]+): expected .*", "Något saknas efter %s."),
        (r"unrecognized arguments: (.+)", "Valet finns inte: %s."),
        (r"ambiguous option: (\S+) .*", "Fler än ett val börjar så: %s."),
        (r"argument ([^:]+): invalid choice: ('[^']*').*", "%s kan inte vara %s."),
        (r"argument ([^:]+): not allowed with argument (.+)", "%s går inte ihop med %s."),
        (r"argument ([^:]+): .*", "Det som står efter %s stämmer inte."),
        (r"one of the arguments (.+) is required", "Något av detta måste anges: %s."),
    ):
        if found := re.fullmatch(pattern, message):
            return legible(words % found.groups())
    return legible(message)


def _leave_quietly(code: int) -> NoReturn:
    """Ends without Python's own complaint about what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)
