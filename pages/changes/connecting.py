"""Lists who hears of which change. Each receiver does its work in another module."""

from django.apps import apps
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, post_save, pre_migrate, pre_save
from wagtail.models import ReferenceIndex, Revision
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
)

from pages.content.models import keep_true
from pages.content.models.overwriting import ON_RECORD
from pages.ground.models import ContentVersion
from pages.ground.version.clock import register_moments
from pages.library.models import FileInVersion, SiteDocument, SiteImage
from pages.newsroom.acts import register_acts
from pages.newsroom.closed_accounts import end_words_of
from pages.newsroom.desk.password_again import note_password
from pages.newsroom.guard import say_it_to_editors
from pages.newsroom.keeping_public import connect_keeping, is_on_record
from pages.newsroom.persons import account_closed
from pages.newsroom.served_files import connect_serving, no_longer_served
from pages.newsroom.withdrawals import withdrawn_by_mistake
from pages.public.frame.of_language import moments_of_alerts, moments_of_decisions
from pages.public.store import refresh, waiting
from pages.search import following

from . import (
    files_in_versions,
    indexes,
    languages,
    leaving,
    replaced_files,
    triggers,
    uploads,
    versions,
)


def connect_changes() -> None:
    """Connects every receiver of this app, in the order in which they must run."""
    last = apps.get_app_config("search")
    pre_migrate.connect(triggers.take_triggers_away, sender=last)
    for migrated in (languages.add_languages, indexes.make_indexes, triggers.lay_triggers):
        post_migrate.connect(migrated, sender=last)
    checks.register(triggers.name_wrong_triggers, checks.Tags.database)

    register_acts()
    connect_keeping(versions.what_visitors_meet())
    ON_RECORD.append(is_on_record)
    connect_serving()
    for opened in (waiting.note_connection, say_it_to_editors):
        connection_created.connect(opened)
    ContentVersion.raised.connect(refresh.follow)
    versions.connect_locks()
    following.connect_search()
    # After the search: outside of a transaction, a new version must not come before its entries.
    versions.connect_versions()

    for receiver in (
        versions.date_live_copy,
        keep_true,
        leaving.remember_published,
        uploads.make_renditions,
        refresh.note_change,
    ):
        page_published.connect(receiver)
    published.connect(uploads.note_when_public)
    for uploaded in (SiteImage, SiteDocument):
        pre_save.connect(replaced_files.remember_names, sender=uploaded)
    post_save.connect(files_in_versions.note_files_named, sender=Revision)
    for naming in (FileInVersion, ReferenceIndex):
        post_delete.connect(files_in_versions.note_last_use, sender=naming)
    page_unpublished.connect(leaving.remember_withdrawn)
    withdrawn_by_mistake.connect(refresh.note_mistakes)
    no_longer_served.connect(refresh.note_files_gone)
    post_page_move.connect(refresh.note_change)
    page_slug_changed.connect(refresh.note_change)
    copy_for_translation_done.connect(languages.translate_topics)

    account_closed.connect(end_words_of)
    user_logged_in.connect(note_password)

    register_moments(moments_of_alerts)
    register_moments(moments_of_decisions)
