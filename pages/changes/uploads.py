"""What happens to the images and files of a page when it is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from wagtail.models import Page, ReferenceIndex

from pages.content.references.named import named_by
from pages.ground.models import ContentVersion
from pages.library.models import SiteDocument, SiteImage
from pages.library.renditions import images_with_renditions, make_missing_renditions


def note_when_public(instance: Model, **_signal: Any) -> None:
    """Notes when the images and files of what is published became public for the first time."""
    references = ReferenceIndex.get_references_for_object(instance)
    for model in (SiteImage, SiteDocument):
        content_type = ContentType.objects.get_for_model(model)
        keys = references.filter(to_content_type=content_type).values_list(
            "to_object_id", flat=True
        )
        new = model.objects.filter(pk__in=[int(key) for key in keys], public_since=None)
        new.update(public_since=Now())


_are_made_later = ContextVar("renditions are made later", default=False)


@contextmanager
def renditions_later() -> Iterator[None]:
    """While it is open, publishing makes no renditions; `./sapo make_renditions` has to follow."""
    token = _are_made_later.set(True)
    try:
        yield
    finally:
        _are_made_later.reset(token)


def make_renditions(instance: Page, **_signal: Any) -> None:
    """Makes the renditions that the images of the page lack, since a visitor never makes one."""
    keys = set() if _are_made_later.get() else named_by(instance).get(SiteImage, set())

    def make() -> None:
        images = images_with_renditions(keys).values()
        if sum(map(make_missing_renditions, images)):
            ContentVersion.raise_version("siteimage")

    if keys:
        transaction.on_commit(make, robust=True)
