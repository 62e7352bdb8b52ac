"""The words that a page has in another way than the version before it."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import html as lxml_html

from pages.comparing import DiffLine, Line, compare, lines_of

from .as_it_stood import own_address, page_tree
from .frames import frame_at
from .shown_record import Shown


def words_that_differ(before: Shown, after: Shown) -> list[DiffLine]:
    """As those are shown who confirm; empty if no words differ."""
    if not before.html or not after.html:
        return []
    lines = compare(_lines(before), _lines(after))
    return [] if all(line.is_same for line in lines) else lines


def _lines(shown: Shown) -> list[Line]:
    """With the pictures of the same moment: those of today may be others, or lie on another host."""
    lines = [*_lines_of_messages(shown.html), *lines_of(shown.html)]
    return [replace(line, shown=_as_then(line.shown, shown)) for line in lines]


def _lines_of_messages(html: str) -> Iterator[Line]:
    """The important messages: they stand above the page, and are what one looks for after a crisis."""
    tree = page_tree(html.encode())
    for message in tree.find_class("alert") if tree is not None else ():
        yield from lines_of(lxml_html.tostring(message, encoding="unicode"))


def _as_then(picture: str, shown: Shown) -> str:
    own = own_address(picture, shown.address) if picture else ""
    return frame_at(own, shown.moment) if own else ""
