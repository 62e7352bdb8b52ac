"""How the commands of the tip channel speak: Swedish, one line for a fault, never a traceback."""

import contextlib
import io
import sys
from argparse import Namespace

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import DatabaseError, InterfaceError, connections

from tips.signing.speech import (
    SwedishHelp,
    in_plain_words,
    leave_quietly,
    os_fault_in_words,
    plain_fault,
)

_OF_DJANGO = "--version --verbosity --settings --pythonpath --traceback --no-color --force-color --skip-checks"


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
            leave_quietly(1)
        except CommandError as error:
            with contextlib.suppress(OSError):
                self.stderr.write(in_plain_words(str(error)))
            leave_quietly(error.returncode)
        except OSError as error:  # the output cannot be written
            with contextlib.suppress(OSError):
                self.stderr.write(f"Svaret {os_fault_in_words(error)}.")
            leave_quietly(1)
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
    if isinstance(error, CommandError):
        return str(error)
    if isinstance(error, ImproperlyConfigured):
        return f"Inställningarna stämmer inte: {error}"
    return plain_fault(error)
