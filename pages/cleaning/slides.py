"""PowerPoint files: refuses notes, hidden slides and what stands beside a slide."""

from collections.abc import Iterator

from lxml import etree

from .found import CleaningNotes, HiddenData, some_words
from .office_package import OfficePackage
from .xml_parts import short_name

# Places for the picture of the slide, its number and the like, which are no words of the speaker.
_NO_NOTES = {"dt", "ftr", "hdr", "sldImg", "sldNum"}


def refuse_hidden_slides(package: OfficePackage) -> None:
    """Raises HiddenData for notes, comments, hidden slides, hidden shapes and text beside a slide."""
    main = package.main_part()
    presentation = package.tree(main)
    size = presentation.find("{*}sldSz")
    width, height = (
        (int(size.get("cx", "0")), int(size.get("cy", "0"))) if size is not None else (0, 0)
    )
    by_key = {relation.key: relation for relation in package.relations(main)}
    for number, slide in enumerate(presentation.iter("{*}sldId"), start=1):
        relation = next(
            (by_key[value] for key, value in slide.attrib.items()
             if key.startswith("{") and value in by_key), None,
        )  # fmt: skip
        if relation is None:
            continue
        on_slide = ("slide", number)
        root = package.tree(relation.target)
        if root.get("show") in ("0", "false"):
            raise HiddenData("hidden_slide", on_slide)
        for other in package.relations(relation.target):
            if other.kind in ("comments", "comment"):
                words = some_words(_text_in(package.tree(other.target)))
                raise HiddenData("comments", on_slide, *_quoted(words))
            if other.kind == "notesSlide" and (words := _notes_in(package.tree(other.target))):
                raise HiddenData("speaker_notes", on_slide, ("words", some_words(words)))
        for shape in _shapes(root):
            if words := _text_in(shape):
                if _is_hidden(shape):
                    raise HiddenData("hidden_text", on_slide, ("words", some_words(words)))
                if _is_beside(shape, width, height):
                    raise HiddenData("text_beside", on_slide, ("words", some_words(words)))


def clean_slides(package: OfficePackage, notes: CleaningNotes) -> None:
    for relation in package.all_relations():
        if relation.kind == "comments":  # an empty list
            package.drop(relation)


def _quoted(words: str) -> list[tuple[str, str | int]]:
    return [("words", words)] if words else []


def _shapes(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter("{*}sp", "{*}graphicFrame")


def _text_in(root: etree._Element) -> str:
    return " ".join(
        (each.text or "").strip() for each in root.iter("{*}t", "{*}text") if each.text
    ).strip()


def _notes_in(root: etree._Element) -> str:
    words = []
    for shape in _shapes(root):
        place = shape.find(".//{*}nvPr/{*}ph")
        if place is None or place.get("type") not in _NO_NOTES:
            words.append(_text_in(shape))
    return " ".join(words).strip()


def _is_hidden(shape: etree._Element) -> bool:
    for holder in (shape, *shape.iterancestors("{*}grpSp")):
        for each in holder:
            if short_name(each) in ("nvSpPr", "nvGraphicFramePr", "nvGrpSpPr"):
                said = each.find("{*}cNvPr")
                if said is not None and said.get("hidden") in ("1", "true"):
                    return True
    return False


def _is_beside(shape: etree._Element, width: int, height: int) -> bool:
    """Whether a shape that stands alone lies wholly outside of the slide."""
    parent = shape.getparent()
    if not width or parent is None or short_name(parent) != "spTree":
        return False
    frame = shape.find("{*}spPr/{*}xfrm")
    frame = shape.find("{*}xfrm") if frame is None else frame
    if frame is None:
        return False
    off, extent = frame.find("{*}off"), frame.find("{*}ext")
    if off is None or extent is None:
        return False
    left, upper = int(off.get("x", "0")), int(off.get("y", "0"))
    right, lower = left + int(extent.get("cx", "0")), upper + int(extent.get("cy", "0"))
    return right <= 0 or lower <= 0 or left >= width or upper >= height
