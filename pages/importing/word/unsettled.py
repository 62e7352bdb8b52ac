"""Refuses Word documents that must be settled in Word first."""

from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from ..documents import RefusedError
from ..sniff import commented
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
            raise RefusedError(
                _("The document has tracked changes: accept or reject them all and save again.")
            )
        if name in _COMMENTS:
            raise commented()
        if name == "r" and _shows_something(node) and styles.hides(node, paragraph, table):
            raise _hidden()
        is_hidden_picture = local_name(node) == "docPr" and node.get("hidden") in ("1", "true")
        is_hidden_row = name == "hidden" and attribute_of(node, "val") not in OFF
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
    return any(word_name(child) in _SHOWN_IN_A_RUN for child in run)


def _is_cropped(node: Node) -> bool:
    name = local_name(node)
    if name == "srcRect":
        sides = [node.get(side, "0") for side in "ltrb"]
        return any(side.strip("0%.") and not side.startswith("-") for side in sides)
    if name == "imagedata":
        return any(node.get(f"crop{side}") for side in ("left", "top", "right", "bottom"))
    return False


def _hidden() -> RefusedError:
    return RefusedError(_("The document has hidden text: show it or delete it, and save again."))
