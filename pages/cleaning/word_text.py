"""Word documents: refuses what only some readers see of the text, and takes out who wrote it when."""

from collections.abc import Iterator

from lxml import etree

from pages.whole_numbers import whole_number

from .found import CleaningNotes, HiddenData, some_words
from .office_package import OfficePackage
from .xml_parts import short_name, tree_of

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# In files that are saved as "Strict Open XML".
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = f"{{{_MAIN}}}"
_TRACKED = {
    "cellDel", "cellIns", "cellMerge", "del", "delText", "ins", "moveFrom", "moveTo",
    "numberingChange", "pPrChange", "rPrChange", "sectPrChange", "tblGridChange", "tblPrChange",
    "tblPrExChange", "tcPrChange", "trPrChange",
}  # fmt: skip
_COMMENTED = {"commentRangeStart", "commentReference"}
_OFF = {"0", "false", "off"}
# In half points; smaller is not read by anybody.
_LEAST_SIZE = 4
# Of the settings and the text: who edited which words when, and where its templates lie.
_TOLD = {
    "attachedTemplate": "template", "docId": "edit_marks", "docVars": "custom_data",
    "mailMerge": "local_links", "rsids": "edit_marks", "dataBinding": "custom_data",
    "saveThroughXslt": "template", "proofState": "edit_marks", "trackRevisions": "edit_marks",
    "chartTrackingRefBased": "edit_marks",
}  # fmt: skip
_FURTHER_PARTS = ("header", "footer", "footnotes", "endnotes")


def refuse_hidden_words(package: OfficePackage) -> None:
    """Raises HiddenData for tracked changes, comments and text that is not shown."""
    main = package.main_part()
    styles = _Styles(package, main)
    for name in _text_parts(package, main):
        _refuse_in(_tree(package, name), styles, None if name == main else name)
    for relation in package.all_relations():
        if relation.kind in ("comments", "commentsExtended") and _says_something(
            package.tree(relation.target)
        ):
            raise HiddenData("comments")


def _tree(package: OfficePackage, name: str) -> etree._Element:
    """A part to look at, in the one of two namespaces that we know."""
    root = package.tree(name)
    if _STRICT not in root.nsmap.values():
        return root
    return tree_of(package.parts[name].replace(_STRICT.encode(), _MAIN.encode()))


def clean_word(package: OfficePackage, notes: CleaningNotes) -> None:
    for relation in package.all_relations():
        if relation.kind.startswith("comments"):
            package.drop(relation)  # an empty list of comments
    for name in package.names("word/"):
        root = package.tree(name)
        for element in list(root.iter()):
            _forget_edits(element, name, package, notes)


def _forget_edits(
    element: etree._Element, name: str, package: OfficePackage, notes: CleaningNotes
) -> None:
    marks = [key for key in element.attrib if etree.QName(key).localname.startswith("rsid")]
    for key in marks:
        del element.attrib[key]
    what = _TOLD.get(short_name(element))
    parent = element.getparent()
    if what and parent is not None:
        parent.remove(element)
    if marks or what:
        notes.remove(what or "edit_marks")
        package.changed(name)


def _text_parts(package: OfficePackage, main: str) -> Iterator[str]:
    yield main
    for relation in package.relations(main):
        if relation.kind in _FURTHER_PARTS and not relation.is_outside:
            yield relation.target


class _Styles:
    """Which styles hide their text, and which give it another ground or colour."""

    def __init__(self, package: OfficePackage, main: str) -> None:
        self.hiding: set[str] = set()
        self.white: set[str] = set()
        self.shading: set[str] = set()
        root = None
        for relation in package.relations(main):
            if relation.kind == "styles":
                root = _tree(package, relation.target)
        parents = {}
        for style in () if root is None else root.iter(f"{_W}style"):
            name = style.get(f"{_W}styleId", "")
            based = style.find(f"{_W}basedOn")
            parents[name] = "" if based is None else based.get(f"{_W}val", "")
            run = style.find(f"{_W}rPr")
            if _is_on(run, "vanish"):
                self.hiding.add(name)
            if _is_white(run):
                self.white.add(name)
            if any(True for _ in style.iter(f"{_W}shd")):
                self.shading.add(name)
        for kept in (self.hiding, self.white, self.shading):
            for name in parents:
                if _inherits(name, kept, parents):
                    kept.add(name)


