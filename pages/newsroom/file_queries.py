"""Lists of pictures and files by where they are used, in SQL, however many there are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Model, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from wagtail.models import ReferenceIndex

from pages.library.models import FileInVersion
from pages.newsroom.models import SubmittedItem

from .companions import has_drafts, is_met
from .digest import kind_of_model
from .submissions import waiting_submissions


def used_in_public(files: Any) -> Any:
    """Those of the files that something live refers to: the answer of `companions.public_keys`."""
    return files.filter(pk__in=_keys_named(files.model, _of_readers()))


def closed_files(files: Any) -> Any:
    """Those that nothing live refers to."""
    return files.exclude(pk__in=_keys_named(files.model, _of_readers()))


def waiting_for_change(files: Any) -> Any:
    """Those of which a change is sent that two have not confirmed yet."""
    sent = changes_sent(files.model)
    return files.filter(pk__in=sent.values(named=Cast("key", BigIntegerField())))


def changes_sent(model: type[Model]) -> QuerySet[SubmittedItem]:
    """What is sent of such files, and two have not confirmed yet."""
    return SubmittedItem.objects.filter(
        kind=kind_of_model(model), proposal__isnull=False, submission__in=waiting_submissions()
    )


def unused(files: Any) -> Any:
    """Those that nothing names, neither as readers meet it nor in a draft."""
    column = FileInVersion.column_of(files.model)
    in_versions = FileInVersion.objects.filter(**{f"{column}__isnull": False})
    return files.exclude(pk__in=_keys_named(files.model, _of_anybody())).exclude(
        pk__in=in_versions.values(column)
    )


def unused_since(files: Any, moment: datetime) -> Any:
    """Those that nothing has named since that moment or longer."""
    last = Coalesce("last_used_at", "created_at")
    return unused(files).annotate(_last_used=last).filter(_last_used__lte=moment)


def _keys_named(model: type[Model], by: Q) -> QuerySet[Any]:
    to_model = ReferenceIndex.objects.filter(to_content_type=content_type_of(model))
    return to_model.filter(by).values(named=Cast("to_object_id", BigIntegerField()))


def _of_anybody() -> Q:
    return Q(base_content_type__in=[content_type_of(model) for model in _who_refers()])


def _of_readers() -> Q:
    """The references of what readers meet."""
    found = Q(pk__in=[])
    for model in _who_refers():
        of_kind = Q(base_content_type=content_type_of(model))
        if has_drafts(model):
            live = model._base_manager.filter(live=True)
            of_kind &= Q(object_id__in=live.values(key=Cast("pk", CharField())))
        found |= of_kind
    return found


def _who_refers() -> Iterator[type[Model]]:
    """The models by which the index of references knows what readers may meet."""
    seen = set()
    for model in ReferenceIndex.indexed_models:
        base = (model, *model._meta.get_parent_list())[-1]
        if base not in seen and is_met(base):
            seen.add(base)
            yield base


def content_type_of(model: type[Model]) -> ContentType:
    """The type under which the index of references knows a model."""
    return ContentType.objects.get_for_model(model, for_concrete_model=False)
