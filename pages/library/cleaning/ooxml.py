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


def _by_name(**kinds: str) -> dict[str, str]:
    """What each name tells of, from the names of each kind."""
    return {name: kind for kind, names in kinds.items() for name in names.split()}


_DROPPED = _by_name(
    author="authors commentAuthors people person",
    custom_data="customXml tags",
    former_versions="changesInfo revisionInfo",
    printer="printerSettings",
    properties="classificationlabels custom-properties extended-properties",
    signatures="origin",
    template="attachedTemplate glossaryDocument keyMapCustomizations",
    thumbnails="thumbnail",
)
_REFUSED = _by_name(
    connection="connections queryTable",
    embedded_file="audio media oleObject package video",
    external_link="externalLink",
    macros="control vbaProject",
    pivot_source="pivotCacheDefinition pivotCacheRecords pivotTable",
    tracked_changes="revisionHeaders",
)
# Of the text and the settings: who edited what when, and where the file lay.
_TOLD = _by_name(
    author="customSheetViews customWorkbookViews fileSharing permEnd permStart scenarios",
    custom_data="dataBinding docVars",
    edit_marks="docId revisionPtr rsids",
    local_links="absPath webPublishing",
    template="saveThroughXslt",
)
_EDIT_MARKS = path_of("//@*[starts-with(local-name(), 'rsid')]")
_PROPERTIES_KEPT = ("title", "language")
# Names of both families of files.
_PROPERTIES = _by_name(
    author="creator initial-creator lastModifiedBy printed-by",
    custom_data="user-defined",
    dates="created creation-date date editing-duration lastPrinted modified print-date",
    former_versions="editing-cycles revision",
    keywords="keyword",
    program="generator",
    template="template",
)
LEADS_OUT = ("http://", "https://", "mailto:", "tel:", "#")
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\x01\0\0\0",
    b"VCLMTF",
    b"\xd7\xcd\xc6\x9a",
    b"\0\0\0\x0cjP",
)
FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
_READ = (".xml", ".vml")
# Kinds of parts that are seen only if the main part names them.
_NAMED = ("chartsheet", "slide", "worksheet")
# These say nothing without what they refer to; of others only the reference goes.
_GO_WITH_TARGET = {"attachedTemplate", "externalData", "svgBlip", "tags"}
_KEY = "@*[contains(namespace-uri(), '/relationships')]"
_REFERRING = path_of(f"//*[{_KEY} = $key]")
_REFERENCES = path_of(f"//{_KEY}[. = $key]")
# A picture in SVG, beside the one that programs show which know no SVG.
_BESIDE_ANOTHER = path_of(
    "self::svgBlip/parent::ext/parent::extLst/parent::blip[@*[local-name()='embed']]"
)
_KEY_OF = path_of(f"string({_KEY})")
_FONT_KEY = path_of(f"string(//*[{_KEY} = $key]/@fontKey)")
_NAMING = path_of("//sheet | //sldId")
_SLIDE_SIZE = path_of("//sldSz")
_LARGEST_SLIDE = 51_206_400
# Alternatives that say nothing without the one element.
_ALTERNATIVES = path_of("parent::*/parent::AlternateContent[count(*/*) = 1]")


