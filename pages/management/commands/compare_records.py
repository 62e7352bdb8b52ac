"""Names what readers met and a restore took away."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, resolve
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from pages.content.models import Alert
from pages.content.tree.addresses import addressing
from pages.ground.models import ContentVersion
from pages.library.models import SiteDocument
from pages.library.public_storage import is_served
from pages.records.lookup import faults_told
from pages.records.restored import Lost, Restored, lost_by_restore

# More than a backup may lose, with what a slow machine needs.
_TOO_MUCH = timedelta(seconds=30)


class Command(BaseCommand):
    help = _("After a restore: names what readers met before it and cannot meet now.")

    def handle(self, *args: object, **options: object) -> None:
        lost = _found()
        for each in lost:
            self.stdout.write(_sentence(each))
        if not lost:
            self.stdout.write(_("All that readers met is public."))
        elif lost[-1].since - lost[0].since > _TOO_MUCH:
            raise CommandError(
                _("The restore took away more than the last seconds: all since %(moment)s.")
                % {"moment": f"{localtime(lost[0].since):%Y-%m-%d %H:%M:%S}"}
            )
        else:
            self.stdout.write(
                ngettext(
                    "%(count)d thing that readers met was lost with the last seconds.",
                    "%(count)d things that readers met were lost with the last seconds.",
                    len(lost),
                )
                % {"count": len(lost)}
            )


def _found() -> list[Lost]:
    records, spool = settings.RECORDS_ROOT, settings.RECORDS_SPOOL
    with faults_told(records, _("The records cannot be written: %(error)s")):
        return lost_by_restore(records, spool, _restored())


def _restored() -> Restored:
    address_of = addressing()
    pages = {address_of(path) for path in Page.objects.live().values_list("url_path", flat=True)}

    def has(address: str) -> bool | None:
        try:
            match = resolve(address)
        except Resolver404:
            return None
        if match.url_name == "media":
            return is_served(match.kwargs["path"])
        if match.url_name == "wagtaildocs_serve":
            found = SiteDocument.objects.filter(pk=match.args[0]).first()
            return found is not None and is_served(found.file.name)
        return address in pages if match.url_name == "wagtail_serve" else None

    messages = frozenset(each.identifier for each in Alert.objects.out())
    return Restored(ContentVersion.current(), has, messages)


def _sentence(lost: Lost) -> str:
    if lost.is_message:
        said = _("the message “%(what)s”, before readers since %(moment)s: is gone by the restore")
    elif lost.is_there_as_before:
        said = _("%(what)s, before readers since %(moment)s: stands as it was before that")
    else:
        said = _("%(what)s, before readers since %(moment)s: is gone by the restore")
    return said % {"what": lost.what, "moment": f"{localtime(lost.since):%Y-%m-%d %H:%M:%S}"}
