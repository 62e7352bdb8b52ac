"""Reads plain text, which says nothing of what its lines are."""

import re
from html import escape

from .documents import Element, Notes, Paragraph, Prose, decoded_once, visible
from .list_items import list_of
from .sniff import MAX_LINES, MAX_PARAGRAPHS, too_long

_BULLET = re.compile(r"^\s*(?:[-*•–·]|(\d{1,2})[.)])\s+(?=\S)")
# Somebody speaks: whole sentences behind dashes.
_SPEECH = re.compile(r"^\s*–.*[.!?…”\"]\s*$")
_CAPTION = re.compile(r"(bild|figur|foto|diagram|tabell|figure|photo|table)\b[ \d]*[:.]", re.I)
_RULE = re.compile(r"[\W_]{3,}")


def read_plain_text(text: str, *, notes: Notes) -> list[Element]:
    """The paragraphs and lists of the text, in its order. Raises RefusedError."""
    text = decoded_once(text, notes)
    if text.count("\n") > MAX_LINES:
        raise too_long()
    chunks = re.split(r"\n[ \t]*\n", text.strip("\n"))
    if len(chunks) == 1:  # no empty lines: each line is a paragraph
        chunks = text.split("\n")
    elements: list[Element] = []
    for chunk in chunks:
        lines = [visible(line) for line in chunk.split("\n") if line.strip()]
        lines = _whole_lines([line for line in lines if not _RULE.fullmatch(line.strip())])
        notes.source += "".join(f"<p>{escape(line)}</p>" for line in lines)
        elements += _elements_of(lines)
        if len(elements) > MAX_PARAGRAPHS or len(lines) > MAX_PARAGRAPHS:
            raise too_long()
    return elements


def _whole_lines(lines: list[str]) -> list[str]:
    """Lines that were broken at a width as one; each item of a list, and each turn of speech, is one."""
    if any(map(_SPEECH.match, lines)):
        return lines
    whole: list[str] = []
    is_list = bool(lines and _BULLET.match(lines[0]))
    for line in lines:
        if whole and not (is_list and _BULLET.match(line)):
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    return whole


def _elements_of(lines: list[str]) -> list[Element]:
    marks = [mark for mark in map(_BULLET.match, lines) if mark]
    if not marks or len(marks) < len(lines) or any(map(_SPEECH.match, lines)):
        role = "caption" if len(lines) == 1 and _CAPTION.match(lines[0]) else ""
        return [Paragraph(_line(line), role) for line in lines]
    name = "ol" if marks[0][1] else "ul"
    items: list[tuple[str, str]] = []
    for line, mark in zip(lines, marks, strict=True):
        if name == "ul" and mark[1]:
            items.append(("", _line(line)))
        else:
            items.append((f"{mark[1]}." if mark[1] else "•", _line(line[mark.end() :])))
    return [Prose(list_of(name, items))]


def _line(text: str) -> str:
    return escape(" ".join(text.split(" ")).strip(), quote=False)
