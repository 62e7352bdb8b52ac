"""The walk through everything that readers meet of an object, in reading order, without a query.

It goes by Wagtail's classes of fields and blocks and not by our names, so that a new kind of block is
read as well. What it does not know and holds words is read as words.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from pathlib import PurePath
from typing import Any, NotRequired, TypedDict

from django.db.models import (
    CharField,
    Field,
    FileField,
    ForeignKey,
    Model,
    SlugField,
    TextField,
    URLField,
)
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.models.panels import PanelPlaceholder
from wagtail.snippets.blocks import SnippetChooserBlock

from pages.content.blocks.cells import cell_words, links_in
from pages.content.blocks.links import is_address
from pages.content.blocks.text import HeadingBlock, QuestionBlock
from pages.content.publishing.stored import BOOKKEEPING, COMPUTED, WISHES

from .met import (
    Kind,
    Mention,
    Met,
    Passage,
    ShownHeading,
    ShownPicture,
    ShownTable,
    Spot,
    WrittenAddress,
)
from .rich_words import parts_of_rich_text

# Fields that hold neither words nor links.
_WORDLESS_FIELDS = BOOKKEEPING | COMPUTED | WISHES | {"expire_at", "locale", "show_in_menus"}
# Blocks whose values are no words of an editor.
WORDLESS = (
    blocks.BooleanBlock,
    blocks.ChoiceBlock,
    blocks.DateBlock,
    blocks.DateTimeBlock,
    blocks.DecimalBlock,
    blocks.FloatBlock,
    blocks.IntegerBlock,
    blocks.MultipleChoiceBlock,
    blocks.StaticBlock,
    blocks.TimeBlock,
)
_LABELS = ("label", "title", "name", "heading")
_HEADERS = ("row", "column", "both")
# A relation that stands in the form under another name.
_NAMES_IN_FORM = {"page_topics": "topics"}


class _Stored(TypedDict):
    """A block in a stream."""

    type: str
    value: object
    id: NotRequired[str | None]


def parts_of(obj: Model) -> Iterator[Met]:
    """Every part of the object that readers meet."""
    for name in fields_met(obj):
        field: object = obj._meta.get_field(name)
        yield from _of_field(obj, field, Spot(name, name))
    for relation in get_all_child_relations(type(obj)):
        name = relation.get_accessor_name()
        if name not in _WORDLESS_FIELDS:
            shown = _NAMES_IN_FORM.get(name, name)
            for row in getattr(obj, name).all():
                yield from _of_row(row, relation.field.name, Spot(shown, shown))


def fields_met(obj: Model) -> list[str]:
    """The names of the fields whose words or links readers meet, in the order of the form."""
    unread = {*_WORDLESS_FIELDS, *getattr(obj, "not_for_readers", ())}
    if isinstance(obj, AbstractImage):
        unread |= {"title"}  # the library's own
    names = [
        field.name
        for field in obj._meta.get_fields()
        if isinstance(field, Field) and field.editable and field.name not in unread
    ]
    order = {name: at for at, name in enumerate(_names_in(_panels_of(obj)))}
    return sorted(names, key=lambda name: order.get(name, len(order)))


def _panels_of(obj: Model) -> Iterable[object]:
    names = ("content_panels", "promote_panels", "panels", "admin_form_fields")
    return [panel for name in names for panel in getattr(obj, name, ())]


def _names_in(panels: Iterable[object]) -> Iterator[str]:
    for each in panels:
        panel = each.construct() if isinstance(each, PanelPlaceholder) else each
        if isinstance(panel, str):
            yield panel
        elif isinstance(panel, FieldPanel):
            yield panel.field_name
        else:
            yield from _names_in(getattr(panel, "children", ()))


def _of_row(row: Model, parent: str, spot: Spot) -> Iterator[Met]:
    """A row that belongs to the object, such as a topic of a page."""
    for field in row._meta.concrete_fields:
        if field.editable and field.name != parent:
            yield from _of_field(row, field, spot)


def _of_field(obj: object, field: object, spot: Spot) -> Iterator[Met]:
    if isinstance(field, StreamField):
        yield from of_block(field.stream_block, list(getattr(obj, field.name).raw_data), spot)
    elif isinstance(field, ForeignKey):
        if (key := getattr(obj, field.attname)) is not None:
            yield Mention(spot, _known_as(field.related_model), key)
    elif isinstance(field, FileField):
        name = PurePath(getattr(obj, field.name).name or "").name
        yield Passage(spot, Kind.ADDRESS, name)
    elif isinstance(field, (CharField, TextField)) and not field.choices:
        words = getattr(obj, field.name) or ""
        if isinstance(field, RichTextField):
            yield from parts_of_rich_text(words, spot)
        elif words:
            if isinstance(field, URLField):
                yield WrittenAddress(spot, words)
            yield Passage(spot, _kind_of_field(field), words)


def _known_as(model: type[Model]) -> type[Model]:
    """Pages of all types are one kind of target."""
    return Page if issubclass(model, Page) else model


def _kind_of_field(field: "Field[Any, Any]") -> Kind:
    if isinstance(field, (SlugField, URLField)):
        return Kind.ADDRESS
    by_name = {"title": Kind.TITLE, "heading": Kind.HEADING, "names": Kind.NAMES}
    otherwise = Kind.PROSE if isinstance(field, TextField) else Kind.WORDS
    return by_name.get(field.name, otherwise)


def of_block(
    block: blocks.Block | None, raw: object, spot: Spot, within: Mapping[str, object] | None = None
) -> Iterator[Met]:
    """The parts of a block's stored value; `within` is the value of the block around it."""
    if raw is not None and block is not None and not isinstance(block, WORDLESS):
        yield from _of(block, raw, spot, within or {})


