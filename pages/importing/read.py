"""Reads a file of any kind that can become an article."""

import base64
import binascii
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pages.library.apart.line import bring

from .arrange import FrameRemoval, arrange
from .documents import ImportedArticle, ImportedPicture, Notes
from .html import OpenPicture, read_html
from .open_document import read_open_document
from .plain_text import read_plain_text
from .sniff import MAX_CHARACTERS, FileKind, bytes_of, picture_in, read_source, text_in, too_long
from .word import read_word


def read_article(path: Path, *, frame: FrameRemoval | None = None) -> ImportedArticle:
    """The article that a file holds. Raises RefusedError.

    `frame` takes away what stood around it on another website, before anything is arranged.
    """
    notes = Notes()
    source = read_source(path)
    if source.kind is FileKind.WORD:
        return arrange(read_word(source, notes=notes), notes=notes, frame=frame)
    if source.kind is FileKind.OPEN_DOCUMENT:
        return arrange(read_open_document(source, notes=notes), notes=notes, frame=frame)
    text = text_in(source, notes)
    if source.kind is FileKind.TEXT:
        if len(text) > MAX_CHARACTERS:
            raise too_long()
        elements = read_plain_text(text, notes=notes)
        return arrange(elements, notes=notes, frame=frame, has_markup=False)
    elements = read_html(text, open_picture=_pictures_beside(source.folder), notes=notes)
    return arrange(elements, notes=notes, frame=frame)


def _pictures_beside(folder: Path) -> OpenPicture:
    """Finds pictures within the document and in files below its folder, and nowhere else."""
    folder = folder.resolve()

    def open_picture(address: str) -> ImportedPicture | None:
        if address.startswith("data:"):
            return _embedded(address)
        try:
            parts = urlsplit(address)
            path = (folder / unquote(parts.path)).resolve()
            if parts.scheme or parts.netloc or not path.is_relative_to(folder):
                return None
            bring(path)
            return picture_in(bytes_of(path)) if path.is_file() else None
        except (OSError, ValueError):
            return None

    return open_picture


def _embedded(address: str) -> ImportedPicture | None:
    head, _comma, content = address.partition(",")
    try:
        is_packed = head.endswith(";base64")
        return picture_in(base64.b64decode(content, validate=True)) if is_packed else None
    except (binascii.Error, ValueError):
        return None
