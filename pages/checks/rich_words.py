"""What readers meet of a rich text: its words, and the links, pictures and headings in it."""

from collections.abc import Iterator

from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement
from wagtail.documents import get_document_model
from wagtail.models import Page

from pages.content.blocks.anchors import divided
from pages.content.references.links_to_come import WaitingLinkHandler
from pages.content.references.named import key_named

from .met import (
    Kind,
    Mention,
    Met,
    Passage,
    ShownHeading,
    ShownPicture,
    Spot,
    WaitingLink,
    WrittenAddress,
)

_TAGS_OF_LINES = "blockquote br dd div dt h1 h2 h3 h4 h5 h6 hr li ol p pre table td th tr ul"
_LINES = frozenset(_TAGS_OF_LINES.split())


def parts_of_rich_text(html: str, spot: Spot) -> Iterator[Met]:
    """By its headings: the words, paragraph by paragraph on lines of their own, then where they lead."""
    for level, piece in divided(html):
        yield from _parts_of_piece(piece, level, spot)


def _parts_of_piece(html: str, level: int, spot: Spot) -> Iterator[Met]:
    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div")
    except (LxmlError, ValueError):  # control characters and the like: at least its words
        yield Passage(spot, Kind.PROSE, html)
        return
    lines = "".join(_words_in(root)).split("\n")
    words = "\n".join(line.strip() for line in lines if line.strip())
    if words:
        yield Passage(spot, Kind.HEADING if level else Kind.PROSE, words)
    if level:
        yield ShownHeading(spot, level, words)
    for element in root.iter("a", "embed"):
        yield from _of_link(element, spot) if element.tag == "a" else _of_embed(element, spot)


def _words_in(element: HtmlElement) -> Iterator[str]:
    is_line = element.tag in _LINES
    if is_line:
        yield "\n"
    if isinstance(element.tag, str):
        yield (element.text or "").replace("\n", " ")
        for child in element:
            yield from _words_in(child)
            yield (child.tail or "").replace("\n", " ")
    if is_line:
        yield "\n"


def _of_link(element: HtmlElement, spot: Spot) -> Iterator[Met]:
    words = " ".join(element.text_content().split())
    models = {"page": Page, "document": get_document_model()}
    model, key = models.get(element.get("linktype", "")), element.get("id", "")
    if model is not None:
        yield Mention(spot, model, key_named(key) or 0, words)
    elif element.get("linktype") == WaitingLinkHandler.identifier:
        address = element.get("address", "")
        yield WaitingLink(spot, address, words)
        yield Passage(spot, Kind.ADDRESS, address)
    elif address := element.get("href", ""):
        yield WrittenAddress(spot, address, words)
        yield Passage(spot, Kind.ADDRESS, address)


def _of_embed(element: HtmlElement, spot: Spot) -> Iterator[Met]:
    key = key_named(element.get("id", ""))
    if element.get("embedtype") == "image" and key is not None:
        alt_text = element.get("alt", "")
        yield ShownPicture(spot, key, alt_text, is_decorative=False)
        if alt_text:
            yield Passage(spot, Kind.WORDS, alt_text)
