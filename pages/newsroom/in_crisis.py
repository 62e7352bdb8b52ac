"""What was put together in Krisläge: who is asked, and what the checks find without stopping it."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pages.content.models import Alert
from pages.content.publishing.roles import is_chief
from pages.newsroom.models import Confirmation, CrisisDraft, Submission

from .rule import word_of, would_help
from .story_mails import mail_story
from .waivers import Answers, Checked


def crisis_of(submission: Submission) -> CrisisDraft | None:
    """What it was put together as, if that was in Krisläge."""
    return CrisisDraft.objects.filter(submission=submission).first()


def answers_in_crisis(checked: Sequence[Checked]) -> Answers:
    """Waives everything red: it was in view, and in a crisis it warns and does not stop."""
    reason = _("In a crisis: published in spite of the finding, which was in view.")
    names = (each.name_of(finding) for each in checked for finding in each.red.values())
    return Answers(reasons=dict.fromkeys(names, reason), saw_amber=True)


def waiting_crises() -> QuerySet[CrisisDraft]:
    """What waits for a second person, the oldest first."""
    waiting = CrisisDraft.objects.filter(submission__outcome=Submission.Outcome.OPEN)
    return waiting.select_related("submission__sent_by", "asked").order_by("submission__sent_at")


def crises_for(user: User) -> list[CrisisDraft]:
    """Those of them that this person may answer, and has not."""
    waiting = list(waiting_crises().prefetch_related("submission__items"))
    if not waiting or (word := word_of(user)) is None:
        return []
    answered = Confirmation.objects.filter(
        person=user, ending=None, submission__in=[each.submission_id for each in waiting]
    )
    done = set(answered.values_list("submission", flat=True))
    return [
        each
        for each in waiting
        if each.submission is not None
        and each.submission_id not in done
        and _would_help(word, each.submission)
    ]


def _would_help(word: Confirmation, submission: Submission) -> bool:
    sent = list(filter(None, [word_of(submission.sent_by)]))
    return all(would_help(word, item.kind, sent) for item in submission.items.all())


def messages_out() -> list[Alert]:
    """Important messages that are public and have not ended or been followed; the latest first."""
    return [alert for alert in Alert.objects.out().order_by("-starts_at", "-pk") if alert.is_out]


def mail_asked(crisis: CrisisDraft) -> None:
    """Tells the person who was asked by name; the chief editors are told of all that is sent."""
    asked, submission = crisis.asked, crisis.submission
    if asked is None or submission is None or is_chief(asked):
        return
    mail_story("asked", submission, by=submission.sent_by, to=[asked])
