"""Reads Word documents, by way of HTML.

The package is looked through and packed anew before mammoth sees it: with the parts that
an article is made of, with styles that say what they mean, and without properties, macros,
embedded files and everything else that may lie in such a file.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError, tostring

import mammoth
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from .documents import Element, Notes, Picture, RefusedError
from .html import read_html, too_deep, too_long
from .sniff import MAX_DEPTH, MAX_PARAGRAPHS, Source, picture_in, unpack

_MAX_PART_SIZE = 30 * 1024 * 1024
_WORD_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_MAIN_TYPE = "wordprocessingml"
_READ_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments")
_STORIES = ("footnotes", "endnotes")

_TRACKED = {
    "cellDel", "cellIns", "cellMerge", "customXmlDelRangeStart", "customXmlInsRangeStart", "del",
    "delInstrText", "delText", "ins", "moveFrom", "moveFromRangeStart", "moveTo",
    "moveToRangeStart", "numberingChange", "pPrChange", "rPrChange", "sectPrChange",
    "tblGridChange", "tblPrChange", "tblPrExChange", "tcPrChange", "trPrChange",
}  # fmt: skip
_COMMENTS = {"comment", "commentRangeStart", "commentReference"}
_OFF = ("0", "false", "off")
_SHOWN_IN_A_RUN = {"t", "drawing", "pict", "sym", "object"}
# Fields that show what the file knows of its author and its place.
_TELLING_FIELDS = re.compile(
    r"\s*(AUTHOR|COMMENTS|DOCPROPERTY|FILENAME|INFO|LASTSAVEDBY|TEMPLATE|USERADDRESS"
    r"|USERINITIALS|USERNAME)\b",
    re.I,
)
_DECORATIVE = "\ue000"

# What a style says by its name, in Word's English names, Swedish templates and LibreOffice.
_STYLE_ROLES = [
    (re.compile(r"(?:heading|rubrik) ([1-9])", re.I), "Heading"),
    (re.compile(r"toc( heading| \d)|innehåll(sförteckningsrubrik)?( \d)?", re.I), "Contents"),
    (re.compile(r"(title|titel|rubrik)", re.I), "Title"),
    (re.compile(r"(ingress|preamble).*|lead( .*)?", re.I), "Lead"),
    (re.compile(r"(subtitle|underrubrik).*", re.I), "Subtitle"),
    (re.compile(r"(caption|bildtext|beskrivning|tabelltext).*", re.I), "Caption"),
    (
        re.compile(r"(intense quote|quote|quotations|citat|starkt citat|block text).*", re.I),
        "Quote",
    ),
    (re.compile(r"list bullet(?: ([2-5]))?", re.I), "Ul"),
    (re.compile(r"list number(?: ([2-5]))?", re.I), "Ol"),
]
_STYLE_MAP = "\n".join(
    [
        "p.PartTitle => h1.title:fresh",
        *(f"p.PartHeading{level} => h{min(level, 6)}:fresh" for level in range(1, 10)),
        "p.PartLead => p.lead:fresh",
        "p.PartSubtitle => p.subtitle:fresh",
        "p.PartCaption => p.caption:fresh",
        "p.PartQuote => blockquote > p:fresh",
        *(
            f"p.Part{name.capitalize()}{level} => {'ul|ol > li > ' * (level - 1)}{name} > li:fresh"
            for name in ("ul", "ol")
            for level in range(1, 6)
        ),
        "u => ",
        "small-caps => ",
        "all-caps => ",
    ]
)


def read_word(source: Source, *, notes: Notes) -> list[Element]:
    """The elements of the document, in its order. Raises RefusedError."""
    package = _Package(source)
    for story in package.stories:
        _look_through(story, package.styles)
    _tell_what_is_lost(package, notes)
    for story in package.stories:
        _simplify(story, package.styles, notes)
    pictures: list[Picture | None] = []

    def keep(image: Any) -> dict[str, str]:
        pictures.append(_picture(image))
        attributes = {"src": str(len(pictures) - 1)}
        if image.alt_text == _DECORATIVE:
            attributes |= {"alt": "", "role": "presentation"}
        return attributes

    try:
        html = mammoth.convert_to_html(
            BytesIO(package.packed()),
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
        ).value
    except RefusedError:
        raise
    except RecursionError as error:
        raise too_deep() from error
    # What mammoth raises for a part that is not as it should be is not one family.
    except Exception as error:
        raise _unreadable(source.name) from error
    return read_html(html, open_picture=lambda number: pictures[int(number)], notes=notes)


def _unreadable(name: str) -> RefusedError:
    return RefusedError(_("The file %(name)s cannot be read as a Word document.") % {"name": name})


def _picture(image: Any) -> Picture | None:
    try:
        with image.open() as file:
            return picture_in(file.read())
    except (KeyError, mammoth.docx.files.InvalidFileReferenceError):
        return None


class _Package:
    """The parts of a Word file that an article is made of."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._entries = unpack(source)
        self._trees: dict[str, Node] = {}
        self._main = self._find_main()
        related = self._related(self._main)
        parts = {kind: target for kind, target in related if kind in _READ_PARTS}
        self._parts = [self._main, *parts.values()]
        self._rels = [_rels_of(part) for part in self._parts if _rels_of(part) in self._entries]
        self._media = {
            target
            for part in self._parts
            for kind, target in self._related(part)
            if kind == "image" and target in self._entries
        }
        self.has_margins = any(kind in ("header", "footer") for kind, _target in related)
        self.body = self._tree(self._main)
        self.stories = [self.body, *(self._tree(parts[kind]) for kind in _STORIES if kind in parts)]
        self.comments = self._tree(parts["comments"]) if "comments" in parts else Node("none")
        self.styles = _Styles(self._tree(parts["styles"]) if "styles" in parts else Node("none"))
        for part in [*self._parts, *self._rels]:
            self._tree(part)
        self._check_size()

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
        not_word = RefusedError(
            _("The file %(name)s is not what its name says: it is %(found)s.")
            % {"name": self._name, "found": _("not a Word document")}
        )
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
                % {"name": self._name}
            )
        return main

    def _related(self, part: str) -> list[tuple[str, str]]:
        """What a part is related to: the kind, and the name of the entry."""
        rels = _rels_of(part)
        if rels not in self._entries:
            return []
        return [
            (
                str(node.get("Type", "")).rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(part), str(node.get("Target", "")))
                ).lstrip("/"),
            )
            for node in self._tree(rels)
            if node.get("TargetMode") != "External"
        ]

    def _tree(self, name: str) -> Node:
        if name not in self._trees:
            content = self._entries.get(name)
            if content is None:
                raise _unreadable(self._name)
            if len(content) > _MAX_PART_SIZE:
                raise too_long()
            try:
                self._trees[name] = fromstring(content, forbid_dtd=True)
            except (DefusedXmlException, ParseError, LookupError, ValueError) as error:
                raise _unreadable(self._name) from error
        return self._trees[name]

    def _check_size(self) -> None:
        count = 0
        for part in self._parts:
            level = [self._tree(part)]
            depth = 0
            while level:
                depth += 1
                if depth > MAX_DEPTH:
                    raise too_deep()
                count += sum(1 for node in level if _name_of(node) == "p")
                level = [child for node in level for child in node]
        if count > MAX_PARAGRAPHS:
            raise too_long()


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _name_of(node: Node) -> str:
    """A tag of Word's own without its namespace; nothing for others."""
    for namespace in _WORD_NAMESPACES:
        if node.tag.startswith(namespace):
            return node.tag[len(namespace) :]
    return ""


