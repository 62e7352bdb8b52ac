"""Reads from stored blocks which pages, images and files they name, without a query."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.models import Page

from pages.ground.json_types import JsonObject

_KEY = r'\bid="([0-9]{1,18})"'  # longer numbers are too large for a column
_PAGE_LINK = re.compile(rf'linktype="page"[^>]*?{_KEY}|{_KEY}[^>]*?linktype="page"')
_DOCUMENT_LINK = re.compile(rf'linktype="document"[^>]*?{_KEY}|{_KEY}[^>]*?linktype="document"')
_PLAIN_KEY = re.compile("[0-9]{1,18}")

Named = dict[type[Model], set[int]]


def named_by(obj: Model) -> Named:
    """Model -> the keys of the objects that the stream fields of a page or a setting name."""
    return _named(type(obj), lambda name: list(getattr(obj, name).raw_data))


def named_in_version(model: type[Model], content: JsonObject) -> Named:
    """The same of a version of such a page or setting, as Wagtail stores it."""
    return _named(model, lambda name: json.loads(content.get(name) or "[]"))


def key_named(written: str) -> int | None:
    """The key that a link in rich text names; None for what nobody's key can be."""
    return int(written) if _PLAIN_KEY.fullmatch(written) else None


def _named(model: type[Model], raw: Callable[[str], object]) -> Named:
    named: Named = defaultdict(set)
    for field in _stream_fields(model):
        _collect(field.stream_block, raw(field.name), named)
    return named


@cache
def _stream_fields(model: type[Model]) -> list[StreamField]:
    return [field for field in model._meta.get_fields() if isinstance(field, StreamField)]


def _collect(block: blocks.Block | None, raw: Any, named: Named) -> None:
    if raw is None or block is None:
        return
    for child, value in _inside(block, raw):
        _collect(child, value, named)
    if isinstance(block, blocks.PageChooserBlock):
        named[Page].add(int(raw))
    elif isinstance(block, blocks.ChooserBlock):
        named[block.model_class].add(int(raw))
    elif isinstance(block, blocks.RichTextBlock):
        named[Page].update(_ids_in(_PAGE_LINK, raw))
        named[get_document_model()].update(_ids_in(_DOCUMENT_LINK, raw))


def _inside(block: blocks.Block, raw: Any) -> Iterator[tuple[blocks.Block | None, object]]:
    """The blocks in a block, each with what is stored of it."""
    if isinstance(block, blocks.StreamBlock):
        for child in raw:
            yield block.child_blocks.get(child["type"]), child["value"]
    elif isinstance(block, blocks.ListBlock):
        for item in raw:
            is_typed = isinstance(item, dict) and "type" in item
            yield block.child_block, item["value"] if is_typed else item
    elif isinstance(block, blocks.StructBlock) and isinstance(raw, dict):
        for name, child_block in block.child_blocks.items():
            yield child_block, raw.get(name)


def _ids_in(pattern: re.Pattern[str], html: str) -> Iterator[int]:
    if "linktype" not in html:  # most texts
        return iter(())
    return (int(match[1] or match[2]) for match in pattern.finditer(html))
