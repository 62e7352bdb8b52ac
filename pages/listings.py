"""Pages as they stand in a list: title, address, a few words, a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models

from .addresses import address_of
from .kinds import NewsKind


@dataclass(frozen=True)
class ListedPage:
    """What a card or a row of a list shows of a page."""

    pk: int
    title: str
    url: str
    listing_summary: str
    date: date | None
    kind_label: str


def listed(pages: QuerySet[Page]) -> QuerySet[Page]:
    """The same pages with `summary` and `listed_on`, which lie in the tables of their types.

    One query with a join a page type by primary key, instead of a query a type or a page.
    """
    return pages.annotate(
        summary=Coalesce(*_columns("listing_text"), *_columns("lead"), Value(""),
                         output_field=TextField()),
        listed_on=Coalesce(*_dates("published_on", "changed_on"), output_field=DateField()),
        news_kind=Coalesce(*_columns("kind"), Value(""), output_field=TextField()),
    )  # fmt: skip


def as_listed(pages: Iterable[Page]) -> list[ListedPage]:
    """List entries from pages that came through `listed`, in their order."""
    return [
        ListedPage(
            pk=page.pk,
            title=page.title,
            url=address_of(page.url_path) or "",
            listing_summary=page.summary,
            date=page.listed_on,
            kind_label=_kind_label(page),
        )
        for page in pages
    ]


def _kind_label(page: Page) -> str:
    return str(NewsKind(page.news_kind).label) if page.news_kind else _("Page")


@cache
def _columns(field: str) -> list[NullIf]:
    return [NullIf(F(path), Value("")) for path in _paths(field)]


def last_changed() -> Coalesce:
    """The date of a page's last change, for annotations on pages of any type."""
    return Coalesce(*_dates("changed_on"), output_field=DateField())


@cache
def _dates(*fields: str) -> list[F]:
    return [F(path) for field in fields for path in _paths(field)]


def _paths(field: str) -> list[str]:
    return [
        f"{model._meta.model_name}__{field}"
        for model in get_page_models()
        if any(own.name == field for own in model._meta.local_fields)
    ]
