"""Reads plain text, which says nothing of what its lines are."""

import re
from html import escape

from .documents import Element, Notes, Paragraph, Prose, visible
from .list_items import list_of
from .sniff import MAX_LINES, MAX_PARAGRAPHS, too_long

_BULLET = re.compile(r"^\s*(?:[-*•–·]|(\d{1,2})[.)])\s+(?=\S)")
# Somebody speaks: whole sentences behind dashes.
_SPEECH = re.compile(r"^\s*–.*[.!?…”\"]\s*$")
_CAPTION = re.compile(r"(bild|figur|foto|diagram|tabell|figure|photo|table)\b[ \d]*[:.]", re.I)
_RULE = re.compile(r"[\W_]{3,}")


def read_plain_text(text: str, *, notes: Notes) -> list[Element]:
    """The paragraphs and lists of the text, in its order. Raises RefusedError."""
    if text.count("\n") > MAX_LINES:
        raise too_long()
    chunks = re.split(r"\n[ \t]*\n", text.strip("\n"))
    if len(chunks) == 1:  # no empty lines: each line is a paragraph
        chunks = text.split("\n")
    if len(chunks) > MAX_PARAGRAPHS:
        raise too_long()
    notes.source = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    elements: list[Element] = []
    for chunk in chunks:
        lines = [visible(line) for line in chunk.split("\n") if line.strip()]
        lines = [line for line in lines if not _RULE.fullmatch(line.strip())]
        if lines:
            elements += _elements_of(lines)
    return elements


def _elements_of(lines: list[str]) -> list[Element]:
    bullets = [_BULLET.match(line) for line in lines]
    if any(map(_SPEECH.match, lines)):
        return [Paragraph(_line(line)) for line in lines]
    if not bullets[0]:
        role = "caption" if _CAPTION.match(lines[0]) and len(lines) == 1 else ""
        return [Paragraph(_line(" ".join(lines)), role)]
    # A line without a mark of its own goes on with the item above.
    items: list[tuple[str, list[str]]] = []
    name = "ol" if bullets[0][1] else "ul"
    for line, bullet in zip(lines, bullets, strict=True):
        if not bullet:
            items[-1][1].append(line)
        elif name == "ul" and bullet[1]:
            items.append(("", [line]))
        else:
            items.append((f"{bullet[1]}." if bullet[1] else "•", [line[bullet.end() :]]))
    if len(items) > MAX_PARAGRAPHS:
        raise too_long()
    return [Prose(list_of(name, [(number, _line(" ".join(item))) for number, item in items]))]


def _line(text: str) -> str:
    return escape(" ".join(text.split(" ")).strip(), quote=False)
