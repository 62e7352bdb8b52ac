"""Reads Markdown, by way of HTML."""

import re
from html import escape

import markdown
from django.utils.translation import gettext as _

from .documents import Element, Notes
from .html import OpenPicture, read_html
from .sniff import MAX_CHARACTERS, MAX_LINES, too_deep, too_intricate, too_long

_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)(?:---|\.\.\.)(?:\n|\Z)", re.S)
_TOLD_IN_FRONT = re.compile(r"^(\w+):[ \t]*([\"']?)(.+?)\2[ \t]*$", re.M)
# What is told before the text, and what it is in the page.
_IN_FRONT = {
    **dict.fromkeys(("title", "titel", "rubrik"), "<h1>%s</h1>"),
    **dict.fromkeys(("description", "lead", "ingress", "summary"), '<p class="lead">%s</p>'),
    **dict.fromkeys(("changed", "date", "datum", "updated"), "<p>Senast ändrad: %s</p>"),
}
_EXTENSIONS = ["tables", "sane_lists", "fenced_code", "footnotes"]
_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(r"( *)([-*+]|\d{1,3}[.)]) +(?=\S)")
_PICTURE = re.compile(r"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]*")
_MOST_WITHOUT_PICTURES = 300_000
# What makes the library begin anew in a paragraph or a block: its time grows with their square.
_COSTLY = re.compile(
    r"`|\[(?![^\[\]]{0,200}\]\([^()\s]{0,200}\))|<(?![^<>]{0,200}>)"
    r"|^ {0,3}(?:[#=]|~~~|[-*_][-*_ ]*$)",
    re.M,
)
_MOST_COSTLY = 1_000_000
_NESTED_WITHOUT_END = re.compile(r"^(?:[ \t]*+(?:[-*+]|\d{1,9}\.)[ \t]++){100}", re.M)


def read_markdown(text: str, *, open_picture: OpenPicture, notes: Notes) -> list[Element]:
    """The elements of the text, in its order. Raises RefusedError."""
    front = _FRONT_MATTER.match(text)
    text = text[front.end() :] if front else text
    is_long = len(text) > MAX_CHARACTERS or len(_PICTURE.sub("", text)) > _MOST_WITHOUT_PICTURES
    if is_long or text.count("\n") > MAX_LINES:
        raise too_long()
    if _NESTED_WITHOUT_END.search(text):
        raise too_deep()
    text = _with_plain_lists(text)
    if _cost_of(text) > _MOST_COSTLY:
        raise too_intricate()
    try:
        html = markdown.markdown(text, extensions=_EXTENSIONS)
    except RecursionError as error:
        raise too_deep() from error
    if front:
        html = _front_of(front[1], notes) + html
    return read_html(html, open_picture=open_picture, notes=notes)


def _front_of(text: str, notes: Notes) -> str:
    html = ""
    for name, _quote, words in _TOLD_IN_FRONT.findall(text):
        if name.lower() in _IN_FRONT:
            html += _IN_FRONT[name.lower()] % escape(words)
        else:
            notes.drop(_("what is told of the file before the text: %(name)s") % {"name": name})
    return html


def _cost_of(text: str) -> int:
    blocks = re.split(r"\n[ \t]*\n", text)
    cost = sum(len(_COSTLY.findall(block)) ** 2 for block in blocks)
    # Escaped signs and tags cost less, comments more.
    cost += sum(((block.count("\\") + block.count("<")) // 10) ** 2 for block in blocks)
    cost += sum((3 * block.count("<!")) ** 2 for block in blocks)
    return cost + text.count("[^") ** 2  # footnotes, wherever they stand


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
            line = "    " * (len(levels) - 1) + line.lstrip().replace(")", ".", item[2][-1] == ")")
        elif levels and line.startswith(" ") and line.strip() and not is_code:
            line = "    " * len(levels) + line.lstrip()
        elif levels and line.strip() and not lines[-1].strip():
            levels = []
        lines.append(line)
    return "\n".join(lines)
