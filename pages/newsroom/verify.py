"""Compares everything public with what was confirmed, and the records with themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import DraftStateMixin, Page

from pages.content.models import Withdrawal
from pages.content.tree.addresses import address_of
from pages.library.files import fingerprint_of
from pages.newsroom.models import Approval, Confirmation, Publication, Renaming

from .acts import order_digest
from .companions import LIBRARY, files_shown_by
from .digest import (
    ORDER,
    Compared,
    compared,
    content_digest_of,
    key_of,
    kind_of,
    kind_of_model,
    object_of,
)
from .gate import public_digest_of
from .guard import live_objects
from .proposals import title_of
from .rule import are_enough
from .served_files import not_as_it_should_be

_PUBLIC = (Publication.How.PUBLISHED, Publication.How.CARRIED)
_GONE = (Publication.How.WITHDRAWN, Publication.How.ENDED)
# The command that ends publications runs each minute.
_LATE = timedelta(hours=1)

# (kind, key) -> what is recorded last of the object
_Last: TypeAlias = dict[tuple[str, str], Publication]


@dataclass(frozen=True)
class Deviation:
    """Something that is not as it was confirmed: where, and what is wrong."""

    where: str
    what: str
    # Of what a release has taken away it is only told.
    is_fault: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def deviations() -> Iterator[Deviation]:
    """Everything that is not as two persons, or a recorded ground, have left it."""
    for records in (Confirmation, Approval, Publication, Renaming):
        yield from _changed_records(records)
    yield from _weak_grounds()
    last = _last_publications()
    yield from _changed_objects(last)
    yield from _changed_files(last)
    yield from _changed_acts(last)
    yield from _missing_withdrawals(last)
    yield from _strange_redirects()
    yield from _wrongly_served()


def _wrongly_served() -> Iterator[Deviation]:
    """Uploads that visitors can fetch though nothing public uses them, and the other way round."""
    missing, spare = not_as_it_should_be()
    for name in sorted(spare):
        yield Deviation(f"/media/{name}", gettext("can be fetched, and nothing public uses it"))
    for name in sorted(missing):
        yield Deviation(
            f"/media/{name}", gettext("cannot be fetched, and something public uses it")
        )


def _changed_records(model: type[Any]) -> Iterator[Deviation]:
    former = ""
    for row in model._base_manager.order_by("pk").iterator(500):
        if row.former != former:
            where = f"{model._meta.verbose_name} {row.pk}"
            yield Deviation(where, gettext("a record before it was removed or changed"))
        if row.hash != row.seal():
            yield Deviation(f"{model._meta.verbose_name} {row.pk}", gettext("was changed"))
        former = row.hash


def _weak_grounds() -> Iterator[Deviation]:
    rows = {each.pk: each for each in Confirmation.objects.iterator(500)}
    for approval in Approval.objects.order_by("pk").iterator(500):
        # A word is used once: the next approval finds it gone.
        words = [rows.pop(key, None) for key in approval.confirmations]
        if not _stands(approval, words):
            yield Deviation(str(approval), gettext("lacks the two persons who confirmed it"))


def _stands(approval: Approval, confirmations: list[Confirmation | None]) -> bool:
    if approval.ground == Approval.Ground.DEMO:
        return bool(getattr(settings, "DEMO", False))
    if approval.ground == Approval.Ground.BEFORE_THE_RULE:
        return True
    of_it = (approval.kind, approval.key, approval.digest)
    found = [each for each in confirmations if each and (each.kind, each.key, each.digest) == of_it]
    return are_enough(approval.kind, found, approval.ground)


def _last_publications() -> _Last:
    """What is recorded last of each object."""
    return {
        (each.kind, each.key): each
        for each in Publication.objects.select_related("approval", "revision")
        .order_by("pk")
        .iterator(500)
    }


def _changed_objects(last: _Last) -> Iterator[Deviation]:
    """What differs of the live objects; takes those that it has seen out of `last`."""
    renamings = Renaming.by_kind()
    for obj in live_objects():
        kind = kind_of(obj)
        publication = last.pop((kind, key_of(obj)), None)
        approved = publication.revision if publication else None
        found = compared(approved, obj, renamings[kind]) if approved else None
        if wrong := _wrong(obj, publication, found) or _past_its_end(obj):
            yield Deviation(_where(obj), wrong)
        for name in found.gone if found else ():
            text = gettext("“%(name)s” is not there any more") % {"name": name}
            yield Deviation(_where(obj), text, is_fault=False)


def _changed_files(last: dict[tuple[str, str], Publication]) -> Iterator[Deviation]:
    """What differs of the public pictures and files; takes all of these out of `last`."""
    for file in files_shown_by(live_objects()):
        publication = last.get((kind_of(file), key_of(file)))
        if wrong := _wrong(file, publication) or _wrong_in_storage(file):
            yield Deviation(_where(file), wrong)
    kinds = {kind_of_model(model) for model in LIBRARY}
    for name in [name for name in last if name[0] in kinds]:
        del last[name]  # those that nothing public shows may be changed by whoever may edit


def _wrong_in_storage(file: Any) -> str:
    try:
        with file.file.open("rb") as stored:
            is_same = file.file_hash == fingerprint_of(stored)
    except OSError:
        return gettext("its file is gone")
    return "" if is_same else gettext("its file is not the one that was confirmed")


def _changed_acts(last: _Last) -> Iterator[Deviation]:
    """What differs of orders of pages, and of what has no drafts, such as a site."""
    for publication in last.values():
        if publication.how not in _PUBLIC:
            continue
        if publication.kind == ORDER:
            if not _is_in_order(publication):
                where = gettext("The order of the pages below “%(title)s”")
                yield Deviation(where % {"title": publication.title}, _changed())
            continue
        obj = object_of(publication.kind, publication.key)
        if obj is None or isinstance(obj, DraftStateMixin):
            yield Deviation(publication.title, gettext("was public and is gone"))
        elif content_digest_of(obj) != publication.live_digest:
            yield Deviation(_where(obj), _changed())


def _missing_withdrawals(last: _Last) -> Iterator[Deviation]:
    """Pages that were removed, and of whose addresses nothing is said any more."""
    gone = {key: each for (_kind, key), each in last.items() if each.how in _GONE}
    told = set(Withdrawal.objects.exclude(page=None).values_list("page", flat=True))
    for page in Page.objects.filter(pk__in=[key for key in gone if key.isdecimal()]).specific():
        publication = gone[key_of(page)]
        is_told = page.pk in told or address_of(page.url_path) is None
        if publication.kind == kind_of(page) and not is_told:
            yield Deviation(page.url_path, gettext("was removed, and its address does not say so"))


def _strange_redirects() -> Iterator[Deviation]:
    """Those that no moved page has left: editors' own are lines of a table of former addresses."""
    for each in Redirect.objects.iterator(500):
        if not each.automatically_created or not each.redirect_page_id or each.redirect_link:
            yield Deviation(each.old_path, gettext("leads elsewhere, and nobody has confirmed it"))


