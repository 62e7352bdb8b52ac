"""When pages change by themselves, without anybody changing anything.

Code that shows something with a time registers its moments here. An answer is kept until the next.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

# Language -> the moments at which pages in that language change; some may have passed.
Moments = Callable[[str], Iterable[datetime]]

_registered: list[Moments] = []


def register_moments(moments: Moments) -> None:
    """Adds a kind of moment."""
    if moments not in _registered:
        _registered.append(moments)


def next_moment(language: str, after: datetime) -> datetime | None:
    """The first moment after `after` at which pages in the language change by themselves."""
    ahead = (moment for moments in _registered for moment in moments(language) if moment > after)
    return min(ahead, default=None)
