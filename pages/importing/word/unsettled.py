"""Refuses Word documents that must be settled in Word first."""

from xml.etree.ElementTree import Element as Node

from pages.library.cleaning.found import CannotBeRead
from pages.library.cleaning.office_rules import faults_in
from pages.library.cleaning.xml_parts import tree_of

from ..documents import refuse_all
from ..sniff import commented, cropped, hidden, tracked
from .nodes import local_name
from .package import WordPackage, unreadable

# What uploads are refused for, too; of the rest, nothing comes along.
_REFUSED = {
    "comments": commented,
    "hidden_object": hidden,
    "hidden_row": hidden,
    "hidden_text": hidden,
    "tracked_changes": tracked,
}


def refuse_what_is_unsettled(package: WordPackage) -> None:
    """Refuses what is in the file but not in the text that its author sees."""
    try:
        parts = {name: tree_of(content) for name, content in package.read_parts().items()}
    except CannotBeRead as error:
        raise unreadable(package.name) from error
    found = [_REFUSED[what]() for what, _place in faults_in(".docx", parts, {}) if what in _REFUSED]
    if any(_is_cropped(node) for story in package.stories for node in story.iter()):
        found.append(cropped())
    refuse_all(found)


def _is_cropped(node: Node) -> bool:
    name = local_name(node)
    if name == "srcRect":
        sides = [node.get(side, "0") for side in "ltrb"]
        return any(side.strip("0%.") and not side.startswith("-") for side in sides)
    if name == "imagedata":
        return any(node.get(f"crop{side}") for side in ("left", "top", "right", "bottom"))
    return False
