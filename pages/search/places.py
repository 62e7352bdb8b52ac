"""The keys of entries: the highest key belongs to the newest entry.

Both databases can read the keys in their index from the highest and stop when they have enough.
With a date in another column they would have to fetch it for every match of a common word.
"""

from collections.abc import Iterable
from datetime import date

_OBJECTS = 2**33  # of one day: the primary keys, doubled to tell pages from files


def place_of_page(pk: int, day: date) -> int:
    return day.toordinal() * _OBJECTS + pk * 2


def place_of_file(pk: int, day: date) -> int:
    return day.toordinal() * _OBJECTS + pk * 2 + 1


def is_file(place: int) -> bool:
    return bool(place % 2)


def key_at(place: int) -> int:
    """The primary key of the page or the file."""
    return place % _OBJECTS // 2


def date_at(place: int) -> date:
    """The date that the entry is sorted by."""
    return date.fromordinal(max(1, place // _OBJECTS))


def pages_at(places: Iterable[int]) -> list[int]:
    """The primary keys of the pages among them."""
    return [key_at(place) for place in places if not is_file(place)]
