"""Lists who hears of which change. Each receiver does its work in another module."""

from django.apps import apps
from django.db.models.signals import post_migrate, pre_delete
from wagtail.models import Page
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from pages.frame.of_language import moments_of_alerts, moments_of_decisions
from pages.models import ContentVersion
from pages.search import following
from pages.store import refresh
from pages.version.clock import register_moments

from . import indexes, languages, uploads, versions, withdrawals


def connect_changes() -> None:
    """Connects every receiver of this app, in the order in which they must run."""
    for migrated in (languages.add_languages, indexes.make_indexes):
        post_migrate.connect(migrated, sender=apps.get_app_config("pages"))

    ContentVersion.raised.connect(refresh.follow)
    versions.connect_locks()
    following.connect_search()
    # After the search: outside of a transaction, a new version must not come before its entries.
    versions.connect_versions()

    for published in (
        versions.date_live_copy,
        uploads.release_files,
        withdrawals.remember_published,
        uploads.make_renditions,
        refresh.note_change,
    ):
        page_published.connect(published)
    page_unpublished.connect(withdrawals.remember_withdrawn)
    pre_delete.connect(withdrawals.remember_deleted, sender=Page)
    post_page_move.connect(refresh.note_change)
    page_slug_changed.connect(refresh.note_change)
    copy_for_translation_done.connect(languages.translate_topics)

    register_moments(moments_of_alerts)
    register_moments(moments_of_decisions)
