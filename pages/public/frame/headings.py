"""The levels and ids of a page's headings, and the list "På den här sidan"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from pages.content.blocks.anchors import anchor_for, divided

FEWEST_FOR_A_LIST = 3
# Right below the title of the page.
TOP_LEVEL = 2

_HEADING = re.compile(r"<h([2-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
# What stands around the content of every page.
_IDS_OF_THE_FRAME = ("innehall", "search", "cookie-notice", "on-this-page-heading",
                     "related-pages", "rubrik", "section-menu-heading", "page-rows-heading",
                     "asks", "scale", "decision", "all-decisions", "section")  # fmt: skip


@dataclass(frozen=True)
class PageHeading:
    text: str
    anchor: str


@dataclass(frozen=True)
class HeadedContent:
    """The content of a page, with its sections if there are enough for a list of them."""

    html: SafeString
    sections: list[PageHeading]


def with_levels(
    stream: Iterable[StreamValue.StreamChild],
) -> Iterator[tuple[StreamValue.StreamChild, int]]:
    """Each block of a body with the level of the heading that it has there.

    A block stands under the heading above it, and no level is passed over.
    """
    level = TOP_LEVEL
    for block in stream:
        if block.block_type == "heading":
            level = min(int(block.value["level"][1]), level)
            yield block, level
            level += 1
            continue
        yield block, level
        if block.block_type == "prose":
            for own, _html in parts_of_text(block.value.source, level):
                level = own + 1 if own else level


def parts_of_text(html: str, level: int) -> Iterator[tuple[int, SafeString]]:
    """The headings of a text with their levels where that of a box is `level`; with 0 what is between."""
    for given, piece in divided(html):
        own = min(given, level)
        level = own + 1 if own else level
        yield own, mark_safe(piece)  # noqa: S308


def headed(html: str) -> HeadedContent:
    """The same content with an id on every heading, each of which no other has."""
    taken = {*_IDS_OF_THE_FRAME, *_ID.findall(html)}
    sections = []

    def with_id(match: re.Match[str]) -> str:
        level, attributes, inner = match.groups()
        text = " ".join(unescape(_TAG.sub("", inner)).split())
        given = _ID.search(attributes)
        anchor = unescape(given[1]) if given else _free(anchor_for(text), taken)
        taken.add(anchor)
        if int(level) == TOP_LEVEL:
            sections.append(PageHeading(text, anchor))
        if given:
            return match[0]
        return f'<h{level}{attributes} id="{escape(anchor)}">{inner}</h{level}>'

    html = _HEADING.sub(with_id, html)
    listed = sections if len(sections) >= FEWEST_FOR_A_LIST else []
    return HeadedContent(mark_safe(html), listed)  # noqa: S308


def _free(anchor: str, taken: set[str]) -> str:
    number, free = 1, anchor
    while free in taken:
        number += 1
        free = f"{anchor}-{number}"
    return free
