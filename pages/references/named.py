"""Reads from stored blocks which pages, images and files they name, without a query."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.models import Page

_PAGE_LINK = re.compile(r'linktype="page"[^>]*?\bid="(\d+)"|\bid="(\d+)"[^>]*?linktype="page"')
_DOCUMENT_LINK = re.compile(
    r'linktype="document"[^>]*?\bid="(\d+)"|\bid="(\d+)"[^>]*?linktype="document"'
)

Named = dict[type[Model], set[int]]


def named_by(thing: Model) -> Named:
    """Model -> the keys of the objects that the stream fields of a page or a setting name."""
    named: Named = defaultdict(set)
    for field in thing._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(thing, field.name)
            _collect(field.stream_block, list(stream.raw_data), named)
    return named


def _collect(block: blocks.Block | None, raw: Any, named: Named) -> None:
    if raw is None or block is None:
        return
    if isinstance(block, blocks.StreamBlock):
        for child in raw:
            _collect(block.child_blocks.get(child["type"]), child["value"], named)
    elif isinstance(block, blocks.ListBlock):
        for item in raw:
            value = item["value"] if isinstance(item, dict) and "type" in item else item
            _collect(block.child_block, value, named)
    elif isinstance(block, blocks.StructBlock):
        if isinstance(raw, dict):
            for name, child_block in block.child_blocks.items():
                _collect(child_block, raw.get(name), named)
    elif isinstance(block, blocks.PageChooserBlock):
        named[Page].add(int(raw))
    elif isinstance(block, blocks.ChooserBlock):
        named[block.model_class].add(int(raw))
    elif isinstance(block, blocks.RichTextBlock):
        named[Page].update(_ids_in(_PAGE_LINK, raw))
        named[get_document_model()].update(_ids_in(_DOCUMENT_LINK, raw))


def _ids_in(pattern: re.Pattern[str], html: str) -> Iterator[int]:
    return (int(match[1] or match[2]) for match in pattern.finditer(html))
