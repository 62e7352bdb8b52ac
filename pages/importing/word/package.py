"""The parts of a Word file that an article is made of."""

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import tostring

from django.utils.translation import gettext as _

from pages.library.cleaning.ooxml import part_called, relations_of

from ..documents import RefusedError
from ..sniff import (
    MAX_DEPTH,
    MAX_PARAGRAPHS,
    SourceFile,
    mislabelled,
    too_deep,
    too_intricate,
    too_long,
    tree_in,
    unpack,
)
from .nodes import word_name
from .styles import WordStyles

_MAIN_TYPE = "wordprocessingml"
# What a paragraph is made of; the time that mammoth needs for one grows with the square of these.
_CONTENT = (
    " bookmarkStart br drawing fldChar fldSimple footnoteReference hyperlink instrText pict r sdt"
    " smartTag sym t tab "
)
_MOST_COSTLY = 8_000_000
_READ_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments")
_STORIES = ("footnotes", "endnotes")


def unreadable(name: str) -> RefusedError:
    return RefusedError(_("The file %(name)s cannot be read as a Word document.") % {"name": name})


class WordPackage:
    """The parts of a Word file that an article is made of."""

    def __init__(self, source: SourceFile) -> None:
        self.name = source.name
        self._entries = unpack(source)
        self._trees: dict[str, Node] = {}
        self._main = self._find_main()
        related = self._related(self._main)
        parts = {kind: target for kind, target in related if kind in _READ_PARTS}
        self._parts = [self._main, *parts.values()]
        self._rels = [
            relations_of(part) for part in self._parts if relations_of(part) in self._entries
        ]
        self._media = {
            target
            for part in self._parts
            for kind, target in self._related(part)
            if kind == "image" and target in self._entries
        }
        self.has_margins = any(kind in ("header", "footer") for kind, _target in related)
        self.body = self._tree(self._main)
        self.stories = [self.body, *(self._tree(parts[kind]) for kind in _STORIES if kind in parts)]
        self.styles = WordStyles(self._tree(parts["styles"]) if "styles" in parts else Node("none"))
        self.numbering = self._tree(parts["numbering"]) if "numbering" in parts else Node("none")
        for part in [*self._parts, *self._rels]:
            self._tree(part)
        self._check_size()

    def read_parts(self) -> dict[str, bytes]:
        """The parts as they came, by name."""
        return {name: self._entries[name] for name in self._parts}

    def packed(self) -> bytes:
        """The package with these parts alone."""
        output = BytesIO()
        kept = ["[Content_Types].xml", "_rels/.rels", *self._parts, *self._rels]
        with zipfile.ZipFile(output, "w") as package:
            for name in dict.fromkeys(kept):
                package.writestr(name, tostring(self._tree(name), "utf-8"))
            for name in self._media:
                package.writestr(name, self._entries[name])
        return output.getvalue()

    def _find_main(self) -> str:
        not_word = mislabelled(self.name, _("not a Word document"))
        if not {"[Content_Types].xml", "_rels/.rels"} <= self._entries.keys():
            raise not_word
        targets = [target for kind, target in self._related("") if kind == "officeDocument"]
        main = targets[0] if targets else "word/document.xml"
        types = {
            str(node.get("PartName", "")).lstrip("/"): str(node.get("ContentType", ""))
            for node in self._tree("[Content_Types].xml")
        }
        if main not in self._entries or _MAIN_TYPE not in types.get(main, _MAIN_TYPE):
            raise not_word
        if "macroEnabled" in types.get(main, ""):
            raise RefusedError(
                _("The file %(name)s holds macros: save it as an ordinary Word document.")
                % {"name": self.name}
            )
        return main

    def _related(self, part: str) -> list[tuple[str, str]]:
        """What a part is related to: the kind, and the name of the entry."""
        rels = relations_of(part)
        if rels not in self._entries:
            return []
        if len(self._tree(rels)) > MAX_PARAGRAPHS:
            raise too_long()
        return [
            (
                str(node.get("Type", "")).rpartition("/")[2],
                part_called(part, str(node.get("Target", ""))),
            )
            for node in self._tree(rels)
            if node.get("TargetMode") != "External"
        ]

    def _tree(self, name: str) -> Node:
        if name not in self._trees:
            content = self._entries.get(name)
            if content is None:
                raise unreadable(self.name)
            self._trees[name] = tree_in(content, unreadable(self.name))
        return self._trees[name]

    def _check_size(self) -> None:
        count = cost = 0
        for part in self._parts:
            level = [self._tree(part)]
            depth = 0
            while level:
                depth += 1
                if depth > MAX_DEPTH:
                    raise too_deep()
                paragraphs = [node for node in level if word_name(node) == "p"]
                count += len(paragraphs)
                cost += sum(_content_of(node) ** 2 for node in paragraphs)
                level = [child for node in level for child in node]
        if count > MAX_PARAGRAPHS:
            raise too_long()
        if cost > _MOST_COSTLY:
            raise too_intricate()


def _content_of(paragraph: Node) -> int:
    return sum(1 for node in paragraph.iter() if f" {word_name(node)} " in _CONTENT)
