"""Who handles tips: those whose accounts are open. Nothing that the CMS says counts here."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from tips.accounts.row_seals import is_whole
from tips.models import Handler

# As long as in the newsroom (pages.newsroom.persons).
_NEW = timedelta(days=7)


def is_handler(username: str) -> bool:
    """Whether one of this name may come in."""
    return any(_may_come_in(username=username))


def all_handlers() -> list[Handler]:
    """All who may come in, by name."""
    return sorted(_may_come_in(), key=lambda handler: handler.name.casefold())


def enrolled_lately(one: str, other: str, on: date) -> bool:
    """Whether one of the two made the other's account in the last week: they may be one person."""
    lately = Handler.objects.filter(made_on__gt=on - _NEW)
    pairs = Q(username=one, enrolled_by=other) | Q(username=other, enrolled_by=one)
    return lately.filter(pairs).exists()


def _may_come_in(**who: str) -> Iterator[Handler]:
    return filter(is_whole, Handler.objects.filter(is_locked=False, closed_on=None, **who))
