"""Asks the checks each night about what waits, and tells those whose word it waits on."""

from collections.abc import Sequence

from pages.newsroom.models import Approval, Confirmation, Submission

from .rule import Sendable
from .stopping import waiting_for_their_time
from .story_mails import tell_turned_red
from .submissions import waiting_submissions
from .waivers import Checked, check_together


def tell_what_turned_red() -> int:
    """Mails of all that waits with something red that nobody has waived; how many there are.

    What is approved goes out at its time all the same, unless somebody stops it.
    """
    told = 0
    for submission in waiting_submissions():
        items = submission.items.select_related("revision", "proposal")
        sendables = [sendable for item in items if (sendable := item.sendable)]
        words = submission.confirmations.filter(ending=None)
        told += _tell(submission, sendables, list(words))
    for approvals in _going_out_together():
        sendables = [sendable for each in approvals if (sendable := each.sendable)]
        told += _tell(approvals[0], sendables, [word for each in approvals for word in each.words])
    return told


def _tell(
    waiting: Submission | Approval, sendables: Sequence[Sendable], words: Sequence[Confirmation]
) -> bool:
    red = sum(_left(each, words) for each in check_together(sendables))
    if red:
        tell_turned_red(waiting, red, [word.person for word in words])
    return bool(red)


def _left(checked: Checked, words: Sequence[Confirmation]) -> int:
    """How many of its red findings one of those who stand behind it has given no reason for."""
    about = [word for word in words if (word.kind, word.key) == (checked.kind, checked.key)]
    return sum(not all(word.reasons.get(key) for word in about) for key in checked.red)


def _going_out_together() -> list[list[Approval]]:
    groups: dict[tuple[str, int], list[Approval]] = {}
    for each in waiting_for_their_time().order_by("due_at", "pk"):
        key = ("", each.pk) if each.submission_id is None else ("sent", each.submission_id)
        groups.setdefault(key, []).append(each)
    return list(groups.values())
