"""What a file really is, whatever its name says, and how much of it is taken."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from pages.library.pixels import TooManyPixelsError, drawn_at_half, header_of
from pages.library.upload import too_many_pixels_sentence

from .documents import ImportedPicture, Notes, RefusedError

MAX_FILE_SIZE = 20 * 1024 * 1024
MAX_UNPACKED_SIZE = 200 * 1024 * 1024
# A package this small may be packed as tightly as it likes.
_UNPACKED_SIZE_ABOVE_SUSPICION = 20 * 1024 * 1024
MAX_PACKING_RATIO = 100
MAX_PACKAGE_ENTRIES = 5_000
MAX_PARAGRAPHS = 5_000
MAX_LINES = 20_000
_MAX_PART_SIZE = 30 * 1024 * 1024
_MAX_TAGS_IN_A_PART = 400_000
# More than a book.
MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 100
# More than that many paragraphs need, with the words in them that are marked.
MAX_TAGS = 20_000
# The time that the editor's converter needs for a paragraph grows with their square.
MAX_TAGS_IN_A_PARAGRAPH = 500
MAX_LINKS = 2_000


class FileKind(Enum):
    """The kinds of file that can become an article."""

    WORD = ".docx"
    OPEN_DOCUMENT = ".odt"
    HTML = ".html"
    TEXT = ".txt"


_KINDS = {kind.value: kind for kind in FileKind} | {".htm": FileKind.HTML}
# How the names of files end that can become an article.
ARTICLE_ENDINGS = frozenset(_KINDS)

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
_STARTS_AS_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_ANY_TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>", re.I)
_DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-z0-9_.:-]+)", re.I)
_SWEDISH = re.compile(r"\S*[åäö]\S*", re.I)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# One and the same for everyone who writes on the web, as the HTML standard has it.
_WINDOWS_1252 = {"windows-1252", "cp1252", "iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}


@dataclass(frozen=True)
class SourceFile:
    """A file that is what its name says."""

    kind: FileKind
    name: str
    content: bytes
    folder: Path


def read_source(path: Path) -> SourceFile:
    """The file, read and looked through. Raises RefusedError."""
    kind = _KINDS.get(path.suffix.lower())
    content = bytes_of(path)
    if kind is None:
        raise RefusedError(
            _("The file %(name)s is of a kind that cannot be imported: use %(kinds)s.")
            % {"name": path.name, "kinds": ", ".join(each.value for each in FileKind)}
        )
    _check_label(path.name, kind, content)
    return SourceFile(kind, path.name, content, path.parent)


def bytes_of(path: Path) -> bytes:
    """The bytes of a file of a size that we take. Raises RefusedError."""
    with small_enough(path) as file:
        content = file.read()
    if not content.strip():
        raise RefusedError(_("The file %(name)s is empty.") % {"name": path.name})
    return content


@contextmanager
def small_enough(path: Path) -> Iterator[BinaryIO]:
    """A file of a size that we take. Raises RefusedError, also where it cannot be read."""
    name = {"name": path.name or str(path)}
    try:
        if not path.exists():
            raise RefusedError(_("The file %(path)s does not exist.") % {"path": path})
        if path.is_dir():
            raise RefusedError(_("%(path)s is a folder, not a file.") % {"path": path})
        if not path.is_file():
            raise RefusedError(_("%(path)s is not an ordinary file.") % {"path": path})
        size = path.stat().st_size
        if size > MAX_FILE_SIZE:
            raise RefusedError(_("The file %(name)s is too large: 20 MB is the most.") % name)
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError) as error:
        raise RefusedError(_("The file %(name)s cannot be read.") % name) from error


def _check_label(name: str, kind: FileKind, content: bytes) -> None:
    found = _what_it_is(content)
    if kind not in (FileKind.WORD, FileKind.OPEN_DOCUMENT):
        if found is not None:
            raise mislabelled(name, found)
    elif content.startswith(_OLE) and _PASSWORD_MARK in content:
        raise protected(name)
    elif not content.startswith((_ZIP, _EMPTY_ZIP)):
        is_word = kind is FileKind.WORD
        wanted = _("not a Word document") if is_word else _("not an OpenDocument text")
        raise mislabelled(name, found or wanted)


def _what_it_is(content: bytes) -> str | None:
    """A name for what the first bytes show; None when they may be text."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(_OLE):
        return _("an old Word document (.doc)")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _("a packed file")
    if start.startswith(_PDF):
        return _("a PDF")
    if start.startswith(_RTF):
        return _("a text in the format RTF")
    if content.startswith(_PICTURES):
        return _("a picture")
    return None


def mislabelled(name: str, found: str) -> RefusedError:
    """What is said of a file of another kind than its name says."""
    return RefusedError(
        _("The file %(name)s is not what its name says: it is %(found)s.")
        % {"name": name, "found": found}
    )


def protected(name: str) -> RefusedError:
    """What is said of a file that only opens with a password."""
    return RefusedError(
        _("The file %(name)s is protected by a password: remove it and save again.")
        % {"name": name}
    )


