"""Asks the checks each night about what is approved, and tells those on whose word it goes out."""

from collections.abc import Iterable
from itertools import groupby

from pages.newsroom.models import Approval, Confirmation

from .stopping import waiting_for_their_time
from .story_mails import tell_turned_red
from .waivers import Checked, check_together


def tell_what_turned_red() -> int:
    """Mails of all that is scheduled with something red that nobody has waived; how many there are.

    It goes out at its time all the same, unless somebody stops it. What waits for a second person is
    checked when that person opens it.
    """
    waiting = waiting_for_their_time().order_by("submission", "pk")
    together = groupby(waiting, key=lambda each: each.submission_id or -each.pk)
    return sum(_tell(list(approvals)) for _key, approvals in together)


def _tell(approvals: list[Approval]) -> bool:
    sendables = [sendable for each in approvals if (sendable := each.sendable)]
    words = [word for each in approvals for word in each.words]
    red = sum(_left(each, words) for each in check_together(sendables))
    if red:
        tell_turned_red(approvals[0], red, [word.person for word in words])
    return bool(red)


def _left(checked: Checked, words: Iterable[Confirmation]) -> int:
    """How many of its red findings one of those who stand behind it has given no reason for."""
    about = [word for word in words if (word.kind, word.key) == (checked.kind, checked.key)]
    return sum(not all(word.reasons.get(key) for word in about) for key in checked.red)
