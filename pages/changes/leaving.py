"""Remembers the addresses of pages that are no longer live: they answer 410."""

from typing import Any

from wagtail.models import Page

from pages.content.models import PageTopic, WithdrawalReason
from pages.newsroom.withdrawals import end_withdrawals, remember_departure
from pages.public.store import refresh

from .versions import raise_version_for


def remember_published(instance: Page, **_signal: Any) -> None:
    if instance.live:  # Wagtail says so of what is scheduled too
        end_withdrawals(instance)


def remember_withdrawn(instance: Page, **_signal: Any) -> None:
    """Repeats what saving does: on expiry, in bulk or as an alias Wagtail saves a plain `Page`.

    Also heard before a live page is deleted.
    """
    raise_version_for(instance)
    PageTopic.list_page(instance)
    refresh.note_withdrawal(instance)
    # The end time is the only one that Wagtail tells the reason of.
    remember_departure(instance, reason=WithdrawalReason.OUTDATED if instance.expired else "")
