"""Fetches what a page's blocks refer to in one query a kind, however many blocks there are.

Wagtail asks the database once for each stream, and for each rich text with a link. While
a page is being served, its stored blocks are read beforehand; the chooser blocks and the
link handler then find their targets here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from .images import fetch_renditions
from .listings import listed

_PAGE_LINK = re.compile(r'linktype="page"[^>]*?\bid="(\d+)"|\bid="(\d+)"[^>]*?linktype="page"')
_DOCUMENT_LINK = re.compile(
    r'linktype="document"[^>]*?\bid="(\d+)"|\bid="(\d+)"[^>]*?linktype="document"'
)


# Model -> a function that gives all of its objects by key.
Known = dict[type[Model], Callable[[], dict[int, Any]]]


class References:
    """The objects that one page refers to, fetched a whole kind at a time when first asked for."""

    def __init__(self, page: Page, known: Known) -> None:
        self._ids: dict[type[Model], set[int]] = defaultdict(set)
        self._known = known
        self._found: dict[type[Model], dict[int, Any]] = {}
        for field in page._meta.get_fields():
            if isinstance(field, StreamField):
                stream = getattr(page, field.name)
                self._collect(field.stream_block, list(stream.raw_data))

    def all_of(self, model: type[Model], ids: Iterable[int | None]) -> list[Any]:
        """The objects with these ids, in the same order; None for what does not exist."""
        wanted = [None if key is None else int(key) for key in ids]
        unknown = {key for key in wanted if key is not None} - self._ids[model]
        if model not in self._found or unknown:
            self._ids[model] |= unknown
            self._found[model] = self._fetch(model, self._ids[model])
        return [None if key is None else self._found[model].get(key) for key in wanted]

    def _fetch(self, model: type[Model], ids: set[int]) -> dict[int, Any]:
        if model in self._known:
            return self._known[model]()
        if issubclass(model, Page):
            return {page.pk: page for page in listed(Page.objects.filter(pk__in=ids))}
        found = model._default_manager.in_bulk(ids)
        if model is get_image_model():
            fetch_renditions(list(found.values()))
        return found

    def _collect(self, block: blocks.Block | None, raw: Any) -> None:
        if raw is None or block is None:
            return
        if isinstance(block, blocks.StreamBlock):
            for child in raw:
                self._collect(block.child_blocks.get(child["type"]), child["value"])
        elif isinstance(block, blocks.ListBlock):
            for item in raw:
                value = item["value"] if isinstance(item, dict) and "type" in item else item
                self._collect(block.child_block, value)
        elif isinstance(block, blocks.StructBlock):
            if isinstance(raw, dict):
                for name, child_block in block.child_blocks.items():
                    self._collect(child_block, raw.get(name))
        elif isinstance(block, blocks.PageChooserBlock):
            self._ids[Page].add(int(raw))
        elif isinstance(block, blocks.ChooserBlock):
            self._ids[block.model_class].add(int(raw))
        elif isinstance(block, blocks.RichTextBlock):
            self._ids[Page].update(_ids_in(_PAGE_LINK, raw))
            self._ids[get_document_model()].update(_ids_in(_DOCUMENT_LINK, raw))


def _ids_in(pattern: re.Pattern[str], html: str) -> Iterator[int]:
    return (int(match[1] or match[2]) for match in pattern.finditer(html))


_current: ContextVar[References | None] = ContextVar("references", default=None)


@contextmanager
def references_of(page: Page, *, known: Known | None = None) -> Iterator[None]:
    """While it is open, the page's blocks and links find their targets without asking one by one.

    `known` names small tables that the caller has whole at hand.
    """
    token = _current.set(References(page, known or {}))
    try:
        yield
    finally:
        _current.reset(token)


def current_references() -> References | None:
    """The references of the page that is being served; None in the CMS and in previews."""
    return _current.get()


def resolved(
    model: type[Model], ids: Iterable[int | None], otherwise: Callable[[Any], Any]
) -> list[Any]:
    """What the ids stand for, from the page being served or else as Wagtail finds it."""
    ids = list(ids)
    references = current_references()
    return otherwise(ids) if references is None else references.all_of(model, ids)
