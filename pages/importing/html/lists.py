"""Reads lists, and the lines of whatever can hold only text."""

from bs4 import Tag

from ..documents import text_of
from .inline import InlineReader
from .markup import BLOCKS, LISTS, text_between, tidied


def read_list(tag: Tag, inline: InlineReader) -> str:
    """A list and those within it, as HTML; nothing when it says nothing."""
    items: list[str] = []
    for child in tag.children:
        if not isinstance(child, Tag):
            items.append(tidied(text_between(child)))
        elif child.name in LISTS:
            nested = read_list(child, inline)
            # Lists that lie beside the item they belong to are common, if not allowed.
            items.append(items.pop() + nested if items else nested)
        else:
            lines, lists = read_lines(child, inline)
            items.append("<br/>".join(line for line in lines if text_of(line)) + "".join(lists))
    name = "ol" if tag.name == "ol" else "ul"
    kept = "".join(f"<li>{item}</li>" for item in items if text_of(item))
    return f"<{name}>{kept}</{name}>" if kept else ""


def read_lines(tag: Tag, inline: InlineReader) -> tuple[list[str], list[str]]:
    """The lines within a tag, and the lists that lie between them."""
    lines, nested, line = [], [], ""
    for child in tag.children:
        if not isinstance(child, Tag):
            line += text_between(child)
        elif child.name in LISTS:
            nested.append(read_list(child, inline))
        elif child.name in BLOCKS or child.find(BLOCKS):
            inner_lines, inner_nested = read_lines(child, inline)
            lines += [line, *inner_lines]
            nested += inner_nested
            line = ""
        else:
            line += inline.tag(child)
    return [tidied(each) for each in [*lines, line]], nested
