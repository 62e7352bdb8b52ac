"""OpenDocument files (odt, ods, odp): what no reader sees goes, what only some see is refused."""

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from pages.whole_numbers import whole_number

from .embedded_pictures import bare_picture
from .found import CannotBeRead, CleaningNotes, HiddenData, some_words
from .xml_parts import bytes_of_tree, short_name, tree_of
from .zipped_parts import read_parts, write_parts

_MIMETYPE, _MANIFEST = "mimetype", "META-INF/manifest.xml"
_MIME = "application/vnd.oasis.opendocument."
_KINDS = {".odp": "presentation", ".ods": "spreadsheet", ".odt": "text"}
_CHARTS = {f"{_MIME}chart", f"{_MIME}formula"}
# Folders and parts of the file that its pages do not need.
_DROPPED = {
    "Configurations2/": "custom_data",
    "META-INF/documentsignatures.xml": "signatures",
    "META-INF/macrosignatures.xml": "signatures",
    "Thumbnails/": "thumbnails",
    "VersionList.xml": "former_versions",
    "Versions/": "former_versions",
    "layout-cache": "",
    "manifest.rdf": "",
}
_MACROS = ("Basic/", "Dialogs/", "Scripts/")
_META_KEPT = {"title", "language"}
_META = {
    "creation-date": "dates", "creator": "author", "date": "dates", "description": "keywords",
    "editing-cycles": "former_versions", "editing-duration": "dates", "generator": "program",
    "initial-creator": "author", "keyword": "keywords", "print-date": "dates",
    "printed-by": "author", "subject": "keywords", "template": "template",
    "user-defined": "custom_data",
}  # fmt: skip
_UNTOLD = {"document-statistic", "generator"}  # which say nothing of anybody
_SETTINGS_DROPPED = {
    "CurrentDatabaseCommand": "connection", "CurrentDatabaseDataSource": "connection",
    "PrinterName": "printer", "PrinterSetup": "printer", "RedlineProtectionKey": "custom_data",
    "Rsid": "edit_marks", "RsidRoot": "edit_marks", "TrackedChangesViewSettings": "edit_marks",
}  # fmt: skip
_COMMENTS = {"annotation"}
_TRACKED = {"tracked-changes", "change-start", "change"}
_HIDDEN_TEXT = {"hidden-text", "hidden-paragraph"}
_NO_NOTES = {"date-time", "footer", "header", "page", "page-number"}
_EDIT_MARKS = {"rsid", "paragraph-rsid"}


