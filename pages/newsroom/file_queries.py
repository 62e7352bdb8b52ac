"""Lists of pictures and files by where they are used, in SQL, however many there are."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Model, QuerySet
from django.db.models.functions import Cast, Coalesce
from wagtail.models import ReferenceIndex

from pages.library.models import FileInVersion
from pages.newsroom.models import SubmittedItem

from .companions import content_type_of, named_in_public, who_refers
from .digest import kind_of_model
from .submissions import waiting_submissions


def used_in_public(files: Any) -> Any:
    """Those of the files that something live refers to."""
    return files.filter(pk__in=_keys(named_in_public(files.model)))


def closed_files(files: Any) -> Any:
    """Those that nothing live refers to."""
    return files.exclude(pk__in=_keys(named_in_public(files.model)))


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
    stored = ReferenceIndex.objects.filter(
        to_content_type=content_type_of(files.model),
        base_content_type__in=map(content_type_of, who_refers()),
    )
    return files.exclude(pk__in=_keys(stored)).exclude(pk__in=in_versions.values(column))


def unused_since(files: Any, moment: datetime) -> Any:
    """Those that nothing has named since that moment or longer."""
    last = Coalesce("last_used_at", "created_at")
    return unused(files).annotate(_last_used=last).filter(_last_used__lte=moment)


def _keys(references: QuerySet[ReferenceIndex]) -> QuerySet[Any]:
    """The keys of the files that these name."""
    return references.values(named=Cast("to_object_id", BigIntegerField()))
