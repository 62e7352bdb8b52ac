import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.utils import translation
from lxml.html import fromstring

from cooperation.blocks import CooperationBodyBlock
from pages.content.blocks.body import AsideBlock
from pages.content.blocks.links import LinkBlock
from pages.content.blocks.listings import PageListBlock
from pages.content.blocks.pictures import VideoBlock
from pages.content.blocks.text import TableBlock
from tests.factories import (
    ArticlePageFactory,
    PartnerFactory,
    SiteDocumentFactory,
    SiteImageFactory,
)
from tests.tables import every_row

BLOCKS = {**CooperationBodyBlock().child_blocks, **AsideBlock().child_blocks}.items()
NAMES = [name for name, _ in BLOCKS]


@every_row(("name", "block"), BLOCKS, ids=NAMES)
def test_every_block_renders_its_preview(name, block, home):
    SiteImageFactory()
    SiteDocumentFactory()
    PartnerFactory()
    ArticlePageFactory(parent=home)
    context = {"request": RequestFactory().get("/"), "page": home}
    html = block.render(block.normalize(block.get_preview_value()), context)
    assert html.strip()
    assert "None" not in html
    assert " style=" not in html


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=NAMES)
def test_every_block_has_a_swedish_label_an_icon_a_group_and_a_description(name, block):
    with translation.override("en"):
        english = (str(block.label), str(block.meta.group), str(block.meta.description))
    with translation.override("sv"):
        swedish = (str(block.label), str(block.meta.group), str(block.meta.description))
    assert all(swedish)
    assert swedish[2] != english[2]
    assert block.meta.icon not in ("", "placeholder")


@every_row(
    "addresses", [[], ["https://a.se"] * 2, [r"https://a.se\@b.se/"]], ids=["none", "two", "hidden"]
)
def test_link_is_exactly_one(addresses):
    block = LinkBlock()
    value = block.to_python(
        [{"type": "address", "value": {"address": each, "label": "A"}} for each in addresses]
    )
    with pytest.raises(ValidationError):
        block.clean(value)


def _table(**changes: object) -> dict[str, object]:
    return {
        "data": [["Klass", "Gäller"], ["1", "Kvalificerat hemligt"]],
        "table_caption": "Säkerhetsklasser",
        "table_header_choice": "row",
        **changes,
    }


def test_table_with_caption_and_headers_is_taken():
    assert TableBlock().clean(_table())["first_row_is_table_header"]


@every_row(
    ("changes", "message"),
    [
        ({"table_caption": " "}, "Ge tabellen en rubrik som säger vad den visar."),
        (
            {"table_header_choice": "neither"},
            "Ange vilka celler som är rubriker: raden, kolumnen eller båda.",
        ),
    ],
)
def test_table_without_caption_or_headers_is_refused(changes, message):
    with translation.override("sv"), pytest.raises(ValidationError, match=message):
        TableBlock().clean(_table(**changes))


def test_table_writes_header_cells_with_their_scope(home):
    block = TableBlock()
    block.set_name("table")
    html = (
        CooperationBodyBlock()
        .child_blocks["table"]
        .render(TableBlock().clean(_table(table_header_choice="both")))
    )
    assert "<caption" in html
    assert 'scope="col"' in html
    assert 'scope="row"' in html


@pytest.mark.django_db
def test_file_link_writes_type_and_size():
    block = CooperationBodyBlock().child_blocks["file"]
    with translation.override("sv"):
        html = block.render(block.normalize({"file": SiteDocumentFactory(), "label": ""}))
    assert "Vägledning" in html
    assert "pdf, 1,5" in html
    assert "MB" in html


@pytest.mark.django_db
def test_film_needs_captions_of_the_right_type():
    block = VideoBlock()
    document = SiteDocumentFactory()
    value = block.normalize(
        {
            "title": "Film",
            "file": document,
            "captions": document,
            "described": document,
            "transcript": "<p>Text</p>",
        }
    )
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert set(refused.value.block_errors) == {"file", "captions", "described"}


@pytest.mark.django_db
def test_film_has_a_name_and_its_described_version_another():
    film, described = (
        SiteDocumentFactory(file=ContentFile(b"film", name=name))
        for name in ("film.mp4", "syntolkad.mp4")
    )
    value = {"title": "Så arbetar vi", "file": film.pk, "captions": film.pk, "transcript": ""}
    block = VideoBlock()
    with translation.override("sv"):
        plain = block.render(block.to_python(value))
        both = block.render(block.to_python({**value, "described": described.pk}))
    assert re.findall(r'<video[^>]* aria-label="([^"]+)"', plain) == ["Så arbetar vi"]
    names = re.findall(r'<video[^>]* aria-label="([^"]+)"', both)
    assert names == ["Så arbetar vi", "Så arbetar vi, med syntolkning"]
    assert "<summary" in both.split("Se filmen med syntolkning")[0][-60:]
    assert re.findall(r'<source [^>]*type="([^"]+)"', both) == ["video/mp4", "video/mp4"]
    assert both.count('kind="captions"') == 2


def test_a_large_figure_is_read_with_what_it_counts_and_then_its_source():
    block = CooperationBodyBlock().child_blocks["numerals"]
    said = {"before": "cirka", "number": "1 500", "text": "anställda 2024", "source": "årsboken"}
    html = block.render(block.normalize({"layout": "columns", "numerals": [said]}))
    row = fromstring(html).find("div")
    assert [" ".join(each.text_content().split()) for each in row] == [
        "cirka 1 500",
        "anställda 2024 Källa: årsboken",
    ]


def test_list_of_pages_without_pages_is_refused():
    block = PageListBlock()
    with pytest.raises(ValidationError):
        block.clean(block.normalize({"heading": "Läs vidare", "source": "chosen", "pages": []}))


@pytest.mark.django_db
def test_same_image_twice_keeps_both_text_alternatives():
    image = SiteImageFactory()
    figure = {"image": {"image": image.pk, "alt_text": "", "decorative": False}, "caption": ""}
    raw = []
    for alt in ("Kusten norrut", "Kusten söderut"):
        value = {**figure, "image": {**figure["image"], "alt_text": alt}}
        raw.append({"type": "figure", "value": value, "id": alt})
    stream = CooperationBodyBlock().to_python(raw)
    assert [block.value.alt_text for block in stream] == ["Kusten norrut", "Kusten söderut"]


@pytest.mark.django_db
def test_image_needs_a_text_alternative_unless_it_is_decorative():
    block = CooperationBodyBlock().child_blocks["figure"]
    image = {"image": SiteImageFactory().pk, "alt_text": "", "decorative": False}
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"image": image, "caption": ""}))
    image["decorative"] = True
    assert block.clean(block.to_python({"image": image, "caption": ""})).alt_text == ""


@pytest.mark.django_db
@every_row("alt", ["alt", "Bild", "IMG_2041.JPG", "livvakter-och-poliser.jpg", "Placeholder."])
def test_text_alternative_that_says_nothing_is_refused(alt):
    block = CooperationBodyBlock().child_blocks["figure"]
    image = {"image": SiteImageFactory().pk, "alt_text": alt, "decorative": False}
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"image": image, "caption": ""}))
