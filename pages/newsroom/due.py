"""What happens at its time: starts and ends that two have confirmed, reminders and lapses."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import DraftStateMixin, Page, Revision

from pages.ground.models import ContentVersion
from pages.newsroom.models import Approval, Publication, Submission

from .digest import key_of, kind_of
from .emergencies import open_emergencies
from .gate import NotConfirmed, carry_out, note_public
from .guard import guarded_models
from .moments import clock
from .permit import permitted
from .persons import turn_on_call
from .stopping import make_drafts, waiting_for_their_time
from .story_mails import mail_story, sender_and_answering, tell_published
from .submissions import lapse, waiting_submissions

logger = logging.getLogger(__name__)

LAPSES_AFTER = timedelta(days=30)
# What cannot be published for a fault of the machine is tried again for so long.
_GIVEN_UP_AFTER = timedelta(minutes=15)
_NEAR = timedelta(hours=2)
# How long who is on call is asked alone.
_ON_CALL_ALONE = timedelta(hours=1)
# Working days after which those who can answer are reminded, and how many are told.
_FIRST, _ALL = 1, 3
_MORNING = "08.00"


def publish_due(now: datetime) -> None:
    """Starts and ends everything whose confirmed time has come, each for itself."""
    for approvals in _due_together(now):
        _alone(_start, approvals, now)
    for approval in _overtaken():
        _alone(_give_up_overtaken, approval)
    for obj in _over(now):
        _alone(_end, obj, now)


def _alone(do: Callable[..., None], obj: DraftStateMixin, *about: object) -> None:
    """The others have their time too, whatever is wrong with this one; it is tried again."""
    try:
        do(obj, *about)
    except Exception:
        logger.exception("%s: %s failed at its time", obj, do.__name__.strip("_"))


def _due_together(now: datetime) -> list[list[Approval]]:
    """What is due now; what was sent together goes out together."""
    groups: dict[tuple[str, int], list[Approval]] = {}
    for each in waiting_for_their_time().filter(due_at__lte=now).order_by("due_at", "pk"):
        key = ("", each.pk) if each.submission_id is None else ("sent", each.submission_id)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _start(approvals: list[Approval], now: datetime) -> None:
    try:
        _publish(approvals)
    except (NotConfirmed, ValidationError) as error:
        _keep_back(approvals[0], " ".join(error.messages))
    except Exception:
        logger.exception("%s: not published at its time", approvals[0])
        if min(each.due_at or now for each in approvals) + _GIVEN_UP_AFTER <= now:
            text = gettext("The machine could not do it. Tell those who run the website.")
            _keep_back(approvals[0], text)


@transaction.atomic
def _publish(approvals: list[Approval]) -> None:
    ContentVersion.hold()
    keys = [each.pk for each in approvals]
    # Read again: a chief may have stopped it meanwhile.
    still = list(waiting_for_their_time().filter(pk__in=keys).order_by("due_at", "pk"))
    for approval in still:
        carry_out(approval, None)
    if still and (sent := still[0].submission) is not None:
        tell_published(sent, sent.closed_by)


@transaction.atomic
def _keep_back(approval: Approval, why: str) -> None:
    """Leaves what readers meet as it is, and makes the version a draft again."""
    ContentVersion.hold()
    for each in make_drafts(approval, None, why):
        mail_story("kept back", each, at=each.due_at, why=why)


def _overtaken() -> list[Approval]:
    """What waits no more since another version was published or scheduled, or all was removed."""
    waiting = Approval.objects.filter(
        due_at__isnull=False,
        stop__isnull=True,
        publications__isnull=True,
        revision__approved_go_live_at__isnull=True,
    )
    return list(waiting.order_by("pk"))


def _give_up_overtaken(approval: Approval) -> None:
    _keep_back(approval, gettext("Something else was approved for it meanwhile."))


def _over(now: datetime) -> Iterator[object]:
    for model in guarded_models():
        if model is not Page:
            yield from model._base_manager.filter(live=True, expire_at__lte=now).order_by("pk")


def next_end(after: datetime) -> datetime | None:
    """When the first of what is public reaches its end."""
    models = (model for model in guarded_models() if model is not Page)
    ends = (
        model._base_manager.filter(live=True, expire_at__gt=after).aggregate(at=Min("expire_at"))[
            "at"
        ]
        for model in models
    )
    return min(filter(None, ends), default=None)


@transaction.atomic
def _end(obj: DraftStateMixin, now: datetime) -> None:
    """Takes away what has reached its end, if the end was confirmed; else the night check says so."""
    ContentVersion.hold()
    obj = type(obj)._base_manager.get(pk=obj.pk)
    of_it = {"kind": kind_of(obj), "key": key_of(obj)}
    former = Publication.last_of(**of_it)
    if not obj.live or former is None or former.revision is None:
        return
    if obj.expire_at is None or obj.expire_at > now:
        return
    if former.revision.as_object().expire_at != obj.expire_at:
        return
    # Wagtail forgets the start of a later version, which two have confirmed as well.
    later = dict(waiting_for_their_time().filter(**of_it).values_list("revision_id", "due_at"))
    action = UnpublishPageAction if isinstance(obj, Page) else UnpublishAction
    with permitted(obj):
        action(obj, set_expired=True).execute(skip_permission_checks=True)
    for key, due_at in later.items():
        Revision.objects.filter(pk=key).update(approved_go_live_at=due_at)
    note_public(obj, former.approval, Publication.How.ENDED)


def remind(now: datetime) -> None:
    """Reminds of what waits, and lets lapse what nobody has answered or what is too late."""
    for submission in waiting_submissions():
        _alone(_follow, submission, now)
    if clock(now) == _MORNING:
        # Of each object once: one review closes all that was put out of it.
        last = {(each.kind, each.key): each for each in open_emergencies()}
        for approval in last.values():
            _alone(_remind_of_emergency, approval)


def _remind_of_emergency(approval: Approval) -> None:
    mail_story("not reviewed", approval, at=approval.decided_at)


@transaction.atomic
def _follow(submission: Submission, now: datetime) -> None:
    start = start_of(submission)
    if start is not None and start <= now:
        persons = who_confirmed(submission)
        if lapse(submission):
            mail_story("too late", submission, at=start, names=persons)
    elif submission.sent_at + LAPSES_AFTER <= now:
        if lapse(submission):
            mail_story("lapsed", submission)
    else:
        _remind_of(submission, start, now)


def _remind_of(submission: Submission, start: datetime | None, now: datetime) -> None:
    last = submission.reminded_at or submission.sent_at
    days = working_days_between(submission.sent_at, now)
    told = working_days_between(submission.sent_at, last)
    is_near = start is not None and last < start - _NEAR <= now
    step = _ALL if days >= _ALL > told else _FIRST if days >= _FIRST > told else 0
    if not step and last == submission.sent_at <= now - _ON_CALL_ALONE:
        turn = turn_on_call()
        step = _FIRST if turn and turn.account_id != submission.sent_by_id else 0
    if not is_near and not step:
        return
    mine = waiting_submissions().filter(pk=submission.pk, reminded_at=submission.reminded_at)
    if not mine.update(reminded_at=now):
        return  # answered meanwhile, or another process was here
    if is_near:
        mail_story("waiting and near", submission, at=start, names=who_confirmed(submission))
    else:
        to = sender_and_answering(submission) if step == _ALL else None
        mail_story("still waiting", submission, at=submission.sent_at, to=to)


def who_confirmed(submission: Submission) -> list[object]:
    """Those whose word stands behind what waits, in the order in which they gave it."""
    words = submission.confirmations.filter(ending=None).select_related("person").order_by("pk")
    return list({each.person_id: each.person for each in words}.values())


def start_of(submission: Submission) -> datetime | None:
    """The first time at which something of what was sent is to start.

    A time that had passed when it was sent is that of an earlier version.
    """
    items = submission.items.exclude(revision=None).select_related("revision")
    said = [item.revision.content.get("go_live_at") for item in items if item.revision]
    times = [datetime.fromisoformat(each) for each in said if each]
    return min((each for each in times if each > submission.sent_at), default=None)


def working_days_between(start: datetime, end: datetime) -> int:
    """Whole days from Monday to Friday that lie between two moments, by the clock in Sweden."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    days = (last.date() - first.date()).days
    passed = (first.date() + timedelta(days=number) for number in range(1, days + 1))
    working = [day for day in passed if day.weekday() < 5]
    is_short = bool(working) and working[-1] == last.date() and last.time() < first.time()
    return len(working) - is_short
