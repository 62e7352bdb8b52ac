"""Makes a Word document plain, and tells what is lost."""

from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement

from django.utils.translation import gettext as _

from ..documents import Notes
from ..html.markup import NUMBER_MARK
from .field_codes import settle_fields
from .nodes import OFF, attribute_of, descendant, local_name, word_name
from .numbering import WordNumbering
from .package import WordPackage
from .styles import WordStyles

# What simplify writes as the text alternative of a picture that needs none.
DECORATIVE = "\ue000"


def simplify(package: WordPackage, notes: Notes) -> None:
    """Writes into the paragraphs what they are, and takes out what tells of the file."""
    _tell_what_is_lost(package, notes)
    for story in package.stories:
        settle_fields(story, notes)
        _write_numbers(story, package)
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


def _write_numbers(story: Node, package: WordPackage) -> None:
    """Writes into the items of lists the numbers that Word shows."""
    numbering = WordNumbering(package.numbering, package.styles)
    for paragraph in [node for node in story.iter() if word_name(node) == "p"]:
        number = numbering.number_of(paragraph)
        if number is None or package.styles.role_of(paragraph)[:2] not in ("", "Ol"):
            continue
        namespace = paragraph.tag[: -len("p")]
        run = Node(f"{namespace}r")
        text = SubElement(run, f"{namespace}t")
        text.text = f"{NUMBER_MARK}{number}{NUMBER_MARK}"
        paragraph.insert(0 if descendant(paragraph, "pPr") is None else 1, run)


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
