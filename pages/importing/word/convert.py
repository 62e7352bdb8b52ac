"""Turns a Word document into HTML, and reads that."""

import re
from html import unescape
from io import BytesIO

import mammoth
from django.utils.translation import gettext as _

from ..documents import Element, ImportedPicture, Notes, RefusedError
from ..html import read_html
from ..sniff import SourceFile, picture_in, too_deep
from .nodes import word_name
from .package import WordPackage, unreadable
from .simplify import DECORATIVE, simplify
from .unsettled import refuse_what_is_unsettled

_STYLE_MAP = "\n".join(
    [
        "p.PartTitle => h1.title:fresh",
        *(f"p.PartHeading{level} => h{min(level, 6)}:fresh" for level in range(1, 10)),
        "p.PartLead => p.lead:fresh",
        "p.PartSubtitle => p.subtitle:fresh",
        "p.PartCaption => p.caption:fresh",
        "p.PartQuote => blockquote > p:fresh",
        *(
            f"p.Part{name.capitalize()}{level} => {'ul|ol > li > ' * (level - 1)}{name} > li:fresh"
            for name in ("ul", "ol")
            for level in range(1, 6)
        ),
        # Mammoth itself knows five levels; `list_items` raises what lies deeper.
        *(
            f"p:{kind}ordered-list({level}) => {'ul|ol > li > ' * (level - 1)}{name} > li:fresh"
            for name, kind in (("ul", "un"), ("ol", ""))
            for level in range(6, 10)
        ),
        "br[type='page'] => br",
        "br[type='column'] => br",
        "u => ",
        "small-caps => ",
        "all-caps => ",
    ]
)


def read_word(source: SourceFile, *, notes: Notes) -> list[Element]:
    """The elements of the document, in its order. Raises RefusedError."""
    package = WordPackage(source)
    refuse_what_is_unsettled(package)
    simplify(package, notes)
    pictures: list[ImportedPicture | None] = []

    def keep(image: mammoth.documents.Image) -> dict[str, str]:
        pictures.append(_picture(image))
        attributes = {"src": str(len(pictures) - 1)}
        if image.alt_text == DECORATIVE:
            attributes |= {"alt": "", "role": "presentation"}
        return attributes

    try:
        html = mammoth.convert_to_html(
            BytesIO(package.packed()),
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
        ).value
    except RefusedError:
        raise
    except RecursionError as error:
        raise too_deep() from error
    # What mammoth raises for a part that is not as it should be is not one family.
    except Exception as error:
        raise unreadable(source.name) from error
    _tell_what_is_not_there(html, package, notes)
    return read_html(html, open_picture=lambda number: pictures[int(number)], notes=notes)


def _tell_what_is_not_there(html: str, package: WordPackage, notes: Notes) -> None:
    """Compares each text of the document with what came of it."""
    there = "".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
    for story in package.stories:
        for node in story.iter():
            text = node.text or "" if word_name(node) == "t" else ""
            if "".join(text.split()) not in there:
                notes.complete(
                    _("Add the text that could not be brought along: “%(text)s”.")
                    % {"text": text.strip()[:60]}
                )


def _picture(image: mammoth.documents.Image) -> ImportedPicture | None:
    try:
        with image.open() as file:
            return picture_in(file.read())
    except (KeyError, mammoth.docx.files.InvalidFileReferenceError):
        return None
