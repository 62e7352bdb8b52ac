"""Splits lists into pages.

The next page of a long list starts after a key: the last entry that the reader has seen. The
database finds it in an index, however long the list is, and an entry published meanwhile neither
repeats nor hides another. The page number is for the reader, and for older links without a key.
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
    """The page of items that the visitor asked for; the nearest if there is no such page."""
    return Paginator(items, per_page).get_page(request.GET.get("sida"))


@dataclass
class Steps:
    """A page of a list with keys to its neighbours; templates use it like a Paginator's page."""

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
    """The page of rows that the visitor asked for, sorted by day and key, the latest first.

    The rows need an index that ends with day and key. `count` returns the number of rows.
    """
    place = Tuple(F(day), F(key))
    latest, oldest = rows.order_by(f"-{day}", f"-{key}"), rows.order_by(day, key)
    total = count()
    number, pages = _number(request), max(1, math.ceil(total / ITEMS_PER_PAGE))

    if before := _place(request.GET.get("fore")):
        # SQLite uses the index for the bound on the day, not for the tuple.
        found = _some(oldest.filter(TupleGreaterThan(place, before), **{f"{day}__gte": before[0]}))
        if len(found) > ITEMS_PER_PAGE:
            items = found[ITEMS_PER_PAGE - 1 :: -1]
            return _steps(items, max(2, min(number, pages)), pages, day, key, True, True)
        number = 1  # too few rows before the key: show the first page
    elif after := _place(request.GET.get("efter")):
        if items := _some(latest.filter(TupleLessThan(place, after), **{f"{day}__lte": after[0]})):
            goes_on = len(items) > ITEMS_PER_PAGE
            number = max(2, min(number, pages))
            return _steps(items[:ITEMS_PER_PAGE], number, pages, day, key, True, goes_on)
        number = pages
    number = min(number, pages)
    if number == pages > 1:  # read from the end, which is as cheap as the beginning
        items = list(oldest[: total - (pages - 1) * ITEMS_PER_PAGE])[::-1]
    else:
        items = _some(latest, (number - 1) * ITEMS_PER_PAGE)
    goes_on = len(items) > ITEMS_PER_PAGE
    return _steps(items[:ITEMS_PER_PAGE], number, pages, day, key, number > 1, goes_on)


def _some(rows: QuerySet[Any], skipped: int = 0) -> list[Any]:
    """The rows of a page and one more, which shows that the list goes on."""
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
    """Day and key from an address; None if they cannot be read."""
    day, _dot, key = (written or "").partition(".")
    try:
        return date.fromisoformat(day), int(key[:18])
    except ValueError:
        return None
