"""Mails about what is sent, approved and published: the title, never the text, and one link.

`_MAILS` says for each of them its subject, its words, to whom it goes and where its link leads.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page

from pages.newsroom.models import Approval, Submission

from .digest import object_of
from .mails import mail_when_committed, title_in_mail
from .moments import clock, date_in_words, moment_of, weekday_of
from .persons import all_chiefs, same_person, turn_on_call, who_may_confirm
from .remarks import remarks_left_in

_NAMED_AT_MOST = 50


def _in_swedish(do: Callable[..., None]) -> Callable[..., None]:
    @wraps(do)
    def told(*about: object, **said: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            do(*about, **said)

    return told


# Whom, and where to


def _chiefs(_about: Any) -> Iterable[Any]:
    return all_chiefs()


def _sender(submission: Submission) -> Iterable[Any]:
    return [submission.sent_by]


def _answering(submission: Submission) -> Iterable[Any]:
    """All chief editors; the editors, if the only one has sent it."""
    sender = submission.sent_by_id
    chiefs = [each for each in all_chiefs() if each.pk != sender]
    return chiefs or [each for each in who_may_confirm() if each.pk != sender]


def _first_asked(submission: Submission) -> Iterable[Any]:
    """Who is on call, and has not sent it; all who can answer where there is nobody."""
    turn = turn_on_call()
    if turn is None or same_person(turn.account, submission.sent_by, timezone.now()):
        return _answering(submission)
    return [turn.account]


def sender_and_answering(submission: Submission) -> Iterable[Any]:
    return [submission.sent_by, *_answering(submission)]


def _behind(approval: Approval) -> Iterable[Any]:
    """Those on whose word it is approved."""
    return [each.person for each in approval.words.select_related("person")]


def _sender_and_behind(submission: Submission) -> Iterable[Any]:
    behind = [who for each in submission.approvals.all() for who in _behind(each)]
    return [*behind, submission.sent_by]


def _link(name: str, *args: object) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse(f'newsdesk:{name}', args=args)}"


def _where_it_waits(submission: Submission) -> str:
    return _link("confirm", submission.pk)


def _page_of_readers(submission: Submission) -> str:
    first = submission.items.first()
    obj: Any = object_of(first.kind, first.key) if first else None
    address = obj.full_url if isinstance(obj, Page) and obj.live else None
    return address or _where_it_waits(submission)


def _draft(about: Submission | Approval) -> str:
    """Where a draft can be read and sent again."""
    if isinstance(about, Approval):
        return _link("send", about.kind, about.key)
    item = about.items.first()
    is_draft = item is not None and item.revision_id is not None
    return _link("send", item.kind, item.key) if item and is_draft else _where_it_waits(about)


def _review(approval: Approval) -> str:
    return _link("review", approval.pk)


def _where_it_is_stopped(approval: Approval) -> str:
    return _link("stop", approval.pk)


class _Mail(NamedTuple):
    subject: Promise
    to: Callable[[Any], Iterable[Any]]
    link: Callable[[Any], str]
    words: Promise


_MAILS = {
    # What is sent, and what comes of it
    "sent": _Mail(
        _("To approve: %(title)s"), _first_asked, _where_it_waits,
        _("%(name)s sent %(title)s for approval %(when)s."),
    ),
    "asked": _Mail(
        _("Crisis: approve %(title)s"), _answering, _where_it_waits,
        _("%(name)s asks you to approve %(title)s at once. It goes out when you have."),
    ),
    "changed": _Mail(
        _("%(name)s has changed %(title)s"), _answering, _where_it_waits,
        _("%(name)s has changed what you sent, and approved the change. Read the change. If you "
          "approve, it is published at once."),
    ),
    "waived": _Mail(
        _("Read the reason: %(title)s"), _answering, _where_it_waits,
        _("The check before publishing has found something new in %(title)s. %(name)s has written why"
          " it is to be published all the same. Read the reason. If you agree, it is published."),
    ),
    "returned": _Mail(
        _("Change %(title)s"), _sender, _draft,
        _("%(name)s wants you to change %(title)s before it is published."),
    ),
    "published": _Mail(
        _("Published: %(title)s"), _sender_and_behind, _page_of_readers,
        _("%(title)s was published %(when)s. Sent by %(sender)s, approved by %(name)s."),
    ),
    "withdrawn": _Mail(
        _("Removed: %(title)s"), _sender_and_behind, _where_it_waits,
        _("%(title)s was removed from the website %(when)s. Sent by %(sender)s, approved by %(name)s."),
    ),
    "done": _Mail(
        _("Done: %(title)s"), _sender_and_behind, _page_of_readers,
        _("The change of %(title)s was made %(when)s. Sent by %(sender)s, approved by %(name)s."),
    ),
    "scheduled": _Mail(
        _("Approved: %(title)s"), _sender_and_behind, _where_it_waits,
        _("%(title)s is approved by %(name)s and is published on %(weekday)s at %(time)s."),
    ),
    "stopped": _Mail(
        _("Stopped: %(title)s"), _behind, _draft,
        _("%(title)s, due %(day)s at %(time)s, is stopped. Nothing changes for readers. Stopped by: %(name)s."),
    ),
    "kept back": _Mail(
        _("Was not published: %(title)s"), _behind, _draft,
        _("%(title)s was not published at %(time)s. %(why)s Read it, and send it again."),
    ),
    # What waits
    "too late": _Mail(
        _("Was not published: %(title)s"), sender_and_answering, _draft,
        _("%(title)s was not published at %(time)s, since only %(names)s has approved it. Nothing "
          "changes for readers."),
    ),
    "lapsed": _Mail(
        _("Nobody approved %(title)s in time"), _sender, _draft,
        _("Nobody has approved %(title)s in 30 days. Send it again if it is still to be published."),
    ),
    "still waiting": _Mail(
        _("Reminder: %(title)s is waiting"), _answering, _where_it_waits,
        _("%(title)s has been waiting for approval since %(when)s."),
    ),
    "waiting and near": _Mail(
        _("Urgent: %(title)s lacks approval"), sender_and_answering, _where_it_waits,
        _("%(title)s is to be published at %(time)s, but only %(names)s has approved it. Without one "
          "more person it will not be published."),
    ),
    "turned red": _Mail(
        _("Red finding: %(title)s"), _behind, _where_it_is_stopped,
        _("%(title)s is published %(day)s at %(time)s. Last night's check found %(found)s that nobody has "
          "given a reason for. It is published all the same unless somebody stops it."),
    ),
    # Emergencies
    "published alone": _Mail(
        _("Put out in an emergency: %(title)s"), _chiefs, _review,
        _("%(name)s published %(title)s alone at %(time)s. Reason: “%(reason)s” Somebody else has to "
          "review it afterwards."),
    ),
    "removed alone": _Mail(
        _("Put out in an emergency: %(title)s"), _chiefs, _review,
        _("%(name)s removed %(title)s alone at %(time)s. Reason: “%(reason)s” Somebody else has to "
          "review it afterwards."),
    ),
    "not reviewed": _Mail(
        _("Still not reviewed: %(title)s"), _chiefs, _review,
        _("%(title)s was put out in an emergency %(when)s and has not been reviewed."),
    ),
    "reviewed": _Mail(
        _("Reviewed: %(title)s"), _chiefs, _review,
        _("%(name)s reviewed %(title)s at %(time)s. Answer: %(answer)s."),
    ),
}  # fmt: skip


@_in_swedish
def mail_story(
    what: str,
    about: Submission | Approval,
    *,
    by: User | None = None,
    at: datetime | None = None,
    to: Iterable[Any] | None = None,
    names: Iterable[Any] = (),
    more: Sequence[str] = (),
    **said: object,
) -> None:
    """Mails what happened, once it is stored, to those whose account is open, but not to who did it.

    `at` is the moment that the words name, `more` are sentences of the day after them.
    """
    mail, at = _MAILS[what], at or timezone.now()
    facts = {
        "title": title_in_mail(about.title if isinstance(about, Approval) else about),
        "name": get_user_display_name(by) if by else gettext("The editing tool"),
        "names": get_text_list([get_user_display_name(each) for each in names], gettext("and")),
        "when": moment_of(at), "weekday": weekday_of(at), "day": date_in_words(at), "time": clock(at),
        **said,
    }  # fmt: skip
    persons = mail.to(about) if to is None else to
    addresses = [each.email for each in persons if each.is_active and each != by]
    words = " ".join([mail.words % facts, *more])
    mail_when_committed(mail.subject % facts, f"{words}\n\n{mail.link(about)}", addresses)


# Those that say more than their words


@_in_swedish
def tell_sent(submission: Submission) -> None:
    more = []
    if submission.note:
        more.append(gettext("Message: “%(note)s”") % {"note": submission.note})
    if wanted := submission.wanted_by:
        more.append(gettext("It is wanted before %(when)s.") % {"when": moment_of(wanted)})
    mail_story("sent", submission, at=submission.sent_at, by=submission.sent_by, more=more)


@_in_swedish
def tell_returned(submission: Submission, by: User, note: str) -> None:
    more = [f"”{note}”"] if note else []
    if count := remarks_left_in(submission):
        text = ngettext(
            "%(count)d comment is on the page.", "%(count)d comments are on the page.", count
        )
        more.append(text % {"count": count})
    mail_story("returned", submission, by=by, more=more)


def tell_published(submission: Submission, by: User | None) -> None:
    """Tells that what two have approved is public, or done."""
    first = submission.items.select_related("proposal").first()
    act = first.proposal.act if first and first.proposal else ""
    what = {"": "published", "withdraw": "withdrawn"}.get(act, "done")
    # At its time nobody was there; else the last one has been told on the screen.
    by_itself = submission.outcome == Submission.Outcome.SCHEDULED
    mail_story(
        what, submission, by=None if by_itself else by, name=get_user_display_name(by),
        sender=get_user_display_name(submission.sent_by),
    )  # fmt: skip


@_in_swedish
def tell_turned_red(approval: Approval, count: int, persons: Iterable[Any]) -> None:
    """Tells those who stand behind what goes out that something red was found since."""
    found = ngettext("%(count)d red finding", "%(count)d red findings", count) % {"count": count}
    mail_story("turned red", approval, at=approval.due_at, to=persons, found=found)


@_in_swedish
def mail_deviations(found: Sequence[object]) -> None:
    """Tells all chief editors what the night's check has found."""
    words = ngettext(
        "The check of the night found %(count)d thing that differs from what was approved:",
        "The check of the night found %(count)d things that differ from what was approved:",
        len(found),
    ) % {"count": len(found)}
    named = "\n".join(str(each) for each in found[:_NAMED_AT_MOST])
    if not settings.MAILS_NAME_TITLES:
        named = title_in_mail("")
    last = gettext("Call those who run the website.")
    subject = gettext("Something on the website is not right")
    chiefs = all_chiefs().values_list("email", flat=True)
    mail_when_committed(subject, f"{words}\n\n{named}\n\n{last}", chiefs)
