"""Stops what is approved and waits for its time."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from pages.content.publishing.roles import may_confirm
from pages.ground.models import ContentVersion
from pages.newsroom.models import Approval, Confirmation, Ending, StopOrder, Submission

from .gate import NotConfirmed, close, end_confirmations
from .story_mails import mail_story


def waiting_for_their_time() -> QuerySet[Approval]:
    """What is approved, has a time, and has neither gone out nor been stopped."""
    return Approval.objects.filter(
        due_at__isnull=False,
        stop__isnull=True,
        publications__isnull=True,
        revision__approved_go_live_at__isnull=False,
    )


@transaction.atomic
def stop_approved(user: User, approval: Approval, why: str = "") -> bool:
    """Makes it a draft again, with what was to go out together; False if it waits no longer."""
    if not may_confirm(user):
        raise NotConfirmed(gettext("Only editors and chief editors can stop it."))
    ContentVersion.hold()
    if not waiting_for_their_time().filter(pk=approval.pk).exists():
        return False
    stop_together(approval, user, why)
    return True


def stop_together(approval: Approval, user: User | None, why: str) -> None:
    """Stops what waits for its time, with what was to go out together with it."""
    for each in make_drafts(approval, user, why):
        mail_story("stopped", each, by=user, at=each.due_at, more=[f"”{why}”"] if why else [])


def make_drafts(approval: Approval, user: User | None, why: str) -> list[Approval]:
    """Writes that it goes no further, with what still waits of what was sent together with it."""
    together = {approval.pk: approval}
    if approval.submission is not None:
        waiting = waiting_for_their_time().filter(submission=approval.submission)
        together |= {each.pk: each for each in waiting}
        close(approval.submission, Submission.Outcome.STOPPED, user, timezone.now(), why)
    for each in together.values():
        _make_draft(each, user, why)
    return list(together.values())


def _make_draft(approval: Approval, user: User | None, why: str) -> None:
    StopOrder.objects.create(approval=approval, by=user, why=why)
    revision: Any = approval.revision
    if revision.approved_go_live_at is not None:
        revision.approved_go_live_at = None
        revision.save(user=user, update_fields=["approved_go_live_at"])  # which logs it
    standing = Confirmation.objects.filter(
        kind=approval.kind, key=approval.key, digest=approval.digest
    )
    end_confirmations(standing, Ending.Why.STOPPED, user)
