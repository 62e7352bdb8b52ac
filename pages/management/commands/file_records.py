"""Files what readers have met since the last time, each minute."""

import time
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.ground.models import ContentVersion
from pages.public.store import editions
from pages.public.store.answer import headers_of
from pages.public.store.keeping import content_version_of
from pages.public.store.wsgi import PageStore
from pages.records.answered import Answered, Site
from pages.records.filing import Filing
from pages.records.kept import gap_sentence
from pages.records.lookup import faults_told
from pages.records.naming import files_named
from pages.records.packs import Packs
from pages.records.sheets import Sheets

_LARGE = 16 * 1024 * 1024


class Command(BaseCommand):
    help = _("Files in the records what readers have met. Each minute.")

    def handle(self, *args: object, **options: object) -> None:
        store = get_internal_wsgi_application()
        if not isinstance(store, PageStore):
            raise CommandError(
                _("%(name)s has no page store.") % {"name": settings.WSGI_APPLICATION}
            )
        self.store = store
        site = Site(
            ContentVersion.current, self._ask, editions.addresses, _named, editions.has_edition()
        )
        with faults_told(settings.RECORDS_ROOT, _("The records cannot be written: %(error)s")):
            filed = Filing(settings.RECORDS_ROOT, settings.RECORDS_SPOOL, site).run()
            Sheets(settings.SAID_ROOT).follow(Packs(settings.RECORDS_ROOT))
        self.stdout.write(
            ngettext("%(count)d record filed", "%(count)d records filed", filed.records)
            % {"count": filed.records}
        )
        for gap in filed.gaps:
            self.stderr.write(gap_sentence(gap, 1))

    def _ask(self, address: str) -> Answered | None:
        """What a reader would meet there now; None if nothing can be said."""
        version = ContentVersion.current()
        response = self.store.asked_at(address)
        try:
            if response.status_code >= 500:
                return None
            made, headers = content_version_of(response, version), headers_of(response)
            body, at = _body_of(response), int(time.time() * 1_000_000)
            return Answered(address, made, response.status_code, headers, body, at)
        finally:
            response.close()


def _body_of(response: Any) -> bytes | BinaryIO:
    if not response.streaming:
        return bytes(response.content)
    if int(response.headers.get("Content-Length", 0)) < _LARGE:
        return b"".join(response)
    file = SpooledTemporaryFile(_LARGE)  # noqa: SIM115 (whoever files it reads it)
    for part in response:
        file.write(part)
    file.seek(0)
    return cast(BinaryIO, file)


def _named(met: Answered) -> Iterator[str]:
    kind = dict(met.headers).get("Content-Type", "")
    if isinstance(met.body, bytes):
        yield from files_named(met.address, kind, met.body, settings.EDITION_URL.rstrip("/"))
