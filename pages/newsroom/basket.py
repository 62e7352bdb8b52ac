"""The waste basket: drafts that nobody outside has read lie here for thirty days, whole.

A page is moved with all below it to a second root of the tree, where no site begins and no group
has a permission; other drafts stay where they are, and lists of the CMS leave them out. Nothing of
this is told to readers, who never met it. Decision 0043 says why.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BigIntegerField, Model, ProtectedError, QuerySet
from django.db.models.functions import Cast
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from treebeard.mp_tree import MP_MoveHandler
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    Revision,
    TranslatableMixin,
    WorkflowState,
)

from pages.models import Basket, ContentVersion, SiteDocument, SiteImage
from pages.tree.addresses import is_taken

from .digest import key_of, kind_of
from .keeping_public import WasPublicError, refuse_what_was_public, was_public
from .proposals import title_of

logger = logging.getLogger(__name__)

DAYS_IN_BASKET = 30
# The second root of the tree: Wagtail has one, and shows no other.
_ROOT, _ROOT_SLUG = "0002", "papperskorg"
_KINDS = (SiteImage, SiteDocument, DraftStateMixin)


class BasketError(PermissionDenied):
    """Says why a draft cannot be thrown away or put back now."""


def is_in_basket(thing: Model) -> bool:
    if isinstance(thing, Page):
        return thing.path.startswith(_ROOT)
    return row_of(thing) is not None


def outside_basket(things: QuerySet) -> QuerySet:
    """Without what lies in the waste basket."""
    if issubclass(things.model, Page):
        return things.exclude(path__startswith=_ROOT)
    if not issubclass(things.model, _KINDS):
        return things
    rows = Basket.objects.filter(kind=things.model._meta.label_lower)
    return things.exclude(pk__in=rows.values_list(Cast("key", BigIntegerField()), flat=True))


def row_of(thing: Model) -> Basket | None:
    return Basket.objects.filter(kind=kind_of(thing), key=key_of(thing)).first()


def throw_away(thing: Model, by: Any) -> Basket:
    """Puts a draft and those below it into the waste basket; raises BasketError or WasPublicError."""
    with transaction.atomic():
        ContentVersion.hold()  # one after the other, and nobody publishes it meanwhile
        thing = thing._meta.model._base_manager.get(pk=thing.pk)
        if is_in_basket(thing):
            raise BasketError(_("“%(title)s” lies in the waste basket already.") % {"title": thing})
        refuse_what_was_public(thing)
        _refuse_what_waits(thing, by)
        row = Basket(
            kind=kind_of(thing),
            key=key_of(thing),
            title=title_of(thing),
            former_slug=getattr(thing, "slug", ""),
            former_translations=_freed(_with_those_below(thing)),
            by=by,
            by_name=get_user_display_name(by),
            gone_on=localdate() + timedelta(days=DAYS_IN_BASKET),
        )
        slug = f"{_ROOT_SLUG}-{thing.pk}"
        if isinstance(thing, Page):
            parent = thing.get_parent()
            row.parent_key, row.parent_title = parent.pk, title_of(parent)
            _move(thing, _root(), slug)
        elif row.former_slug:
            _set(thing, slug=slug)
        row.save()
        log(instance=thing, action="newsroom.throw_away", user=by)
        return row


def throw_away_with_pictures(page: Page, by: Any) -> Basket:
    """Throws a draft away with those of the person's pictures that nothing else names."""
    with transaction.atomic():
        row = throw_away(page, by)
        for picture in outside_basket(_pictures_in(page).filter(uploaded_by_user=by)):
            named_by = picture.in_versions.exclude(revision__in=page.revisions.all())
            if not (named_by.exists() or was_public(picture)):
                throw_away(picture, by)
        return row


def _pictures_in(page: Page) -> QuerySet[SiteImage]:
    return SiteImage.objects.filter(in_versions__revision__in=page.revisions.all()).distinct()


def put_back(row: Basket, by: Any) -> Model:
    """Puts a draft back to its place, with another slug if its own is taken; or raises BasketError.

    The pictures that it shows come back with a page.
    """
    with transaction.atomic():
        ContentVersion.hold()
        thing = row.model._base_manager.filter(pk=row.key).first()
        if thing is None:
            raise BasketError(
                _("“%(title)s” is not in the waste basket any more.") % {"title": row}
            )
        _give_back(row.former_translations, _with_those_below(thing))
        if isinstance(thing, Page):
            parent = former_parent_of(row)
            slug = _free_slug(row.former_slug, parent)
            _move(thing, parent, slug)
            thing = Page.objects.get(pk=thing.pk).specific
            if slug != row.former_slug:
                draft = thing.get_latest_revision_as_object()
                draft.slug = slug
                draft.save_revision(user=by, clean=False)
            for picture in _pictures_in(thing):
                if of_picture := row_of(picture):
                    put_back(of_picture, by)
        elif row.former_slug:
            others = type(thing)._base_manager.filter(slug=row.former_slug).exclude(pk=thing.pk)
            slug = f"{row.former_slug}-{thing.pk}" if others.exists() else row.former_slug
            _set(thing, slug=slug)
        row.delete()
        log(instance=thing, action="newsroom.put_back", user=by)
        return thing


