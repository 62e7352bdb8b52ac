"""Raises the content version when something that visitors see changes."""

from collections.abc import Collection

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils.timezone import localdate
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import DraftStateMixin, Locale, Page, Site
from wagtail.signals import post_page_move

from pages.content.models import BasePage, PageTopic
from pages.content.tree.addresses import is_start
from pages.ground.models import ContentVersion
from pages.ground.version.drafts import may_be_seen
from pages.ground.version.memory import KINDS
from pages.library.models import SiteDocument, SiteImage
from pages.search.index import write_page


def connect_locks() -> None:
    """Lets a page, or a file that one may be about to show, lock the version's row before its own."""
    pre_save.connect(_page_is_to_be_saved)
    for model in (SiteDocument, SiteImage):
        pre_save.connect(_hold_version, sender=model)
    pre_delete.connect(_hold_version, sender=Page)


def connect_versions() -> None:
    """Lets each change of something that visitors see raise the content version.

    This includes every page, every model of ours without `raises_version = False`, and Wagtail's
    redirects, locales and sites, which decide where a visitor ends up.
    """
    for model in our_models():
        if issubclass(model, BasePage):
            KINDS.update(model.version_kinds)
        elif getattr(model, "raises_version", True):
            _raise_version_on_change_of(model, model._meta.model_name or "")
    _raise_version_on_change_of(Redirect, "redirect")
    for model in (Locale, Site):
        _raise_version_on_change_of(model, "start")
    post_save.connect(_page_saved)
    post_delete.connect(_page_deleted)
    post_page_move.connect(_page_moved)


def our_models() -> list[type[Model]]:
    """Every model of the apps in this project."""
    return [
        model
        for app in apps.get_app_configs()
        if (settings.PROJECT_DIR / app.name.partition(".")[0]).is_dir()
        for model in app.get_models()
    ]


def what_visitors_meet() -> list[type[Model]]:
    """Our models, but the page types, whose rows are public or have drafts before they are."""
    return [
        model
        for model in our_models()
        if not issubclass(model, Page)
        and (getattr(model, "raises_version", True) or issubclass(model, DraftStateMixin))
    ]


def _raise_version_on_change_of(model: type[Model], kind: str) -> None:
    """Draws a new stamp for the kind whenever an object of the model is saved or deleted."""
    KINDS.add(kind)

    def concerned(instance: Model, **_signal: object) -> None:
        if getattr(instance, "concerns_readers", True):  # not so a draft of a register
            ContentVersion.raise_version(kind)

    for signal in (post_save, post_delete):
        signal.connect(
            concerned, sender=model, weak=False, dispatch_uid=f"{model._meta.label} {kind}"
        )


def raise_version_for(page: Page) -> None:
    """Raises the version for a page in which something that visitors see has changed."""
    kinds = getattr(page.specific_class, "version_kinds", BasePage.version_kinds)
    ContentVersion.raise_version(*kinds, *(["start"] if is_start(page) else []))


def _page_is_to_be_saved(
    sender: type[Model], update_fields: Collection[str] | None, raw: bool, **_signal: object
) -> None:
    if not raw and issubclass(sender, Page) and may_be_seen(update_fields):
        _hold_version()


def _hold_version(**_signal: object) -> None:
    """Locks the version before the page's own row is locked: see `ContentVersion.hold`."""
    if transaction.get_connection().in_atomic_block:
        ContentVersion.hold()


def _page_saved(
    sender: type[Model],
    instance: Model,
    update_fields: Collection[str] | None,
    raw: bool,
    **_signal: object,
) -> None:
    if raw or not issubclass(sender, Page) or sender is Page:
        return
    if may_be_seen(update_fields):
        raise_version_for(instance)


def _page_deleted(instance: Model, **_signal: object) -> None:
    if isinstance(instance, Page) and instance.live:
        raise_version_for(instance)


def _page_moved(instance: Page, **_signal: object) -> None:
    raise_version_for(instance)


def date_live_copy(instance: Page, **_signal: object) -> None:
    """Dates a copy that is live at once, since it has not passed `BasePage.publish`."""
    if isinstance(instance, BasePage) and instance.changed_on is None:
        instance.changed_on = localdate()
        type(instance)._base_manager.filter(pk=instance.pk).update(changed_on=instance.changed_on)
        PageTopic.list_page(instance)
        write_page(instance)
