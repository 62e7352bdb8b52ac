"""Names what readers met and a restore took away."""

import sqlite3
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.ground.models import ContentVersion
from pages.management.asked import Asking
from pages.records.lookup import unusable
from pages.records.packs import BrokenError
from pages.records.restored import Lost, lost_by_restore

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
    ask = Asking(get_internal_wsgi_application()).ask
    records, spool = settings.RECORDS_ROOT, settings.RECORDS_SPOOL
    try:
        return lost_by_restore(records, spool, ContentVersion.current(), ask)
    except OSError as error:
        raise CommandError(
            _("The records cannot be written: %(error)s") % {"error": error.strerror or error}
        ) from error
    except sqlite3.Error as error:
        raise CommandError(unusable(records)) from error
    except BrokenError as error:
        raise CommandError(_("The records are damaged: verify_records says where.")) from error
    except DatabaseError as error:
        raise CommandError(_("The database cannot be used: set the site up first.")) from error


def _sentence(lost: Lost) -> str:
    if lost.is_message:
        said = _("the message “%(what)s”, before readers since %(moment)s: is gone by the restore")
    elif lost.is_there_as_before:
        said = _("%(what)s, before readers since %(moment)s: stands as it was before that")
    else:
        said = _("%(what)s, before readers since %(moment)s: is gone by the restore")
    return said % {"what": lost.what, "moment": f"{localtime(lost.since):%Y-%m-%d %H:%M:%S}"}
