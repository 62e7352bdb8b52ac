"""A form that is opened and saved as it is gives the same bytes: nothing new to approve."""

from typing import Any

import pytest
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from pages.content.models import ArticlePage, PageTopic, ThreatLevelDecision, Topic
from pages.content.publishing.stored import content_of
from pages.importing.build import article_from
from pages.importing.read import read_article
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.digest import digest_of_version
from pages.newsroom.guard import guarded_models
from tests.factories import ThreatLevelDecisionFactory
from tests.untouched import save_untouched
from tests.whole_site import whole_site

pytestmark = pytest.mark.django_db

RICH = '<p>Ett & två <b>tre</b> <a linktype="page" id="{}">sidan</a>.</p><h2>Mer</h2><ul><li>a</li></ul>'

IMPORTED = """<html lang="sv"><h1>Rubrik</h1><p>Ingress.</p><h2>Mer</h2><p>Ett <b>två</b> &amp; "tre"
<a href="https://example.se/">fyra</a>.</p><p>Fem<br>sex</p><ul><li>a<ul><li>b</li></ul></li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><blockquote>Ord</blockquote>
<h3>Sju</h3><p>Åtta</p></html>"""


def _value(block: Any, keys: dict[type, int]) -> Any:
    """A value of the block as a program may store it, with every kind of block in it."""
    if isinstance(block, blocks.StreamBlock):
        children = block.child_blocks.items()
        return [{"type": name, "value": _value(each, keys)} for name, each in children]
    if isinstance(block, blocks.ListBlock):
        return [_value(block.child_block, keys)]
    if isinstance(block, ImageBlock):
        return {"image": keys[SiteImage], "alt_text": "Ett torg", "decorative": False}
    if isinstance(block, blocks.StructBlock):
        return {name: _value(each, keys) for name, each in block.child_blocks.items()}
    if isinstance(block, TableBlock):
        return {
            "data": [["A", "B"], ["1", None]],
            "table_caption": "T",
            "table_header_choice": "row",
        }
    if isinstance(block, blocks.ChooserBlock):
        return keys[block.model_class]
    if isinstance(block, blocks.RichTextBlock):
        return RICH.format(keys[Page])
    if isinstance(block, blocks.FieldBlock) and block.meta.default not in (None, ""):
        return block.get_default()
    return {blocks.BooleanBlock: False, blocks.URLBlock: "https://example.se/"}.get(
        type(block), "x"
    )


def _is_kept(obj: Any) -> bool:
    """Whether nobody ever changes it once it is public."""
    return isinstance(obj, ThreatLevelDecision)


@pytest.fixture
def objects(home: Any, section: Any, editor: Any) -> list[Any]:
    """One of each kind that readers meet, with every block that fits into it."""
    whole_site(home, section, editor)
    models = [model for model in guarded_models() if model is not Page]
    found = [model._base_manager.order_by("pk").first() for model in models]
    found = [ThreatLevelDecisionFactory(live=False) if _is_kept(each) else each for each in found]
    keys = {
        Page: section.pk,
        SiteImage: SiteImage.objects.latest("pk").pk,
        SiteDocument: SiteDocument.objects.latest("pk").pk,
    } | {type(each): each.pk for each in found}
    for obj in found:
        for field in obj._meta.get_fields():
            if isinstance(field, StreamField):
                filled = _value(field.stream_block, keys)
                setattr(obj, field.name, field.to_python(filled))
        if isinstance(obj, ArticlePage):
            obj.page_topics = [PageTopic(topic=Topic.objects.latest("pk"))]
        obj.save_revision(user=editor)
    return found


def test_the_second_saving_of_every_kind_and_every_block_changes_no_byte(objects, client, editor):
    client.force_login(editor)
    for obj in objects:
        first, second = (save_untouched(client, editor, obj) for _time in range(2))
        assert content_of(first.content) == content_of(second.content)
        assert digest_of_version(first, obj) == digest_of_version(second, obj)


def test_what_was_imported_is_saved_untouched_as_it_was_made(section, client, editor, tmp_path):
    file = tmp_path / "artikel.html"
    file.write_text(IMPORTED)
    page = article_from(read_article(file), parent=section, user=editor)
    client.force_login(editor)
    made = page.latest_revision
    for _time in range(2):
        saved = save_untouched(client, editor, page)
        assert content_of(saved.content) == content_of(made.content)
