"""Tells a person what came of what that person did, when, and where to see it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision

from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import object_of
from pages.newsroom.gate import sentence_on_file
from pages.newsroom.matching import stored_of
from pages.newsroom.models import Approval, Confirmation, Submission, SubmittedItem
from pages.newsroom.moments import clock, since, weekday_of
from pages.newsroom.submissions import Outcome, Result

_WITHDRAW = "withdraw"
_SENT, _CHANGED = Confirmation.Way.SENT, Confirmation.Way.CHANGED


def full_name_of(user: User | None) -> str:
    return get_user_display_name(user) or gettext("Somebody")


def words_of_sender(sent: Submission) -> str:
    said = {"name": full_name_of(sent.sent_by), "time": since(sent.sent_at)}
    return gettext("Sent by %(name)s %(time)s") % said


def words_of_draft(version: Revision) -> str:
    said = {"name": full_name_of(version.user), "moment": since(version.created_at)}
    return gettext("Draft, saved %(moment)s by %(name)s") % said


def name_for(reader: User, key: int | None, name: str) -> str:
    """The name of somebody, for one who may be that person."""
    return gettext("you") if key == reader.pk else name


def name_at_beginning(user: User | None, reader: User) -> str:
    return pgettext("at the beginning", "You") if user == reader else full_name_of(user)


def tell(request: SignedInRequest, outcome: Outcome, way: str, sender: User | None = None) -> None:
    """Tells what came of sending, confirming or changing; `sender` is who sent what was changed."""
    submission, title = outcome.submission, str(outcome.submission)
    match outcome.result:
        case Result.PUBLISHED:
            _tell_published(request, submission)
        case Result.SCHEDULED:
            messages.success(request, words_of_schedule(title, outcome.due_at))
        case Result.SAME_PERSON if way == Confirmation.Way.CONFIRMED:
            messages.error(
                request, gettext("You cannot be both persons. Somebody else has to approve.")
            )
        case Result.WAITING | Result.SAME_PERSON:
            messages.success(request, _words_of_waiting(outcome, title, way, sender))
        case Result.EXCHANGED:
            for name, who in outcome.exchanged.items():
                messages.warning(request, sentence_on_file(name, who[0]))
        case Result.ALREADY:
            messages.info(request, words_of_closed(submission, request.user))
        case Result.CHANGED:
            tell_changed(request, submission)


def tell_changed(request: SignedInRequest, submission: Submission) -> None:
    items = submission.items.all() if submission.pk else []
    newest = [
        found for item in items if (found := getattr(stored_of(item), "latest_revision", None))
    ]
    tell_newer(request, max(newest, key=lambda revision: revision.created_at, default=None))


def tell_newer(request: SignedInRequest, newest: Revision | None) -> None:
    """Says that the person pressed on what is not there any more."""
    text = gettext("The content is no longer what you read. Read what is new and approve again.")
    if newest is not None:
        name = name_at_beginning(newest.user, request.user)
        text = gettext(
            "The content is no longer what you read. %(name)s saved at %(time)s. Read what is new "
            "and approve again."
        ) % {"name": name, "time": clock(newest.created_at)}
    messages.error(request, text)


def words_of_schedule(title: str, due_at: Any) -> str:
    text = gettext("“%(title)s” has been approved and will be published on %(day)s at %(time)s.")
    return text % {"title": title, "day": weekday_of(due_at), "time": clock(due_at)}


def words_of_closed(submission: Submission, reader: User) -> str:
    """What somebody has done already with what was sent."""
    said: dict[str, str] = {
        Submission.Outcome.PUBLISHED: gettext(
            "Done already. %(name)s approved “%(title)s” at %(time)s, and it is published."
        ),
        Submission.Outcome.SCHEDULED: gettext(
            "Done already. %(name)s approved “%(title)s” at %(time)s, and it will be published at "
            "its time."
        ),
        Submission.Outcome.RETURNED: gettext(
            "Done already. %(name)s asked for changes in “%(title)s” at %(time)s."
        ),
        Submission.Outcome.TAKEN_BACK: gettext(
            "Done already. %(name)s took back “%(title)s” at %(time)s."
        ),
        Submission.Outcome.STOPPED: gettext(
            "Done already. %(name)s stopped “%(title)s” at %(time)s."
        ),
        Submission.Outcome.LAPSED: gettext("Nobody approved “%(title)s” in time."),
    }
    text = said.get(submission.outcome, gettext("“%(title)s” has been sent again since."))
    return text % {
        "name": name_at_beginning(submission.closed_by, reader),
        "title": str(submission),
        "time": clock(submission.closed_at or timezone.now()),
    }


def _tell_published(request: SignedInRequest, submission: Submission) -> None:
    approvals = {(each.kind, each.key): each for each in submission.approvals.order_by("pk")}
    for item in submission.items.select_related("proposal"):
        approval = approvals.get((item.kind, item.key))
        words = _words_of_publication(item, approval, request.user, submission.closed_at)
        messages.success(request, words, buttons=see_the_page(item.kind, item.key))


def see_the_page(kind: str, key: str) -> list[Any]:
    stored = object_of(kind, key)
    url = stored.full_url if isinstance(stored, Page) and stored.live else None
    return [messages.button(url, gettext("See the page"))] if url else []


def _words_of_publication(
    item: SubmittedItem, approval: Approval | None, reader: User, at: Any
) -> str:
    if item.proposal is not None and item.proposal.act == _WITHDRAW:
        return words_of_withdrawal(item.title, at)
    said = {"title": item.title, "time": clock(at)}
    if item.proposal is not None:
        words = gettext("The change of “%(title)s” was made at %(time)s.") % said
    else:
        words = gettext("“%(title)s” was published at %(time)s.") % said
    return f"{words} {_on_whose_word(approval, reader)}".strip()


def words_of_withdrawal(title: str, at: datetime) -> str:
    """What to tell the one whose word withdrew it."""
    return gettext(
        "“%(title)s” was removed from the website at %(time)s. All versions are still there."
    ) % {"title": title, "time": clock(at)}


def _on_whose_word(approval: Approval | None, reader: User) -> str:
    words = list(approval.words) if approval else []
    if len(words) < 2:
        return ""
    first, second = words
    by_way: dict[str, str] = {
        _SENT: gettext("Sent by %(first)s, approved by %(second)s."),
        _CHANGED: gettext("Changed by %(first)s, approved by %(second)s."),
    }
    text = by_way.get(first.way, gettext("Approved by %(first)s and %(second)s."))
    return text % {
        "first": name_for(reader, first.person_id, first.person_name),
        "second": name_for(reader, second.person_id, second.person_name),
    }


def _words_of_waiting(outcome: Outcome, title: str, way: str, sender: User | None) -> str:
    if way == _SENT:
        text = gettext(
            "“%(title)s” has been sent for approval. You will get an e-mail when somebody has "
            "answered."
        )
    elif way == _CHANGED:
        text = gettext(
            "Your change has been saved and approved by you. %(sender)s has got an e-mail. “%(title)s” "
            "will be published when %(sender)s or somebody else has approved the change."
        )
    elif outcome.to_read:
        text = gettext(
            "Your approval has been saved. %(reader)s has got an e-mail, and has to read the reason"
            " before “%(title)s” is published."
        )
    elif outcome.needs_chief:
        text = gettext(
            "Your approval has been saved. A chief editor has to approve as well before “%(title)s” "
            "is published."
        )
    else:
        text = gettext(
            "Your approval has been saved. One more person has to approve before “%(title)s” is "
            "published."
        )
    reader = ", ".join(map(full_name_of, outcome.to_read))
    return text % {"title": title, "sender": full_name_of(sender), "reader": reader}
