"""Reads the blocks of an article in HTML."""

import re
from dataclasses import replace
from html import escape

from bs4 import Tag
from django.utils.translation import gettext as _

from ..documents import (
    AskedQuestion,
    Element,
    Figure,
    Heading,
    Notes,
    Paragraph,
    Prose,
    Quote,
    Table,
    text_of,
    visible,
)
from .grid import cells_of, is_grid, read_grid
from .inline import InlineReader, OpenPicture
from .lists import read_lines, read_list
from .markup import BLOCKS, HEADINGS, LISTS, WRITTEN_NUMBER, holds_a_block, text_between, tidied
from .soup import article_in

_ROLES = {
    "lead": "lead",
    "ingress": "lead",
    "preamble": "lead",
    "intro": "lead",
    "subtitle": "subtitle",
    "caption": "caption",
    "bildtext": "caption",
}
MAX_QUESTION = 160
# How mammoth and others name their footnotes.
_NOTE = re.compile(r"(footnote|endnote|fn)[-:]")
_DASH = re.compile(r"^[–—―-]+\s*")


def read_html(html: str, *, open_picture: OpenPicture, notes: Notes) -> list[Element]:
    """The elements of the text that the html shows, in its order. Raises RefusedError."""
    reader = _Reader(open_picture, notes)
    reader.blocks(article_in(html, notes))
    return reader.elements


