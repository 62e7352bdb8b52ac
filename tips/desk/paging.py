"""Long lists in pages: the rows of one, and how the script can ask for the others."""

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

_ROWS = 50
_Row = TypeVar("_Row", bound=Model)


def page_of(found: QuerySet[_Row], request: HttpRequest, rows: int = _ROWS) -> Page[_Row]:
    """The page that is asked for; one that is not there gives the nearest."""
    return Paginator(found, rows).get_page(request.GET.get("sida"))


def which(page: Page[_Row]) -> dict[str, int]:
    """Which page it is, for the script."""
    return {"number": page.number, "count": page.paginator.num_pages}
