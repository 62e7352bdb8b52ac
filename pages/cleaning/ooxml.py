"""Word, Excel and PowerPoint files: properties and authors go, and whatever else no reader sees is refused."""

import posixpath
from pathlib import Path

from lxml import etree

from .embedded_pictures import bare_picture
from .found import CannotBeRead, CleaningNotes, HiddenData, HiddenThing, Whereabouts, refuse
from .office_rules import faults_in
from .xml_parts import bytes_of_tree, drop_found, path_of, short_name, tree_of
from .zipped_parts import read_parts, write_parts

_TYPES = "[Content_Types].xml"
_KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
# By kind of reference. What is in none of these three is not known, and refused.
_KEPT = (
    " calcChain chart chartColorStyle chartStyle chartUserShapes chartsheet comments commentsExtended"
    " commentsExtensible commentsIds core-properties diagramColors diagramData diagramDrawing diagramLayout"
    " diagramQuickStyle drawing endnotes font fontTable footer footnotes handoutMaster header hyperlink image"
    " notesMaster notesSlide numbering officeDocument presProps settings sharedStrings sheetMetadata slide"
    " slideLayout slideMaster styles stylesWithEffects table tableStyles theme themeOverride"
    " threadedComment viewProps vmlDrawing webSettings worksheet "
)
_DROPPED = {
    "attachedTemplate": "template", "authors": "author", "classificationlabels": "properties",
    "changesInfo": "former_versions", "commentAuthors": "author", "custom-properties": "properties", "customXml": "custom_data",
    "extended-properties": "properties", "glossaryDocument": "template", "origin": "signatures",
    "keyMapCustomizations": "template", "people": "author", "person": "author", "printerSettings": "printer", "revisionInfo": "former_versions", "tags": "custom_data",
    "thumbnail": "thumbnails",
}  # fmt: skip
_REFUSED = {
    "audio": "embedded_file", "connections": "connection", "control": "macros", "externalLink": "external_link",
    "media": "embedded_file", "oleObject": "embedded_file", "package": "embedded_file", "pivotCacheDefinition": "pivot_source",
    "pivotCacheRecords": "pivot_source",
    "pivotTable": "pivot_source", "queryTable": "connection", "revisionHeaders": "tracked_changes",
    "vbaProject": "macros", "video": "embedded_file",
}  # fmt: skip
# Of the text and the settings: who edited what when, and where the file lay.
_TOLD = {
    "absPath": "local_links", "customSheetViews": "author", "customWorkbookViews": "author",
    "dataBinding": "custom_data", "docId": "edit_marks", "docVars": "custom_data", "fileSharing": "author",
    "permEnd": "author", "permStart": "author", "revisionPtr": "edit_marks", "rsids": "edit_marks",
    "saveThroughXslt": "template", "scenarios": "author", "webPublishing": "local_links",
}  # fmt: skip
_EDIT_MARKS = path_of("//@*[starts-with(local-name(), 'rsid')]")
_PROPERTIES_KEPT = ("title", "language")
_PROPERTIES = {
    "created": "dates", "creator": "author", "lastModifiedBy": "author", "lastPrinted": "dates",
    "modified": "dates", "revision": "former_versions",
}  # fmt: skip
LEADS_OUT = ("http://", "https://", "mailto:", "tel:", "#")
PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"<svg", b"<?xml",
    b"\x01\0\0\0", b"VCLMTF", b"\xd7\xcd\xc6\x9a", b"\0\0\0\x0cjP",
)  # fmt: skip
# These say nothing without what they refer to; of others only the reference goes.
_GO_WITH_TARGET = {"attachedTemplate", "externalData", "tags"}
_KEY = "@*[contains(namespace-uri(), '/relationships')]"
_REFERRING = path_of(f"//*[{_KEY} = $key]")
_REFERENCES = path_of(f"//{_KEY}[. = $key]")
_KEY_OF = path_of(f"string({_KEY})")
_SLIDE_SIZE = path_of("//sldSz")


