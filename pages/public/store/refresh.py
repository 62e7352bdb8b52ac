"""Refreshes the edition, once a change is committed."""

import logging
import threading
import time
from collections.abc import Iterable
from urllib.parse import unquote

from django.core.files.storage import default_storage
from django.db import transaction
from wagtail.models import Page

from pages.content.models import ArticlePage, PageTopic
from pages.content.tree.addresses import address_of
from pages.library.models import SiteDocument
from pages.records.handing import handing

from . import editions, first_pages
from .watch import watch
from .wsgi import SOON, PageStore

logger = logging.getLogger(__name__)

# What readers are to have at once where they come first.
_AT_ONCE = frozenset({"alert", "threatleveldecision"})


class _Told(threading.local):
    """What this thread has done under the newest version."""

    addresses: frozenset[str] = frozenset()  # refreshed
    committed_at = 0.0


_told = _Told()


def note_change(
    instance: Page,
    url_path_before: str = "",
    instance_before: Page | None = None,
    **_signal: object,
) -> None:
    """Refreshes the page and the pages that list it as soon as the transaction is committed.

    A page that has moved is refreshed at its former place.
    """
    former = url_path_before or (instance_before or instance).url_path
    addresses = list(_addresses_about(instance, former))
    transaction.on_commit(lambda: _noted(addresses), robust=True)


def note_withdrawal(page: Page) -> None:
    """Refreshes what is around a page that goes, and lets no former answer stand for it."""
    note_change(page)
    if address := address_of(page.url_path):
        transaction.on_commit(lambda: _withdrawn(address), robust=True)


def note_mistakes(addresses: frozenset[str], **_signal: object) -> None:
    """Lets nothing that was made before stand in for anything: it may name what went by mistake."""
    transaction.on_commit(lambda: _mistaken(addresses), robust=True)


def follow(value: str, former: str, kinds: frozenset[str], **_signal: object) -> None:
    """Receives each new content version, in the transaction that draws it.

    A transaction may draw several; what is written after the commit has the last one.
    """
    _told.addresses, _told.committed_at = frozenset(), 0.0
    transaction.on_commit(lambda: _committed(value, former), robust=True)
    if kinds & _AT_ONCE:
        transaction.on_commit(_first_met, robust=True)


def _committed(version: str, former: str) -> None:
    # The same for all versions of a transaction: they began together.
    _told.committed_at = _told.committed_at or time.time()
    handing.version(version, former, begins=_told.committed_at)
    try:
        if editions.has_edition():
            editions.begin()
    finally:
        watch.learn(version)


def _first_met() -> None:
    if editions.has_edition():
        _noted(list(first_pages.first_addresses()))


def _withdrawn(address: str) -> None:
    watch.learn_withdrawn(address)
    if editions.has_edition():
        editions.take_out(address)


def _mistaken(addresses: frozenset[str]) -> None:
    watch.learn_mistakes(watch.mistakes | addresses)
    if editions.has_edition():
        editions.take_out_all()


def _noted(addresses: list[str]) -> None:
    untold = [address for address in dict.fromkeys(addresses) if address not in _told.addresses]
    _told.addresses |= frozenset(untold)
    if untold and editions.has_edition():
        write_at_once(untold)


def note_files_gone(names: Iterable[str], **_signal: object) -> None:
    """Says in the records that files are public no longer."""
    found = SiteDocument.objects.filter(file__in=names)
    addresses = [*(each.url for each in found), *map(default_storage.url, names)]
    handing.gone([unquote(each) for each in addresses])


def write_at_once(addresses: Iterable[str]) -> None:
    """Begins an edition and writes these pages; in a process that serves none, a job does."""
    now = editions.begin()
    handler = PageStore.serving
    if handler is None:
        return
    for address in addresses:
        try:
            if answer := handler.answer_at(address, now, quality=SOON):
                now.write(address, answer)
        except Exception:
            # The page is published all the same: Python answers for what is not in the edition.
            logger.exception("%s could not be written into the edition", address)


def _addresses_about(page: Page, url_path: str) -> Iterable[str]:
    """The addresses of this place, of the pages above it, of its twins and of the page's topics."""
    parts = url_path.strip("/").split("/")
    for count in range(len(parts), 0, -1):
        if address := address_of(f"/{'/'.join(parts[:count])}/"):
            yield address
    # Each tells readers whether the other has changed.
    twins = ArticlePage.objects.filter(twin_of=page.pk).values_list("pk", flat=True)
    keys = [*twins, getattr(page, "twin_of_id", None)]
    for path in Page.objects.live().filter(pk__in=keys).values_list("url_path", flat=True):
        if address := address_of(path):
            yield address
    rows = PageTopic.objects.filter(page=page.pk, topic__live=True)
    for row in rows.select_related("topic__locale"):
        yield row.topic.url
