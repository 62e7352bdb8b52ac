"""Reads a file of any kind that can become an article."""

import base64
import binascii
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pages.apart.line import bring

from .arrange import arrange
from .documents import ImportedArticle, ImportedPicture, Notes
from .html import OpenPicture, read_html
from .markdown import read_markdown
from .open_document import read_open_document
from .plain_text import read_plain_text
from .sniff import MAX_CHARACTERS, FileKind, bytes_of, picture_in, read_source, text_in, too_long
from .word import read_word


def read_article(path: Path, *, topics: Collection[str] = ()) -> ImportedArticle:
    """The article that a file holds. Raises RefusedError.

    `topics` are the names of the topics there are, known from a line at the article's end.
    """
    notes = Notes()
    source = read_source(path)
    if source.kind is FileKind.WORD:
        return arrange(read_word(source, notes=notes), notes=notes, topics=topics)
    if source.kind is FileKind.OPEN_DOCUMENT:
        return arrange(read_open_document(source, notes=notes), notes=notes, topics=topics)
    text = text_in(source)
    if source.kind is FileKind.TEXT:
        if len(text) > MAX_CHARACTERS:
            raise too_long()
        elements = read_plain_text(text, notes=notes)
        return arrange(elements, notes=notes, topics=topics, has_markup=False)
    read = read_html if source.kind is FileKind.HTML else read_markdown
    elements = read(text, open_picture=_pictures_beside(source.folder), notes=notes)
    return arrange(elements, notes=notes, topics=topics)


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
