"""Files of plain text: csv, txt and vtt."""

import codecs
import re
from pathlib import Path

from .found import CannotBeRead, CleaningNotes, HiddenData

MOST_TEXT = 50 * 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|script|svg|\?xml)\b", re.IGNORECASE)
_OTHER_KINDS = ("%PDF-", "{\\rtf")
_BLANK_LINES = re.compile(r"(?:\r?\n){2,}")


def clean_text(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Text in UTF-8, to the byte as it was. Raises HiddenData and CannotBeRead."""
    target.write_bytes(_checked(source)[0])


def clean_captions(source: Path, target: Path, notes: CleaningNotes) -> None:
    """The same for captions, whose comments no player shows. Raises HiddenData and CannotBeRead."""
    content, text = _checked(source)
    if not re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        raise CannotBeRead
    blocks = _BLANK_LINES.split(text)
    kept = [block for block in blocks if not re.match(r"NOTE(?:[ \t\r\n]|$)", block)]
    if len(kept) < len(blocks):
        notes.remove("comments")
        content = "\n\n".join(kept).encode()
    target.write_bytes(content)


def _checked(source: Path) -> tuple[bytes, str]:
    if source.stat().st_size > MOST_TEXT:
        raise CannotBeRead
    content = source.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise HiddenData("not_utf8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" in content or content.startswith(b"MZ"):
            raise CannotBeRead from error
        raise HiddenData("not_utf8") from error
    if _CONTROL.search(text) or _MARKUP.match(text) or text.startswith(_OTHER_KINDS):
        raise CannotBeRead
    return content, text
