"""The walk through what readers meet forgets no field and no block, of whatever model."""

from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, ForeignKey, TextField
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import DraftStateMixin, Page

from pages.checks.met import Mention, Passage, ShownPicture, ShownTable, WrittenAddress
from pages.checks.walking import WORDLESS, parts_of
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.digest import is_content

# What goes before the readers.
MODELS = [
    *(each for each in apps.get_models() if issubclass(each, DraftStateMixin) and each is not Page),
    SiteImage,
    SiteDocument,
]
# Words that no reader meets.
UNREAD = {
    "content.formeraddresses": {"lines"},
    "library.siteimage": {"title", "file_hash"},
    "library.sitedocument": {"file_hash"},
}
# Objects that are no content of the one that names them.
OTHERS = {
    "locale",
    "collection",
    "uploaded_by_user",
    "content_type",
    "owner",
    "alias_of",
    "page_ptr",
}
WORDS = (
    blocks.CharBlock, blocks.EmailBlock, blocks.RegexBlock, blocks.TextBlock, blocks.URLBlock,
)  # fmt: skip
RICH = (blocks.RichTextBlock, blocks.RawHTMLBlock)


class Marks:
    """Values with marks in them that can be told apart."""

    def __init__(self) -> None:
        self._numbers = count(100_001)
        self.words: list[str] = []
        self.keys: list[int] = []

    def word(self) -> str:
        self.words.append(f"zebra{next(self._numbers)}")
        return self.words[-1]

    def key(self) -> int:
        self.keys.append(next(self._numbers))
        return self.keys[-1]

    def value(self, block: Any) -> Any:
        """A stored value of the block, with a mark at each end of it."""
        if isinstance(block, blocks.StreamBlock):
            return [
                {"type": name, "value": self.value(child), "id": f"id-{next(self._numbers)}"}
                for name, child in block.child_blocks.items()
            ]
        if isinstance(block, blocks.ListBlock):
            return [{"type": "item", "value": self.value(block.child_block), "id": "id"}]
        if isinstance(block, ImageBlock):
            return {"image": self.key(), "alt_text": self.word(), "decorative": False}
        if isinstance(block, blocks.StructBlock):
            return {name: self.value(child) for name, child in block.child_blocks.items()}
        if isinstance(block, TypedTableBlock):
            kinds = list(block.child_blocks.items())
            columns = [{"type": name, "heading": self.word()} for name, _child in kinds]
            row = {"values": [self.value(child) for _name, child in kinds]}
            return {"columns": columns, "rows": [row], "caption": self.word()}
        if isinstance(block, TableBlock):
            data = [[self.word(), self.word()], [self.word(), None]]
            return {"data": data, "table_caption": self.word(), "table_header_choice": "row"}
        if isinstance(block, blocks.ChooserBlock):
            return self.key()
        if isinstance(block, RICH):
            link = f'<a linktype="page" id="{self.key()}">{self.word()}</a>'
            return (
                f'<p>{link} <a href="/{self.word()}/">{self.word()}</a></p><h2>{self.word()}</h2>'
            )
        if isinstance(block, WORDS):
            return self.word()
        assert isinstance(block, WORDLESS), f"{type(block)}: pages/checks/walking.py must read it"
        return None


def _filled(model: Any, marks: Marks) -> Any:
    obj = model()
    unread = UNREAD.get(model._meta.label_lower, set())
    for field in model._meta.get_fields():
        if not getattr(field, "editable", False) or not is_content(field.name):
            continue
        if field.name in unread | OTHERS:
            continue
        if isinstance(field, StreamField):
            setattr(obj, field.name, field.to_python(marks.value(field.stream_block)))
        elif isinstance(field, ForeignKey):
            setattr(obj, field.attname, marks.key())
        elif isinstance(field, (CharField, TextField)) and not field.choices:
            setattr(obj, field.name, marks.word())
    return obj


@pytest.mark.django_db
def test_every_word_and_every_object_named_is_met():
    for model in MODELS:
        marks = Marks()
        obj = _filled(model, marks)
        parts = list(parts_of(obj))
        said = "\n".join(part.words for part in parts if isinstance(part, Passage))
        assert [word for word in marks.words if word not in said] == []
        met = {part.key for part in parts if isinstance(part, (Mention, ShownPicture))}
        assert set(marks.keys) <= met
        assert marks.words


@pytest.mark.django_db
def test_no_query_is_made_for_the_walk(django_assert_num_queries):
    marks = Marks()
    objects = [_filled(model, marks) for model in MODELS if not issubclass(model, Page)]
    with django_assert_num_queries(0):
        for obj in objects:
            list(parts_of(obj))


class Cells(TypedTableBlock):
    text = blocks.CharBlock()
    rich = blocks.RichTextBlock()


class Invented(blocks.StreamBlock):
    """Kinds of blocks that no page has yet."""

    html = blocks.RawHTMLBlock()
    cells = Cells()
    picture = ImageChooserBlock()
    quote = blocks.BlockQuoteBlock()
    deep = blocks.ListBlock(blocks.StructBlock([("inner", blocks.StreamBlock([("mail", blocks.EmailBlock())]))]))  # fmt: skip


def test_a_kind_of_block_that_is_new_is_read_as_well():
    from pages.checks.met import Spot
    from pages.checks.walking import of_block

    marks = Marks()
    block = Invented()
    parts = list(of_block(block, marks.value(block), Spot("body", "body")))
    said = "\n".join(part.words for part in parts if isinstance(part, Passage))
    assert [word for word in marks.words if word not in said] == []
    assert {part.key for part in parts if isinstance(part, (Mention, ShownPicture))} == {
        *marks.keys
    }
    assert [part.has_headers for part in parts if isinstance(part, ShownTable)] == [True]
    assert [part.address for part in parts if isinstance(part, WrittenAddress)]
