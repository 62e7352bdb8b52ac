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

_published = threading.local()


def note(page: Page) -> None:
    """The page and what lists it are written at once when the transaction is through."""
    vars(_published).setdefault("keys", set()).add(page.pk)


def follow(version: str) -> None:
    """To be called with each new content version, in its transaction."""
    transaction.on_commit(lambda: _committed(version), robust=True)


def _committed(version: str) -> None:
    from pages.models import ContentVersion

    if ContentVersion.current() != version:
        return  # another one came after it in the same transaction, or since
    watch.learn(version)
    keys = vars(_published).pop("keys", set())
    addresses = list(dict.fromkeys(_addresses_about(keys)))
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


def _addresses_about(keys: set[int]) -> Iterable[str]:
    """The addresses of these pages, of the pages they lie under, and of their topics."""
    from pages.models import PageTopic

    for page in Page.objects.filter(pk__in=keys):
        above = page.get_ancestors(inclusive=True).live().filter(depth__gt=1)
        for url_path in above.order_by("-depth").values_list("url_path", flat=True):
            if address := address_of(url_path):
                yield address
    for row in PageTopic.objects.filter(page__in=keys).select_related("topic__locale"):
        yield row.topic.url