def text_in(source: SourceFile, notes: Notes | None = None) -> str:
    """The text of a file that is not packed. Raises RefusedError.

    With notes its encoding may be guessed.
    """
    text = re.sub(r"\r\n?|[\v\f]", "\n", _decoded(source, notes))
    if _CONTROL_CHARACTERS.search(text):
        raise mislabelled(source.name, _("not text"))
    if not text.strip():
        raise RefusedError(_("The file %(name)s is empty.") % {"name": source.name})
    is_html = _STARTS_AS_HTML.match(text[:10_000]) is not None
    if source.kind is FileKind.TEXT and is_html:
        raise mislabelled(source.name, _("an HTML file"))
    if source.kind is FileKind.HTML and not is_html and not _ANY_TAG.search(text):
        raise mislabelled(source.name, _("text without markup"))
    return text


def _decoded(source: SourceFile, notes: Notes | None) -> str:
    content = source.content
    encoding = "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif source.kind is FileKind.HTML and (found := _DECLARED_CHARSET.search(content[:4096])):
        declared = found[1].decode("ascii").lower()
        if declared in _WINDOWS_1252 and not content.startswith(b"\xef\xbb\xbf"):
            encoding = "cp1252"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        guess = content.decode("cp1252", "replace")
        swedish = _SWEDISH.search(guess)
        if notes and source.kind is FileKind.TEXT and swedish and "\ufffd" not in guess:
            notes.check(
                _(
                    "The file does not say how letters are stored in it. Read as Windows-1252: “%(text)s”."
                )
                % {"text": swedish[0][:60]}
            )
            return guess
        raise RefusedError(
            _("The file %(name)s is not text in UTF-8: save it anew with that encoding.")
            % {"name": source.name}
        ) from error


def unpack(source: SourceFile) -> dict[str, bytes]:
    """The entries of a packed file, name -> content, of a size that we take. Raises RefusedError."""
    name = {"name": source.name}
    broken = RefusedError(_("The file %(name)s is broken: it cannot be unpacked.") % name)
    try:
        with zipfile.ZipFile(BytesIO(source.content)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if any(entry.flag_bits & 1 for entry in entries):
                raise protected(source.name)
            size = sum(entry.file_size for entry in entries)
            packed_size = max(1, sum(entry.compress_size for entry in entries))
            if (
                size > MAX_UNPACKED_SIZE
                or len(entries) > MAX_PACKAGE_ENTRIES
                or (
                    size > _UNPACKED_SIZE_ABOVE_SUSPICION and size / packed_size > MAX_PACKING_RATIO
                )
            ):
                raise RefusedError(_("The file %(name)s is too large when it is unpacked.") % name)
            return {entry.filename: package.read(entry) for entry in entries}
    except RefusedError:
        raise
    # What a damaged package makes zipfile and its decompressors raise is not one family.
    except Exception as error:
        raise broken from error


def tree_in(content: bytes, broken: RefusedError) -> Node:
    """The XML of a part of a packed file. Raises RefusedError: `broken` if it is none."""
    if len(content) > _MAX_PART_SIZE or content.count(b"<") > _MAX_TAGS_IN_A_PART:
        raise too_long()
    try:
        return fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, LookupError, ValueError) as error:
        raise broken from error


def picture_in(content: bytes) -> ImportedPicture | None:
    """The picture that these bytes are; None if none that the site shows. Raises RefusedError.

    The picture is drawn, so that one which is cut off is found here.
    """
    try:
        header = header_of(BytesIO(content))
        content = _drawn_once(content, is_halved=header.is_too_large_to_keep)
    except TooManyPixelsError as error:
        raise RefusedError(too_many_pixels_sentence()) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        return None
    extension = header.format_name
    if extension not in settings.WAGTAILIMAGES_EXTENSIONS:
        return None
    return ImportedPicture(content, "jpg" if extension == "jpeg" else extension)


def _drawn_once(content: bytes, *, is_halved: bool) -> bytes:
    with Image.open(BytesIO(content)) as image:
        if is_halved:
            drawn_at_half(image)
        if image.format == "MPO":  # a JPEG with further pictures behind it, from a telephone
            return _first_of_many(image)
        image.load()
        return content


def _first_of_many(image: Image.Image) -> bytes:
    output = BytesIO()
    ImageOps.exif_transpose(image).save(output, "JPEG", quality=95)
    return output.getvalue()


def too_long() -> RefusedError:
    """What is said of a document that no article can be."""
    return RefusedError(
        _("The document is too long: %(most)s paragraphs are the most.") % {"most": MAX_PARAGRAPHS}
    )


def too_deep() -> RefusedError:
    """What is said of a document whose parts lie within each other without end."""
    return RefusedError(_("The document cannot be read: its parts are nested too deeply."))


def too_intricate() -> RefusedError:
    """What is said of a text with more marks in one place than anybody reads."""
    return RefusedError(_("The document cannot be read: a paragraph of it is too intricate."))


def tracked() -> RefusedError:
    """What is said of a document with changes that nobody has settled."""
    return RefusedError(
        _("The document has tracked changes: accept or reject them all and save again.")
    )


def commented() -> RefusedError:
    """What is said of a document with comments, which nobody should publish by accident."""
    return RefusedError(_("The document has comments: delete them all and save again."))


def hidden() -> RefusedError:
    """What is said of a document with text that its author no longer sees."""
    return RefusedError(_("The document has hidden text: show it or delete it, and save again."))


def cropped() -> RefusedError:
    """What is said of a document with more of a picture in it than it shows."""
    return RefusedError(
        _("A picture is cropped but whole in the file: delete its cropped areas and save.")
    )
