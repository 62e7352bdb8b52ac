"""The last line of defence, in saving itself: what nobody has confirmed is not saved as public.

The gate asks the rule and opens a permit. What comes by any other way, also by one that nobody
thought of, meets these receivers. Raw SQL does not; `pages.newsroom.verify` finds that afterwards.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import pre_delete, pre_save
from modelcluster.models import get_all_child_relations
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
    Site,
)
from wagtail.signals import pre_page_move

from pages.content.models import Withdrawal
from pages.ground.models import ContentVersion
from pages.ground.version.drafts import DRAFT_FIELDS

from .along import LIBRARY, is_public_file, public_keys
from .digest import is_content, key_of, kind_of, live_digest_of, words_of_file
from .gate import NotConfirmed
from .permit import is_named, is_open, is_permitted

# Rows that only follow from something that was confirmed. Nothing public is made private at all.
_FOLLOWING: tuple[type[Model], ...] = (
    Redirect, Withdrawal, PageViewRestriction, CollectionViewRestriction,
)  # fmt: skip


@cache
def guarded_models() -> tuple[type[Model], ...]:
    """Every model whose live rows readers meet."""
    return tuple(model for model in apps.get_models() if issubclass(model, DraftStateMixin))


@cache
def _children() -> dict[type[Model], str]:
    """Model of rows that belong to such an object -> its field for the object."""
    return {
        relation.related_model: relation.field.name
        for model in guarded_models()
        for relation in get_all_child_relations(model)
        if is_content(relation.get_accessor_name())
    }


def connect_guard() -> None:
    """Puts the guard before every saving and deleting of what readers meet."""
    for model in guarded_models():
        pre_save.connect(_refuse_unconfirmed, sender=model)
    for model in _children():
        pre_save.connect(_refuse_row, sender=model)
        pre_delete.connect(_refuse_row, sender=model)
    for model in _FOLLOWING:
        pre_save.connect(_refuse_what_follows, sender=model)
        pre_delete.connect(_refuse_what_follows, sender=model)
    for model in LIBRARY:
        pre_save.connect(_refuse_public_file, sender=model)
    pre_page_move.connect(_refuse_move)
    pre_save.connect(_refuse_site, sender=Site)
    pre_delete.connect(_refuse_what_follows, sender=Site)
    # Saving many at once sends no signal; bulk_update updates.
    for name, refuse in (
        ("update", _refuse_update),
        ("bulk_create", _refuse_many),
    ):
        setattr(QuerySet, name, _watched(getattr(QuerySet, name), refuse))


def live_objects() -> Iterator[Any]:
    """Everything that readers meet, each object once and as its own model."""
    for model in guarded_models():
        objects = model._base_manager.filter(live=True)
        if model is Page:
            own_type = ContentType.objects.get_for_model(Page)
            objects = objects.filter(content_type=own_type, depth__gt=1)
        yield from objects.order_by("pk").iterator(100)


def _refuse_unconfirmed(
    sender: type[Model], instance: Any, update_fields: Any = None, **_signal: Any
) -> None:
    if update_fields is not None and DRAFT_FIELDS.issuperset(update_fields):
        return
    kind, key = kind_of(instance), key_of(instance)
    is_own_model = sender is not Page
    # First, since it is what the gate does: nothing else has to be looked up then.
    may_be_permitted = is_own_model and instance.live and is_named(kind, key)
    if may_be_permitted and is_permitted(kind, key, lambda: live_digest_of(instance)):
        return
    stored: Any = None
    if instance.pk is not None:
        stored = sender._base_manager.filter(pk=instance.pk).first()
    was_live = stored is not None and stored.live
    if getattr(instance, "depth", None) == 1:
        return
    if not was_live and not instance.live:
        if isinstance(instance, Page) and _moves_public_pages(instance, stored):
            raise NotConfirmed
        return
    if not is_own_model:
        if not is_named(kind, key) and not _is_same_row(instance, stored):
            raise NotConfirmed
    elif not instance.live:
        if not is_named(kind, key):
            raise NotConfirmed
    elif not was_live or live_digest_of(instance) != live_digest_of(stored):
        raise NotConfirmed


def _moves_public_pages(draft: Page, stored: Page | None) -> bool:
    """Whether the draft gets another slug, which stands in the addresses of public pages below it."""
    return (
        stored is not None
        and draft.slug != stored.slug
        and not is_named(kind_of(draft), key_of(draft))
        and stored.get_descendants().live().exists()
    )


def _is_same_row(page: Page, stored: Page | None) -> bool:
    """Whether a plain page, which knows its own columns only, differs in none that readers meet."""
    return stored is not None and all(
        getattr(page, field.attname) == getattr(stored, field.attname)
        for field in Page._meta.concrete_fields
        if field.name == "live" or (is_content(field.name) and field.editable)
    )


def _refuse_row(sender: type[Model], instance: Any, **_signal: Any) -> None:
    """Asks the object that a row belongs to, and the one that it is taken from."""
    field: Any = sender._meta.get_field(_children()[sender])
    stored = sender._base_manager.filter(pk=instance.pk).values().first() or {}
    keys = {getattr(instance, field.attname), stored.get(field.attname)}
    owners = field.related_model._base_manager.filter(pk__in=keys - {None}, live=True)
    if all(is_named(kind_of(owner), key_of(owner)) for owner in owners):
        return
    is_saved = "update_fields" in _signal and stored
    if not is_saved or any(getattr(instance, name) != value for name, value in stored.items()):
        raise NotConfirmed


def _refuse_public_file(instance: Any, **_signal: Any) -> None:
    """Lets only what no reader meets be saved of a picture or file that something public shows."""
    stored: Any = type(instance)._base_manager.filter(pk=instance.pk).first()
    if stored is None or is_named(kind_of(instance), key_of(instance)):
        return
    is_same_file = instance.file.name == stored.file.name and instance.file._committed
    if is_same_file and live_digest_of(instance) == live_digest_of(stored):
        return
    if transaction.get_connection().in_atomic_block:
        # A page that shows it may be about to become public, and has looked at the file.
        ContentVersion.hold()
    if is_public_file(instance):
        raise NotConfirmed


def _refuse_what_follows(**_signal: Any) -> None:
    if not is_open():
        raise NotConfirmed


def _refuse_site(instance: Site, **_signal: Any) -> None:
    """Lets only what no reader meets be saved, such as the port."""
    if is_named(kind_of(instance), key_of(instance)):
        return
    stored = Site.objects.filter(pk=instance.pk).first()
    if stored is None or live_digest_of(stored) != live_digest_of(instance):
        raise NotConfirmed


def _refuse_move(instance: Page, **_signal: Any) -> None:
    if is_named(kind_of(instance), key_of(instance)):
        return
    if instance.get_descendants(inclusive=True).live().exists():
        raise NotConfirmed


def _watched(method: Callable[..., Any], refuse: Callable[..., None]) -> Callable[..., Any]:
    @wraps(method)
    def watched(queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        if not is_open() and queryset.model in _all_guarded():
            refuse(queryset, *args, **kwargs)
        return method(queryset, *args, **kwargs)

    return watched


@cache
def _all_guarded() -> frozenset[type[Model]]:
    return frozenset((*guarded_models(), *_children(), *_FOLLOWING, *LIBRARY, Site))


def _refuse_update(queryset: QuerySet[Any], **columns: Any) -> None:
    if not _concern_readers(queryset.model, columns):
        return
    if queryset.model in LIBRARY:
        _refuse_public_keys(queryset.model, queryset.values_list("pk", flat=True))
        return
    if queryset.model not in guarded_models():
        if queryset.exists():
            raise NotConfirmed
        return
    if issubclass(queryset.model, Page):
        queryset = queryset.filter(depth__gt=1)  # nobody reads the root
    if queryset.filter(**({} if columns.get("live") else {"live": True})).exists():
        raise NotConfirmed


def _refuse_many(queryset: QuerySet[Any], objs: Iterable[Any], *_args: Any, **_more: Any) -> None:
    if queryset.model in guarded_models() and not any(each.live for each in objs):
        return
    if queryset.model in LIBRARY:
        _refuse_public_keys(queryset.model, [each.pk for each in objs if each.pk])
        return
    if queryset.model in _children():
        field: Any = queryset.model._meta.get_field(_children()[queryset.model])
        owners = {getattr(each, field.attname) for each in objs}
        if not field.related_model._base_manager.filter(pk__in=owners, live=True).exists():
            return
    raise NotConfirmed


def _refuse_public_keys(model: type[Model], keys: Iterable[int]) -> None:
    if public_keys(model, keys):
        raise NotConfirmed


def _concern_readers(model: type[Model], names: Iterable[str]) -> bool:
    if model in LIBRARY:
        return not {"file", "file_hash", *words_of_file(model)}.isdisjoint(names)
    return any(
        name == "live" or (is_content(name) and model._meta.get_field(name).editable)
        for name in names
    )
