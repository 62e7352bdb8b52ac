"""What follows when published content changes."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete, pre_save
from django.utils.timezone import localdate
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from .addresses import address_of, is_start
from .indexes import make_indexes
from .memory import KINDS

# What Wagtail writes while an editor works on a draft: nothing that a visitor can see.
DRAFT_FIELDS = frozenset(
    {
        "draft_title", "has_unpublished_changes", "latest_revision",
        "latest_revision_created_at", "locked", "locked_at", "locked_by",
    }
)  # fmt: skip


def may_be_seen(update_fields: Any) -> bool:
    """Whether visitors may see something of what is saved of a page."""
    return update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)


def connect() -> None:
    """Connects every receiver of this app."""
    post_migrate.connect(_add_languages, sender=apps.get_app_config("pages"))
    post_migrate.connect(make_indexes, sender=apps.get_app_config("pages"))
    from . import models
    from .search import keeping

    # First of all.
    pre_save.connect(_page_is_to_be_saved)
    pre_delete.connect(_hold_version, sender=Page)
    keeping.connect()
    for model in (
        models.Alert, models.Contact, models.CookieNotice, models.Footer, models.SiteDocument,
        models.Recommendation, models.SiteImage, models.Synonym, models.ThreatLevelDecision,
        models.Topic, models.Withdrawal, Redirect,
    ):  # fmt: skip
        raise_version_on_change_of(model)
    for model in (Locale, Site):
        raise_version_on_change_of(model, kind="start")
    post_save.connect(_page_saved)
    post_delete.connect(_page_deleted)
    KINDS.update(("page", "news"))
    post_page_move.connect(_page_moved)
    post_page_move.connect(_note_former_place)
    page_slug_changed.connect(_note_former_slug)
    page_published.connect(_date_live_copy)
    page_published.connect(_release_files)
    page_published.connect(_remember_published)
    page_published.connect(_make_renditions)
    page_published.connect(_write_at_once)
    page_unpublished.connect(_remember_withdrawn)
    copy_for_translation_done.connect(_translate_topics)
    pre_delete.connect(_remember_deleted, sender=Page)


def raise_version_on_change_of(model: type[Model], *, kind: str = "") -> None:
    """From now on, saving or deleting such an object raises the content version.

    It is remembered under a kind of its own, the model's name, or together with others.
    """
    kind = kind or model._meta.model_name or ""
    KINDS.add(kind)

    def changed(**_signal: Any) -> None:
        raise_version(kind)

    for signal in (post_save, post_delete):
        signal.connect(
            changed, sender=model, weak=False, dispatch_uid=f"{model._meta.label} {kind}"
        )


def raise_version(*kinds: str) -> None:
    """To be called with what has changed, in the transaction of the change."""
    from .models import ContentVersion
    from .store import refresh

    refresh.follow(ContentVersion.raise_version(*kinds))


def _raise_for(page: Page) -> None:
    from .models import NewsPage

    is_news = issubclass(page.specific_class or Page, NewsPage)
    raise_version("page", *(["news"] if is_news else []), *(["start"] if is_start(page) else []))


def _page_is_to_be_saved(
    sender: type[Model], update_fields: Any, raw: bool, **_signal: Any
) -> None:
    if not raw and issubclass(sender, Page) and may_be_seen(update_fields):
        _hold_version()


def _hold_version(**_signal: Any) -> None:
    """Before the page's own row is locked: see `ContentVersion.hold`."""
    from .models import ContentVersion

    if transaction.get_connection().in_atomic_block:
        ContentVersion.hold()


def _page_saved(
    sender: type[Model], instance: Model, update_fields: Any, raw: bool, **_signal: Any
) -> None:
    if raw or not issubclass(sender, Page) or sender is Page:
        return
    if may_be_seen(update_fields):
        _raise_for(instance)


def _page_moved(instance: Page, **_signal: Any) -> None:
    _raise_for(instance)