def _inherits(name: str, kept: set[str], parents: dict[str, str]) -> bool:
    for _ in range(20):
        if name in kept:
            return True
        name = parents.get(name, "")
    return False


def _refuse_in(root: etree._Element, styles: _Styles, part: str | None) -> None:
    page = 1 if root.find(f".//{_W}lastRenderedPageBreak") is not None else None
    for element in root.iter(f"{_W}*"):
        name = short_name(element)
        if name == "lastRenderedPageBreak" and page is not None:
            page += 1
        if name in _TRACKED:
            raise HiddenData("tracked_changes", *_place(element, page, part))
        if name in _COMMENTED:
            raise HiddenData("comments", *_place(element, page, part))
        if name == "r" and (words := _hidden_words(element, styles)):
            raise HiddenData(words, *_place(element, page, part))


def _place(
    element: etree._Element, page: int | None, part: str | None
) -> list[tuple[str, str | int]]:
    place: list[tuple[str, str | int]] = []
    if part is not None:
        place.append(("part", _PART_NAMES[part.rpartition("/")[2].rstrip("0123456789.xml")]))
    elif page is not None:
        place.append(("page", page))
    paragraph = element
    while paragraph is not None and short_name(paragraph) != "p":
        paragraph = paragraph.getparent()
    words = some_words(_text_of(element if paragraph is None else paragraph))
    if words:
        place.append(("words", words))
    return place


_PART_NAMES = {"header": "header", "footer": "footer", "footnotes": "notes", "endnotes": "notes"}


def _text_of(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_W}t", f"{_W}delText") if each.text)


def _hidden_words(run: etree._Element, styles: _Styles) -> str | None:
    """What hides the words of a run, or None."""
    if not any((each.text or "").strip() for each in run.iterchildren(f"{_W}t")):
        return None
    look = run.find(f"{_W}rPr")
    own_style = _value(look, "rStyle")
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    of_paragraph = None if paragraph is None else paragraph.find(f"{_W}pPr")
    style = _value(of_paragraph, "pStyle")
    vanish = None if look is None else look.find(f"{_W}vanish")
    if vanish is not None:
        if _is_on(look, "vanish"):
            return "hidden_text"
    elif own_style in styles.hiding or style in styles.hiding:
        return "hidden_text"
    size = whole_number(_value(look, "sz"))
    if size is not None and size < _LEAST_SIZE:
        return "tiny_text"
    colour = None if look is None else look.find(f"{_W}color")
    white = _is_white(look) or (
        colour is None and (own_style in styles.white or style in styles.white)
    )
    if white and not _has_ground(run, look, of_paragraph, {own_style, style}, styles):
        return "white_text"
    return None


def _has_ground(
    run: etree._Element,
    look: etree._Element | None,
    of_paragraph: etree._Element | None,
    names: set[str],
    styles: _Styles,
) -> bool:
    """Whether the words may stand on something that is not white."""
    if names & styles.shading:
        return True
    for properties in (look, of_paragraph):
        if properties is not None and any(
            properties.find(f"{_W}{name}") is not None for name in ("shd", "highlight")
        ):
            return True
    for holder in run.iterancestors():
        name = short_name(holder)
        if name in ("txbxContent", "background"):
            return True
        if name in ("tc", "tr", "tbl"):
            properties = holder.find(f"{_W}{name}Pr")
            if properties is not None and any(
                short_name(each) in ("shd", "tblStyle") for each in properties
            ):
                return True
    return run.getroottree().getroot().find(f"{_W}background") is not None


def _value(properties: etree._Element | None, name: str) -> str:
    found = None if properties is None else properties.find(f"{_W}{name}")
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _is_on(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "1").lower() not in _OFF


def _is_white(properties: etree._Element | None) -> bool:
    value = _value(properties, "color").lower()
    if len(value) != 6:
        return False
    try:
        return min(bytes.fromhex(value)) >= 0xF3
    except ValueError:
        return False


def _says_something(root: etree._Element) -> bool:
    return any((text or "").strip() for text in root.itertext())
