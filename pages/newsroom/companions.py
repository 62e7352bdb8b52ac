"""Companions: the pictures and files that become public together with what shows them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, ForeignKey, Model, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex

from pages.content.references.named import Named, named_by
from pages.library.models import SiteDocument, SiteImage

from .digest import content_digest_of, key_of, kind_of, object_of

LIBRARY: tuple[type[Model], ...] = (SiteImage, SiteDocument)


def is_public_file(file: Model) -> bool:
    """Whether something public shows the picture or leads to the file."""
    return bool(public_keys(type(file), {file.pk}))


def files_shown_by(objects: Iterable[Model]) -> Iterator[Model]:
    """Every picture and file that these show, or that something live does by Wagtail's index.

    The index alone would not do: whoever can write to the database can empty it.
    """
    keys = {model: public_keys(model) for model in LIBRARY}
    for obj in objects:
        for model, shown in _shown_by(obj):
            keys[model] |= shown
    for model in LIBRARY:
        yield from model._base_manager.filter(pk__in=keys[model]).order_by("pk")


def companions_of(obj: Model) -> list[Model]:
    """The pictures and files that the object shows and nothing public does yet."""
    found: list[Model] = []
    for model, keys in _shown_by(obj):
        closed = keys - public_keys(model, keys)
        found += model._base_manager.filter(pk__in=closed).order_by("pk")
    return found


def companion_digests(obj: Model) -> dict[str, str]:
    """The companions of the object: "kind:key" -> the digest of each."""
    return {
        f"{kind_of(each)}:{key_of(each)}": content_digest_of(each) for each in companions_of(obj)
    }


def file_named(name: str) -> Model | None:
    """The picture or file behind a name of `companion_digests`."""
    kind, _, key = name.partition(":")
    return object_of(kind, key)


def _shown_by(obj: Model) -> Iterator[tuple[type[Model], set[int]]]:
    return files_among(type(obj), named_by(obj), lambda field: getattr(obj, field.attname))


def files_among(
    model: type[Model], named: Named, key_in: Callable[[ForeignKey], Any]
) -> Iterator[tuple[type[Model], set[int]]]:
    """The pictures and files among what streams name, and those behind the model's own fields."""
    for library in LIBRARY:
        keys: set[Any] = set(named.get(library, ()))
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is library:
                keys.add(key_in(field))
        keys.discard(None)
        if keys:
            yield library, keys


def has_drafts(model: type[Model]) -> bool:
    """Whether readers meet only some of its rows."""
    return any(each.name == "live" for each in model._meta.concrete_fields)


def is_met(model: type[Model]) -> bool:
    """Whether readers meet rows of the model: not of one such as the entries of the search."""
    return has_drafts(model) or getattr(model, "raises_version", True)


def public_keys(model: type[Model], keys: Iterable[int] | None = None) -> set[int]:
    """Those of the keys, or of all, that something live refers to."""
    named = named_in_public(model)
    if keys is not None:
        named = named.filter(to_object_id__in=[str(key) for key in keys])
    return set(map(int, named.values_list("to_object_id", flat=True)))


def named_in_public(model: type[Model]) -> QuerySet[ReferenceIndex]:
    """Where what readers meet refers to objects of the model, by Wagtail's index."""
    by = Q(pk__in=[])
    for user in who_refers():
        of_kind = Q(base_content_type=content_type_of(user))
        if has_drafts(user):
            live = user._base_manager.filter(live=True)
            of_kind &= Q(object_id__in=live.values(key=Cast("pk", CharField())))
        by |= of_kind
    return ReferenceIndex.objects.filter(by, to_content_type=content_type_of(model))


def who_refers() -> Iterator[type[Model]]:
    """The models by which the index of references knows what readers may meet."""
    bases = ((each, *each._meta.get_parent_list())[-1] for each in ReferenceIndex.indexed_models)
    return filter(is_met, dict.fromkeys(bases))


def content_type_of(model: type[Model]) -> ContentType:
    """The type under which the index of references knows a model."""
    return ContentType.objects.get_for_model(model, for_concrete_model=False)
