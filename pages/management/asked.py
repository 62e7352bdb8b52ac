"""What a reader would meet now, asked of the site's own page store for the records."""

import time
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from pages.ground.models import ContentVersion
from pages.public.store.answer import headers_of
from pages.public.store.keeping import content_version_of
from pages.public.store.wsgi import PageStore
from pages.records.answered import Answered

_LARGE = 16 * 1024 * 1024


class Asking:
    """Asks the page store of an application."""

    def __init__(self, application: object) -> None:
        if not isinstance(application, PageStore):
            raise CommandError(
                _("%(name)s has no page store.") % {"name": settings.WSGI_APPLICATION}
            )
        self._store = application

    def ask(self, address: str) -> Answered | None:
        """What a reader would meet there now; None if nothing can be said."""
        version = ContentVersion.current()
        response = self._store.asked_at(address)
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
