"""Pages as lists show them: title, address, a few words, a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models

from .addresses import address_of
from .twin_kinds import TwinKind


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The data that a link, a card or a row of a list shows of a page."""

    pk: int
    title: str
    url_path: str
    path: str  # its place in the tree
    live: bool
    last_published_at: datetime | None
    translation_key: UUID
    listing_summary: str
    changed_on: date | None
    date: date | None
    kind: str

    @property
    def url(self) -> str:
        return address_of(self.url_path) or ""

    @property
    def kind_label(self) -> str:
        return str(_kind_labels()[self.kind]) if self.kind else _("Page")

    @property
    def twin_kind(self) -> TwinKind | None:
        return TwinKind(self.kind) if self.kind in TwinKind else None


def changed_since(page: ListedPage | None, moment: datetime | None) -> date | None:
    """The day of the page's last change, if that is later than the moment; a minor change is none."""
    if page is None or moment is None or page.last_published_at is None:
        return None
    # A moment that an editor gives has no parts of a second.
    is_later = page.last_published_at.replace(microsecond=0) > moment
    on = page.changed_on
    return on if is_later and on is not None and on >= localdate(moment) else None


LISTED_COLUMNS = ("pk", "title", "url_path", "path", "live", "last_published_at", "translation_key")


def entries_of(pages: QuerySet[Page]) -> list[ListedPage]:
    """The list entries of these pages, in their order, in one query.

    Summary, date and kind are columns of the page types' tables. One join for each type replaces
    one query for each type or page.
    """
    declared = _declared_columns()
    rows = pages.annotate(**declared).values_list(*LISTED_COLUMNS, *declared)
    return [ListedPage(*row) for row in rows]


def as_listed(pages: Iterable[object]) -> list[ListedPage]:
    """The same of pages that have been read as their own type."""
    names = (*LISTED_COLUMNS, "listing_summary", "changed_on", "listed_on", "listed_kind")
    return [ListedPage(*(getattr(page, name) for name in names)) for page in pages]


@cache
def _declared_columns() -> dict[str, Coalesce]:
    """What lists show of a page beside Wagtail's own columns, as its type declares it."""
    types = _page_types()
    texts = [f"{name}__{field}" for field in ("listing_text", "lead") for name in types]
    dates = [f"{name}__{model.date_field}" for name, model in types.items()]
    kinds = [f"{name}__{model.kind_field}" for name, model in types.items() if model.kind_field]
    changes = [f"{name}__changed_on" for name in types]
    return {
        "summary": Coalesce(*map(_filled_in, texts), Value(""), output_field=TextField()),
        "changed": Coalesce(*map(F, changes), output_field=DateField()),
        "listed_on": Coalesce(*map(F, dates), output_field=DateField()),
        "listed_kind": Coalesce(*map(_filled_in, kinds), Value(""), output_field=TextField()),
    }


def _filled_in(path: str) -> NullIf:
    return NullIf(F(path), Value(""))


@cache
def _kind_labels() -> dict[str, object]:
    fields = [
        model._meta.get_field(model.kind_field)
        for model in _page_types().values()
        if model.kind_field
    ]
    return {value: label for field in fields for value, label in field.choices}


def _page_types() -> dict[str, type[Page]]:
    return {model._meta.model_name: model for model in get_page_models() if model is not Page}
