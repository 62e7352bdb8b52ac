"""Sending for approval, confirming, and all that ends what waits. What `confirm` answers says what happened."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from pages.content.publishing.finished import refuse_unfinished
from pages.content.publishing.roles import may_confirm
from pages.ground.models import ContentVersion
from pages.newsroom.models import Confirmation, Ending, Proposal, Submission, SubmittedItem

from . import workflow
from .digest import key_of, kind_of
from .gate import (
    NotConfirmed,
    carry_out,
    close,
    end_confirmations,
    write_approval,
    write_confirmation,
)
from .matching import (
    Seen,
    act_name,
    are_as_shown,
    confirmations_of,
    done_already,
    is_as_shown,
    refuse_anothers,
    sent_already,
    sent_before,
    starts_at,
    stored_of,
    what_waits,
)
from .persons import who_is_missing
from .proposals import act_of, object_of_proposal, title_of
from .remarks import leave_remarks
from .rule import Change, Sendable, Verdict, change_of, verdict
from .story_mails import mail_story, tell_published, tell_returned, tell_sent
from .waivers import Answers, answers_to, check_together, refuse_unanswered

# What is sent together is read together.
MOST_TOGETHER = 20


class Result(Enum):
    """What came of a confirmation."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    WAITING = "waiting"  # for another person
    SAME_PERSON = "same person"  # counted before: nothing new
    ALREADY = "already"  # somebody else was first
    CHANGED = "changed"  # it is not what was shown
    EXCHANGED = "exchanged"  # a companion is not the one that the other saw


@dataclass(frozen=True)
class Outcome:
    """What happened, for the message to the person."""

    result: Result
    submission: Submission
    needs_chief: bool = False
    due_at: datetime | None = None
    exchanged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Persons who have confirmed it, but not with what was found since.
    to_read: tuple[Any, ...] = ()


def open_submission_of(obj: Model) -> Submission | None:
    """What was sent of the object and waits for approval: a version before any act."""
    items = SubmittedItem.objects.filter(
        kind=kind_of(obj), key=key_of(obj), submission__outcome=Submission.Outcome.OPEN
    )
    item = items.order_by(F("proposal").asc(nulls_first=True), "-pk").first()
    return item.submission if item else None


def waiting_submissions() -> QuerySet[Submission]:
    """All that was sent and waits for approval."""
    return Submission.objects.filter(outcome=Submission.Outcome.OPEN)


def verdict_on(
    item: SubmittedItem, now: datetime | None = None, red: Collection[str] = ()
) -> Verdict:
    """Whether the item could go public now, and who is missing."""
    return verdict(change_of(item.sendable), now or timezone.now(), red)


def who_is_missing_in(submission: Submission) -> str:
    """Whose word what was sent waits for."""
    items = submission.items.select_related("revision", "proposal")
    return who_is_missing(any(verdict_on(item).needs_chief for item in items))


def refuse_stranger(user: User) -> None:
    """Raises NotConfirmed unless the person is an editor or a chief editor."""
    if not may_confirm(user):
        raise NotConfirmed(gettext("Only editors and chief editors can approve."))


@transaction.atomic
def send(
    user: User,
    sendables: Sequence[Sendable],
    *,
    seen: Sequence[str | Seen] = (),
    note: str = "",
    wanted_by: datetime | None = None,
    way: str = Confirmation.Way.SENT,
    answers: Answers | None = None,
) -> Outcome:
    """Sends versions and acts together for approval, which confirms them; maybe the last word.

    `seen` are the digests that the person was shown, in the same order. What was sent of the same
    objects before is replaced; what was sent together with them stays so, without this person's
    word. Raises NotConfirmed for who may not confirm and for exactly what another has sent already,
    RedFindingsLeft for what the answers do not waive, and UnfinishedPageError for what is not
    finished.
    """
    refuse_stranger(user)
    ContentVersion.hold()
    now = timezone.now()
    changes = [change_of(sendable) for sendable in sendables]
    submission = Submission(sent_by=user, sent_at=now, note=note, wanted_by=wanted_by)
    if seen and not are_as_shown(changes, seen):
        return Outcome(Result.CHANGED, submission)
    for change in changes:
        refuse_anothers(change, user)
    if (same := sent_already(changes)) is not None:
        # Such as a second press of the button: nothing is sent or told twice.
        return _confirm_all(same, list(same.items.all()), user, now, way, answers or Answers())
    if len(sendables) == 1 and (done := done_already(sendables[0], now)) is not None:
        return Outcome(Result.ALREADY, done)
    submission.save()
    replaced = {
        earlier
        for sendable, change in zip(sendables, changes, strict=True)
        if (earlier := what_waits(change.kind, change.key, act_name(sendable))) is not None
    }
    items = [
        _add_item(submission, sendable, change, position)
        for position, (sendable, change) in enumerate(zip(sendables, changes, strict=True))
    ]
    for earlier in replaced:
        _copy_other_items(submission, earlier)
        _note_drafts(earlier, user)
        close(earlier, Submission.Outcome.REPLACED, user, now)
    for item in submission.items.all():
        _refuse_impossible(item, is_sent=True)
        if item.revision is not None:
            workflow.note_sent(stored_of(item), user)
    outcome = _confirm_all(submission, items, user, now, way, answers or Answers())
    if not submission.is_open:
        return outcome
    if way == Confirmation.Way.CHANGED:
        senders = [each.sent_by for each in replaced if each.sent_by != user]
        mail_story("changed", submission, by=user, to=senders or None)
    else:
        tell_sent(submission)
    return outcome


