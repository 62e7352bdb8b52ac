"""Visitors can fetch a picture or file as long as something public uses it, and not otherwise.

What is public is a matter of the database; what visitors can fetch, of the public storage. The second
follows the first after each commit. Whatever a crash leaves undone, `serve_what_is_public` does: the
job that writes the edition calls it after every change.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal
from wagtail.models import ReferenceIndex

from pages.ground.models import ContentVersion
from pages.ground.version.drafts import may_be_seen
from pages.library.models import SiteDocument, SiteImage, SiteRendition
from pages.library.public_storage import public_storage
from pages.library.renditions import (
    images_with_renditions,
    renditions_made,
    renditions_of,
    wanted_specs,
)

from .companions import LIBRARY, public_keys
from .guard import guarded_models

# `names`: what visitors could fetch, and cannot any more.
no_longer_served = Signal()

_Keys = dict[type[Model], set[int]]
_IMAGES_AT_ONCE = 200


class _Touched(threading.local):
    """What this thread has changed since its last commit, as far as files may follow from it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.keys: _Keys = defaultdict(set)  # of pictures and files
        self.names: set[str] = set()  # in the storage
        self.users: dict[tuple[type[Model], Any], Model] = {}  # pages and register entries


_touched = _Touched()


def names_for_visitors(keys: _Keys) -> set[str]:
    """The names under which visitors meet these pictures and files, once they are public.

    Of a picture, the renditions that pages show, and never the upload.
    """
    documents = SiteDocument.objects.filter(pk__in=keys.get(SiteDocument, ()))
    names = set(documents.values_list("file", flat=True))
    images = sorted(keys.get(SiteImage, ()))
    for begin in range(0, len(images), _IMAGES_AT_ONCE):
        found = images_with_renditions(images[begin : begin + _IMAGES_AT_ONCE]).values()
        for image in found:
            made = renditions_of(image)
            names |= {made[spec].file.name for spec in wanted_specs(image) if spec in made}
    return names


def not_as_it_should_be() -> tuple[set[str], set[str]]:
    """The names that visitors cannot fetch and should, and those that they can and should not."""
    wanted = names_for_visitors({model: public_keys(model) for model in LIBRARY})
    served = set(public_storage().names())
    return wanted - served, served - wanted


def serve_what_is_public() -> tuple[int, int]:
    """Lets visitors fetch exactly what is public; how many were added and taken away."""
    if not any(not_as_it_should_be()):
        return 0, 0
    with _alone():
        missing, spare = not_as_it_should_be()
        _follow(missing, spare)
    return len(missing), len(spare)


@contextmanager
def _alone() -> Iterator[None]:
    """Whoever comes last has seen all that was committed: one looks and follows at a time."""
    with transaction.atomic():
        ContentVersion.hold()
        yield


def connect_serving() -> None:
    """Follows every saving and deleting by which a picture or file may become public, or cease to be."""
    for model in guarded_models():
        for signal in (pre_save, pre_delete):
            signal.connect(_user_is_to_change, sender=model)
        post_save.connect(_user_changed, sender=model)
        post_delete.connect(_follow_after_commit, sender=model)
    for model in (SiteImage, SiteDocument, SiteRendition):
        for signal in (pre_save, pre_delete):
            signal.connect(_file_is_to_change, sender=model)
        post_save.connect(_file_changed, sender=model)
        post_delete.connect(_follow_after_commit, sender=model)
    renditions_made.connect(_file_changed)


def _user_is_to_change(instance: Model, update_fields: Any = None, **_signal: object) -> None:
    if instance.pk is not None and may_be_seen(update_fields):
        _note_used_by(instance)


def _user_changed(instance: Model, update_fields: Any = None, **_signal: object) -> None:
    if may_be_seen(update_fields):
        # Wagtail may not have noted yet what it uses now.
        _touched.users[type(instance), instance.pk] = instance
        _follow_after_commit()


def _note_used_by(instance: Model) -> None:
    types = {ContentType.objects.get_for_model(model).pk: model for model in LIBRARY}
    references = ReferenceIndex.get_references_for_object(instance)
    rows = references.filter(to_content_type__in=types)
    for content_type, key in rows.values_list("to_content_type", "to_object_id"):
        _touched.keys[types[content_type]].add(int(key))


def _file_is_to_change(sender: type[Model], instance: Any, **_signal: object) -> None:
    if instance.pk is not None:
        stored = sender._base_manager.filter(pk=instance.pk).values_list("file", flat=True)
        _touched.names.update(stored)


def _file_changed(instance: Any, **_signal: object) -> None:
    image = isinstance(instance, SiteRendition)
    key = instance.image_id if image else instance.pk
    _touched.keys[SiteImage if image else type(instance)].add(key)
    _follow_after_commit()


def _follow_after_commit(**_signal: object) -> None:
    transaction.on_commit(_follow_touched, robust=True)


def _follow_touched() -> None:
    if not (_touched.users or _touched.keys or _touched.names):
        return  # an earlier receiver of this commit has done it
    for user in _touched.users.values():
        _note_used_by(user)
    keys, names = _touched.keys, _touched.names
    _touched.forget()
    if not (keys or names):
        return
    with _alone():
        serve = names_for_visitors({model: public_keys(model, keys[model]) for model in keys})
        documents = SiteDocument.objects.filter(pk__in=keys[SiteDocument])
        renditions = SiteRendition.objects.filter(image__in=keys[SiteImage])
        names = names.union(
            *(rows.values_list("file", flat=True) for rows in (documents, renditions))
        )
        _follow(serve, names - serve)


def _follow(serve: Iterable[str], drop: Iterable[str]) -> None:
    storage = public_storage()
    gone = [name for name in drop if storage.exists(name)]
    for name in gone:
        storage.delete(name)
    for name in serve:
        if not storage.exists(name):
            storage.take(name)
    if gone:
        no_longer_served.send(None, names=gone)
