"""Mails about what is sent, approved and published: the title, never the text, and one link."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page

from pages.models import Approval, Confirmation, Review, Submission

from . import happenings
from .digest import object_of
from .mails import mail_when_committed, title_in_mail
from .moments import at_clock, clock, date_in_words, moment_of, weekday_of
from .persons import all_chiefs, who_may_confirm
from .verify import Deviation

_NAMED_AT_MOST = 50


def connect_mails() -> None:
    """Lets each happening be told to those whom it concerns."""
    for signal, receiver in (
        (happenings.sent, _tell_sent),
        (happenings.changed, _tell_changed),
        (happenings.put_aside, _tell_put_aside),
        (happenings.returned, _tell_returned),
        (happenings.published, _tell_published),
        (happenings.scheduled, _tell_scheduled),
        (happenings.stopped, _tell_stopped),
        (happenings.kept_back, _tell_kept_back),
        (happenings.too_late, _tell_too_late),
        (happenings.lapsed, _tell_lapsed),
        (happenings.still_waiting, _tell_still_waiting),
        (happenings.put_out_alone, _tell_put_out_alone),
        (happenings.reviewed, _tell_reviewed),
    ):
        signal.connect(_in_swedish(receiver), weak=False, dispatch_uid=receiver.__name__)


def _in_swedish(receiver: Any) -> Any:
    def receive(sender: Any, signal: Any = None, **about: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            receiver(**about)

    return receive


# Whom, and where to


def _mail(subject: str, words: str, link: str, to: Iterable[Any], but: Any = None) -> None:
    """To those of the persons whose account is open, without the one who did it."""
    persons = [each for each in to if each.is_active and (but is None or each.pk != but.pk)]
    mail_when_committed(subject, f"{words}\n\n{link}", [each.email for each in persons])


def _who_can_answer(submission: Submission) -> list[Any]:
    """All chief editors; the editors, if the only one has sent it."""
    sender = submission.sent_by_id
    chiefs = [each for each in all_chiefs() if each.pk != sender]
    return chiefs or [each for each in who_may_confirm() if each.pk != sender]


def _persons(approvals: Iterable[Approval]) -> list[Any]:
    keys = [key for approval in approvals for key in approval.confirmations]
    words = Confirmation.objects.filter(pk__in=keys).select_related("person").order_by("pk")
    return list({each.person_id: each.person for each in words}.values())


def _link(name: str, *args: Any) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse(f'newsdesk:{name}', args=args)}"


def _page_of(submission: Submission) -> str:
    return _link("confirm", submission.pk)


def _draft_of(thing: Submission | Approval) -> str:
    """Where a draft can be read and sent again."""
    if isinstance(thing, Submission):
        item = thing.items.first()
        is_draft = item is not None and item.revision_id is not None
        return _link("send", item.kind, item.key) if item and is_draft else _page_of(thing)
    return _link("send", thing.kind, thing.key)


# Names and words


def _short(*users: Any) -> str:
    """Rolf och Cecilia"""
    names = [user.get_short_name() or user.get_username() for user in users]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _said(note: str) -> str:
    return f": ”{note}”" if note else "."


# What is sent, and what comes of it


def _tell_sent(submission: Submission, **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _("%(name)s sent %(title)s for approval %(when)s.") % {
        "name": get_user_display_name(submission.sent_by), "title": title, "when": moment_of(submission.sent_at),
    }  # fmt: skip
    if submission.note:
        words += " " + _("Message: “%(note)s”") % {"note": submission.note}
    if wanted := submission.wanted_by:
        today = localdate(wanted) == localdate()
        when = at_clock(wanted) if today else f"{date_in_words(wanted)} {at_clock(wanted)}"
        words += " " + _("It is wanted before %(when)s.") % {"when": when}
    link = _("Open: %(link)s") % {"link": _page_of(submission)}
    _mail(_("To approve: %(title)s") % {"title": title}, words, link, _who_can_answer(submission))


def _tell_changed(submission: Submission, by: Any, senders: Sequence[Any], **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _(
        "%(name)s has changed what you sent, and approved the change. Read the change. If you "
        "approve, it is published at once."
    ) % {"name": get_user_display_name(by)}
    subject = _("%(name)s has changed %(title)s") % {"name": _short(by), "title": title}
    others = [each for each in senders if each.pk != by.pk]
    _mail(subject, words, _page_of(submission), others or _who_can_answer(submission), but=by)


def _tell_put_aside(submission: Submission, by: Any, persons: Sequence[Any], **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _(
        "The check before publishing has found something new in %(title)s. %(name)s has written why"
        " it is to be published all the same. Read the reason. If you agree, it is published."
    ) % {"title": title, "name": get_user_display_name(by)}
    _mail(_("Read the reason: %(title)s") % {"title": title}, words, _page_of(submission), persons)


def _tell_returned(submission: Submission, by: Any, note: str, **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _("%(name)s wants you to change %(title)s before it is published.") % {
        "name": get_user_display_name(by), "title": title,
    }  # fmt: skip
    words += f" ”{note}”" if note else ""
    if count := _comments_on(submission):
        said = ngettext(
            "%(count)d comment is on the page.", "%(count)d comments are on the page.", count
        )
        words += " " + said % {"count": count}
    subject = _("Change %(title)s") % {"title": title}
    _mail(subject, words, _draft_of(submission), [submission.sent_by])


def _comments_on(submission: Submission) -> int:
    things: list[Any] = [object_of(item.kind, item.key) for item in submission.items.all()]
    return sum(
        each.wagtail_admin_comments.filter(resolved_at=None).count()
        for each in things
        if isinstance(each, Page)
    )


def _tell_published(submission: Submission, by: Any, **_about: Any) -> None:
    first = submission.items.select_related("proposal").first()
    subject, words = _done(first.proposal.act if first and first.proposal else "")
    title = title_in_mail(submission)
    said = {
        "title": title, "when": moment_of(timezone.now()),
        "sender": _short(submission.sent_by), "by": _short(by),
    }  # fmt: skip
    thing: Any = object_of(first.kind, first.key) if first else None
    address = thing.full_url if isinstance(thing, Page) and thing.live else None
    # At its time nobody was there; otherwise the last one has been told on the screen.
    by_itself = submission.outcome == Submission.Outcome.SCHEDULED
    _mail(
        subject % {"title": title}, words % said, address or _page_of(submission),
        _sender_and_others(submission), but=None if by_itself else by,
    )  # fmt: skip


def _done(act: str) -> tuple[str, str]:
    """Subject and words for what two persons have approved."""
    if not act:
        return _("Published: %(title)s"), _(
            "%(title)s was published %(when)s. Sent by %(sender)s, approved by %(by)s."
        )
    if act == "withdraw":
        return _("Removed: %(title)s"), _(
            "%(title)s was removed from the website %(when)s. Sent by %(sender)s, approved by "
            "%(by)s."
        )
    return _("Done: %(title)s"), _(
        "The change of %(title)s was made %(when)s. Sent by %(sender)s, approved by %(by)s."
    )


def _sender_and_others(submission: Submission) -> list[Any]:
    return [*_persons(submission.approvals.all()), submission.sent_by]


def _tell_scheduled(submission: Submission, by: Any, due_at: datetime, **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _("%(title)s is approved by %(by)s and is published on %(day)s at %(time)s.") % {
        "title": title, "by": get_user_display_name(by), "day": weekday_of(due_at), "time": clock(due_at),
    }  # fmt: skip
    subject = _("Approved: %(title)s") % {"title": title}
    _mail(subject, words, _page_of(submission), _sender_and_others(submission), but=by)


def _tell_stopped(approval: Approval, by: Any, why: str, **_about: Any) -> None:
    title, due_at = title_in_mail(approval.title), approval.due_at or timezone.now()
    was_due = _("%(title)s was to be published %(day)s %(time)s.") % {
        "title": title, "day": date_in_words(due_at), "time": at_clock(due_at),
    }  # fmt: skip
    now = at_clock(timezone.now())
    if by is None:
        stopped = _("It was stopped %(now)s") % {"now": now}
    else:
        stopped = _("%(name)s stopped it %(now)s") % {"name": get_user_display_name(by), "now": now}
    words = f"{was_due} {stopped}{_said(why)} " + _("It is a draft again.")
    subject = _("Stopped: %(title)s") % {"title": title}
    _mail(subject, words, _draft_of(approval), _persons([approval]), but=by)


def _tell_kept_back(approval: Approval, sentence: str, **_about: Any) -> None:
    title, due_at = title_in_mail(approval.title), approval.due_at or timezone.now()
    persons = _persons([approval])
    said = {"title": title, "time": clock(due_at), "why": sentence, "names": _short(*persons)}
    if sentence:
        words = _("%(title)s was not published at %(time)s. %(why)s Read it, and send it again.")
    else:
        words = _(
            "%(title)s was not published at %(time)s, since it has been changed after %(names)s "
            "approved it. Read it, and send it again."
        )
    subject = _("Was not published: %(title)s") % {"title": title}
    _mail(subject, words % said, _draft_of(approval), persons)


# What waits


def _tell_too_late(
    submission: Submission, due_at: datetime, persons: Sequence[Any], **_about: Any
) -> None:
    title = title_in_mail(submission)
    words = _(
        "%(title)s was not published at %(time)s, since only %(name)s has approved it. It is a "
        "draft again."
    ) % {"title": title, "time": clock(due_at), "name": _short(*persons)}
    subject = _("Was not published: %(title)s") % {"title": title}
    to = [submission.sent_by, *_who_can_answer(submission)]
    _mail(subject, words, _draft_of(submission), to)


def _tell_lapsed(submission: Submission, **_about: Any) -> None:
    title = title_in_mail(submission)
    words = _(
        "Nobody has approved %(title)s in 30 days. Send it again if it is still to be published."
    ) % {"title": title}
    subject = _("%(title)s is a draft again") % {"title": title}
    _mail(subject, words, _draft_of(submission), [submission.sent_by])


def _tell_still_waiting(
    submission: Submission,
    to_all: bool,
    due_at: datetime | None,
    persons: Sequence[Any],
    **_about: Any,
) -> None:
    title, sender, to = title_in_mail(submission), submission.sent_by, _who_can_answer(submission)
    if due_at is not None:
        words = _(
            "%(title)s is to be published at %(time)s, but only %(name)s has approved it. Without "
            "one more person it will not be published."
        ) % {"title": title, "time": clock(due_at), "name": _short(*persons)}
        subject = _("Urgent: %(title)s lacks approval") % {"title": title}
        _mail(subject, words, _page_of(submission), [sender, *to])
        return
    words = _("%(title)s has been waiting for approval since %(when)s.") % {
        "title": title, "when": moment_of(submission.sent_at),
    }  # fmt: skip
    subject = _("Reminder: %(title)s is waiting") % {"title": title}
    _mail(subject, words, _page_of(submission), [sender, *to] if to_all else to)


# Emergencies, and the check of the night


def _tell_put_out_alone(approval: Approval, by: Any, **_about: Any) -> None:
    title = title_in_mail(approval.title)
    said = {
        "name": get_user_display_name(by), "title": title, "time": clock(approval.decided_at),
        "reason": approval.reason,
    }  # fmt: skip
    if approval.proposal is not None:
        words = _(
            "%(name)s removed %(title)s alone at %(time)s. Reason: “%(reason)s” Somebody else has "
            "to review it afterwards."
        )
    else:
        words = _(
            "%(name)s published %(title)s alone at %(time)s. Reason: “%(reason)s” Somebody else "
            "has to review it afterwards."
        )
    subject = _("Put out in an emergency: %(title)s") % {"title": title}
    _mail(subject, words % said, _link("review", approval.pk), all_chiefs())


def remind_of_emergency(approval: Approval) -> None:
    """Tells all chief editors, each morning, of what nobody has reviewed."""
    with translation.override(settings.LANGUAGE_CODE):
        title = title_in_mail(approval.title)
        words = _("%(title)s was put out in an emergency %(when)s and has not been reviewed.") % {
            "title": title, "when": moment_of(approval.decided_at),
        }  # fmt: skip
        subject = _("Still not reviewed: %(title)s") % {"title": title}
        _mail(subject, words, _link("review", approval.pk), all_chiefs())


def tell_turned_red(waiting: Submission | Approval, count: int, persons: Iterable[Any]) -> None:
    """Tells those who stand behind what waits that something red was found since."""
    with translation.override(settings.LANGUAGE_CODE):
        found = ngettext("%(count)d red finding", "%(count)d red findings", count) % {
            "count": count
        }
        if isinstance(waiting, Submission):
            title, link = title_in_mail(waiting), _page_of(waiting)
            words = _(
                "%(title)s waits for approval. Last night's check found %(found)s that not everybody"
                " who approved has given a reason for."
            ) % {"title": title, "found": found}
        else:
            title, link = title_in_mail(waiting.title), _link("stop", waiting.pk)
            due_at = waiting.due_at or timezone.now()
            words = _(
                "%(title)s is published %(day)s %(time)s. Last night's check found %(found)s that"
                " nobody has given a reason for. It is published all the same unless somebody stops"
                " it."
            ) % {
                "title": title, "day": date_in_words(due_at), "time": at_clock(due_at),
                "found": found,
            }  # fmt: skip
        _mail(_("Red finding: %(title)s") % {"title": title}, words, link, persons)


def _tell_reviewed(review: Review, **_about: Any) -> None:
    title = title_in_mail(review.approval.title)
    words = _("%(name)s reviewed %(title)s at %(time)s. Answer: %(answer)s.") % {
        "name": review.by_name, "title": title, "time": clock(review.at),
        "answer": review.get_answer_display(),
    }  # fmt: skip
    subject = _("Reviewed: %(title)s") % {"title": title}
    _mail(subject, words, _link("review", review.approval_id), all_chiefs(), but=review.by)


def mail_deviations(found: Sequence[Deviation]) -> None:
    """Tells all chief editors what the night's check has found."""
    with translation.override(settings.LANGUAGE_CODE):
        words = ngettext(
            "The check of the night found %(count)d thing that differs from what was approved:",
            "The check of the night found %(count)d things that differ from what was approved:",
            len(found),
        ) % {"count": len(found)}
        named = "\n".join(str(each) for each in found[:_NAMED_AT_MOST])
        if not settings.MAILS_NAME_TITLES:
            named = title_in_mail("")
        last = _("Call those who run the website.")
        subject = _("Something on the website is not right")
        _mail(subject, f"{words}\n\n{named}", last, all_chiefs())
