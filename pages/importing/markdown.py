"""Reads Markdown, by way of HTML."""

import re

import markdown

from .documents import Element, Notes
from .html import OpenPicture, read_html
from .sniff import too_deep

_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.S)
_EXTENSIONS = ["tables", "sane_lists", "fenced_code", "footnotes"]
_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(r"( *)([-*+]|\d{1,3}\.) +(?=\S)")
# No author opens so many brackets, and the library's time grows with their square.
_TOO_MANY_BRACKETS = re.compile(r"(\[[^\]]{0,20}){200}")


def read_markdown(text: str, *, open_picture: OpenPicture, notes: Notes) -> list[Element]:
    """The elements of the text, in its order. Raises RefusedError."""
    text = _FRONT_MATTER.sub("", text)
    if _TOO_MANY_BRACKETS.search(text):
        raise too_deep()
    try:
        html = markdown.markdown(_with_plain_lists(text), extensions=_EXTENSIONS)
    except RecursionError as error:
        raise too_deep() from error
    return read_html(html, open_picture=open_picture, notes=notes)


def _with_plain_lists(text: str) -> str:
    """The text with its lists as the library wants them: after an empty line, four spaces a level.

    Most editors show lists without an empty line above and with two spaces a level.
    """
    lines: list[str] = []
    levels: list[tuple[int, bool]] = []  # the spaces before the items of each, and if numbered
    is_code = False
    for line in text.expandtabs(4).split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        item = None if is_code else _ITEM.match(line)
        if item is not None and (levels or len(item[1]) < 4):
            spaces, is_numbered = len(item[1]), item[2][0].isdigit()
            while len(levels) > 1 and spaces < levels[-1][0]:
                levels.pop()
            if levels and spaces >= levels[-1][0] + 2:
                levels.append((spaces, is_numbered))
            elif not levels or levels[-1][1] != is_numbered:
                levels[-1:] = [(spaces, is_numbered)]
                if lines and lines[-1].strip():
                    lines.append("")
            line = "    " * (len(levels) - 1) + line.lstrip()
        elif levels and line.startswith(" ") and line.strip() and not is_code:
            line = "    " * len(levels) + line.lstrip()
        elif levels and line.strip() and not lines[-1].strip():
            levels = []
        lines.append(line)
    return "\n".join(lines)