def former_parent_of(row: Basket) -> Page:
    """The page that a page in the basket lay below; raises BasketError if it is not there now."""
    parent = Page.objects.filter(pk=row.parent_key).first()
    if parent is None:
        text = _("“%(title)s” cannot be put back: “%(parent)s”, where it lay, is gone.")
    elif is_in_basket(parent):
        text = _("Put back “%(parent)s” first: “%(title)s” lay below it.")
    else:
        return parent
    raise BasketError(text % {"title": row.title, "parent": row.parent_title})


def empty_baskets(now: datetime) -> int:
    """Deletes for good what has lain its time; the number of drafts.

    What was sent for approval once, or would take along something public, stays in the database.
    """
    gone = 0
    for row in Basket.objects.filter(gone_on__lte=localdate(now)):
        try:
            with transaction.atomic():
                for thing in row.model._base_manager.filter(pk=row.key):
                    thing.delete()
                row.delete()
        except (WasPublicError, ProtectedError, PermissionDenied) as error:
            logger.info("“%s” stays in the database: %s", row, error)
        else:
            gone += 1
    return gone


def _with_those_below(thing: Model) -> list[Model]:
    if isinstance(thing, Page):
        return list(Page.objects.descendant_of(thing, inclusive=True))
    return [thing]


def _refuse_what_waits(thing: Model, by: Any) -> None:
    """What is sent, has a time, or is locked by somebody else first has to be taken back."""
    things = _with_those_below(thing)
    of_these = {
        "base_content_type": ContentType.objects.get_for_model(
            Page if isinstance(thing, Page) else thing
        ),
        "object_id__in": [str(each.pk) for each in things],
    }
    waiting = Revision.objects.filter(**of_these, approved_go_live_at__isnull=False).exists()
    states = WorkflowState.objects.active().filter(**of_these)
    waiting |= states.filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()
    locked = any(
        isinstance(each, LockableMixin) and each.locked and each.locked_by_id != by.pk
        for each in things
    )
    if waiting or locked:
        text = _("“%(title)s” is locked, waits for approval or has a time. Take it back first.")
        raise BasketError(text % {"title": title_of(thing)})
    for returned in states:
        returned.cancel(user=by)


def _freed(things: Iterable[Model]) -> dict[str, str]:
    """Lets go of the translation keys, so that others can be translated anew; key -> what it had."""
    had = {}
    for each in things:
        if isinstance(each, TranslatableMixin):
            had[str(each.pk)] = str(each.translation_key)
            _set(each, translation_key=uuid.uuid4())
    return had


def _give_back(had: dict[str, str], things: Iterable[Model]) -> None:
    """Binds the drafts to what they translate, unless another does by now."""
    for each in things:
        key = had.get(str(each.pk))
        if key and isinstance(each, TranslatableMixin):
            taken = type(each)._base_manager.filter(translation_key=key, locale=each.locale_id)
            if not taken.exists():
                _set(each, translation_key=key)


def _set(thing: Model, **columns: object) -> None:
    """Writes what readers never met, and so tells nobody."""
    type(thing)._base_manager.filter(pk=thing.pk).update(**columns)


def _root() -> Page:
    root = Page.objects.filter(depth=1, slug=_ROOT_SLUG).first()
    if root is None:
        root = Page.add_root(instance=Page(title="Papperskorg", slug=_ROOT_SLUG, live=False))
    if root.path != _ROOT:
        raise RuntimeError(f"The waste basket must lie at {_ROOT}, not at {root.path}.")
    return root


def _move(page: Page, parent: Page, slug: str) -> None:
    """Moves without the signals of a move: no redirect, no new content version, no new list."""
    before = page.url_path
    MP_MoveHandler(Page.objects.get(pk=page.pk), parent, "last-child").process()
    moved = Page.objects.get(pk=page.pk)
    moved.slug = slug
    after = moved.set_url_path(Page.objects.get(pk=parent.pk))
    _set(moved, slug=slug, url_path=after)
    moved._update_descendant_url_paths(before, after)


def _free_slug(slug: str, parent: Page) -> str:
    number, free = 1, slug
    while is_taken(free, parent) or parent.get_children().filter(slug=free).exists():
        number += 1
        free = f"{slug}-{number}"
    return free
