"""Keeps the search right: writes what changes again, in the same transaction."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_save, pre_delete
from wagtail.models import Page, ReferenceIndex

from pages.content.models import BasePage, Contact, ThreatLevelDecision, ThreatLevelPage
from pages.ground.version.drafts import may_be_seen
from pages.library.models import SiteDocument

from .index import forget_file, forget_page, write_draft, write_file, write_page


def connect_search() -> None:
    """Connects every receiver of the search."""
    post_save.connect(_page_saved)
    pre_delete.connect(forget_page, sender=Page)
    post_save.connect(_file_saved, sender=SiteDocument)
    pre_delete.connect(forget_file, sender=SiteDocument)
    post_save.connect(follow_threat_level, sender=ThreatLevelDecision)
    post_save.connect(_contact_saved, sender=Contact)


def _page_saved(
    sender: type[Model], instance: Model, update_fields: Any, raw: bool, **_signal: object
) -> None:
    if raw or not isinstance(instance, Page):
        return
    if may_be_seen(update_fields):
        write_page(instance)
    elif "latest_revision" in update_fields and isinstance(instance, BasePage):
        write_draft(instance)


def _file_saved(instance: SiteDocument, raw: bool, **_signal: object) -> None:
    if not raw and instance.published_on.exists():
        write_file(instance)


def follow_threat_level(**_signal: object) -> None:
    """Writes the page again, since it is found by the level in force, which also comes by itself."""
    for page in ThreatLevelPage.objects.live():
        write_page(page)


def _contact_saved(instance: Contact, raw: bool, **_signal: object) -> None:
    """Writes the pages that show it again: they are found by its name and numbers."""
    if not raw:
        names_it = ReferenceIndex.get_references_to(instance).filter(
            base_content_type=ContentType.objects.get_for_model(Page)
        )
        keys = set(map(int, names_it.values_list("object_id", flat=True)))
        for page in Page.objects.live().filter(pk__in=keys):
            write_page(page)