def clean_ooxml(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    package = _Package(read_parts(source), target.suffix, notes)
    faults = package.walked()
    kept = {name: package.tree(name) for name in package.places if name.endswith(_READ)}
    refuse([*faults, *faults_in(target.suffix, kept, package.places, **package.size)])
    for root in kept.values():
        for element in [each for each in root.iter("*") if short_name(each) in _TOLD]:
            notes.remove(_TOLD[short_name(element)])
            drop_found(_ALTERNATIVES(element) or [element])
        if marks := _EDIT_MARKS(root):
            notes.remove("edit_marks")
            drop_found(marks)
        if short_name(root) == "coreProperties":
            keep_properties(root, notes)
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
        self.size: dict[str, float] = {}
        if kind == ".pptx":
            [size] = _SLIDE_SIZE(main)
            self.size = {"width": float(size.get("cx")), "height": float(size.get("cy"))}
            if not all(0 < side <= _LARGEST_SLIDE for side in self.size.values()):
                raise CannotBeRead
        names = {
            each.get("Id"): part_called(self._main, each.get("Target", ""))
            for each in self._relations(self._main)
        }
        # The sheets and slides that the main part names.
        self._named: dict[str, Whereabouts] = {
            names.get(_KEY_OF(each), ""): [
                ("sheet", each.get("name", "?")) if kind == ".xlsx" else ("slide", number)
            ]
            for number, each in enumerate(_NAMING(main), 1)
        }

    def _main_part(self, kind: str) -> str:
        main = (each for each in self._relations("") if _kind_of(each) == "officeDocument")
        name = next((part_called("", each.get("Target", "")) for each in main), "")
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
        name = relations_of(owner)
        return list(self.tree(name)) if name in self._parts else []

    def walked(self) -> list[HiddenThing]:
        """Follows each reference, takes away those that are known to go, and tells of those that are refused."""
        faults: list[HiddenThing] = []
        waiting: list[tuple[str, Whereabouts]] = [("", [])]
        for owner, place in waiting:
            for each in self._relations(owner):
                if what := self._dropped_as(owner, each):
                    self._notes.remove(what)
                    self._drop(owner, each)
                elif what := self._refused_as(owner, each):
                    last = posixpath.basename(each.get("Target", "").replace("\\", "/"))
                    faults.append((what, [*place, ("named", last)]))
                elif not _is_outside(each):
                    name = part_called(owner, each.get("Target", ""))
                    at = self._named.get(name, place)
                    if name in self._parts and name not in self.places:
                        self.places[name] = at
                        waiting.append((name, at))
        return faults

    def _dropped_as(self, owner: str, relation: etree._Element) -> str | None:
        kind = _kind_of(relation)
        if kind in ("package", "oleObject") and "/charts/" in f"/{owner}":
            # A chart is drawn from figures of its own; the whole workbook behind it is not seen.
            return "chart_source"
        if kind == "image" and owner.endswith(_READ):
            shown = _REFERRING(self.tree(owner), key=relation.get("Id", ""))
            # SVG may hide much, and the picture beside it is what every program shows.
            if shown and all(map(_BESIDE_ANOTHER, shown)):
                return "vector_pictures"
        return _DROPPED.get(kind)

    def _refused_as(self, owner: str, relation: etree._Element) -> str:
        kind, target = _kind_of(relation), relation.get("Target", "")
        if _is_outside(relation):
            leads_out = target.lower().startswith(LEADS_OUT)
            return "external_link" if kind != "hyperlink" else "" if leads_out else "local_link"
        name = part_called(owner, target)
        content = self._parts.get(name, b"")
        if kind == "image":
            is_known = content.startswith(PICTURES)
        elif kind == "font":
            is_known = _is_font(content, _FONT_KEY(self.tree(owner), key=relation.get("Id", "")))
        else:
            is_known = name.endswith(_READ) and (kind not in _NAMED or name in self._named)
        return "" if is_known and f" {kind} " in _KEPT else _REFUSED.get(kind, "unknown_part")

    def _drop(self, owner: str, relation: etree._Element) -> None:
        drop_found([relation])
        if owner.endswith(_READ):
            root, key = self.tree(owner), relation.get("Id", "")
            drop_found(
                each for each in _REFERRING(root, key=key) if short_name(each) in _GO_WITH_TARGET
            )
            drop_found(_REFERENCES(root, key=key))

    def written(self) -> dict[str, bytes]:
        """The parts that are kept, as they are now."""
        types = self.tree(_TYPES)
        drop_found(
            each
            for each in list(types)
            if each.get("PartName") and each.get("PartName", "").lstrip("/") not in self.places
        )
        kept = {_TYPES, *map(relations_of, ("", *self.places)), *self.places}
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


def keep_properties(root: etree._Element, notes: CleaningNotes) -> None:
    """Takes out what a file says of itself, but for its title and language."""
    for each in list(root):
        if short_name(each) not in _PROPERTIES_KEPT:
            if (each.text or "").strip() or len(each):
                notes.remove(_PROPERTIES.get(short_name(each), "properties"))
            root.remove(each)
    etree.cleanup_namespaces(root)


def _is_font(content: bytes, key: str) -> bool:
    """PowerPoint packs a font; Word mixes its beginning with a key, read backwards."""
    key_bytes = bytes.fromhex(key.strip("{}").replace("-", ""))[:-5:-1]
    start = bytes(one ^ other for one, other in zip(content, key_bytes or bytes(4), strict=False))
    return content[34:36] == b"LP" or start.startswith(FONTS)


def _kind_of(relation: etree._Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _is_outside(relation: etree._Element) -> bool:
    return relation.get("TargetMode") == "External"


def relations_of(owner: str) -> str:
    """The name of the part that says what the owner leads to."""
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def part_called(owner: str, target: str) -> str:
    """The name of the part that the owner calls so."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
