"""Links to pages and files inside rich text."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from pages.content.tree.addresses import address_of
from pages.library.files import file_note

from .named import key_named
from .shelves import resolved

_References = Iterator[tuple[type[Model], str, str, str]]


class SitePageLinkHandler(PageLinkHandler):
    """Writes the target's address; a link to a withdrawn page keeps only its text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        return [_opening_tag(page) for page in _targets(Page, attrs_list)]

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> _References:
        return _reference(Page, attrs)


def _opening_tag(page: Page | None) -> str:
    address = address_of(page.url_path) if page and page.live else None
    return f'<a href="{escape(address)}">' if address else "<a>"


class SiteDocumentLinkHandler(DocumentLinkHandler):
    """Writes the file's address, and its type and size in the tooltip."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        return [
            f'<a href="{escape(document.url)}" title="{escape(file_note(document))}">'
            if document
            else "<a>"
            for document in _targets(get_document_model(), attrs_list)
        ]

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> _References:
        return _reference(get_document_model(), attrs)


def _reference(model: type[Model], attrs: dict[str, str]) -> _References:
    """For Wagtail's index, where one key that is no number would stop all who read it."""
    key = key_named(attrs.get("id", ""))
    if key is not None:
        yield model, str(key), "", ""


def _targets(model: type[Model], attrs_list: list[dict[str, str]]) -> list[Any]:
    """What each link leads to, or None."""

    def read(keys: Iterable[int | None]) -> list[Any]:
        found = model._default_manager.in_bulk(filter(None, keys))
        return [found.get(key) for key in keys]

    ids = (key_named(attrs.get("id", "")) for attrs in attrs_list)
    return resolved(model, ids, read)
