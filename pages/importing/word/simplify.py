"""Makes a Word document plain, and tells what is lost."""

import re
from xml.etree.ElementTree import Element as Node

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
_SAYS_A_WORD = re.compile(r"§|[^\W\d_]{2}")


def simplify(package: WordPackage, notes: Notes) -> None:
    """Writes into the paragraphs what they are, and takes out what tells of the file."""
    _tell_what_is_lost(package, notes)
    for story in package.stories:
        _unwrap(story, notes)
        settle_fields(story, notes)
        _write_numbers(story, package, notes)
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
            elif name in ("OLEObject", "control"):
                kind = node.get("ProgID") or node.get("name") or _("without a name")
                notes.complete(
                    _("Add what was embedded and could not be brought along: %(name)s.")
                    % {"name": kind[:60]}
                )
            elif word_name(node) == "highlight" and attribute_of(node, "val") != "none":
                notes.drop(_("text marked with colour (the text is kept)"))


def _unwrap(story: Node, notes: Notes) -> None:
    """Takes away what mammoth would drop the text of: directions, bases of ruby, drawn words."""
    for parent in reversed(list(story.iter())):
        for at, child in reversed(list(enumerate(parent))):
            name = word_name(child)
            if name == "ruby":
                notes.drop(_("text above characters"))
            if name in ("bdo", "dir", "ruby", "rubyBase"):
                parent[at : at + 1] = [each for each in child if word_name(each) != "rt"]
            elif name == "pict":
                words = [
                    node.get("string", "")
                    for node in child.iter()
                    if local_name(node) == "textpath"
                ]
                parent[at : at + 1] = [child, *(_text_of(parent.tag, f"{each} ") for each in words)]


def _text_of(tag: str, words: str) -> Node:
    """The words as a run holds them, in the namespace of this tag."""
    text = Node(f"{tag.rpartition('}')[0]}}}t")
    text.text = words
    return text


def _write_numbers(story: Node, package: WordPackage, notes: Notes) -> None:
    """Writes into items of lists the numbers that Word shows, and into headings those that say a word."""
    numbering = WordNumbering(package.numbering, package.styles)
    for paragraph in [node for node in story.iter() if word_name(node) == "p"]:
        number, role = numbering.number_of(paragraph), package.styles.role_of(paragraph)
        is_heading = role.startswith("Heading")
        if number is None or not (is_heading or role[:2] in ("", "Ol")):
            continue
        if is_heading and not _SAYS_A_WORD.search(number):
            if number:
                notes.drop(_("numbers of headings, as “%(number)s”") % {"number": number})
            continue
        mark = " " if is_heading else NUMBER_MARK
        run = Node(f"{paragraph.tag[:-1]}r")
        run.append(_text_of(paragraph.tag, f"{mark}{number}{mark}"))
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
