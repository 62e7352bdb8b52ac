"""Whether what a person sends or confirms is what was shown, and whether it has been done before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from wagtail.models import Revision

from pages.newsroom.models import (
    Approval,
    Confirmation,
    Proposal,
    Publication,
    Submission,
    SubmittedItem,
)

from .digest import key_of, kind_of, object_of
from .gate import NotConfirmed, digests_of_acts
from .rule import Change, Sendable, change_of


@dataclass(frozen=True)
class Seen:
    """One object as the person saw it: its digest, the newest version then, and its companions."""

    digest: str
    newest: int | None = None
    companions: Mapping[str, str] | None = None


def seen_of(sendables: Mapping[str, Sendable]) -> dict[str, Seen]:
    """What somebody who is shown these now will have seen, by their keys."""
    changes = {key: change_of(sendable) for key, sendable in sendables.items()}
    return {
        key: Seen(change.digest, companions=dict(change.companions))
        for key, change in changes.items()
    }


def what_waits(kind: str, key: str, act: str = "") -> Submission | None:
    """What was sent and waits: a version of the object, or an act of this name about it."""
    items = SubmittedItem.objects.filter(
        kind=kind, key=key, submission__outcome=Submission.Outcome.OPEN
    )
    items = items.filter(proposal__act=act) if act else items.filter(proposal=None)
    item = items.select_related("submission").order_by("-pk").first()
    return item.submission if item else None


def sent_before(item: SubmittedItem) -> Iterator[SubmittedItem]:
    """What was sent of the same and replaced, the newest first, back to the last answer."""
    items = SubmittedItem.objects.filter(
        kind=item.kind, key=item.key, submission__lt=item.submission_id
    )
    same = (
        items.filter(proposal__act=item.proposal.act)
        if item.proposal
        else items.filter(proposal=None)
    )
    earlier = same.select_related("submission", "revision").order_by("-submission_id", "-pk")
    return takewhile(
        lambda each: each.submission.outcome == Submission.Outcome.REPLACED, earlier.iterator()
    )


def returned_items() -> QuerySet[SubmittedItem]:
    """Versions that were returned, of which nothing has been sent since."""
    versions = SubmittedItem.objects.filter(proposal=None)
    since = versions.filter(
        kind=OuterRef("kind"), key=OuterRef("key"), submission__gt=OuterRef("submission")
    )
    returned = versions.filter(~Exists(since), submission__outcome=Submission.Outcome.RETURNED)
    return returned.select_related("submission__closed_by").order_by("-submission_id")


def returned_of(obj: Model) -> Submission | None:
    """What was returned of an object's versions, if nothing of them has been sent since."""
    item = returned_items().filter(kind=kind_of(obj), key=key_of(obj)).first()
    return item.submission if item else None


def last_read(kind: str, key: str, reader: User) -> Revision | None:
    """The version that the person has sent, approved or returned last, unless others are public since.

    It says what is shown first, and is no ground for anything.
    """
    items = SubmittedItem.objects.filter(kind=kind, key=key, revision__isnull=False)
    own = Confirmation.objects.filter(person=reader, kind=kind, key=key, digest=OuterRef("digest"))
    returned = Q(submission__closed_by=reader, submission__outcome=Submission.Outcome.RETURNED)
    read = items.filter(Exists(own) | returned).order_by("-submission_id").first()
    public = Publication.last_of(kind, key)
    if read is None or (public is not None and public.at > read.submission.sent_at):
        return None
    return read.revision


def act_name(sendable: Sendable) -> str:
    """Which act it is; empty for a version."""
    return sendable.act if isinstance(sendable, Proposal) else ""


def takes_away(sendables: Iterable[Sendable]) -> bool:
    """Whether one of them takes something from the readers."""
    return any(act_name(sendable) == "withdraw" for sendable in sendables)


def starts_at(sendable: Sendable, now: datetime) -> datetime | None:
    """The time at which a version is to go out; None for an act, or at once."""
    at = None if isinstance(sendable, Proposal) else sendable.as_object().go_live_at
    return at if at and at > now else None


def confirmations_of(item: SubmittedItem) -> QuerySet[Confirmation]:
    """All that was confirmed of the item's object: of its versions, or of the same act."""
    words = Confirmation.objects.filter(kind=item.kind, key=item.key)
    if item.proposal_id is not None:
        return words.filter(digest=item.digest)
    return words.exclude(digest__in=digests_of_acts(item.kind, item.key))


def stored_of(item: SubmittedItem) -> Any:
    return object_of(item.kind, item.key)


def are_as_shown(changes: Sequence[Change], seen: Sequence[str | Seen]) -> bool:
    """Whether these are the changes whose digests, and maybe companions, the person was shown."""
    each_seen = [each if isinstance(each, Seen) else Seen(each) for each in seen]
    return [change.digest for change in changes] == [each.digest for each in each_seen] and all(
        _companions_are_as_shown(change, each)
        for change, each in zip(changes, each_seen, strict=True)
    )


def _companions_are_as_shown(change: Change, seen: Seen) -> bool:
    return seen.companions is None or dict(seen.companions) == dict(change.companions)


def sentence_on_waiting() -> str:
    return gettext("“%(title)s” waits for approval already.")


def refuse_anothers(change: Change, user: User) -> None:
    """Who has not read what another has sent stands behind nothing of it by sending the same."""
    same = SubmittedItem.objects.filter(
        kind=change.kind,
        key=change.key,
        digest=change.digest,
        submission__outcome=Submission.Outcome.OPEN,
    ).exclude(submission__sent_by=user)
    if (item := same.first()) is not None:
        raise NotConfirmed(sentence_on_waiting() % {"title": item})


def sent_already(changes: Sequence[Change]) -> Submission | None:
    """What waits for approval and holds all of this, and nothing else."""
    wanted = {(change.kind, change.key, change.digest) for change in changes}
    first = changes[0]
    waiting = Submission.objects.filter(
        outcome=Submission.Outcome.OPEN,
        items__kind=first.kind,
        items__key=first.key,
        items__digest=first.digest,
    ).first()
    if waiting is None:
        return None
    sent = {(item.kind, item.key, item.digest) for item in waiting.items.all()}
    return waiting if sent == wanted else None


def done_already(sendable: Sendable, now: datetime) -> Submission | None:
    """The submission on whose approval exactly this is public, or will be at its time."""
    if isinstance(sendable, Proposal):
        approval = Approval.objects.filter(proposal=sendable).first()
        return approval.submission if approval else None
    approval = (
        Approval.objects.filter(revision=sendable, ground__in=Approval.BY_RULE, stop=None)
        .order_by("-pk")
        .first()
    )
    if approval is None:
        return None
    is_due = approval.due_at is not None and approval.due_at > now
    last = Publication.last_of(approval.kind, approval.key)
    is_public = last is not None and last.approval_id == approval.pk and bool(last.live_digest)
    return approval.submission if is_due or is_public else None


def is_as_shown(item: SubmittedItem, seen: Seen | None, user: User) -> bool:
    if seen is None or seen.digest != item.digest:
        return False
    change = change_of(item.sendable)
    if change.digest != item.digest or not _companions_are_as_shown(change, seen):
        return False
    if item.revision is None or seen.newest is None:
        return True
    # What the person has typed meanwhile, such as in another tab, would be left out unsaid.
    newest = _newest(item)
    return newest is None or newest.pk == seen.newest or newest.user_id != user.pk


def _newest(item: SubmittedItem) -> Revision | None:
    stored = stored_of(item)
    return stored and stored.latest_revision
