"""Notes which pictures and files the newest versions name, and when they were last named."""

from collections.abc import Collection, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now
from wagtail.models import ReferenceIndex, Revision

from pages.content.references.named import named_in_version
from pages.ground.json_types import JsonObject
from pages.library.models import FileInVersion, SiteImage
from pages.newsroom.companions import LIBRARY, files_among
from pages.newsroom.models import SubmittedItem
from pages.newsroom.submissions import waiting_submissions


@transaction.atomic
def note_files_named(
    instance: Revision,
    created: bool,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **_signal: object,
) -> None:
    """Heard when a version is saved; of the older ones only those count that are still waiting."""
    model = instance.content_type.model_class()
    is_content = update_fields is None or "content" in update_fields
    if raw or model is None or not is_content:
        return
    wanted = set(_existing(model, instance.content))
    known = [] if created else instance.files_named.all()
    rows = {(row.image_id, row.document_id): row for row in known}
    FileInVersion.objects.bulk_create(
        [
            FileInVersion(revision=instance, image_id=image, document_id=document)
            for image, document in wanted - rows.keys()
        ]
    )
    for keys in rows.keys() - wanted:
        rows[keys].delete()
    if created:
        of_older = FileInVersion.objects.filter(
            revision__base_content_type=instance.base_content_type_id,
            revision__object_id=instance.object_id,
            revision__pk__lt=instance.pk,
        )
        of_older.exclude(revision__in=_waiting()).delete()


def _waiting() -> QuerySet[Revision]:
    sent = SubmittedItem.objects.filter(submission__in=waiting_submissions())
    return Revision.objects.filter(
        Q(approved_go_live_at__isnull=False) | Q(pk__in=sent.values("revision"))
    ).values("pk")


def _existing(model: type[Model], content: JsonObject) -> Iterator[tuple[int | None, int | None]]:
    """Keys of a picture or a file, one of which is None, that are named and there."""
    named = named_in_version(model, content)
    for of, keys in files_among(model, named, lambda field: content.get(field.name)):
        for key in of._base_manager.filter(pk__in=keys).values_list("pk", flat=True):
            yield (key, None) if of is SiteImage else (None, key)


def note_last_use(instance: ReferenceIndex | FileInVersion, **_signal: object) -> None:
    """Heard when something stops naming a picture or file."""
    for model in LIBRARY:
        if isinstance(instance, FileInVersion):
            key: object = getattr(instance, f"{FileInVersion.column_of(model)}_id")
        elif instance.to_content_type_id == ContentType.objects.get_for_model(model).pk:
            key = instance.to_object_id
        else:
            continue
        model._base_manager.filter(pk=key).update(last_used_at=Now())
