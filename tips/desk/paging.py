"""Long lists in pages: the rows of one, and how the script can ask for the others."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

_ROWS = 50


def page_of(found: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """The page that is asked for; one that is not there gives the nearest."""
    return Paginator(found, _ROWS).get_page(request.GET.get("sida"))


def which(page: Page[Any]) -> dict[str, int]:
    """Which page it is, for the script."""
    return {"number": page.number, "count": page.paginator.num_pages}