@transaction.atomic
def confirm(
    user: User, submission: Submission, seen: Mapping[int, Seen], *, answers: Answers | None = None
) -> Outcome:
    """Confirms what was sent, as it was shown: item key -> what the person saw.

    The last confirmation publishes everything or, with an exception, nothing.
    """
    refuse_stranger(user)
    ContentVersion.hold()
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_open:
        return Outcome(Result.ALREADY, submission)
    items = list(submission.items.select_related("revision", "proposal"))
    if not all(is_as_shown(item, seen.get(item.pk), user) for item in items):
        return Outcome(Result.CHANGED, submission)
    for item in items:
        _refuse_impossible(item)
    way = Confirmation.Way.CONFIRMED
    return _confirm_all(submission, items, user, timezone.now(), way, answers or Answers())


def may_take_back(user: User, submission: Submission) -> bool:
    """Whether the user has sent it, or what somebody else has changed since."""
    return submission.is_open and (submission.sent_by_id == user.pk or _has_sent(user, submission))


@transaction.atomic
def take_back(user: User, submission: Submission) -> bool:
    """Makes a draft of what the user has sent; False if it is no longer waiting."""
    if submission.is_open and not may_take_back(user, submission):
        raise NotConfirmed(gettext("Only whoever has sent it can take it back."))
    return _close_open(submission, user, Submission.Outcome.TAKEN_BACK, Ending.Why.TAKEN_BACK)


@transaction.atomic
def return_for_changes(user: User, submission: Submission, note: str) -> bool:
    """Returns what was sent to its author with a note; False if it is no longer waiting."""
    refuse_stranger(user)
    outcome, why = Submission.Outcome.RETURNED, Ending.Why.RETURNED
    note_it = partial(workflow.note_returned, note=note)
    is_closed = _close_open(submission, user, outcome, why, note, note_it)
    if is_closed:
        items = submission.items.filter(revision__isnull=False)
        leave_remarks([stored_of(item) for item in items], user, note)
        tell_returned(submission, user, note)
    return is_closed


@transaction.atomic
def lapse(submission: Submission) -> bool:
    """Makes a draft of what nobody has answered."""
    return _close_open(submission, None, Submission.Outcome.LAPSED, Ending.Why.LAPSED)


@transaction.atomic
def stop_submission(submission: Submission, why: str) -> bool:
    """Stops what waits, in nobody's name; False if it is no longer waiting."""
    return _close_open(submission, None, Submission.Outcome.STOPPED, Ending.Why.STOPPED, why)


def stop_all_about(obj: Model, user: User | None, *, but: Submission | None) -> None:
    """Stops all that waits about an object that readers do not meet any more.

    Also what was sent together with it, but not what is carried out just now.
    """
    items = SubmittedItem.objects.filter(kind=kind_of(obj), key=key_of(obj))
    going = waiting_submissions().filter(pk__in=items.values("submission"))
    for submission in going:
        if submission != but:
            _close_open(submission, user, Submission.Outcome.STOPPED, Ending.Why.WITHDRAWN)


def _note_drafts(submission: Submission, user: User | None) -> None:
    for item in submission.items.filter(revision__isnull=False):
        if (stored := stored_of(item)) is not None:
            workflow.note_cancelled(stored, user)


def _not_sent_before(proposal: Proposal) -> Proposal:
    """The proposal, or a copy of one that was sent before."""
    if SubmittedItem.objects.filter(proposal=proposal).exists():
        proposal.pk, proposal._state.adding = None, True
        proposal.save()
    return proposal


def _has_sent(user: User, submission: Submission) -> bool:
    """Whether this is somebody's change of what the user has sent."""
    return any(
        earlier.submission.sent_by_id == user.pk
        for item in submission.items.select_related("proposal")
        for earlier in sent_before(item)
    )


