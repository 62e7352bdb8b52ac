"""Says whether the records are as they were filed, or which is the first that is not."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.records.lookup import faults_told
from pages.records.packs import Packs
from pages.records.verifying import Fault, Found, verified

_FAULTS = {
    Fault.CHANGED: gettext_lazy("has been changed or moved, or one before it taken away"),
    Fault.REMOVED: gettext_lazy("has been removed"),
}
_MOST_NAMED = 20


class Command(BaseCommand):
    help = _("Names each record that was changed, moved or removed.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--link",
            default="",
            metavar="HASH",
            help=_("A hash that this command has said before, noted elsewhere: must be there."),
        )

    def handle(self, *args: object, link: str, **options: object) -> None:
        with faults_told(settings.RECORDS_ROOT, _("The records cannot be read: %(error)s")):
            done = verified(Packs(settings.RECORDS_ROOT), link=link)
        if done.found:
            raise CommandError("\n".join(map(_sentence, done.found[:_MOST_NAMED])))
        self.stdout.write(
            ngettext(
                "%(count)d record, whole. Last hash: %(hash)s",
                "%(count)d records, all whole. Last hash: %(hash)s",
                done.records,
            )
            % {"count": done.records, "hash": done.last_hash or "-"}
        )


def _sentence(found: Found) -> str:
    return _("Record %(record)d of pack %(pack)d (%(address)s) %(fault)s.") % {
        "record": found.record,
        "pack": found.pack,
        "address": found.address or _("address unreadable"),
        "fault": _FAULTS[found.fault],
    }
