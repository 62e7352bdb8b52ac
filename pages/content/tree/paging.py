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

from pages.ground.whole_numbers import whole_number

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
    rows_by_day = _RowsByDay(rows, day, key, total=count())
    number = _number(request)
    if before := _place(request.GET.get("fore")):
        return rows_by_day.before(before, number)
    if after := _place(request.GET.get("efter")):
        return rows_by_day.after(after, number)
    return rows_by_day.at(number)


class _RowsByDay:
    """Rows sorted by day and key, split into pages."""

    def __init__(self, rows: QuerySet[Any], day: str, key: str, *, total: int) -> None:
        self._day, self._key, self._total = day, key, total
        self._place = Tuple(F(day), F(key))
        self._latest_first = rows.order_by(f"-{day}", f"-{key}")
        self._oldest_first = rows.order_by(day, key)
        self._pages = max(1, math.ceil(total / ITEMS_PER_PAGE))

    def before(self, place: tuple[date, int], number: int) -> Steps:
        """The page that ends right before an entry."""
        # SQLite uses the index for the bound on the day, not for the tuple.
        rows = self._oldest_first.filter(
            TupleGreaterThan(self._place, place), **{f"{self._day}__gte": place[0]}
        )
        found = _some(rows)
        if len(found) <= ITEMS_PER_PAGE:
            return self.at(1)  # too few rows before the entry: show the first page
        return self._steps(found[ITEMS_PER_PAGE - 1 :: -1], self._inside(number), goes_on=True)

    def after(self, place: tuple[date, int], number: int) -> Steps:
        """The page that begins right after an entry."""
        rows = self._latest_first.filter(
            TupleLessThan(self._place, place), **{f"{self._day}__lte": place[0]}
        )
        found = _some(rows)
        if not found:
            return self.at(self._pages)
        goes_on = len(found) > ITEMS_PER_PAGE
        return self._steps(found[:ITEMS_PER_PAGE], self._inside(number), goes_on=goes_on)

    def at(self, number: int) -> Steps:
        """The page with this number, or the last one."""
        number = min(number, self._pages)
        if number == self._pages > 1:  # read from the end, which is as cheap
            items = list(self._oldest_first[: self._total - (number - 1) * ITEMS_PER_PAGE])[::-1]
        else:
            items = _some(self._latest_first, (number - 1) * ITEMS_PER_PAGE)
        goes_on = len(items) > ITEMS_PER_PAGE
        return self._steps(items[:ITEMS_PER_PAGE], number, goes_on=goes_on)

    def _inside(self, number: int) -> int:
        """The number for a page that is not the first: at least two."""
        return max(2, min(number, self._pages))

    def _steps(self, items: list[Any], number: int, *, goes_on: bool) -> Steps:
        return Steps(
            object_list=items,
            number=number,
            num_pages=max(self._pages, number),
            previous_key=self._key_of(items[0]) if number > 1 and items else None,
            next_key=self._key_of(items[-1]) if goes_on and items else None,
        )

    def _key_of(self, item: Any) -> str:
        return f"{getattr(item, self._day).isoformat()}.{getattr(item, self._key)}"


def _some(rows: QuerySet[Any], skipped: int = 0) -> list[Any]:
    """The rows of a page and one more, which shows that the list goes on."""
    return list(rows[skipped : skipped + ITEMS_PER_PAGE + 1])


def _number(request: HttpRequest) -> int:
    return whole_number(request.GET.get("sida", "")) or 1


def _place(written: str | None) -> tuple[date, int] | None:
    """Day and key from an address; None if they cannot be read."""
    day, _dot, key = (written or "").partition(".")
    try:
        return date.fromisoformat(day), int(key[:18])
    except ValueError:
        return None