def clean_ooxml(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    package = _Package(read_parts(source), target.suffix, notes)
    faults = package.walked()
    kept = {name: package.tree(name) for name in package.places if name.endswith(".xml")}
    refuse([*faults, *faults_in(target.suffix, kept, package.places, **package.size)])
    for root in kept.values():
        for element in [each for each in root.iter("*") if short_name(each) in _TOLD]:
            notes.remove(_TOLD[short_name(element)])
            # A branch of alternatives says nothing without it.
            drop_found([next(element.iterancestors("{*}AlternateContent"), element)])
        if marks := _EDIT_MARKS(root):
            notes.remove("edit_marks")
            drop_found(marks)
        if short_name(root) == "coreProperties":
            keep_properties(root, _PROPERTIES_KEPT, _PROPERTIES, notes)
    write_parts(package.written(), target)


class _Package:
    """Parts that refer to each other. What none refers to is not written."""

    def __init__(self, parts: dict[str, bytes], kind: str, notes: CleaningNotes) -> None:
        self._parts, self._notes = parts, notes
        self._trees: dict[str, etree._Element] = {}
        # The parts that are kept, and the sheet or slide that each belongs to.
        self.places: dict[str, Whereabouts] = {}
        self._main = self._main_part(kind)
        main = self.tree(self._main)
        self.size = {
            name: float(next((each.get(key, "inf") for each in _SLIDE_SIZE(main)), "inf"))
            for name, key in (("width", "cx"), ("height", "cy"))
        }
        # The sheets and slides, by the keys of the references to them.
        self._named: dict[str, Whereabouts] = {
            _KEY_OF(each): [("sheet", each.get("name", "?"))] for each in main.iter("{*}sheet")
        }
        for number, each in enumerate(main.iter("{*}sldId"), 1):
            self._named[_KEY_OF(each)] = [("slide", number)]

    def _main_part(self, kind: str) -> str:
        name = next(
            (_inside("", each.get("Target", "")) for each in self._relations("")
             if _kind_of(each) == "officeDocument"), "",
        )  # fmt: skip
        said = {each.get("PartName"): each.get("ContentType", "") for each in self.tree(_TYPES)}
        if "macroEnabled" in said.get(f"/{name}", ""):
            raise HiddenData("macros")
        if said.get(f"/{name}") != _KINDS[kind]:
            raise CannotBeRead
        return name

    def tree(self, name: str) -> etree._Element:
        if name not in self._trees:
            if name not in self._parts:
                raise CannotBeRead
            self._trees[name] = tree_of(self._parts[name])
        return self._trees[name]

    def _relations(self, owner: str) -> list[etree._Element]:
        name = _relations_of(owner)
        return list(self.tree(name)) if name in self._parts else []

    def walked(self) -> list[HiddenThing]:
        """Follows each reference, takes away those that are known to go, and tells of those that are refused."""
        faults: list[HiddenThing] = []
        waiting: list[tuple[str, Whereabouts]] = [("", [])]
        for owner, place in waiting:
            for each in self._relations(owner):
                if what := _dropped_as(_kind_of(each), owner):
                    self._notes.remove(what)
                    self._drop(owner, each)
                elif what := self._refused_as(owner, each):
                    last = posixpath.basename(each.get("Target", "").replace("\\", "/"))
                    faults.append((what, [*place, ("named", last)]))
                elif not _is_outside(each):
                    name, key = _inside(owner, each.get("Target", "")), each.get("Id", "")
                    at = self._named.get(key, place) if owner == self._main else place
                    if name in self._parts and name not in self.places:
                        self.places[name] = at
                        waiting.append((name, at))
        return faults

    def _refused_as(self, owner: str, relation: etree._Element) -> str:
        kind, target = _kind_of(relation), relation.get("Target", "")
        if _is_outside(relation):
            leads_out = target.lower().startswith(LEADS_OUT)
            return "external_link" if kind != "hyperlink" else "" if leads_out else "local_link"
        content = self._parts.get(_inside(owner, target), b"")
        is_read = target.endswith(".xml") or kind in ("font", "vmlDrawing")
        is_known = content.lstrip().startswith(PICTURES) if kind == "image" else is_read
        return "" if is_known and f" {kind} " in _KEPT else _REFUSED.get(kind, "unknown_part")

    def _drop(self, owner: str, relation: etree._Element) -> None:
        drop_found([relation])
        if owner.endswith(".xml"):
            root, key = self.tree(owner), relation.get("Id", "")
            drop_found(
                each for each in _REFERRING(root, key=key) if short_name(each) in _GO_WITH_TARGET
            )
            drop_found(_REFERENCES(root, key=key))

    def written(self) -> dict[str, bytes]:
        """The parts that are kept, as they are now."""
        types = self.tree(_TYPES)
        drop_found(
            each for each in list(types)
            if each.get("PartName") and each.get("PartName", "").lstrip("/") not in self.places
        )  # fmt: skip
        kept = {_TYPES, *map(_relations_of, ("", *self.places)), *self.places}
        return {
            name: bytes_of_tree(self._trees[name]) if name in self._trees else self._bare(name)
            for name in self._parts
            if name in kept
        }

    def _bare(self, name: str) -> bytes:
        bare = bare_picture(self._parts[name])
        if bare != self._parts[name]:
            self._notes.remove("camera_data")
        return bare


def keep_properties(
    root: etree._Element, kept: tuple[str, ...], called: dict[str, str], notes: CleaningNotes
) -> None:
    """Takes out what a file says of itself, but for these."""
    for each in list(root):
        if short_name(each) not in kept:
            if (each.text or "").strip() or len(each):
                notes.remove(called.get(short_name(each), "properties"))
            root.remove(each)
    etree.cleanup_namespaces(root)


def _dropped_as(kind: str, owner: str) -> str | None:
    """A chart is drawn from figures of its own; the whole workbook behind it is not seen."""
    if kind in ("package", "oleObject") and "/charts/" in f"/{owner}":
        return "chart_source"
    return _DROPPED.get(kind)


def _kind_of(relation: etree._Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _is_outside(relation: etree._Element) -> bool:
    return relation.get("TargetMode") == "External"


def _relations_of(owner: str) -> str:
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _inside(owner: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
