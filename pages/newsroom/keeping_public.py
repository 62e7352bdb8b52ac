"""What has been public is never deleted, by anyone in any way. Decision 0043 says why.

The last line lies in deleting itself: `connect_keeping` lists the models, and each of their rows is
asked, also when it goes with another one. What waits for approval or was approved stays as well: of
pictures and files in every way, of the rest where somebody in the CMS asks (`refuse_deleting`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import pre_delete
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, Revision, Site

from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.models import Approval, Publication, SubmittedItem

from .digest import key_of, kind_of
from .proposals import title_of
from .submissions import open_submission_of, waiting_submissions

_reason: ContextVar[str] = ContextVar("why something is deleted for good", default="")


class KeptError(PermissionDenied):
    """Says in a sentence for editors why something is not deleted."""


class WasPublicError(KeptError):
    """Says what has been public and so stays."""

    def __init__(self, obj: Model, asked_for: Model | None = None) -> None:
        self.object = obj
        text = _(
            "“%(title)s” has been published and cannot be deleted. Take it off the website instead."
        )
        if isinstance(obj, SiteImage | SiteDocument):
            text = _(
                "“%(title)s” has been published and cannot be deleted. Take it out of the pages instead:"
                " when none names it, no reader meets it."
            )
        if asked_for is not None and asked_for.pk != obj.pk:
            text = _(
                "It could not be deleted: “%(title)s”, which lies below it, has been published."
            )
        super().__init__(text % {"title": obj})


@contextmanager
def deleting_for_good(reason: str) -> Iterator[None]:
    """While it is open, anything may be deleted: what nobody has read, and Wagtail's welcome page."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def was_public(obj: Model) -> bool:
    """Whether readers may have met it; of a page, without those below it."""
    if isinstance(obj, Site):
        return was_public(obj.root_page)
    if isinstance(obj, SiteImage | SiteDocument):
        return _file_was_public(obj)
    if isinstance(obj, Page | DraftStateMixin):
        return obj.live or obj.first_published_at is not None
    return True  # without drafts, a row is public as soon as it is there


def refuse_what_was_public(obj: Model) -> None:
    """Raises WasPublicError if readers may have met it or, of a page, one below it."""
    if isinstance(obj, Page):
        met = Q(live=True) | Q(first_published_at__isnull=False)
        if found := Page.objects.descendant_of(obj, inclusive=True).filter(met).first():
            raise WasPublicError(found, asked_for=obj)
    elif was_public(obj):
        raise WasPublicError(obj)


def refuse_deleting(obj: Model) -> None:
    """Raises KeptError for what was public, is locked, waits or was approved; also of what is below."""
    refuse_what_was_public(obj)
    below = Page.objects.descendant_of(obj, inclusive=True) if isinstance(obj, Page) else [obj]
    for each in below:
        if Approval.objects.filter(kind=kind_of(each), key=key_of(each)).exists():
            text = _("“%(title)s” has been approved by two persons, and is kept for that.")
        elif _is_locked_or_waits(each):
            text = _("“%(title)s” is locked or waits for approval. Take it back first.")
        else:
            continue
        raise KeptError(text % {"title": title_of(each)})


def _is_locked_or_waits(obj: Model) -> bool:
    if getattr(obj, "locked", False) or open_submission_of(obj):
        return True
    if not isinstance(obj, SiteImage | SiteDocument):
        return False
    waiting = SubmittedItem.objects.filter(submission__in=waiting_submissions())
    return obj.in_versions.filter(revision__in=waiting.values("revision")).exists()


def _file_was_public(file: SiteImage | SiteDocument) -> bool:
    if file.public_since or file.former_files.exists():
        return True
    users = ReferenceIndex.get_references_to(file).values_list("content_type", "object_id")
    return any(map(_row_was_public, set(users)))


def _row_was_public(row: tuple[int, str]) -> bool:
    """Whether that which refers to a file was public."""
    model = ContentType.objects.get_for_id(row[0]).model_class()
    obj = model._base_manager.filter(pk=row[1]).first() if model else None
    return obj is not None and was_public(obj)


def is_on_record(revision: Revision) -> bool:
    """Whether the version was sent, approved or published."""
    return any(
        kind.objects.filter(revision=revision).exists()
        for kind in (SubmittedItem, Approval, Publication)
    )


def connect_keeping(models: Iterable[type[Model]]) -> None:
    """Lets pages, sites and all rows of these models refuse to be deleted once they were public."""
    for model in (Page, Site, *models):
        pre_delete.connect(_refuse, sender=model)


def _refuse(instance: Model, **_signal: object) -> None:
    if _reason.get():
        return
    if isinstance(instance, SiteImage | SiteDocument):
        refuse_deleting(instance)  # the library's own pages ask nobody before
    elif was_public(instance):
        raise WasPublicError(instance)


def deleted_or_not_at_all(
    delete: Callable[..., object], *about: object, **options: object
) -> object:
    """The tree counts the children anew before anybody is asked; a refusal undoes that as well."""
    with transaction.atomic():
        return delete(*about, **options)
