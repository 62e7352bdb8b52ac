"""Makes a Word document plain, and tells what is lost."""

import re
from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from ..documents import Notes
from .nodes import OFF, attribute_of, descendant, local_name, word_name
from .package import WordPackage
from .styles import WordStyles

# Fields that show what the file knows of its author and its place.
_TELLING_FIELDS = re.compile(
    r"\s*(AUTHOR|COMMENTS|DOCPROPERTY|FILENAME|INFO|LASTSAVEDBY|TEMPLATE|USERADDRESS"
    r"|USERINITIALS|USERNAME)\b",
    re.I,
)
# What simplify writes as the text alternative of a picture that needs none.
DECORATIVE = "\ue000"


def simplify(package: WordPackage, notes: Notes) -> None:
    """Writes into the paragraphs what they are, and takes out what tells of the file."""
    _tell_what_is_lost(package, notes)
    for story in package.stories:
        _take_out_telling_fields(story, notes)
        _name_parts(story, package.styles, notes)


def _tell_what_is_lost(package: WordPackage, notes: Notes) -> None:
    if package.has_margins:
        notes.drop(_("header and footer"))
    for story in package.stories:
        for node in story.iter():
            name = local_name(node)
            if name == "graphicData" and node.get("uri", "").endswith(
                ("chart", "chartex", "diagram")
            ):
                notes.complete(_("Add the diagrams, which could not be brought along."))
            elif name in ("altChunk", "subDoc"):
                notes.complete(_("Add the documents within it, which could not be brought along."))
            elif name == "oMath":
                notes.complete(_("Add the formulas, which could not be brought along."))
            elif word_name(node) == "highlight" and attribute_of(node, "val") != "none":
                notes.drop(_("text marked with colour (the text is kept)"))


def _name_parts(story: Node, styles: WordStyles, notes: Notes) -> None:
    for parent in list(story.iter()):
        for child in list(parent):
            name = word_name(child)
            if name == "sdt" and descendant(child, "sdtPr", "showingPlcHdr") is not None:
                parent.remove(child)
                notes.drop(_("placeholders that nobody filled in"))
            elif name == "p" and (role := styles.role_of(child)):
                if role == "Contents":
                    parent.remove(child)
                    notes.drop(_("lines of the table of contents"))
                else:
                    _give_role(child, role)
            elif local_name(child) == "docPr" and _is_decorative(child):
                child.set("descr", DECORATIVE)


def _give_role(paragraph: Node, role: str) -> None:
    properties = descendant(paragraph, "pPr")
    namespace = paragraph.tag[: -len("p")]
    if properties is None:
        properties = Node(f"{namespace}pPr")
        paragraph.insert(0, properties)
    if role.startswith(("Ul", "Ol")) and descendant(properties, "numPr") is not None:
        return
    style = descendant(properties, "pStyle")
    if style is None:
        style = Node(f"{namespace}pStyle")
        properties.insert(0, style)
    style.set(f"{namespace}val", f"Part{role}")


def _is_decorative(properties: Node) -> bool:
    return any(
        local_name(node) == "decorative" and node.get("val") not in OFF
        for node in properties.iter()
    )


def _take_out_telling_fields(story: Node, notes: Notes) -> None:
    for parent in list(story.iter()):
        for child in list(parent):
            if word_name(child) != "fldSimple":
                continue
            index = list(parent).index(child)
            parent.remove(child)
            if _TELLING_FIELDS.match(attribute_of(child, "instr") or ""):
                notes.drop(_("fields that tell of the file or its author"))
            else:  # what the field shows stays
                for offset, shown in enumerate(list(child)):
                    parent.insert(index + offset, shown)
    # A field in runs: it begins, gives its instruction, separates, shows its result, ends.
    instructions: list[str] = []
    for run in [node for node in story.iter() if word_name(node) == "r"]:
        for child in list(run):
            name, kind = word_name(child), attribute_of(child, "fldCharType")
            if name == "fldChar" and kind == "begin":
                instructions.append("")
            elif name == "fldChar" and kind == "end" and instructions:
                if _TELLING_FIELDS.match(instructions.pop()):
                    notes.drop(_("fields that tell of the file or its author"))
            elif name == "instrText" and instructions:
                instructions[-1] += child.text or ""
            elif any(_TELLING_FIELDS.match(each) for each in instructions):
                run.remove(child)
