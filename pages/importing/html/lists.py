"""Reads lists, and the lines of whatever can hold only text."""

from collections.abc import Iterator

from bs4 import Tag

from ..documents import text_of
from ..list_items import counted_in, list_of, number_in, whole_number_in
from .inline import InlineReader
from .markup import BLOCKS, LISTS, WRITTEN_NUMBER, holds_a_block, text_between, tidied


def read_list(tag: Tag, inline: InlineReader) -> str:
    """A list and those within it, as HTML; nothing when it says nothing."""
    items: list[tuple[str, str]] = []
    numbers = _numbers_of(tag)
    for child in tag.children:
        if not isinstance(child, Tag):
            items.append(("", tidied(text_between(child))))
        elif child.name in LISTS:
            # Lists that lie beside the item they belong to are common, if not allowed.
            number, above = items.pop() if items else ("", "")
            items.append((number, above + read_list(child, inline)))
        else:
            html = _item_of(read_lines(child, inline))
            number = next(numbers) if child.name == "li" else ""
            if found := WRITTEN_NUMBER.match(html):
                number, html = found[1], html[found.end() :]
            items.append((number, html))
    # A list within an item says something, or it would not be there.
    kept = [item for item in items if "<li" in item[1] or text_of(item[1])]
    return list_of("ol" if tag.name == "ol" else "ul", kept)


def is_list(line: str) -> bool:
    """Whether one of the lines that were read is a list."""
    return line.startswith(("<ul>", "<ol>"))


def read_lines(tag: Tag, inline: InlineReader) -> list[str]:
    """The lines within a tag and the lists that lie between them, in their order."""
    lines, line = [], ""
    for child in tag.children:
        if not isinstance(child, Tag):
            line += text_between(child)
        elif child.name in LISTS:
            lines += [line, read_list(child, inline)]
            line = ""
        elif child.name == "tr":  # of a table within what can hold only text
            cells = child.find_all(["td", "th"], recursive=False)
            lines += [
                line,
                " | ".join(" ".join(read_lines(cell, inline)).strip() for cell in cells),
            ]
            line = ""
        elif child.name == "a" and holds_a_block(child):  # around a whole card
            lines += [line, inline.tag(child)]
            line = ""
        elif child.name in BLOCKS or holds_a_block(child) or child.tr is not None:
            lines += [line, *read_lines(child, inline)]
            line = ""
        else:
            line += inline.tag(child)
    return [tidied(each) for each in [*lines, line]]


def _item_of(lines: list[str]) -> str:
    html, is_below_a_line = "", False
    for line in lines:
        if is_list(line):
            html += line
            is_below_a_line = False
        elif text_of(line):
            html += f"<br/>{line}" if is_below_a_line else line
            is_below_a_line = True
    return html


def _numbers_of(tag: Tag) -> Iterator[str]:
    """What a browser shows before each item of the list."""
    items = tag.find_all("li", recursive=False)
    step = -1 if tag.has_attr("reversed") else 1
    number = whole_number_in(str(tag.get("start")), len(items) if step < 0 else 1)
    style = counted_in(str(tag.get("style")), str(tag.get("type") or ""))
    for item in items:
        number = whole_number_in(str(item.get("value")), number)
        yield f"{number_in(style, number)}." if tag.name == "ol" else ""
        number += step
