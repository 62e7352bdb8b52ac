"""Pages as lists show them: title, address, a few words, a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models

from .addresses import address_of
from .news_kinds import NewsKind


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The data that a link, a card or a row of a list shows of a page."""

    pk: int
    title: str
    url_path: str
    path: str  # its place in the tree
    live: bool
    listing_summary: str
    date: date | None
    news_kind: str

    @property
    def url(self) -> str:
        return address_of(self.url_path) or ""

    @property
    def kind_label(self) -> str:
        return str(NewsKind(self.news_kind).label) if self.news_kind else _("Page")


LISTED_COLUMNS = ("pk", "title", "url_path", "path", "live")
_COLUMNS = (*LISTED_COLUMNS, "summary", "listed_on", "news_kind")


def entries_of(pages: QuerySet[Page]) -> list[ListedPage]:
    """The list entries of these pages, in their order, in one query.

    Summary, date and kind are columns of the page types' tables. One join for each type replaces
    one query for each type or page.
    """
    listed = pages.annotate(
        summary=Coalesce(*_columns("listing_text"), *_columns("lead"), Value(""),
                         output_field=TextField()),
        listed_on=Coalesce(*_dates("published_on", "changed_on"), output_field=DateField()),
        news_kind=Coalesce(*_columns("kind"), Value(""), output_field=TextField()),
    )  # fmt: skip
    return [ListedPage(*row) for row in listed.values_list(*_COLUMNS)]


def as_listed(pages: Iterable[Page]) -> list[ListedPage]:
    """The list entries of pages whose type has `summary`, `listed_on` and `news_kind` itself."""
    return [ListedPage(*(getattr(page, name) for name in _COLUMNS)) for page in pages]


@cache
def _columns(field: str) -> list[NullIf]:
    return [NullIf(F(path), Value("")) for path in _paths(field)]


@cache
def _dates(*fields: str) -> list[F]:
    return [F(path) for field in fields for path in _paths(field)]


def _paths(field: str) -> list[str]:
    return [
        f"{model._meta.model_name}__{field}"
        for model in get_page_models()
        if any(own.name == field for own in model._meta.local_fields)
    ]
