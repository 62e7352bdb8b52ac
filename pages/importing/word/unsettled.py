"""Refuses Word documents that must be settled in Word first."""

from xml.etree.ElementTree import Element as Node

from ..sniff import commented, cropped, hidden, tracked
from .nodes import OFF, attribute_of, local_name, word_name
from .package import WordPackage
from .styles import WordStyles

_TRACKED = {
    "cellDel", "cellIns", "cellMerge", "customXmlDelRangeStart", "customXmlInsRangeStart", "del",
    "delInstrText", "delText", "ins", "moveFrom", "moveFromRangeStart", "moveTo",
    "moveToRangeStart", "numberingChange", "pPrChange", "rPrChange", "sectPrChange",
    "tblGridChange", "tblPrChange", "tblPrExChange", "tcPrChange", "trPrChange",
}  # fmt: skip
_COMMENTS = {"comment", "commentRangeStart", "commentReference"}
_SHOWN_IN_A_RUN = {"t", "drawing", "pict", "sym", "object"}


def refuse_what_is_unsettled(package: WordPackage) -> None:
    """Refuses what is in the file but not in the text that its author sees."""
    for story in package.stories:
        _look_through(story, package.styles)
    if any(word_name(node) == "comment" for node in package.comments):
        raise commented()


def _look_through(story: Node, styles: WordStyles) -> None:
    stack: list[tuple[Node, Node | None, Node | None]] = [(story, None, None)]
    while stack:
        node, paragraph, table = stack.pop()
        name = word_name(node)
        if name in _TRACKED:
            raise tracked()
        if name in _COMMENTS:
            raise commented()
        if name == "r" and _shows_something(node) and styles.hides(node, paragraph, table):
            raise hidden()
        is_hidden_picture = local_name(node) == "docPr" and node.get("hidden") in ("1", "true")
        is_hidden_row = name == "hidden" and attribute_of(node, "val") not in OFF
        if is_hidden_picture or is_hidden_row:
            raise hidden()
        if _is_cropped(node):
            raise cropped()
        paragraph = node if name == "p" else paragraph
        table = node if name == "tbl" else table
        stack.extend((child, paragraph, table) for child in node)


def _shows_something(run: Node) -> bool:
    return any(word_name(child) in _SHOWN_IN_A_RUN for child in run)


def _is_cropped(node: Node) -> bool:
    name = local_name(node)
    if name == "srcRect":
        sides = [node.get(side, "0") for side in "ltrb"]
        return any(side.strip("0%.") and not side.startswith("-") for side in sides)
    if name == "imagedata":
        return any(node.get(f"crop{side}") for side in ("left", "top", "right", "bottom"))
    return False
