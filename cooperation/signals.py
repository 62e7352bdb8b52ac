"""Updates the search when the register of partners changes."""

from django.db.models.signals import post_delete, post_save

from pages.public.frame.abbreviations import register_abbreviations
from pages.search.index import write_page

from .models import CooperationPage, Partner


def connect_partners() -> None:
    """Connects every receiver of this app, and registers the partners' abbreviations."""
    register_abbreviations(Partner.abbreviations, kind="partner")
    post_save.connect(_partner_saved, sender=Partner)
    post_delete.connect(_write_pages, sender=Partner)


def _partner_saved(instance: Partner, **_signal: object) -> None:
    if instance.concerns_readers:
        _write_pages()


def _write_pages(**_signal: object) -> None:
    """Writes the pages that show partners again, since they are found by the partners' names."""
    for page in CooperationPage.objects.live():
        write_page(page)
