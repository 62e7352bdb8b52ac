"""When pages change by themselves, without anybody changing anything.

Whoever shows what has a time registers here; an answer is kept until the next such moment.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

# Language -> the moments, past ones among them, at which pages in that language change.
Moments = Callable[[str], Iterable[datetime]]

_registered: list[Moments] = []


def register_moments(moments: Moments) -> None:
    """Adds a kind of moment."""
    if moments not in _registered:
        _registered.append(moments)


def next_moment(language: str, after: datetime) -> datetime | None:
    """The first moment after this one at which pages in the language change by themselves."""
    ahead = (moment for moments in _registered for moment in moments(language) if moment > after)
    return min(ahead, default=None)
