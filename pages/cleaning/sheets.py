"""Excel files: refuses what only some readers see of the cells."""

import re

from lxml import etree

from .found import CleaningNotes, HiddenData
from .office_package import OfficePackage
from .xml_parts import short_name

_WHITE = {"FFFFFFFF", "00FFFFFF"}
_SHOWS_NOTHING = re.compile(r'^;;;$|^"";"";"";""$')


def refuse_hidden_cells(package: OfficePackage) -> None:
    """Raises HiddenData for hidden sheets, rows, columns and cells, and for comments."""
    main = package.main_part()
    workbook = package.tree(main)
    by_key = {relation.key: relation for relation in package.relations(main)}
    kinds = {relation.kind for relation in by_key.values()}
    if "revisionHeaders" in kinds:
        raise HiddenData("tracked_changes")
    styles = _HiddenStyles(package, [each.target for each in by_key.values()
                                     if each.kind == "styles"])  # fmt: skip
    for sheet in workbook.iter("{*}sheet"):
        name = sheet.get("name", "?")
        if sheet.get("state", "visible") != "visible":
            raise HiddenData("hidden_sheet", ("named", name))
        relation = next(
            (by_key[value] for key, value in sheet.attrib.items()
             if key.endswith("}id") and value in by_key), None,
        )  # fmt: skip
        if relation is not None:
            _refuse_in_sheet(package, relation.target, name, styles)


def clean_sheets(package: OfficePackage, notes: CleaningNotes) -> None:
    main = package.main_part()
    for element in list(package.tree(main).iter()):
        name = short_name(element)
        parent = element.getparent()
        what = {"absPath": "local_links", "fileSharing": "author", "revisionPtr": "edit_marks",
                "webPublishing": "local_links"}.get(name)  # fmt: skip
        if what and parent is not None:
            parent.remove(element)
            if short_name(parent) == "Choice":  # a branch of alternatives that is empty now
                alternatives = parent.getparent()
                if alternatives is not None and alternatives.getparent() is not None:
                    alternatives.getparent().remove(alternatives)
            notes.remove(what)
            package.changed(main)


def _refuse_in_sheet(package: OfficePackage, part: str, name: str, styles: "_HiddenStyles") -> None:
    on_sheet = ("sheet", name)
    has_tables = False
    for relation in package.relations(part):
        if relation.kind in ("comments", "threadedComment"):
            cell = next(
                package.tree(relation.target).iter("{*}comment", "{*}threadedComment"), None
            )
            if cell is not None:
                raise HiddenData("comments", on_sheet, ("cell", cell.get("ref", "?")))
        has_tables |= relation.kind == "table"
    root = package.tree(part)
    hidden_columns = [
        (int(each.get("min", "0")), int(each.get("max", "0")))
        for each in root.iter("{*}col")
        if _is_true(each.get("hidden")) or each.get("width") == "0"
    ]
    for row in root.iter("{*}row"):
        is_hidden = _is_true(row.get("hidden")) or row.get("ht") == "0"
        for cell in row.iterchildren("{*}c"):
            if not _has_content(cell):
                continue
            reference = cell.get("r", "")
            if is_hidden:
                raise HiddenData("hidden_row", on_sheet, ("row", row.get("r", "?")))
            column = _column(reference)
            if any(first <= column <= last for first, last in hidden_columns):
                letters = reference.rstrip("0123456789")
                raise HiddenData("hidden_column", on_sheet, ("column", letters))
            if cell.get("s", "0") in styles.hiding:
                raise HiddenData("hidden_text", on_sheet, ("cell", reference))
            if not has_tables and cell.get("s", "0") in styles.white:
                raise HiddenData("white_text", on_sheet, ("cell", reference))


class _HiddenStyles:
    """Numbers of styles that show nothing, and of those that write white on no ground."""

    def __init__(self, package: OfficePackage, parts: list[str]) -> None:
        self.hiding: set[str] = set()
        self.white: set[str] = set()
        for part in parts:
            root = package.tree(part)
            formats = {
                each.get("numFmtId")
                for each in root.iter("{*}numFmt")
                if _SHOWS_NOTHING.match(each.get("formatCode", ""))
            }
            white = [_is_white(each) for each in _children(root, "fonts")]
            bare = [_is_bare(each) for each in _children(root, "fills")]
            for number, each in enumerate(_children(root, "cellXfs")):
                if each.get("numFmtId") in formats:
                    self.hiding.add(str(number))
                font, fill = int(each.get("fontId", "0")), int(each.get("fillId", "0"))
                if font < len(white) and white[font] and fill < len(bare) and bare[fill]:
                    self.white.add(str(number))


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    found = root.find(f"{{*}}{name}")
    return [] if found is None else [each for each in found if isinstance(each.tag, str)]


def _is_white(font: etree._Element) -> bool:
    colour = font.find("{*}color")
    if colour is None:
        return False
    is_theme = colour.get("theme") == "0" and float(colour.get("tint", "0")) > -0.05
    return is_theme or colour.get("rgb", "").upper() in _WHITE


def _is_bare(fill: etree._Element) -> bool:
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return False
    if pattern.get("patternType", "none") == "none":
        return True
    colour = pattern.find("{*}fgColor")
    return colour is not None and colour.get("rgb", "").upper() in _WHITE


def _has_content(cell: etree._Element) -> bool:
    return any(
        short_name(each) == "f" or "".join(each.itertext()).strip()
        for each in cell
        if isinstance(each.tag, str)
    )


def _column(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