def _any_name_of(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def _attribute(node: Node, name: str) -> str | None:
    """An attribute by its name, in Word's namespace or none."""
    for namespace in ("", *_WORD_NAMESPACES):
        if (value := node.get(namespace + name)) is not None:
            return value
    return None


def _child(node: Node | None, *names: str) -> Node | None:
    """The descendant that the names lead to, step by step."""
    for name in names:
        if node is None:
            return None
        node = next((child for child in node if _name_of(child) == name), None)
    return node


def _value(node: Node | None, *names: str) -> str | None:
    found = _child(node, *names)
    return None if found is None else _attribute(found, "val")


class _Styles:
    """What the styles of a document say about its text."""

    def __init__(self, tree: Node) -> None:
        styles = [node for node in tree if _name_of(node) == "style"]
        self._by_id = {_attribute(node, "styleId"): node for node in styles}
        self._default = {
            _attribute(node, "type"): _attribute(node, "styleId")
            for node in styles
            if _attribute(node, "default") in ("1", "true", "on")
        }

    def role_of(self, paragraph: Node) -> str:
        """What a paragraph is, by its style and the styles that this one is based on."""
        style_id = _value(paragraph, "pPr", "pStyle")
        for style in self._chain(style_id):
            name = _value(style, "name") or ""
            if role := _role_named(name) or _role_named(_attribute(style, "styleId") or ""):
                return role
        if style_id is not None and style_id not in self._by_id and (role := _role_named(style_id)):
            return role
        levels = [_value(paragraph, "pPr", "outlineLvl")]
        levels += [_value(style, "pPr", "outlineLvl") for style in self._chain(style_id)]
        level = next((each for each in levels if each is not None), "9")
        return f"Heading{int(level) + 1}" if level in "012345678" else ""

    def hides(self, run: Node, paragraph: Node | None, table: Node | None) -> bool:
        """Whether the text of the run does not show in Word."""
        properties = _child(run, "rPr")
        if (own := _switch(properties, "vanish")) is not None:
            return own
        chains = [
            self._chain(_value(properties, "rStyle")),
            self._chain(_value(paragraph, "pPr", "pStyle") or self._default.get("paragraph")),
            self._chain(_value(table, "tblPr", "tblStyle")),
        ]
        for chain in chains:
            for style in chain:
                if (hidden := _switch(_child(style, "rPr"), "vanish")) is not None:
                    return hidden
        return False

    def _chain(self, style_id: str | None) -> Iterator[Node]:
        seen: set[str] = set()
        while style_id is not None and style_id not in seen and style_id in self._by_id:
            seen.add(style_id)
            style = self._by_id[style_id]
            yield style
            style_id = _value(style, "basedOn")


def _role_named(name: str) -> str:
    # An id has no space before its number: "Heading2", "Rubrik2".
    name = re.sub(r"(?<=[a-zåäö])(?=\d$)", " ", name.strip())
    for pattern, role in _STYLE_ROLES:
        if found := pattern.fullmatch(name):
            if role == "Heading":
                return f"Heading{found[1]}"
            return f"{role}{found[1] or 1}" if role in ("Ul", "Ol") else role
    return ""


def _switch(properties: Node | None, name: str) -> bool | None:
    """Whether a property is on or off; None when nothing is said."""
    found = _child(properties, name)
    return None if found is None else _attribute(found, "val") not in _OFF


# What must be settled in Word first


def _look_through(story: Node, styles: _Styles) -> None:
    """Refuses what is in the file but not in the text that its author sees."""
    stack: list[tuple[Node, Node | None, Node | None]] = [(story, None, None)]
    while stack:
        node, paragraph, table = stack.pop()
        name = _name_of(node)
        if name in _TRACKED:
            raise RefusedError(
                _("The document has tracked changes: accept or reject them all and save again.")
            )
        if name in _COMMENTS:
            raise _commented()
        if name == "r" and _shows_something(node) and styles.hides(node, paragraph, table):
            raise _hidden()
        is_hidden_picture = _any_name_of(node) == "docPr" and node.get("hidden") in ("1", "true")
        is_hidden_row = name == "hidden" and _attribute(node, "val") not in _OFF
        if is_hidden_picture or is_hidden_row:
            raise _hidden()
        if _is_cropped(node):
            raise RefusedError(
                _("A picture is cropped but whole in the file: delete its cropped areas and save.")
            )
        paragraph = node if name == "p" else paragraph
        table = node if name == "tbl" else table
        stack.extend((child, paragraph, table) for child in node)


def _shows_something(run: Node) -> bool:
    return any(_name_of(child) in _SHOWN_IN_A_RUN for child in run)


def _is_cropped(node: Node) -> bool:
    name = _any_name_of(node)
    if name == "srcRect":
        sides = [node.get(side, "0") for side in "ltrb"]
        return any(side.strip("0%.") and not side.startswith("-") for side in sides)
    if name == "imagedata":
        return any(node.get(f"crop{side}") for side in ("left", "top", "right", "bottom"))
    return False


def _commented() -> RefusedError:
    return RefusedError(_("The document has comments: delete them all and save again."))


def _hidden() -> RefusedError:
    return RefusedError(_("The document has hidden text: show it or delete it, and save again."))


# What is lost, and what is made plain


def _tell_what_is_lost(package: _Package, notes: Notes) -> None:
    if any(_name_of(node) == "comment" for node in package.comments):
        raise _commented()
    if package.has_margins:
        notes.drop(_("header and footer"))
    for story in package.stories:
        for node in story.iter():
            name = _any_name_of(node)
            if name == "graphicData" and node.get("uri", "").endswith(
                ("chart", "chartex", "diagram")
            ):
                notes.complete(_("Add the diagrams, which could not be brought along."))
            elif name in ("altChunk", "subDoc"):
                notes.complete(_("Add the documents within it, which could not be brought along."))
            elif name == "oMath":
                notes.complete(_("Add the formulas, which could not be brought along."))
            elif _name_of(node) == "highlight" and _attribute(node, "val") != "none":
                notes.drop(_("text marked with colour (the text is kept)"))


def _simplify(story: Node, styles: _Styles, notes: Notes) -> None:
    """Writes into the paragraphs what they are, and takes out what tells of the file."""
    _take_out_telling_fields(story, notes)
    for parent in list(story.iter()):
        for child in list(parent):
            name = _name_of(child)
            if name == "sdt" and _child(child, "sdtPr", "showingPlcHdr") is not None:
                parent.remove(child)
                notes.drop(_("placeholders that nobody filled in"))
            elif name == "p" and (role := styles.role_of(child)):
                if role == "Contents":
                    parent.remove(child)
                    notes.drop(_("lines of the table of contents"))
                else:
                    _give_role(child, role)
            elif _any_name_of(child) == "docPr" and _is_decorative(child):
                child.set("descr", _DECORATIVE)


def _give_role(paragraph: Node, role: str) -> None:
    properties = _child(paragraph, "pPr")
    namespace = paragraph.tag[: -len("p")]
    if properties is None:
        properties = Node(f"{namespace}pPr")
        paragraph.insert(0, properties)
    if role.startswith(("Ul", "Ol")) and _child(properties, "numPr") is not None:
        return
    style = _child(properties, "pStyle")
    if style is None:
        style = Node(f"{namespace}pStyle")
        properties.insert(0, style)
    style.set(f"{namespace}val", f"Part{role}")


def _is_decorative(properties: Node) -> bool:
    return any(
        _any_name_of(node) == "decorative" and node.get("val") not in _OFF
        for node in properties.iter()
    )


def _take_out_telling_fields(story: Node, notes: Notes) -> None:
    for parent in list(story.iter()):
        for child in list(parent):
            if _name_of(child) != "fldSimple":
                continue
            index = list(parent).index(child)
            parent.remove(child)
            if _TELLING_FIELDS.match(_attribute(child, "instr") or ""):
                notes.drop(_("fields that tell of the file or its author"))
            else:  # what the field shows stays
                for offset, shown in enumerate(list(child)):
                    parent.insert(index + offset, shown)
    # A field in runs: it begins, gives its instruction, separates, shows its result, ends.
    instructions: list[str] = []
    for run in [node for node in story.iter() if _name_of(node) == "r"]:
        for child in list(run):
            name, kind = _name_of(child), _attribute(child, "fldCharType")
            if name == "fldChar" and kind == "begin":
                instructions.append("")
            elif name == "fldChar" and kind == "end" and instructions:
                if _TELLING_FIELDS.match(instructions.pop()):
                    notes.drop(_("fields that tell of the file or its author"))
            elif name == "instrText" and instructions:
                instructions[-1] += child.text or ""
            elif any(_TELLING_FIELDS.match(each) for each in instructions):
                run.remove(child)
