"""Pages of a list.

A long list goes on from a key, the last entry that the reader has seen: the database finds it in an
index, however far down it stands, and what is published meanwhile neither doubles nor hides an
entry. The number is for the reader, and for addresses from before there were keys.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest

ITEMS_PER_PAGE = 10


def paginate(request: HttpRequest, items: Any, per_page: int = ITEMS_PER_PAGE) -> Page:
    """The page of items that the visitor asked for; the nearest one if it does not exist."""
    return Paginator(items, per_page).get_page(request.GET.get("sida"))


@dataclass
class Steps:
    """A page of a list, and how to go on; says the same of itself as a page of a Paginator."""

    object_list: list[Any]
    number: int
    num_pages: int
    previous_key: str | None
    next_key: str | None

    @property
    def paginator(self) -> "Steps":
        return self

    @property
    def has_previous(self) -> bool:
        return self.previous_key is not None

    @property
    def has_next(self) -> bool:
        return self.next_key is not None

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return max(1, self.number - 1)

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    def __iter__(self) -> Any:
        return iter(self.object_list)


def latest_first(
    request: HttpRequest, rows: QuerySet[Any], *, day: str, key: str, count: Callable[[], int]
) -> Steps:
    """The page of rows that the visitor asked for, by day and key, the latest first.

    The rows need an index that ends with day and key. `count` says how many there are.
    """
    place = Tuple(F(day), F(key))
    latest, oldest = rows.order_by(f"-{day}", f"-{key}"), rows.order_by(day, key)
    total = count()
    number, pages = _number(request), max(1, math.ceil(total / ITEMS_PER_PAGE))

    if before := _place(request.GET.get("fore")):
        # The bound on the day alone is what SQLite finds in the index.
        found = _some(oldest.filter(TupleGreaterThan(place, before), **{f"{day}__gte": before[0]}))
        if len(found) > ITEMS_PER_PAGE:
            items = found[ITEMS_PER_PAGE - 1 :: -1]
            return _steps(items, max(2, min(number, pages)), pages, day, key, True, True)
        number = 1  # so near the beginning that the first page is the one
    elif after := _place(request.GET.get("efter")):
        if items := _some(latest.filter(TupleLessThan(place, after), **{f"{day}__lte": after[0]})):
            goes_on = len(items) > ITEMS_PER_PAGE
            number = max(2, min(number, pages))
            return _steps(items[:ITEMS_PER_PAGE], number, pages, day, key, True, goes_on)
        number = pages
    number = min(number, pages)
    if number == pages > 1:  # counted from the end, which is as near as the beginning
        items = list(oldest[: total - (pages - 1) * ITEMS_PER_PAGE])[::-1]
    else:
        items = _some(latest, (number - 1) * ITEMS_PER_PAGE)
    goes_on = len(items) > ITEMS_PER_PAGE
    return _steps(items[:ITEMS_PER_PAGE], number, pages, day, key, number > 1, goes_on)


def _some(rows: QuerySet[Any], skipped: int = 0) -> list[Any]:
    """As many as a page holds, and one more, which tells that the list goes on."""
    return list(rows[skipped : skipped + ITEMS_PER_PAGE + 1])


def _steps(
    items: list[Any], number: int, pages: int, day: str, key: str, has_before: bool, goes_on: bool
) -> Steps:
    def key_of(item: Any) -> str:
        return f"{getattr(item, day).isoformat()}.{getattr(item, key)}"

    return Steps(
        object_list=items,
        number=number,
        num_pages=max(pages, number),
        previous_key=key_of(items[0]) if has_before and items else None,
        next_key=key_of(items[-1]) if goes_on and items else None,
    )


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("sida", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 10 else 1


def _place(written: str | None) -> tuple[date, int] | None:
    """Day and key from an address; None where they are not such."""
    day, _dot, key = (written or "").partition(".")
    try:
        return date.fromisoformat(day), int(key[:18])
    except ValueError:
        return None
