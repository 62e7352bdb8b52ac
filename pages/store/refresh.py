"""What follows a change of published content, once it is committed."""

import logging
import threading
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from wagtail.models import Page

from pages.addresses import address_of

from . import edition
from .watch import watch

logger = logging.getLogger(__name__)


class _Changes(threading.local):
    """What has changed in the transaction of this thread."""

    def __init__(self) -> None:
        self.version = ""
        self.places: set[str] = set()
        self.keys: set[int] = set()


_changes = _Changes()


def note(page: Page, url_path: str = "") -> None:
    """The page and what lists it are written at once when the transaction is through.

    `url_path` is where the page lay, when it lies there no longer.
    """
    _changes.places.add(url_path or page.url_path)
    _changes.keys.add(page.pk)


def follow(version: str) -> None:
    """To be called with each new content version, in its transaction."""
    _changes.version = version
    transaction.on_commit(lambda: _committed(version), robust=True)


def _committed(version: str) -> None:
    if version != _changes.version:
        return  # another one came after it in the same transaction
    watch.learn(version)
    addresses = list(dict.fromkeys(_addresses_about(_changes.places, _changes.keys)))
    _changes.places, _changes.keys = set(), set()
    if edition.is_kept():
        write_at_once(addresses)
    if settings.WAGTAILFRONTENDCACHE:
        purge(addresses)


def write_at_once(addresses: Iterable[str]) -> None:
    """Takes away what is old, and writes these pages; in a process that serves no pages a job does."""
    from .wsgi import PageStore

    now = edition.begin()
    handler = PageStore.serving
    if handler is None:
        return
    scheme, host = edition.scheme_and_host()
    for address in addresses:
        try:
            if answer := handler.answer_at(address, scheme=scheme, host=host):
                now.write(address, answer)
        except Exception:
            # The page is published all the same: what is not in the edition falls to Python.
            logger.exception("%s could not be written into the edition", address)


def purge(addresses: Iterable[str]) -> None:
    """Asks the caches in front of us to forget these addresses; the others soon forget by themselves."""
    from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

    base = settings.EDITION_URL or settings.WAGTAILADMIN_BASE_URL
    urls = [f"{base.rstrip('/')}{address}" for address in addresses]
    threading.Thread(target=purge_urls_from_cache, args=[urls], daemon=True).start()


def _addresses_about(places: set[str], keys: set[int]) -> Iterable[str]:
    """The addresses of these places, of the pages they lie under, and of these pages' topics."""
    from pages.models import PageTopic

    for place in places:
        parts = place.strip("/").split("/")
        for count in range(len(parts), 0, -1):
            if address := address_of(f"/{'/'.join(parts[:count])}/"):
                yield address
    for row in PageTopic.objects.filter(page__in=keys).select_related("topic__locale"):
        yield row.topic.url
