"""The kinds of files that the library takes, and who cleans each of them."""

import io
from pathlib import Path

from PIL import Image

from .archives import Cleaning, clean_archive
from .embedded_pictures import bare_picture
from .films import clean_mp4
from .found import CannotBeRead, CleaningNotes
from .ooxml import clean_ooxml
from .opendocument import clean_opendocument
from .pdf import clean_pdf
from .texts import clean_captions, clean_text

_PICTURE_FORMATS = {".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}


def clean_file(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Writes the file without what no reader sees; the ending of `target` says what it must be.

    Raises HiddenData for what only some readers see, and CannotBeRead.
    """
    if target.suffix == ".zip":
        clean_archive(source, target, notes, _IN_ARCHIVES)
    elif target.suffix in _CLEANING:
        _CLEANING[target.suffix](source, target, notes)
    else:
        raise CannotBeRead


def _clean_picture(source: Path, target: Path, notes: CleaningNotes) -> None:
    content = source.read_bytes()
    wanted = _PICTURE_FORMATS[target.suffix]
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as picture:
            picture.verify()
    except (OSError, SyntaxError, ValueError) as error:
        raise CannotBeRead from error
    bare = bare_picture(content)
    if bare != content:
        notes.remove("camera_data")
    target.write_bytes(bare)


_CLEANING: dict[str, Cleaning] = {
    ".csv": clean_text,
    ".docx": clean_ooxml,
    ".mp4": clean_mp4,
    ".odp": clean_opendocument,
    ".ods": clean_opendocument,
    ".odt": clean_opendocument,
    ".pdf": clean_pdf,
    ".pptx": clean_ooxml,
    ".txt": clean_text,
    ".vtt": clean_captions,
    ".xlsx": clean_ooxml,
}
# An archive in an archive is none of them.
_IN_ARCHIVES = _CLEANING | dict.fromkeys(_PICTURE_FORMATS, _clean_picture)