def clean_opendocument(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    parts = read_parts(source)
    kind = _KINDS[target.suffix]
    if parts.get(_MIMETYPE, b"").decode("ascii", "replace").strip() != _MIME + kind:
        raise CannotBeRead
    manifest = tree_of(parts.get(_MANIFEST, b""))
    _refuse_parts(parts, manifest)
    _drop_parts(parts, manifest, notes)
    roots = {
        name: tree_of(content)
        for name, content in parts.items()
        if name.endswith(".xml") and name != _MANIFEST
    }
    hidden = _hiding_styles(roots.values())
    for name, root in roots.items():
        _refuse_in(root, kind, hidden)
        _clean_part(root, name, notes)
        parts[name] = bytes_of_tree(root)
    parts[_MANIFEST] = bytes_of_tree(manifest)
    for name, content in parts.items():
        if name.startswith("Pictures/"):
            parts[name] = bare_picture(content)
            if parts[name] != content:
                notes.remove("camera_data")
    write_parts(parts, target, plain=(_MIMETYPE,))


def _refuse_parts(parts: dict[str, bytes], manifest: etree._Element) -> None:
    if next(manifest.iter("{*}encryption-data"), None) is not None:
        raise HiddenData("encrypted")
    for name in parts:
        if name.startswith(_MACROS) and not name.endswith(("-lc.xml", "-lb.xml")):
            raise HiddenData("macros")
    for entry in manifest.iter("{*}file-entry"):
        path, kind = _said(entry, "full-path"), _said(entry, "media-type")
        if path.startswith("Object ") and path.endswith("/") and kind not in _CHARTS:
            raise HiddenData("embedded_file", ("part", path.rstrip("/")))
        if kind in ("application/vnd.sun.star.oleobject", "application/octet-stream") and (
            path.startswith("Object ")
        ):
            raise HiddenData("embedded_file", ("part", path))


def _drop_parts(parts: dict[str, bytes], manifest: etree._Element, notes: CleaningNotes) -> None:
    for name in list(parts):
        for beginning, what in _DROPPED.items():
            if name.startswith(beginning) or f"/{beginning}" in name:
                del parts[name]
                if what:
                    notes.remove(what)
                break
    for entry in list(manifest):
        path = _said(entry, "full-path")
        if (path and not path.endswith("/") and path not in parts) or any(
            path == beginning or path.startswith(beginning) for beginning in _DROPPED
        ):
            manifest.remove(entry)


def _refuse_in(root: etree._Element, kind: str, hidden: dict[str, set[str]]) -> None:
    place = _Place(kind)
    for element in root.iter():
        name = short_name(element)
        place.enter(element, name)
        if name in _COMMENTS:
            raise HiddenData("comments", *place.of(element))
        if name in _TRACKED and (len(element) or name != "tracked-changes"):
            raise HiddenData("tracked_changes", *place.of(element))
        if name in _HIDDEN_TEXT or (name == "section" and _said(element, "display") == "none"):
            raise HiddenData("hidden_text", *place.of(element))
        if name == "notes" and place.slide and (words := _notes_in(element)):
            raise HiddenData("speaker_notes", *place.of_slide(), ("words", some_words(words)))
        if name == "script" and _words(element):
            raise HiddenData("macros")
        if name == "table" and _said(element, "style-name") in hidden["table"]:
            raise HiddenData("hidden_sheet", ("named", _said(element, "name")))
        if name == "page" and _said(element, "style-name") in hidden["page"]:
            raise HiddenData("hidden_slide", *place.of_slide())
        is_text = name in ("span", "p", "h")
        if is_text and _said(element, "style-name") in hidden["text"] and _words(element):
            raise HiddenData("hidden_text", *place.of(element))
        if name in ("table-row", "table-column") and _said(element, "visibility") in (
            "collapse", "filter",
        ):  # fmt: skip
            _refuse_line(element, name, place)


def _refuse_line(element: etree._Element, name: str, place: "_Place") -> None:
    table = next(element.iterancestors("{*}table"), None)
    if name == "table-row":
        if _words(element):
            raise HiddenData(
                "hidden_row", *place.of_sheet(), ("words", some_words(_words(element)))
            )
    elif table is not None and _columns_say_something(table, element):
        raise HiddenData("hidden_column", *place.of_sheet())


def _columns_say_something(table: etree._Element, column: etree._Element) -> bool:
    first = 0
    for each in table.iter("{*}table-column"):
        if each is column:
            break
        first += _times(each, "number-columns-repeated")
    last = first + _times(column, "number-columns-repeated")
    for row in table.iter("{*}table-row"):
        at = 0
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            width = _times(cell, "number-columns-repeated")
            if at < last and at + width > first and _words(cell):
                return True
            at += width
            if at >= last:
                break
    return False


class _Place:
    """Where one is in the document while one goes through it."""

    def __init__(self, kind: str) -> None:
        self.kind, self.slide, self.sheet = kind, 0, ""
        self.page: int | None = None

    def enter(self, element: etree._Element, name: str) -> None:
        if name == "page" and self.kind == "presentation":
            self.slide += 1
        elif name == "table" and self.kind == "spreadsheet":
            self.sheet = _said(element, "name")
        elif name == "soft-page-break":
            self.page = (self.page or 1) + 1

    def of(self, element: etree._Element) -> list[tuple[str, str | int]]:
        if self.kind == "presentation":
            return self.of_slide()
        found = self.of_sheet()
        holder = next(element.iterancestors("{*}p", "{*}h", "{*}table-cell"), element)
        if self.kind == "text" and self.page is not None:
            found.append(("page", self.page))
        words = some_words(_words(holder))
        return [*found, ("words", words)] if words else found

    def of_slide(self) -> list[tuple[str, str | int]]:
        return [("slide", self.slide)] if self.slide else []

    def of_sheet(self) -> list[tuple[str, str | int]]:
        return [("sheet", self.sheet)] if self.sheet else []


def _hiding_styles(roots: Iterable[etree._Element]) -> dict[str, set[str]]:
    """Names of styles that hide a table, a page or a text, themselves or by what they are based on."""
    found: dict[str, set[str]] = {"page": set(), "table": set(), "text": set()}
    parents: dict[str, str] = {}
    says_itself: set[str] = set()
    for style in (each for root in roots for each in root.iter("{*}style")):
        name = _said(style, "name")
        parents[name] = _said(style, "parent-style-name")
        for each in style:
            kind = short_name(each)
            if kind == "table-properties" and _said(each, "display") == "false":
                found["table"].add(name)
            if kind == "drawing-page-properties" and _said(each, "visibility") == "hidden":
                found["page"].add(name)
            if kind == "text-properties" and (display := _said(each, "display")):
                says_itself.add(name)
                if display in ("none", "condition"):
                    found["text"].add(name)
    for name in parents.keys() - says_itself:
        holder = name
        for _ in range(20):
            holder = parents.get(holder, "")
            if holder in says_itself:
                break
        if holder in found["text"]:
            found["text"].add(name)
    return found


def _clean_part(root: etree._Element, name: str, notes: CleaningNotes) -> None:
    if name.endswith("meta.xml"):
        for each in list(root.iter("{*}meta")):
            for child in list(each):
                if short_name(child) not in _META_KEPT:
                    if short_name(child) not in _UNTOLD:
                        notes.remove(_META.get(short_name(child), "properties"))
                    each.remove(child)
    if name.endswith("settings.xml"):
        for each in list(root.iter("{*}config-item", "{*}config-item-set")):
            parent = each.getparent()
            if _said(each, "name") in _SETTINGS_DROPPED and parent is not None:
                if _words(each):
                    notes.remove(_SETTINGS_DROPPED[_said(each, "name")])
                parent.remove(each)
    for element in root.iter():
        for key in list(element.attrib):
            if etree.QName(key).localname in _EDIT_MARKS:
                del element.attrib[key]
                notes.remove("edit_marks")


def _notes_in(notes: etree._Element) -> str:
    """The words of the speaker, without the number of the page and the like."""
    return " ".join(
        _words(frame)
        for frame in notes.iter("{*}frame", "{*}custom-shape")
        if _said(frame, "class") not in _NO_NOTES
    ).strip()


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _said(element: etree._Element, name: str) -> str:
    """The value of an attribute, in whichever namespace it stands."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value)
    return ""


def _times(element: etree._Element, name: str) -> int:
    return whole_number(_said(element, name)) or 1
