"""Turns an OpenDocument text into HTML, and reads that."""

import re
from collections import defaultdict
from collections.abc import Callable
from html import escape
from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from .documents import Element, ImportedPicture, Notes, RefusedError, refuse_all
from .html import read_html
from .html.markup import NUMBER_MARK
from .list_items import number_in
from .sniff import (
    SourceFile,
    commented,
    cropped,
    hidden,
    mislabelled,
    picture_in,
    protected,
    too_deep,
    tracked,
    tree_in,
    unpack,
)
from .word.styles import role_named

_MIME_TYPES = [
    b"application/vnd.oasis.opendocument.text" + end for end in (b"", b"-web", b"-template")
]
_ROLES = {
    "Title": '<h1 class="title">%s</h1>',
    "Lead": '<p class="lead">%s</p>',
    "Subtitle": '<p class="subtitle">%s</p>',
    "Caption": '<p class="caption">%s</p>',
    "Quote": "<blockquote><p>%s</p></blockquote>",
}
_MARKS = {"font-weight": ("bold", "b"), "font-style": ("italic", "i")}
_INDEXES = (
    " alphabetical-index bibliography illustration-index object-index table-index table-of-content"
    " user-index "
)
_SILENT = " forms sequence-decls user-field-decls variable-decls note-citation title desc "
_MOST_REPEATED = 100


def read_open_document(source: SourceFile, *, notes: Notes) -> list[Element]:
    """The elements of the document, in its order. Raises RefusedError."""
    entries = unpack(source)
    if entries.get("mimetype", b"").strip() not in _MIME_TYPES or "content.xml" not in entries:
        raise mislabelled(source.name, _("not an OpenDocument text"))
    if b"encryption-data" in entries.get("META-INF/manifest.xml", b""):
        raise protected(source.name)
    broken = RefusedError(
        _("The file %(name)s cannot be read as an OpenDocument text.") % {"name": source.name}
    )
    trees = [
        tree_in(entries[name], broken) for name in ("content.xml", "styles.xml") if name in entries
    ]

    def open_picture(name: str) -> ImportedPicture | None:
        return picture_in(entries[name]) if name in entries else None

    try:
        html = _Writer(trees, notes).html()
    except RecursionError as error:
        raise too_deep() from error
    except StopIteration as error:  # no text in it
        raise broken from error
    return read_html(html, open_picture=open_picture, notes=notes)


def _unsettled(node: Node) -> RefusedError | None:
    """What is said of a part that its author does not see; None of what anybody sees."""
    name = _name(node)
    if name == "changed-region":
        return tracked()
    if name == "annotation":
        return commented()
    is_hidden_text = name in ("hidden-text", "hidden-paragraph") or (
        _said(node, "display") == "none" and name in ("section", "text-properties")
    )
    if is_hidden_text or _said(node, "visibility") == "collapse":
        return hidden()
    if any(digit in _said(node, "clip") for digit in "123456789"):
        return cropped()
    return None


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def _said(node: Node, name: str, default: str = "") -> str:
    """An attribute by its name, in whatever namespace."""
    return next((value for key, value in node.items() if key.rpartition("}")[2] == name), default)


def _whole(node: Node, name: str, default: int = 1) -> int:
    value = _said(node, name)
    return int(value) if value.isdecimal() and len(value) < 7 else default