def _add_item(
    submission: Submission, sendable: Sendable, change: Change, position: int
) -> SubmittedItem:
    if is_act := isinstance(sendable, Proposal):
        sendable = _not_sent_before(sendable)
    its: Any = sendable
    return SubmittedItem.objects.create(
        submission=submission,
        kind=change.kind,
        key=change.key,
        digest=change.digest,
        revision=None if is_act else sendable,
        proposal=sendable if is_act else None,
        title=title_of(object_of_proposal(its) if is_act else its.as_object()),
        position=position,
    )


def _copy_other_items(submission: Submission, earlier: Submission) -> None:
    """What was sent together with something that is sent again stays together with it."""
    anew = {_what(item) for item in submission.items.all()}
    position = submission.items.count()
    for item in earlier.items.all():
        if _what(item) not in anew:
            if item.proposal is not None:
                item.proposal = _not_sent_before(item.proposal)
            item.pk, item._state.adding = None, True
            item.submission, item.position = submission, position
            item.save()
            position += 1


def _what(item: SubmittedItem) -> tuple[str, str, str]:
    return item.kind, item.key, item.proposal.act if item.proposal else ""


def _refuse_impossible(item: SubmittedItem, *, is_sent: bool = False) -> None:
    if item.proposal is not None:
        act_of(item.proposal).refuse(object_of_proposal(item.proposal), item.proposal.parameters)
    elif item.revision is not None:
        refuse_unfinished(item.revision.as_object(), is_sent=is_sent)


def _confirm_all(
    submission: Submission,
    shown: Sequence[SubmittedItem],
    user: User,
    now: datetime,
    way: str,
    answers: Answers,
) -> Outcome:
    """Adds the user's word for what was shown; publishes once two stand behind every item."""
    items = list(submission.items.select_related("revision", "proposal"))
    changes = [change_of(item.sendable) for item in items]
    checked = check_together([item.sendable for item in items])
    new = [
        (item, change, found)
        for item, change, found in zip(items, changes, checked, strict=True)
        if item in shown and not verdict(change, now, found.red).is_confirmed_by(user)
    ]
    told = [answers_to(found, change, user, answers) for _item, change, found in new]
    refuse_unanswered([found for _item, _change, found in new], told, answers)
    for (_item, change, _found), reasons in zip(new, told, strict=True):
        write_confirmation(user, change, way, at=now, reasons=reasons, submission=submission)
    verdicts = [
        verdict(change, now, found.red) for change, found in zip(changes, checked, strict=True)
    ]
    if all(each.holds for each in verdicts):
        # Of several, the first may change what goes along with the next.
        just_decided = changes[0] if len(items) == 1 else None
        return _publish_all(submission, items, verdicts, just_decided, user, now)
    exchanged = {name: who for each in verdicts for name, who in each.exchanged.items()}
    result = Result.EXCHANGED if exchanged else Result.WAITING if new else Result.SAME_PERSON
    to_read = {person.pk: person for each in verdicts for person in each.without_reason}
    if new and to_read:
        persons = list(to_read.values())
        mail_story("waived", submission, by=user, to=persons)
    return Outcome(
        result,
        submission,
        needs_chief=any(each.needs_chief for each in verdicts),
        exchanged=exchanged,
        to_read=tuple(to_read.values()),
    )


def _publish_all(
    submission: Submission,
    items: Sequence[SubmittedItem],
    verdicts: Sequence[Verdict],
    just_decided: Change | None,
    user: User,
    now: datetime,
) -> Outcome:
    due = [starts_at(item.sendable, now) for item in items]
    for item, its_verdict, at in zip(items, verdicts, due, strict=True):
        approval = write_approval(item, its_verdict, user, now, at)
        carry_out(approval, user, just_decided)
        if item.revision is not None:
            workflow.note_published(stored_of(item), user)
    due_at = max((at for at in due if at), default=None)
    outcome = Submission.Outcome.SCHEDULED if due_at else Submission.Outcome.PUBLISHED
    close(submission, outcome, user, now)
    if due_at:
        mail_story("scheduled", submission, by=user, at=due_at)
        return Outcome(Result.SCHEDULED, submission, due_at=due_at)
    tell_published(submission, user)
    return Outcome(Result.PUBLISHED, submission)


def _close_open(
    submission: Submission,
    user: User | None,
    outcome: str,
    why: str,
    note: str = "",
    note_it: Callable[[Any, Any], None] = workflow.note_cancelled,
) -> bool:
    ContentVersion.hold()
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if not submission.is_open:
        return False
    for item in submission.items.all():
        # Also those of what was sent before it: a word that is taken back must not count later.
        end_confirmations(confirmations_of(item), why, user)
        if item.revision_id is not None and (stored := stored_of(item)) is not None:
            note_it(stored, user)
    close(submission, outcome, user, timezone.now(), note)
    return True
