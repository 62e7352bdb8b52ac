"""Lists as a page can hold them: so many levels, and numbers that begin at 1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from django.utils.translation import gettext as _

from pages.content.blocks.flat_lists import DEEPEST_LEVEL, ListItem, nested

from .documents import Notes, text_of

_TAG = re.compile(r"(</?(?:ul|ol|li)\b[^>]*>)")
_NUMBER = re.compile(r' data-number="([^"]*)"')
_WHOLE = re.compile(r"\s*([+-]?\d{1,6})\s*")
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(lower|upper)-(alpha|latin|roman)", re.I)
_ROMAN = (
    ("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40),
    ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
)  # fmt: skip


@dataclass
class Item:
    """An item of a list, with the number that readers of its source see before it."""

    level: int
    name: str
    number: str
    html: str = ""
    has_text_below: bool = False


def number_in(style: str, number: int) -> str:
    """A number in one of the styles of HTML: 1, a, A, i or I."""
    written = str(number)
    if style in ("a", "A") and number > 0:
        written = ""
        while number > 0:
            number, letter = divmod(number - 1, 26)
            written = chr(ord("a") + letter) + written
    elif style in ("i", "I") and 0 < number < 4000:
        written = ""
        for letters, value in _ROMAN:
            written += letters * (number // value)
            number %= value
    return written.upper() if style in ("A", "I") else written


def counted_in(style: str, kind: str) -> str:
    """The style in which a list counts, by its attributes `style` and `type`."""
    found = _STYLE.search(style)
    if found is None:
        return kind or "1"
    letter = "i" if found[2].lower() == "roman" else "a"
    return letter.upper() if found[1].lower() == "upper" else letter


def whole_number_in(value: str, default: int) -> int:
    found = _WHOLE.fullmatch(value)
    return int(found[1]) if found else default


def list_of(name: str, items: list[tuple[str, str]]) -> str:
    """A list of items, each with its number and its html, as `items_in` reads it."""
    html = ""
    for position, (number, inner) in enumerate(items, start=1):
        is_plain = name == "ul" or number == f"{position}."
        html += f"<li>{inner}" if is_plain else f'<li data-number="{escape(number)}">{inner}'
        html += "</li>"
    return f"<{name}>{html}</{name}>" if html else ""


def items_in(html: str) -> Iterator[str | list[Item]]:
    """The paragraphs of the html, and the items of the lists between them, in its order."""
    open_lists: list[tuple[str, list[Item]]] = []
    items: list[Item] = []
    for piece in _TAG.split(html):
        if piece in ("<ul>", "<ol>"):
            open_lists.append((piece[1:3], []))
        elif piece in ("</ul>", "</ol>"):
            open_lists.pop()
        elif piece.startswith("<li"):
            name, siblings = open_lists[-1]
            number = _NUMBER.search(piece)
            plain = f"{len(siblings) + 1}." if name == "ol" else ""
            siblings.append(
                Item(len(open_lists) - 1, name, unescape(number[1]) if number else plain)
            )
            items.append(siblings[-1])
        elif open_lists and text_of(piece):
            if items[-1].level >= len(open_lists):
                piece = f"<br/>{piece}"
                items[-1].has_text_below = True
            items[-1].html += piece
        elif not open_lists and piece:
            if items:
                yield items
                items = []
            yield piece
    if items:
        yield items


def lines_of_list(html: str) -> Iterator[str]:
    """The items of the lists as lines of text, for what can hold no list."""
    for items in items_in(html):
        if not isinstance(items, str):
            yield from (f"{item.number or '•'} {text_of(item.html)}" for item in items)


def with_lists_that_fit(html: str, notes: Notes) -> str:
    """The html with its lists as the editor can hold them, and every word and number kept."""
    return "".join(
        piece if isinstance(piece, str) else _fitted(piece, notes) for piece in items_in(html)
    )


def _fitted(items: list[Item], notes: Notes) -> str:
    html = ""
    kept: list[ListItem] = []
    above: list[int] = []  # the levels of the items that the next may lie within
    shown: list[tuple[str, int]] = []  # at each level: the kind of list, and how many items it has
    written: list[str] = []
    for item in items:
        if not text_of(item.html):
            continue
        while above and above[-1] >= item.level:
            above.pop()
        level, name, inner = min(len(above), DEEPEST_LEVEL), item.name, item.html
        _note_what_moves(item, len(above), notes)
        del shown[level + 1 :]
        count = shown[level][1] + 1 if shown[level:] and shown[level][0] == name else 1
        if name == "ol" and item.number != f"{count}.":
            inner = f"{escape(item.number, quote=False)} {inner}".strip()
            written.append(text_of(inner))
            if level == 0:
                html += f"{nested(kept)}<p>{inner}</p>"
                kept, shown = [], []
                continue
            name, count = "ul", 1
        above.append(item.level)
        shown[level:] = [(name, count)]
        kept.append(ListItem(level, name, f"<li>{inner}"))
    if written:
        notes.check(
            _("Lists here begin at 1, so numbers have been written as text, from “%(text)s”.")
            % {"text": written[0][:60]}
        )
    return html + nested(kept)


def _note_what_moves(item: Item, level: int, notes: Notes) -> None:
    if level > DEEPEST_LEVEL:
        notes.check(
            _("Lists deeper than %(most)s levels have been raised: “%(text)s”.")
            % {"most": DEEPEST_LEVEL + 1, "text": text_of(item.html)[:60]}
        )
    if item.has_text_below:
        notes.check(
            _("Text below a list within a list now stands in its last item: “%(text)s”.")
            % {"text": text_of(item.html)[:60]}
        )
