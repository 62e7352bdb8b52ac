"""Refreshes a published page at once, and the former address of a page that has moved."""

from typing import Any

from wagtail.models import Page

from pages.store import refresh


def note_published(instance: Page, **_signal: Any) -> None:
    refresh.note_change(instance)


def note_former_place(instance: Page, url_path_before: str, **_signal: Any) -> None:
    refresh.note_change(instance, url_path_before)


def note_former_slug(instance: Page, instance_before: Page, **_signal: Any) -> None:
    refresh.note_change(instance, instance_before.url_path)
