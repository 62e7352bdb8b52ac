"""Pages of a list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ITEMS_PER_PAGE = 10


def paginate(request: HttpRequest, items: Any, per_page: int = ITEMS_PER_PAGE) -> Page:
    """The page of items that the visitor asked for; the nearest one if it does not exist."""
    return Paginator(items, per_page).get_page(request.GET.get("sida"))