@singledispatch
def _of(
    block: blocks.Block, raw: object, spot: Spot, within: Mapping[str, object]
) -> Iterator[Met]:
    """By the class of the block; one that is not known and holds words is read as words."""
    if not isinstance(raw, str) or not raw:
        return
    checks = getattr(getattr(block, "field", None), "validators", ())
    if isinstance(block, blocks.URLBlock) or is_address in checks:
        yield WrittenAddress(spot, raw, _label(within))
        yield Passage(spot, Kind.ADDRESS, raw)
    else:
        is_prose = isinstance(block, blocks.TextBlock)
        yield Passage(spot, Kind.PROSE if is_prose else Kind.WORDS, raw)


@_of.register
def _of_stream(
    block: blocks.BaseStreamBlock, raw: Iterable[_Stored], spot: Spot, within: Mapping[str, object]
) -> Iterator[Met]:
    for at, child in enumerate(raw):
        inner = block.child_blocks.get(child["type"])
        below = spot.block(child.get("id") or str(at), child["type"])
        yield from of_block(inner, child["value"], below, within)


@_of.register
def _of_list(
    block: blocks.ListBlock, raw: Iterable[object], spot: Spot, within: Mapping[str, object]
) -> Iterator[Met]:
    for at, item in enumerate(raw):
        stored: dict[str, Any] = {"value": item}
        if isinstance(item, dict) and "type" in item and "value" in item:
            stored = item
        below = spot.block(stored.get("id") or str(at), "item")
        yield from of_block(block.child_block, stored["value"], below, within)


@_of.register
def _of_struct(
    block: blocks.BaseStructBlock, raw: Mapping[str, object], spot: Spot, _within: object
) -> Iterator[Met]:
    for name, child_block in block.child_blocks.items():
        inside = spot.inside(name)
        is_heading = _is_heading(block, name)
        for part in of_block(child_block, raw.get(name), inside, raw):
            if is_heading and isinstance(part, Passage):
                part = Passage(inside, Kind.HEADING, part.words)
            yield part
    if isinstance(block, HeadingBlock) and raw.get("text"):
        level = str(raw.get("level") or block.child_blocks["level"].get_default())
        yield ShownHeading(spot.inside("text"), int(level[1:]), str(raw["text"]))


def _is_heading(block: blocks.Block, name: str) -> bool:
    return (
        name == "heading"
        or (isinstance(block, HeadingBlock) and name == "text")
        or (isinstance(block, QuestionBlock) and name == "question")
    )


def _label(within: Mapping[str, object]) -> str:
    return next((str(within[name]) for name in _LABELS if within.get(name)), "")


@_of.register
def _of_chooser(
    block: blocks.ChooserBlock, raw: str | int, spot: Spot, within: Mapping[str, object]
) -> Iterator[Met]:
    is_shown = isinstance(block, (ImageChooserBlock, SnippetChooserBlock))
    yield Mention(spot, _known_as(block.model_class), int(raw), "" if is_shown else _label(within))


@_of.register
def _of_picture(
    _block: ImageBlock, raw: object, spot: Spot, within: Mapping[str, object]
) -> Iterator[Met]:
    # Another kind of block stores a key alone.
    stored: dict[str, Any] = raw if isinstance(raw, dict) else {"image": raw}
    if stored.get("image") is None:
        return
    alt_text, is_decorative = stored.get("alt_text") or "", bool(stored.get("decorative"))
    caption = str(within.get("caption") or "")
    inside = spot.inside("alt_text")
    yield ShownPicture(inside, int(stored["image"]), alt_text, is_decorative, caption)
    if alt_text and not is_decorative:
        yield Passage(inside, Kind.WORDS, alt_text)


@_of.register
def _of_table(
    _block: TableBlock, raw: Mapping[str, Any], spot: Spot, _within: object
) -> Iterator[Met]:
    rows = [
        [str(cell) if cell is not None else "" for cell in row] for row in raw.get("data") or ()
    ]
    caption = raw.get("table_caption") or ""
    shown = tuple(tuple(cell_words(cell).strip() for cell in row) for row in rows)
    yield ShownTable(spot, caption, _has_headers(raw, rows), shown)
    for cell in (caption, *(cell for row in rows for cell in row)):
        if words := cell_words(cell):
            yield Passage(spot, Kind.WORDS, words)
        for link in links_in(cell):
            yield WrittenAddress(spot, link.address, link.words)


def _has_headers(raw: Mapping[str, object], rows: list[list[str]]) -> bool:
    """Whether a row or a column is said to be headers and holds some words."""
    choice = raw.get("table_header_choice")
    if choice not in _HEADERS:
        return False
    row = rows[0] if rows and choice != "column" else []
    column = [row[0] for row in rows if row] if choice != "row" else []
    return any(cell.strip() for cell in (*row, *column))


@_of.register
def _of_typed_table(
    block: BaseTypedTableBlock, raw: Mapping[str, Any], spot: Spot, _within: object
) -> Iterator[Met]:
    columns, rows = raw.get("columns") or [], raw.get("rows") or []
    headings = [str(column.get("heading") or "") for column in columns]
    caption = raw.get("caption") or ""
    yield ShownTable(spot, caption, any(heading.strip() for heading in headings))
    for words in (caption, *headings):
        if words:
            yield Passage(spot, Kind.WORDS, words)
    for row in rows:
        for column, value in zip(columns, row.get("values") or (), strict=False):
            yield from of_block(block.child_blocks.get(column["type"]), value, spot)


@_of.register(blocks.RichTextBlock)
@_of.register(blocks.RawHTMLBlock)
def _of_rich_text(_block: blocks.Block, raw: object, spot: Spot, _within: object) -> Iterator[Met]:
    yield from parts_of_rich_text(str(raw), spot)
