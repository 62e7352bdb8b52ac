"""No two contents that a reader could tell apart have one digest."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import CharField, TextField
from hypothesis import assume, given
from hypothesis import strategies as st
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    CharBlock,
    ListBlock,
    RichTextBlock,
    TextBlock,
    URLBlock,
)
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField
from wagtail.models import Revision

from pages.content.models import ArticlePage, HomePage, NewsPage, ThreatLevelPage
from pages.newsroom.digest import (
    Compared,
    compared,
    digest_of_version,
    is_content,
    is_same_moment,
)
from pages.newsroom.models import Renaming
from tests.factories import ArticlePageFactory
from tests.newsroom import live_digest_of

pytestmark = pytest.mark.django_db

# From what is typed to what is stored.
Stored = Callable[[str], Any]

PIECES = (
    ' data-block-key="', '"', "'", "<", ">", "<p", '<p data-block-key="', "&quot;", "&lt;p", " ", "\n",
    "Ring 112", "å", "a\u030a", "\\u003c", "{", "[", "0", "False", "None",
)  # fmt: skip
TYPED = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=5).map("".join)
# In the form of what an editor or Wagtail writes beside the words.
BESIDE = st.builds(
    "{}{}{}".format,
    st.sampled_from((' data-block-key="', '<p data-block-key="', ' id="', "<!--", "<i>")),
    TYPED,
    st.sampled_from(('"', '">', "-->", "</i>")),
)


def as_rich_text(block: RichTextBlock) -> Stored:
    """As the editor in the CMS gives it back: one paragraph of what was typed."""
    converter: Any = block.field.widget.converter

    def stored(typed: str) -> str:
        paragraph = {
            "key": "abcde", "text": typed, "type": "unstyled", "depth": 0, "data": {},
            "inlineStyleRanges": [], "entityRanges": [],
        }  # fmt: skip
        return str(
            converter.to_database_format(json.dumps({"blocks": [paragraph], "entityMap": {}}))
        )

    return stored


def places_in(block: Block, path: str) -> Iterator[tuple[str, Stored]]:
    """Every place in a block, or within it, where somebody types words."""
    if isinstance(block, RichTextBlock):
        yield path, as_rich_text(block)
    elif isinstance(block, (CharBlock, TextBlock, URLBlock)):
        yield path, str
    elif isinstance(block, TableBlock):
        yield f"{path}.cell", lambda typed: {"data": [["A"], [typed]], "table_caption": "T"}
        yield f"{path}.caption", lambda typed: {"data": [["A"]], "table_caption": typed}
    elif isinstance(block, BaseStreamBlock):
        for name, inner in block.child_blocks.items():
            for at, stored in places_in(inner, f"{path}.{name}"):
                yield (
                    at,
                    lambda typed, name=name, stored=stored: [
                        {"type": name, "value": stored(typed), "id": "1"}
                    ],
                )
    elif isinstance(block, ListBlock):
        for at, stored in places_in(block.child_block, path):
            yield (
                at,
                lambda typed, stored=stored: [{"type": "item", "value": stored(typed), "id": "1"}],
            )
    elif isinstance(block, BaseStructBlock):
        for name, inner in block.child_blocks.items():
            for at, stored in places_in(inner, f"{path}.{name}"):
                yield at, lambda typed, name=name, stored=stored: {name: stored(typed)}


def places() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Every place where words are typed that readers meet: its name, and a page with the words there."""
    for model in (ArticlePage, HomePage, NewsPage, ThreatLevelPage):
        for field in model._meta.concrete_fields:
            if not is_content(field.name) or not field.editable or field.choices:
                continue
            name = f"{model.__name__}.{field.name}"
            if isinstance(field, StreamField):
                for at, stored in places_in(field.stream_block, name):
                    yield (
                        at,
                        lambda typed, model=model, field=field, stored=stored: model(
                            **{field.name: json.dumps(stored(typed))}
                        ),
                    )
            elif isinstance(field, (CharField, TextField)):
                yield name, lambda typed, model=model, field=field: model(**{field.name: typed})


PLACES = dict(places())
RICH = (
    "ArticlePage.body.prose",
    "ArticlePage.body.accordion.items.answer",
    "NewsPage.body.fact_box.text",
)


def test_words_are_typed_in_many_places():
    assert len(PLACES) > 60
    assert PLACES.keys() > set(RICH)


@given(st.sampled_from(RICH) | st.sampled_from(sorted(PLACES)), TYPED, TYPED | BESIDE, TYPED)
def test_no_two_texts_have_one_digest(place, before, more, after):
    assume(more)
    one, other = PLACES[place](before + after), PLACES[place](before + more + after)

    digests = {
        digest_of_version(Revision(content=each.serializable_data()), each) for each in (one, other)
    }
    assert len(digests) == 2
    assert live_digest_of(one) != live_digest_of(other)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00.000Z", True),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00.001Z", False),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:01Z", False),
        ("2026-12-01T10:00:00Z", None, False),
        ("x", "y", False),
    ],
)
def test_two_ways_of_spelling_a_moment_are_one_and_nothing_else_is(one, other, is_same):
    assert is_same_moment(one, other) is is_same


def test_only_what_is_a_moment_may_be_spelled_in_two_ways(section):
    page = ArticlePageFactory(parent=section, title="2026-12-01T10:00:00Z")
    version = page.save_revision()
    version.content["title"] = "2026-12-01T10:00:00.000Z"
    assert compared(version, page).differing == ("title",)


@pytest.mark.parametrize(
    ("name", "value"), [("show_in_menus", 0), ("twin_of", False), ("lead", None), ("slug", "Valet")]
)
def test_another_form_of_a_value_is_another_value(section, name, value):
    page = ArticlePageFactory(parent=section, title="Valet", slug="valet")
    version = page.save_revision()
    version.content[name] = value
    assert compared(version, page).differing == (name,)
    del version.content[name]
    is_empty = name in ("show_in_menus", "twin_of")
    assert compared(version, page).differing == (() if is_empty else (name,))


def test_a_name_that_is_given_anew_after_a_renaming_is_no_former_name(section):
    page = ArticlePageFactory(parent=section, lead="Ring 112.")
    version = page.save_revision()
    renaming = Renaming(kind="article", path="lead", name="intro")
    renaming.at = version.created_at - timedelta(hours=1)
    assert compared(version, page, [renaming]) == Compared((), ())
    renaming.at = version.created_at + timedelta(hours=1)
    assert compared(version, page, [renaming]) == Compared(("lead",), ("intro",))
