"""The kinds of files that the library takes, and who cleans each of them."""

from collections.abc import Callable
from pathlib import Path

from .films import clean_mp4
from .found import CannotBeRead, CleaningNotes
from .ooxml import clean_ooxml
from .pdf import clean_pdf
from .texts import clean_captions, clean_text


def clean_file(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Writes the file without what no reader sees; the ending of `target` says what it must be.

    Raises HiddenData for what only some readers see, and CannotBeRead.
    """
    if target.suffix not in _CLEANING:
        raise CannotBeRead
    try:
        _CLEANING[target.suffix](source, target, notes)
    except (RecursionError, ValueError) as error:  # numbers that are none, and the like
        raise CannotBeRead from error


_CLEANING: dict[str, Callable[[Path, Path, CleaningNotes], None]] = {
    ".csv": clean_text,
    ".docx": clean_ooxml,
    ".mp4": clean_mp4,
    ".pdf": clean_pdf,
    ".pptx": clean_ooxml,
    ".txt": clean_text,
    ".vtt": clean_captions,
    ".xlsx": clean_ooxml,
}
