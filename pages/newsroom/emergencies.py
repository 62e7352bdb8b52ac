"""A chief editor publishes alone because life, health or security demand it; another looks afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision

from pages.content.models import Alert, ThreatLevelDecision
from pages.content.publishing.finished import refuse_unfinished
from pages.content.publishing.roles import may_confirm
from pages.ground.models import ContentVersion
from pages.newsroom.models import Approval, Confirmation, Proposal, Publication, Review, Submission

from . import workflow
from .digest import key_of, kind_of, object_of
from .gate import NotConfirmed, close, put_out_on_ground, write_confirmation
from .matching import Seen, act_name, are_as_shown, what_waits
from .persons import same_person, why_same
from .proposals import act_of, object_of_proposal
from .reasons import said_in_words
from .rule import Change, Sendable, change_of, may_act_alone
from .story_mails import mail_story

# Of kinds with versions, these; of acts, those that say so.
_KINDS = (Page, Alert, ThreatLevelDecision)


def may_be_emergency(sendable: Sendable) -> bool:
    """Whether this is something that a chief editor may put out, or take away, alone."""
    if isinstance(sendable, Proposal):
        return act_of(sendable).may_be_emergency
    return issubclass(sendable.content_type.model_class() or object, _KINDS)


@transaction.atomic
def put_out_in_emergency(
    user: User, sendables: Sequence[Sendable], reason: str, *, seen: Sequence[str | Seen] = ()
) -> list[Approval]:
    """Makes it public at once on one chief's word; empty if it is not what was shown.

    Raises NotConfirmed for who may not, ValidationError for what cannot be put out.
    """
    _refuse_other_than_chief(user, sendables)
    reason = said_in_words(reason)
    ContentVersion.hold()
    changes = [change_of(sendable) for sendable in sendables]
    if seen and not are_as_shown(changes, seen):
        return []
    pairs = list(zip(sendables, changes, strict=True))
    waiting = {
        waits
        for sendable, change in pairs
        if (waits := what_waits(change.kind, change.key, act_name(sendable))) is not None
    }
    approvals = [_put_out(user, sendable, change, reason) for sendable, change in pairs]
    _close_what_went_out(waiting, changes, user, reason)
    name = get_user_display_name(user)
    for approval in approvals:
        what = "published alone" if approval.proposal is None else "removed alone"
        mail_story(what, approval, name=name, at=approval.decided_at, reason=approval.reason)
    return approvals


def open_emergencies() -> QuerySet[Approval]:
    """What was put out alone and waits for another's review, or for what that one asked for."""
    to_change = Review.objects.filter(approval=OuterRef("pk"), answer=Review.Answer.TO_CHANGE)
    by_two = Publication.objects.filter(
        kind=OuterRef("kind"),
        key=OuterRef("key"),
        approval__ground__in=Approval.BY_RULE,
        at__gt=OuterRef("asked_at"),
    ).exclude(how=Publication.How.CARRIED)
    return (
        Approval.objects.filter(ground=Approval.Ground.EMERGENCY)
        .exclude(reviews__answer=Review.Answer.RIGHT)
        .annotate(asked_at=to_change.order_by("pk").values("at")[:1])
        .exclude(Exists(by_two))
        .order_by("pk")
    )


def together_with(approval: Approval) -> list[Approval]:
    """All that was put out alone of the same object and is open, oldest first: reviewed as one."""
    return list(open_emergencies().filter(kind=approval.kind, key=approval.key))


def who_put_out(approval: Approval) -> Confirmation:
    return approval.words.select_related("person")[0]


def why_not_reviewed_by(user: User, approvals: Sequence[Approval]) -> str:
    """Why the user cannot review any of these; empty if one of them can be."""
    if not may_confirm(user):
        return gettext("Only editors and chief editors can review.")
    now = timezone.now()
    reasons = [why_same(user, who_put_out(each).person, now) for each in approvals]
    return reasons[0] if reasons and all(reasons) else ""


@transaction.atomic
def review(
    user: User, approval: Approval, answer: str, note: str = "", *, newest: int | None = None
) -> list[Review]:
    """Says of everything open of the object whether it is right; empty if more was put out meanwhile.

    `newest` is the key of the last approval that the user was shown.
    """
    ContentVersion.hold()
    approvals = together_with(approval)
    if not approvals or (newest is not None and approvals[-1].pk != newest):
        return []
    if why := why_not_reviewed_by(user, approvals):
        raise NotConfirmed(why)
    now = timezone.now()
    name = get_user_display_name(user)
    reviews = [
        Review.objects.create(
            approval=each, by=user, by_name=name, at=now, answer=answer, note=note
        )
        for each in approvals
        if not same_person(user, who_put_out(each).person, now)
    ]
    said = Review.Answer(answer).label
    mail_story("reviewed", approvals[-1], by=user, at=now, answer=said)
    return reviews


def last_by_two(approval: Approval) -> Publication | None:
    """What readers met last before the emergency, on two persons' word or from before the rule."""
    return (
        Publication.objects.filter(kind=approval.kind, key=approval.key)
        .filter(at__lt=approval.decided_at)
        .exclude(approval__ground=Approval.Ground.EMERGENCY)
        .order_by("-pk")
        .first()
    )


def _refuse_other_than_chief(user: User, sendables: Sequence[Sendable]) -> None:
    if not may_act_alone(user):
        raise NotConfirmed(gettext("Only a chief editor may publish alone in an emergency."))
    if not all(map(may_be_emergency, sendables)):
        raise NotConfirmed(
            gettext("This cannot be published in an emergency. Send it for approval.")
        )


def _put_out(user: User, sendable: Sendable, change: Change, reason: str) -> Approval:
    if isinstance(sendable, Proposal):
        act_of(sendable).refuse(object_of_proposal(sendable), sendable.parameters)
    else:
        _refuse_version(sendable)
    word = write_confirmation(user, change, Confirmation.Way.EMERGENCY)
    return put_out_on_ground(
        sendable, Approval.Ground.EMERGENCY, user, reason, confirmations=[word]
    )


def _refuse_version(revision: Revision) -> None:
    version: Any = revision.as_object()
    stored: Any = object_of(kind_of(version), key_of(version))
    if stored.live and stored.live_revision_id == revision.pk:
        raise ValidationError(gettext("Readers meet this already."))
    refuse_unfinished(version)
    if version.go_live_at and version.go_live_at > timezone.now():
        raise ValidationError(
            gettext("It has a time at which it is to be published. Take that away first.")
        )


def _close_what_went_out(
    waiting: Iterable[Submission], changes: Iterable[Change], user: User, reason: str
) -> None:
    """What was sent and is public now, as a whole; with others in it, it goes on waiting."""
    done = {(each.kind, each.key, each.digest) for each in changes}
    for sent in waiting:
        items = list(sent.items.all())
        if not all((item.kind, item.key, item.digest) in done for item in items):
            continue
        for item in items:
            stored = object_of(item.kind, item.key)
            if item.revision_id is not None and stored is not None:
                workflow.note_published(stored, user)
        close(sent, Submission.Outcome.PUBLISHED, user, timezone.now(), reason)
