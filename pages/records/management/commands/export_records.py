"""Writes a period of the records as WACZ, for the archive: a registrar asks whoever runs the server to."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from pages.records.registrar.archive import PackingError, write_archive
from pages.records.registrar.asked_for import period_of


class Command(BaseCommand):
    help = _("Writes what readers met from one day to another, both included, as a WACZ file.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", type=date.fromisoformat, metavar="2027-01-01")
        parser.add_argument("last", type=date.fromisoformat, metavar="2027-12-31")
        parser.add_argument("file", type=Path, metavar="FILE.wacz", help=_("Never written over."))

    def handle(self, *args: object, first: date, last: date, file: Path, **options: object) -> None:
        if not first <= last < date.max:
            raise CommandError(_("The last day comes before the first."))
        if file.exists():
            raise CommandError(_("%(path)s is there already.") % {"path": file})
        try:
            packed = write_archive(*period_of(first, last), file)
        except PackingError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(error)s")
                % {"path": file, "error": error.strerror or error}
            ) from error
        self.stdout.write(packed.words)
