"""What follows when the register of partners changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.search.index import insert_or_update_object

from pages.signals import raise_version_on_change_of

from .models import CooperationPage, Partner


def connect() -> None:
    """Connects every receiver of this app."""
    raise_version_on_change_of(Partner)
    post_save.connect(_index_pages, sender=Partner)
    post_delete.connect(_index_pages, sender=Partner)


def _index_pages(**_signal: Any) -> None:
    """The pages that show partners are found by the partners' names."""
    for page in CooperationPage.objects.live():
        insert_or_update_object(page)