def _page_deleted(sender: type[Model], instance: Model, **_signal: Any) -> None:
    if issubclass(sender, Page):
        _raise_for(instance)


def _date_live_copy(instance: Page, **_signal: Any) -> None:
    """A copy that is live at once has not gone through `BasePage.publish`."""
    from .models import BasePage, PageTopic
    from .search.index import write_page

    if isinstance(instance, BasePage) and instance.changed_on is None:
        instance.changed_on = localdate()
        type(instance)._base_manager.filter(pk=instance.pk).update(changed_on=instance.changed_on)
        PageTopic.list_page(instance)
        write_page(instance)


def _release_files(instance: Page, **_signal: Any) -> None:
    """What a published page shows no longer belongs to the one who uploaded it.

    Wagtail lets uploaders change and delete their own images and files; with a file that
    readers meet, that would be publishing without approval. The log still knows who it was.
    """
    from .models import SiteDocument, SiteImage

    references = ReferenceIndex.get_references_for_object(instance)
    for model in (SiteImage, SiteDocument):
        content_type = ContentType.objects.get_for_model(model)
        keys = references.filter(to_content_type=content_type).values_list(
            "to_object_id", flat=True
        )
        model.objects.filter(pk__in=[int(key) for key in keys]).update(uploaded_by_user=None)


def _translate_topics(target_obj: Model, **_signal: Any) -> None:
    """A page copied for translation carries its topics in the language of the copy."""
    from .models import BasePage

    if not isinstance(target_obj, BasePage) or target_obj.alias_of_id:
        return
    row_model = target_obj.page_topics.model
    rows = list(target_obj.page_topics.select_related("topic"))
    topics = (row.topic.get_translation_or_none(target_obj.locale) for row in rows)
    target_obj.page_topics = [
        row_model(topic=topic, sort_order=order) for order, topic in enumerate(filter(None, topics))
    ]
    target_obj.save(clean=False)
    target_obj.save_revision(clean=False)


def _remember_published(instance: Page, **_signal: Any) -> None:
    """A page that is readable again is no longer withdrawn."""
    from .models import Withdrawal

    if address := address_of(instance.url_path):
        Withdrawal.objects.filter(address=address).delete()


def _make_renditions(instance: Page, **_signal: Any) -> None:
    """Renditions that an image of the page lacks are made now: a visitor never makes one."""
    from .images import images_with_renditions, make_missing_renditions
    from .models import SiteImage
    from .references import named_by

    keys = named_by(instance).get(SiteImage, set())

    def make() -> None:
        images = images_with_renditions(keys).values()
        if sum(map(make_missing_renditions, images)):
            raise_version("siteimage")

    if keys:
        transaction.on_commit(make, robust=True)


def _write_at_once(instance: Page, **_signal: Any) -> None:
    from .store import refresh

    refresh.note(instance)


def _note_former_place(instance: Page, url_path_before: str, **_signal: Any) -> None:
    from .store import refresh

    refresh.note(instance, url_path_before)


def _note_former_slug(instance: Page, instance_before: Page, **_signal: Any) -> None:
    from .store import refresh

    refresh.note(instance, instance_before.url_path)


def _remember_withdrawn(instance: Page, **_signal: Any) -> None:
    """Also when Wagtail saves it as a plain page: on its last day, in bulk, with its original."""
    from .models import PageTopic

    _raise_for(instance)
    PageTopic.list_page(instance)
    _withdraw(instance)


def _remember_deleted(instance: Page, **_signal: Any) -> None:
    if instance.live:
        _withdraw(instance)


def _withdraw(page: Page) -> None:
    from .models import Withdrawal
    from .store import refresh

    refresh.note(page)
    if address := address_of(page.url_path):
        Withdrawal.objects.update_or_create(address=address, defaults={"title": page.title})


def _add_languages(using: str, **_signal: Any) -> None:
    """Wagtail makes only the first language; without the others no page can be translated."""
    if not router.allow_migrate_model(using, Locale):
        return
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.using(using).get_or_create(language_code=code)