class _Writer:
    """Writes the text of a document as HTML."""

    def __init__(self, trees: list[Node], notes: Notes) -> None:
        self._trees, self._notes = trees, notes
        self._styles = {
            _said(node, "name"): node
            for tree in reversed(trees)
            for node in tree.iter()
            if _name(node) in ("style", "list-style") and _said(node, "name")
        }
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._footnotes: list[str] = []
        self._boxes: list[str] = []

    def html(self) -> str:
        self._refuse_what_is_unsettled()
        body = next(node for tree in self._trees for node in tree.iter() if _name(node) == "text")
        html = self._blocks(body)
        footnotes = "".join(
            f'<li id="footnote-{number}">{text}</li>'
            for number, text in enumerate(self._footnotes, 1)
        )
        return f"{html}<ol>{footnotes}</ol>" if footnotes else html

    def _refuse_what_is_unsettled(self) -> None:
        nodes = [node for tree in self._trees for node in tree.iter()]
        refuse_all(fault for node in nodes if (fault := _unsettled(node)))
        for node in nodes:
            if _name(node) in ("header", "footer") and "".join(node.itertext()).strip():
                self._notes.drop(_("header and footer"))

    def _blocks(self, parent: Node) -> str:
        html = ""
        for node in parent:
            html += self._block(node)
            html += "".join(self._boxes)
            self._boxes = []
        return html

    def _block(self, node: Node) -> str:
        name = _name(node)
        if f" {name} " in _INDEXES:
            self._notes.drop(_("lines of the table of contents"))
            return ""
        if f" {name} " in _SILENT:
            return ""
        if name in ("h", "p"):
            return self._paragraph(node)
        if name == "list":
            return self._list(node, _said(node, "style-name"), 1)
        if name == "table":
            return f"<table>{self._rows(node, 'td')}</table>"
        if name == "frame":
            return f"<p>{self._frame(node)}</p>"
        return self._blocks(node)

    def _paragraph(self, node: Node) -> str:
        style = _said(node, "style-name")
        text = (
            self._marked(style, self._inline(node)) if style.startswith("P") else self._inline(node)
        )
        roles = (role_named(name) for name in self._names_of(style))
        role = next(filter(None, roles), "")
        if _name(node) == "h" or role.startswith("Heading"):
            level = _whole(node, "outline-level", int(role[-1]) if role[-1:].isdecimal() else 1)
            if role != "Title":
                return f"<h{min(level, 6)}>{text}</h{min(level, 6)}>"
        if role == "Contents":
            self._notes.drop(_("lines of the table of contents"))
            return ""
        return _ROLES.get(role, "<p>%s</p>") % text

    def _names_of(self, style: str) -> list[str]:
        """The names of a style and of those that it is based on, as people see them."""
        names: list[str] = []
        while style in self._styles and len(names) < _MOST_REPEATED:
            node = self._styles[style]
            names.append(_said(node, "display-name") or style.replace("_20_", " "))
            style = _said(node, "parent-style-name")
        return names

    def _inline(self, node: Node) -> str:
        html = escape(node.text or "", quote=False)
        for child in node:
            html += self._within_a_line(child) + escape(child.tail or "", quote=False)
        return html

    def _within_a_line(self, node: Node) -> str:
        write: dict[str, Callable[[Node], str]] = {
            "span": lambda span: self._marked(_said(span, "style-name"), self._inline(span)),
            "a": lambda link: f'<a href="{escape(_said(link, "href"))}">{self._inline(link)}</a>',
            "bookmark": lambda mark: f'<a id="{escape(_said(mark, "name"))}"></a>',
            "bookmark-start": lambda mark: f'<a id="{escape(_said(mark, "name"))}"></a>',
            "line-break": lambda _node: "<br>",
            "s": lambda _node: " ",
            "tab": lambda _node: " ",
            "note": self._footnote,
            "frame": self._frame,
        }
        name = _name(node)
        return "" if f" {name} " in _SILENT else write.get(name, self._inline)(node)

    def _marked(self, style: str, html: str) -> str:
        properties = [
            each for each in self._styles.get(style, ()) if _name(each) == "text-properties"
        ]
        for said in properties:
            for attribute, (value, tag) in _MARKS.items():
                if _said(said, attribute) == value:
                    html = f"<{tag}>{html}</{tag}>"
            if _said(said, "text-line-through-style", "none") != "none":
                html = f"<s>{html}</s>"
            if (language := _said(said, "language", "none")) not in ("none", "zxx"):
                html = f'<span lang="{escape(language)}">{html}</span>'
            if moved := re.match(r"super|sub|-?[1-9]", _said(said, "text-position")):
                tag = "sub" if moved[0].startswith(("sub", "-")) else "sup"
                html = f"<{tag}>{html}</{tag}>"
        return html

    def _footnote(self, node: Node) -> str:
        self._footnotes.append("")
        number = len(self._footnotes)
        body = [child for child in node if _name(child) == "note-body"]
        self._footnotes[number - 1] = "".join(map(self._blocks, body))
        return f'<sup><a href="#footnote-{number}">[{number}]</a></sup>'

    def _frame(self, node: Node) -> str:
        """A picture; what stands in a box follows the paragraph."""
        words = {_name(child): "".join(child.itertext()) for child in node}
        alt = escape(words.get("desc") or words.get("title") or "")
        decorative = ' role="presentation"' if _said(node, "decorative") == "true" else ""
        for child in node:
            if _name(child) == "image":
                return f'<img src="{escape(_said(child, "href"))}" alt="{alt}"{decorative}>'
            if _name(child) == "text-box":
                boxes, self._boxes = self._boxes, []
                self._boxes = [*boxes, self._blocks(child)]
            elif _name(child) in ("object", "object-ole"):
                self._notes.complete(_("Add the diagrams, which could not be brought along."))
        return ""

    def _list(self, node: Node, style: str, level: int) -> str:
        own = _said(node, "style-name")
        goes_on = _said(node, "continue-numbering") == "true" or _said(node, "continue-list")
        if own and own != style and not goes_on:
            self._counts[own].clear()
        style = own or style
        levels = [each for each in self._styles.get(style, ()) if _whole(each, "level") <= level]
        kind = max(levels, key=lambda each: _whole(each, "level"), default=node)
        is_numbered = bool(_said(kind, "num-format"))
        html = ""
        for item in node:
            if any(_name(child) == "h" for child in item):  # headings with numbers
                return self._blocks(item)
            inner = self._item(item, style, level)
            if is_numbered and _name(item) == "list-item" and inner.startswith("<p"):
                begin = inner.index(">") + 1
                inner = inner[:begin] + self._number(kind, style, item) + inner[begin:]
            html += f"<li>{inner}</li>"
        return f"<ol>{html}</ol>" if is_numbered else f"<ul>{html}</ul>"

    def _item(self, item: Node, style: str, level: int) -> str:
        html = ""
        for child in item:
            is_list = _name(child) == "list"
            html += self._list(child, style, level + 1) if is_list else self._block(child)
        return html

    def _number(self, style: Node, name: str, item: Node) -> str:
        level, counts = _whole(style, "level"), self._counts[name]
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        counts[level] = _whole(
            item, "start-value", counts.get(level, _whole(style, "start-value") - 1) + 1
        )
        written = number_in(_said(style, "num-format"), counts[level])
        number = f"{_said(style, 'num-prefix')}{written}{_said(style, 'num-suffix')}".strip()
        number = (
            f"{written}." if written.isdecimal() and len(number) <= len(written) + 2 else number
        )
        return f"{NUMBER_MARK}{number}{NUMBER_MARK}"

    def _rows(self, table: Node, cell: str) -> str:
        html = ""
        for node in table:
            if _name(node) in ("table-header-rows", "table-rows", "table-row-group"):
                html += self._rows(node, "th" if _name(node) == "table-header-rows" else cell)
            elif _name(node) == "table-row":
                html += "<tr>" + "".join(self._cell(each, cell) for each in node) + "</tr>"
        return html

    def _cell(self, node: Node, tag: str) -> str:
        if _name(node) != "table-cell":
            return ""
        across, down = _whole(node, "number-columns-spanned"), _whole(node, "number-rows-spanned")
        cell = f'<{tag} colspan="{across}" rowspan="{down}">{self._blocks(node)}</{tag}>'
        return cell * min(_whole(node, "number-columns-repeated"), _MOST_REPEATED)
