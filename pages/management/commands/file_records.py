"""Files what readers have met since the last time, each minute."""

import sqlite3
from collections.abc import Iterator

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.ground.models import ContentVersion
from pages.management.asked import Asking
from pages.public.store import editions
from pages.records.answered import Answered, Site
from pages.records.filing import Filing
from pages.records.kept import gap_sentence
from pages.records.lookup import unusable
from pages.records.naming import files_named
from pages.records.packs import BrokenError

class Command(BaseCommand):
    help = _("Files in the records what readers have met. Each minute.")

    def handle(self, *args: object, **options: object) -> None:
        ask = Asking(get_internal_wsgi_application()).ask
        site = Site(ContentVersion.current, ask, editions.addresses, _named, editions.has_edition())
        try:
            filed = Filing(settings.RECORDS_ROOT, settings.RECORDS_SPOOL, site).run()
        except OSError as error:
            raise CommandError(
                _("The records cannot be written: %(error)s") % {"error": error.strerror or error}
            ) from error
        except sqlite3.Error as error:
            raise CommandError(unusable(settings.RECORDS_ROOT)) from error
        except BrokenError as error:
            raise CommandError(_("The records are damaged: verify_records says where.")) from error
        except DatabaseError as error:
            raise CommandError(_("The database cannot be used: set the site up first.")) from error
        self.stdout.write(
            ngettext("%(count)d record filed", "%(count)d records filed", filed.records)
            % {"count": filed.records}
        )
        for gap in filed.gaps:
            self.stderr.write(gap_sentence(gap, 1))


def _named(met: Answered) -> Iterator[str]:
    kind = dict(met.headers).get("Content-Type", "")
    if isinstance(met.body, bytes):
        yield from files_named(met.address, kind, met.body, settings.EDITION_URL.rstrip("/"))
