"""Where the website lists the form, and how the search follows what the statement names."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.utils import translation
from django.utils.translation import gettext as _

from pages.content.tree.addresses import prefix_of
from pages.content.tree.fixed_pages import FixedPage, register_fixed_page
from pages.search.index import write_page

from .statement import AccessibilityDeviation, AccessibilityStatementPage

ADDRESS = "tillganglighet/meddelande/"


def connect_statement() -> None:
    """Lists the form in sitemap and search, and lets deviations be found on the statement's page."""
    register_fixed_page(message_form_in)
    post_save.connect(_deviation_saved, sender=AccessibilityDeviation)
    post_delete.connect(_write_statements, sender=AccessibilityDeviation)


def message_form_in(language: str) -> FixedPage:
    with translation.override(language):
        names = _("message on accessibility, report a fault, accessible copy")
        return FixedPage(
            url=f"{prefix_of(language)}/{ADDRESS}",
            title=_("Message on accessibility"),
            summary=_("Tell us what does not work for you, or ask for something in another form."),
            names=tuple(names.split(", ")),
        )


def _deviation_saved(instance: AccessibilityDeviation, **_signal: Any) -> None:
    if instance.concerns_readers:
        _write_statements(instance)


def _write_statements(instance: AccessibilityDeviation, **_signal: Any) -> None:
    for page in AccessibilityStatementPage.objects.live().filter(locale_id=instance.locale_id):
        write_page(page)
