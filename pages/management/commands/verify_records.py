"""Says whether the records are as they were filed, or which is the first that is not."""

import sqlite3
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.records.lookup import unusable
from pages.records.packs import Packs
from pages.records.verifying import Fault, Whole, verified

_FAULTS = {
    Fault.CHANGED: gettext_lazy("has been changed"),
    Fault.MOVED: gettext_lazy("has been moved, or one before it taken away"),
    Fault.REMOVED: gettext_lazy("has been removed"),
}


class Command(BaseCommand):
    help = _("Names the first record that was changed, moved or removed.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--link",
            default="",
            metavar="HASH",
            help=_("A hash that this command has said before, noted elsewhere: must be there."),
        )

    def handle(self, *args: Any, link: str, **options: Any) -> None:
        try:
            found = verified(Packs(settings.RECORDS_ROOT), link=link)
        except sqlite3.Error as error:
            raise CommandError(unusable(settings.RECORDS_ROOT)) from error
        except OSError as error:
            raise CommandError(
                _("The records cannot be read: %(error)s") % {"error": error.strerror or error}
            ) from error
        if isinstance(found, Whole):
            self.stdout.write(
                ngettext(
                    "%(count)d record, whole. Last hash: %(hash)s",
                    "%(count)d records, all whole. Last hash: %(hash)s",
                    found.records,
                )
                % {"count": found.records, "hash": found.last_hash or "-"}
            )
            return
        raise CommandError(
            _("Record %(record)d of pack %(pack)d (%(address)s) %(fault)s.")
            % {
                "record": found.record,
                "pack": found.pack,
                "address": found.address or _("address unreadable"),
                "fault": _FAULTS[found.fault],
            }
        )
