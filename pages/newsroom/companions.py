"""Companions: the pictures and files that become public together with what shows them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model
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
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model)
    )
    if keys is not None:
        references = references.filter(to_object_id__in=[str(key) for key in keys])
    rows = references.values_list("content_type_id", "object_id", "to_object_id")
    by_model: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for content_type, referrer, key in rows:
        by_model[content_type][referrer].add(int(key))
    public: set[int] = set()
    # Those that refer to most of them first: what is public already mostly does so by itself.
    for content_type, referrers in sorted(
        by_model.items(), key=lambda found: len(set().union(*found[1].values())), reverse=True
    ):
        if keys is not None and public.issuperset(keys):
            break
        shows = ContentType.objects.get_for_id(content_type).model_class()
        if shows is None or not is_met(shows):
            continue
        objects = shows._base_manager.filter(pk__in=list(referrers))
        if has_drafts(shows):
            objects = objects.filter(live=True)
        for referrer in objects.values_list("pk", flat=True):
            public |= referrers[str(referrer)]
    return public