def _is_in_order(publication: Publication) -> bool:
    """Whether the pages that were ordered, as far as they are still there, lie in that order."""
    approval: Any = publication.approval
    keys = approval.proposal.parameters["children"]
    if publication.live_digest != order_digest(publication.key, keys):
        return False
    parent = Page.objects.filter(pk=publication.key).first()
    there = list(parent.get_children().live().values_list("pk", flat=True)) if parent else []
    ordered = (set(there) & set(keys)) - _come_anew(publication, keys)
    return [key for key in there if key in ordered] == [key for key in keys if key in ordered]


def _come_anew(order: Publication, keys: list[int]) -> set[int]:
    """The pages that were away since they were ordered: they have come back as the last ones."""
    away = Publication.objects.filter(pk__gt=order.pk, key__in=map(str, keys)).filter(
        Q(how__in=(Publication.How.WITHDRAWN, Publication.How.ENDED))
        | Q(approval__proposal__act="move")
    )
    kinds = {kind_of(page) for page in Page.objects.filter(pk__in=keys)}
    return {int(each.key) for each in away.filter(kind__in=kinds)}


def _wrong(
    obj: DraftStateMixin, publication: Publication | None, found: Compared | None = None
) -> str:
    if publication is None:
        return gettext("is public, and nobody has confirmed it")
    if publication.approval is None and publication.carried_from_id is None:
        return gettext("is public without a ground")
    if publication.how not in _PUBLIC:
        return gettext("was removed from the website and is public again")
    if isinstance(obj, DraftStateMixin) and (found is None or found.differing):
        return _changed()
    is_same = public_digest_of(obj, publication.revision) == publication.live_digest
    return "" if is_same else _changed()


def _past_its_end(obj: DraftStateMixin) -> str:
    if obj.expire_at and obj.expire_at + _LATE < timezone.now():
        return gettext("was to be taken away at its end, and was not")
    return ""


def _changed() -> str:
    return gettext("is not what was confirmed")


def _where(obj: DraftStateMixin) -> str:
    return getattr(obj, "url_path", "") or f"{obj._meta.verbose_name} ”{title_of(obj)}”"