class _Reader:
    """Goes through the blocks of a document once and keeps what an article can hold."""

    def __init__(self, open_picture: OpenPicture, notes: Notes) -> None:
        self.elements: list[Element] = []
        self._notes = notes
        self._inline = InlineReader(open_picture, notes)
        self._line: list[str] = []
        self._role = ""

    def blocks(self, parent: Tag) -> None:
        """Reads everything within a tag that may hold paragraphs."""
        for child in list(parent.children):
            if isinstance(child, Tag):
                self._tag(child)
            else:
                self._line.append(text_between(child))
        self._end_line()

    def _tag(self, tag: Tag) -> None:
        if tag.name in BLOCKS:
            self._end_line()
            _BLOCK_READERS.get(tag.name, _Reader.blocks)(self, tag)
        elif tag.name == "br" and self._line[-1:] == ["<br/>"]:  # an empty line between paragraphs
            self._end_line()
        elif tag.name == "a" and holds_a_block(tag):  # around a whole card
            self._end_line()
            self._line.append(self._inline.tag(tag))
            self._end_line()
        elif holds_a_block(tag):
            self.blocks(tag)
        else:
            self._line.append(self._inline.tag(tag))

    def _end_line(self) -> None:
        html, role = WRITTEN_NUMBER.sub(r"\1 ", tidied("".join(self._line))), self._role
        self._line, self._role = [], ""
        self._add_figures()
        self._add(Paragraph(html, role) if text_of(html) else None)

    def _add(self, element: Element | None) -> None:
        if element is not None:
            self.elements.append(element)

    def _add_figures(self) -> None:
        self.elements.extend(self._inline.taken_figures())

    # Text

    def _paragraph(self, tag: Tag) -> None:
        self._role = next((_ROLES[each] for each in _classes(tag) if each in _ROLES), "")
        self.blocks(tag)

    def _heading(self, tag: Tag) -> None:
        self._add_heading(tag, 0 if "title" in _classes(tag) else HEADINGS[tag.name])

    def _add_heading(self, tag: Tag, level: int) -> None:
        text = text_of(self._inline.content(tag))
        if tag.find("a", href=True):
            self._notes.drop(_("links in headings"))
        if text:
            # Sections are found by the first heading in them.
            around = [each for each in tag.parents if each.find([*HEADINGS]) is tag]
            found = [each.get("id") for each in (tag, *tag.find_all(id=True), *around)]
            names = [str(each) for each in found if each]
            self._add(Heading(text, level, tuple(names)))
        self._add_figures()

    def _details(self, tag: Tag) -> None:
        """A question and its answer, or a section where the answer holds more than text."""
        first = len(self.elements)
        if isinstance(tag.summary, Tag):
            self._add_heading(tag.summary.extract(), 3)
        self.blocks(tag)
        asked, answer = next(iter(self.elements[first:]), None), self.elements[first + 1 :]
        html = "".join(
            f"<p>{each.html}</p>" if isinstance(each, Paragraph) else each.html
            for each in answer
            if isinstance(each, Paragraph | Prose)
        )
        is_text = all(isinstance(each, Paragraph | Prose) for each in answer)
        if isinstance(asked, Heading) and html and is_text and len(asked.text) <= MAX_QUESTION:
            self.elements[first:] = [AskedQuestion(asked.text, html)]
        else:
            self._notes.check(_("Parts that opened on a click have become ordinary sections."))

    def _aside(self, tag: Tag) -> None:
        self.blocks(tag)
        self._notes.check(_("A box beside the text has become ordinary text."))

    def _term(self, tag: Tag) -> None:
        text = self._inline.content(tag)
        self._add(Paragraph(f"<b>{text}</b>") if text_of(text) else None)

    def _preformatted(self, tag: Tag) -> None:
        lines = [escape(visible(line).strip(), quote=False) for line in tag.get_text().split("\n")]
        self._add(Paragraph("<br/>".join(line for line in lines if line)))

    def _list(self, tag: Tag) -> None:
        html = read_list(tag, self._inline)
        first = tag.find("li")
        if isinstance(first, Tag) and _NOTE.match(str(first.get("id") or "")):
            levels = [each.level for each in self.elements if isinstance(each, Heading)]
            self._add(Heading(_("Notes"), min([each for each in levels if each > 1], default=2)))
            self._notes.check(_("The footnotes have become a list at the end."))
        if tag.find([*HEADINGS, "blockquote", "details", "table"]):
            self._notes.check(_("Headings, quotes and tables in a list have become its lines."))
        if html:
            self._add(Prose(html))
        self._add_figures()

    # Quotes, figures, tables

    def _quote(self, tag: Tag, source: str = "") -> None:
        if tag.find([*LISTS, *HEADINGS, "table", "img", "figure"]):
            self._notes.check(_("A quote that held more than text has become ordinary text."))
            self.blocks(tag)
            return
        footer = self._taken_text(tag, "footer")
        source = source or footer
        if tag.find("a", href=True):
            self._notes.drop(_("links in quotes"))
        lines = [text_of(line) for line in read_lines(tag, self._inline)]
        lines = [line for line in lines if line]
        if len(lines) > 1 and not source and _DASH.match(lines[-1]):
            source = lines.pop()
        text = "\n\n".join(lines)
        if len(text) > 1 and text[0] in '”"“«»' and text[-1] in '”"“«»':
            text = text[1:-1].strip()
        self._add(Quote(text, _DASH.sub("", source)) if text else None)

    def _figure(self, tag: Tag) -> None:
        caption = self._taken_text(tag, "figcaption")
        quote = tag.find("blockquote")
        if isinstance(quote, Tag):
            self._quote(quote, caption)
            return
        first = len(self.elements)
        self.blocks(tag)
        for index in range(first, len(self.elements)):
            element = self.elements[index]
            if caption and isinstance(element, Figure | Table) and not element.caption:
                self.elements[index] = replace(element, caption=caption)
                caption = ""
        if caption:
            self._add(Paragraph(escape(caption, quote=False)))

    def _table(self, tag: Tag) -> None:
        caption = self._taken_text(tag, "caption")
        rows = cells_of(tag)
        if not is_grid(tag, rows):
            self._add(Paragraph(escape(caption, quote=False)) if caption else None)
            for row in rows:
                for cell in row:
                    self.blocks(cell)
            self._notes.check(
                _("A table without rows and columns has become ordinary text: a fact box, perhaps?")
            )
            return
        if links := tag.find_all("a", href=True):
            self._notes.drop(_("links in tables"), len(links))
        self._add(read_grid(rows, caption, self._inline, self._notes))
        self._add_figures()

    def _taken_text(self, tag: Tag, name: str) -> str:
        """The text of the first tag with the name, which is taken out."""
        found = tag.find(name)
        return text_of(self._inline.content(found.extract())) if isinstance(found, Tag) else ""


_BLOCK_READERS = {
    **dict.fromkeys(HEADINGS, _Reader._heading),
    **dict.fromkeys(LISTS, _Reader._list),
    "aside": _Reader._aside,
    "blockquote": _Reader._quote,
    "details": _Reader._details,
    "dt": _Reader._term,
    "figure": _Reader._figure,
    "p": _Reader._paragraph,
    "pre": _Reader._preformatted,
    "table": _Reader._table,
}


def _classes(tag: Tag) -> list[str]:
    return [each.lower() for each in tag.get_attribute_list("class") if each]
