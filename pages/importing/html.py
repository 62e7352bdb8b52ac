"""Reads HTML: what the other formats are turned into on their way, and files of its own."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape

from bs4 import BeautifulSoup, Comment, NavigableString, ParserRejectedMarkup, Tag
from bs4.element import PreformattedString
from django.utils.translation import gettext as _

from .documents import (
    Element,
    Figure,
    Heading,
    Notes,
    Paragraph,
    Picture,
    Prose,
    Quote,
    RefusedError,
    Table,
    text_of,
)
from .sniff import MAX_DEPTH, MAX_PARAGRAPHS

# Finds the picture that an address within the document stands for; None if it may not or
# cannot be had.
OpenPicture = Callable[[str], Picture | None]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")
_CONTAINERS = (
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "fieldset", "footer",
    "header", "hgroup", "html", "main", "section", "search",
)  # fmt: skip
_BLOCKS = (
    *_CONTAINERS, *_HEADINGS, *_LISTS, "blockquote", "dd", "dl", "dt", "figure", "hr", "li", "p",
    "pre", "summary", "table",
)  # fmt: skip
# Empty by the standard; libxml2 would look for an end, and take what follows into them.
_EMPTY = re.compile(r"<(embed|source|track|wbr)\b[^<>]*>", re.I)
# What a reader would not see, or what runs, calls elsewhere or belongs to the site around.
_LEFT_OUT = {
    "applet": "embedded content",
    "audio": "sound",
    "base": "",
    "button": "forms",
    "canvas": "embedded content",
    "del": "deleted text",
    "embed": "embedded content",
    "form": "forms",
    "frame": "embedded content",
    "frameset": "embedded content",
    "head": "",
    "iframe": "embedded content",
    "input": "forms",
    "link": "",
    "map": "",
    "math": "formulas",
    "meta": "",
    "nav": "menus",
    "noscript": "scripts",
    "object": "embedded content",
    "script": "scripts",
    "select": "forms",
    "style": "style sheets",
    "svg": "drawings",
    "template": "scripts",
    "textarea": "forms",
    "title": "",
    "track": "",
    "video": "films",
}
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "dfn": "i"}
_STRUCK = ("s", "strike")
_ROLES = {
    "lead": "lead",
    "ingress": "lead",
    "preamble": "lead",
    "intro": "lead",
    "subtitle": "subtitle",
    "caption": "caption",
    "bildtext": "caption",
}
_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
# How mammoth and Markdown name their footnotes, and lead back from them.
_NOTE = re.compile(r"(footnote|endnote|fn)[-:]")
_NOTE_ADDRESS = re.compile(r"^#(footnote|endnote|fn)[-:]")
_BACK_ARROWS = ("↑", "↩", "↩︎")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
# Characters that are not seen but change what is read: controls, joiners, turned directions.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_DASH = re.compile(r"^[–—―-]+\s*")


def read_html(html: str, *, open_picture: OpenPicture, notes: Notes) -> list[Element]:
    """The elements of the text that the html shows, in its order. Raises RefusedError."""
    try:
        soup = BeautifulSoup(_EMPTY.sub(r"\g<0></\1>", html), "lxml")
    except ParserRejectedMarkup as error:
        raise RefusedError(_("The file cannot be read as HTML.")) from error
    _refuse_what_is_endless(soup)
    _leave_out(soup, notes)
    reader = _Reader(open_picture, notes)
    reader.blocks(_main_part_of(soup))
    return reader.elements


def _refuse_what_is_endless(soup: BeautifulSoup) -> None:
    if sum(1 for _tag in soup.find_all(["p", "li", "td", "th", "br"])) > MAX_PARAGRAPHS:
        raise too_long()
    depth = 0
    for event, _node in _walk(soup):
        depth += event
        if depth > MAX_DEPTH:
            raise too_deep()


def too_long() -> RefusedError:
    """What is said of a document that no article can be."""
    return RefusedError(
        _("The document is too long: %(most)s paragraphs are the most.") % {"most": MAX_PARAGRAPHS}
    )


def too_deep() -> RefusedError:
    """What is said of a document whose parts lie within each other without end."""
    return RefusedError(_("The document cannot be read: its parts are nested too deeply."))


def _walk(root: Tag) -> Iterator[tuple[int, Tag]]:
    """Every tag with +1 where it begins and -1 where it ends, without recursion."""
    stack: list[tuple[int, Tag]] = [(1, root)]
    while stack:
        event, node = stack.pop()
        yield event, node
        if event > 0:
            stack.append((-1, node))
            stack.extend((1, child) for child in node.children if isinstance(child, Tag))


def _leave_out(soup: BeautifulSoup, notes: Notes) -> None:
    kinds = {
        "embedded content": _("embedded content"),
        "sound": _("sound"),
        "forms": _("forms"),
        "deleted text": _("deleted text"),
        "formulas": _("formulas"),
        "menus": _("menus"),
        "scripts": _("scripts"),
        "style sheets": _("style sheets"),
        "drawings": _("drawings"),
        "films": _("films"),
    }
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
        notes.drop(_("comments in the code"))
    for tag in soup.find_all(list(_LEFT_OUT)):
        if kind := kinds.get(_LEFT_OUT[tag.name]):
            notes.drop(kind)
        tag.extract()
    for tag in soup.find_all(["header", "footer"]):
        if tag.h1 is None and not tag.find_parent(["article", "main", "blockquote", "figure"]):
            tag.extract()
            notes.drop(_("the frame of the site around the article"))
    for tag in soup.find_all(_is_hidden):
        tag.extract()
        notes.drop(_("hidden text"))


def _is_hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return tag.has_attr("hidden") or bool(style and _HIDING_STYLE.search(str(style)))


def _main_part_of(soup: BeautifulSoup) -> Tag:
    """The part of a whole page that its own article stands in."""
    articles = soup.find_all("article")
    return soup.find("main") or (articles[0] if len(articles) == 1 else soup)


class _Reader:
    """Goes through the blocks of a document once and keeps what an article can hold."""

    def __init__(self, open_picture: OpenPicture, notes: Notes) -> None:
        self.elements: list[Element] = []
        self._open_picture = open_picture
        self._notes = notes
        self._line: list[str] = []
        self._role = ""
        self._names: list[str] = []
        self._figures: list[Figure] = []

    def blocks(self, parent: Tag) -> None:
        """Reads everything within a tag that may hold paragraphs."""
        for child in list(parent.children):
            if isinstance(child, Tag):
                self._tag(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._line.append(escape(shown(child), quote=False))
        self._end_line()

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            if self._line and self._line[-1] == "<br/>":  # an empty line between paragraphs
                self._end_line()
            else:
                self._line.append("<br/>")
        elif name not in _BLOCKS:
            if name != "a" and tag.find(_BLOCKS):
                self.blocks(tag)
            else:
                self._line.append(self._inline(tag))
        else:
            self._end_line()
            self._block(tag)

    def _block(self, tag: Tag) -> None:
        name = tag.name
        if name in _HEADINGS:
            self._heading(tag, 0 if "title" in _classes(tag) else _HEADINGS[name])
        elif name == "aside":
            self.blocks(tag)
            self._notes.check(_("A box beside the text has become ordinary text."))
        elif name == "summary":
            self._heading(tag, 3)
            self._notes.check(_("Parts that opened on a click have become ordinary sections."))
        elif name == "p":
            self._role = next((_ROLES[each] for each in _classes(tag) if each in _ROLES), "")
            self.blocks(tag)
        elif name in _LISTS:
            self._add_list(tag)
        elif name == "table":
            self._table(tag)
        elif name == "blockquote":
            self._quote(tag)
        elif name == "figure":
            self._figure(tag)
        elif name == "dt":
            text = self._inline_content(tag)
            self._add(Paragraph(f"<b>{text}</b>") if text_of(text) else None)
        elif name == "pre":
            lines = [
                escape(shown(line).strip(), quote=False) for line in tag.get_text().split("\n")
            ]
            self._add(Paragraph("<br/>".join(line for line in lines if line)))
        elif name != "hr":
            self.blocks(tag)

    def _end_line(self) -> None:
        html = tidy("".join(self._line))
        figures, role = self._figures, self._role
        self._line, self._figures, self._role = [], [], ""
        self.elements.extend(figures)
        self._add(Paragraph(html, role) if text_of(html) else None)

    def _add(self, element: Element | None) -> None:
        if element is not None:
            self.elements.append(element)

    def _heading(self, tag: Tag, level: int) -> None:
        text = text_of(self._inline_content(tag))
        if tag.find("a", href=True):
            self._notes.drop(_("links in headings"))
        if text:
            names = [
                str(each.get("id")) for each in [tag, *tag.find_all(id=True)] if each.get("id")
            ]
            self._add(Heading(text, level, tuple(names)))
        self._add_figures()

    def _add_figures(self) -> None:
        self.elements.extend(self._figures)
        self._figures = []

    # Within a line

    def _inline_content(self, tag: Tag) -> str:
        parts = []
        for child in tag.children:
            if isinstance(child, Tag):
                parts.append(self._inline(child))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                parts.append(escape(shown(child), quote=False))
        return "".join(parts)

    def _inline(self, tag: Tag) -> str:
        name = tag.name
        if name == "img":
            self._image(tag)
            return " "
        if name == "br":
            return "<br/>"
        inner = self._inline_content(tag)
        if name in _BLOCKS:  # as within a link around a whole card
            return f" {inner} "
        if not text_of(inner):
            return inner if "<br/>" in inner or not inner.strip() else ""
        if name == "a":
            href = str(tag.get("href") or "").strip()
            if href.startswith("#") and text_of(inner) in _BACK_ARROWS:
                return ""
            inner = re.sub(r"</?a\b[^>]*>", "", inner)
            return f'<a href="{escape(href)}">{inner}</a>' if href else inner
        if name in _INLINE:
            return _wrapped(inner, _INLINE[name])
        if name in _STRUCK:
            self._notes.complete(
                _("Take away or keep the text that was struck through: “%(text)s”.")
                % {"text": _shortened(text_of(inner))}
            )
        if name in ("sup", "sub"):
            if tag.find("a", href=_NOTE_ADDRESS):
                return f"[{text_of(inner).strip('[]')}]"
            if "<" in inner:
                return inner
            return inner.translate(_RAISED if name == "sup" else _LOWERED)
        if name == "q":
            return f"”{inner}”"
        return inner

    def _image(self, tag: Tag) -> None:
        alt_text = " ".join(shown(str(tag.get("alt") or "")).split())
        address = str(tag.get("src") or tag.get("data-src") or "").strip()
        picture = self._open_picture(address) if address else None
        if picture is None:
            name = alt_text or ("" if address.startswith("data:") else address)
            self._notes.complete(
                _("Add the picture that could not be brought along: %(name)s.")
                % {"name": _shortened(name) or _("without a name")}
            )
            return
        caption = " ".join(shown(str(tag.get("title") or "")).split())
        decorative = tag.get("role") in ("presentation", "none") or tag.has_attr("data-decorative")
        self._figures.append(Figure(picture, alt_text, caption, decorative))

    # Lists

    def _add_list(self, tag: Tag) -> None:
        html = self._list(tag)
        first = tag.find("li")
        if isinstance(first, Tag) and _NOTE.match(str(first.get("id") or "")):
            levels = [each.level for each in self.elements if isinstance(each, Heading)]
            self._add(Heading(_("Notes"), min([each for each in levels if each > 1], default=2)))
            self._notes.check(_("The footnotes have become a list at the end."))
        if text_of(html):
            self._add(Prose(html))
        self._add_figures()

    def _list(self, tag: Tag) -> str:
        items: list[str] = []
        for child in tag.children:
            if isinstance(child, Tag) and child.name in _LISTS:
                nested = self._list(child)
                # Lists that lie beside the item they belong to are common, if not allowed.
                items.append(items.pop() + nested if items else nested)
            elif isinstance(child, Tag):
                items.append(self._item(child))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                items.append(tidy(escape(shown(child), quote=False)))
        name = "ol" if tag.name == "ol" else "ul"
        kept = "".join(f"<li>{item}</li>" for item in items if text_of(item))
        return f"<{name}>{kept}</{name}>" if kept else ""

    def _item(self, tag: Tag) -> str:
        lines, nested = self._item_lines(tag)
        return "<br/>".join(line for line in lines if text_of(line)) + "".join(nested)

    def _item_lines(self, tag: Tag) -> tuple[list[str], list[str]]:
        lines, nested, line = [], [], ""
        for child in tag.children:
            if isinstance(child, Tag) and child.name in _LISTS:
                nested.append(self._list(child))
            elif isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
                inner_lines, inner_nested = self._item_lines(child)
                lines += [line, *inner_lines]
                nested += inner_nested
                line = ""
            elif isinstance(child, Tag):
                line += self._inline(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                line += escape(shown(child), quote=False)
        return [tidy(each) for each in [*lines, line]], nested

    # Quotes, figures, tables

    def _quote(self, tag: Tag, source: str = "") -> None:
        if tag.find([*_LISTS, *_HEADINGS, "table", "img", "figure"]):
            self._notes.check(_("A quote that held more than text has become ordinary text."))
            self.blocks(tag)
            return
        if (footer := tag.find("footer")) is not None:
            source = source or text_of(self._inline_content(footer))
            footer.extract()
        if tag.find("a", href=True):
            self._notes.drop(_("links in quotes"))
        lines = [text_of(line) for line in self._item_lines(tag)[0]]
        lines = [line for line in lines if line]
        if len(lines) > 1 and not source and _DASH.match(lines[-1]):
            source = lines.pop()
        text = "\n\n".join(lines)
        if len(text) > 1 and text[0] in '”"“«»' and text[-1] in '”"“«»':
            text = text[1:-1].strip()
        self._add(Quote(text, _DASH.sub("", source)) if text else None)

    def _figure(self, tag: Tag) -> None:
        caption_tag = tag.find("figcaption")
        caption = ""
        if isinstance(caption_tag, Tag):
            caption = text_of(self._inline_content(caption_tag))
            caption_tag.extract()
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
        caption = ""
        if isinstance(caption_tag := tag.find("caption"), Tag):
            caption = text_of(self._inline_content(caption_tag))
            caption_tag.extract()
        rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
        cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
        cells = [row for row in cells if row]
        width = max((len(row) for row in cells), default=0)
        if tag.get("role") in ("presentation", "none") or len(cells) < 2 or width < 2 or tag.table:
            for row in cells:
                for cell in row:
                    self.blocks(cell)
            self._notes.check(
                _("A table without rows and columns has become ordinary text: a fact box, perhaps?")
            )
            return
        if tag.find("a", href=True):
            self._notes.drop(_("links in tables"), len(tag.find_all("a", href=True)))
        grid, headers = self._grid(cells)
        self._add(Table(grid, self._header_choice(headers), caption))
        self._add_figures()

    def _grid(
        self, rows: Sequence[Sequence[Tag]]
    ) -> tuple[tuple[tuple[str, ...], ...], list[list[bool]]]:
        """The texts of the cells, and which are headers; a merged cell's text in each of its places."""
        texts: dict[tuple[int, int], str] = {}
        headers: dict[tuple[int, int], bool] = {}
        for y, row in enumerate(rows):
            x = 0
            for cell in row:
                while (y, x) in texts:
                    x += 1
                text = "\n".join(filter(None, map(text_of, self._item_lines(cell)[0])))
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                down = min(down, len(rows) - y)
                if across * down > 1:
                    self._notes.check(_("Merged cells of a table have been divided."))
                for place in ((y + dy, x + dx) for dy in range(down) for dx in range(across)):
                    texts[place] = text
                    headers[place] = cell.name == "th"
                x += across
        width = 1 + max(x for _y, x in texts)
        if width > MAX_DEPTH or width * len(rows) > MAX_PARAGRAPHS:
            raise too_long()
        places = [[(y, x) for x in range(width)] for y in range(len(rows))]
        return (
            tuple(tuple(texts.get(place, "") for place in row) for row in places),
            [[headers.get(place, False) for place in row] for row in places],
        )

    def _header_choice(self, headers: list[list[bool]]) -> str:
        in_row = all(headers[0][1:])
        in_column = all(row[0] for row in headers[1:])
        if in_row and in_column:
            return "both"
        if not in_row and not in_column:
            self._notes.check(
                _(
                    "A table did not say which cells are headers: its first row has become the header."
                )
            )
        return "column" if in_column else "row"


def tidy(html: str) -> str:
    """The same line without needless spaces, breaks and empty marks."""
    html = _SPACES.sub(" ", html)
    html = re.sub(r" ?<br/> ?", "<br/>", html)
    html = re.sub(r"</([bi])>( ?)<\1>", r"\2", html)
    return re.sub(r"^(?:<br/>|\s)+|(?:<br/>|\s)+$", "", html)


def _wrapped(inner: str, name: str) -> str:
    """The mark around the words only, so that spaces stay between words."""
    inner = re.sub(rf"</?{name}>", "", inner)
    words = inner.strip()
    return inner.replace(words, f"<{name}>{words}</{name}>", 1)


def shown(text: str) -> str:
    """The text as it is seen, without characters that are not."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _classes(tag: Tag) -> list[str]:
    return [each.lower() for each in tag.get_attribute_list("class") if each]


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), MAX_DEPTH) if value.isdecimal() and len(value) < 5 else 1


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"
