"""Remembers the addresses of pages that are no longer live: they answer 410."""

from typing import Any

from wagtail.models import Page

from pages.models import PageTopic, Withdrawal
from pages.store import refresh
from pages.tree.addresses import address_of

from .versions import raise_version_for


def remember_published(instance: Page, **_signal: Any) -> None:
    """Forgets the withdrawal of a page that is live again."""
    if address := address_of(instance.url_path):
        Withdrawal.objects.filter(address=address).delete()


def remember_withdrawn(instance: Page, **_signal: Any) -> None:
    """Repeats what saving does: on expiry, in bulk or as an alias Wagtail saves a plain `Page`."""
    raise_version_for(instance)
    PageTopic.list_page(instance)
    _withdraw(instance)


def remember_deleted(instance: Page, **_signal: Any) -> None:
    if instance.live:
        _withdraw(instance)


def _withdraw(page: Page) -> None:
    refresh.note_change(page)
    if address := address_of(page.url_path):
        Withdrawal.objects.update_or_create(address=address, defaults={"title": page.title})
