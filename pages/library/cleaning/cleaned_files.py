"""Hands an uploaded file to a process of its own that takes hidden data out of it."""

import tempfile
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File

from pages.library.apart.parent import Bounds, ask_child, copy_to, told_wrongly
from pages.library.virus_scanner import clear_of_viruses

from .sentences import hidden_sentences, removed_in_words, too_large_sentence, unreadable_sentence

_MEGABYTE = 1024 * 1024
_WORK = "pages.library.cleaning.cleaning_job:clean_and_tell"
# Films are never read into memory; other files are.
_MOST_MEGABYTES = {".mp4": 1024}
_MOST_MEGABYTES_OF_OTHERS = 100
_SECONDS = Bounds.seconds
# What a PDF is to those who listen to it (`pages.checks.hidden_data`), if the child has told it.
_SEEN = ("title", "language", "tags")


class FileRefused(ValidationError):
    """The file is not taken; the messages are whole sentences for the one who uploads it."""


class CleanedFile(File):
    """A file without hidden data, and what is known of it."""

    def __init__(
        self,
        file: IO[bytes],
        name: str | None = None,
        *,
        removed: tuple[str, ...] = (),
        inspection: dict[str, object] | None = None,
    ) -> None:
        super().__init__(file, name)
        # Codes of what was taken out: `removed_in_words` says them.
        self.removed = removed
        # What later checks ask: when it was cleaned, and what was seen of it.
        self.inspection = inspection or {}


def cleaned(file: File, name: str) -> CleanedFile:
    """The same for a reader, without hidden data. Raises FileRefused and NotClearedError."""
    ending = PurePath(name).suffix.lower()
    most = _MOST_MEGABYTES.get(ending, _MOST_MEGABYTES_OF_OTHERS)
    if file.size > most * _MEGABYTE:
        raise FileRefused(too_large_sentence(most))
    with tempfile.TemporaryDirectory(
        prefix="cleaning-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        source, target = Path(folder, "source"), Path(folder, "made", f"target{ending}")
        copy_to(source, file)
        clear_of_viruses(source, name)
        # A cleaned file is hardly larger than it was; films are copied, there and back, also by a slow disk.
        bounds = Bounds(
            seconds=_SECONDS + file.size // (20 * _MEGABYTE),
            most_written=2 * file.size + 64 * _MEGABYTE,
        )
        given = {"source": "source", "target": f"made/{target.name}"}
        told = ask_child(_WORK, given, Path(folder), bounds)
        with told_wrongly(FileRefused(unreadable_sentence(ending))):
            if "hidden" in told:
                raise FileRefused(hidden_sentences(told["hidden"], ending))
            removed_in_words(told["removed"])
            seen: dict[str, object] = {
                name: bool(told["seen"][name]) for name in _SEEN if name in told["seen"]
            }
            if covered := told["seen"].get("painted_over"):
                seen["painted_over"] = [int(page) for page in covered]
            # The folder goes; the open file stays as long as somebody reads it.
            return CleanedFile(
                target.open("rb"),
                name,
                removed=tuple(told["removed"]),
                inspection={"seen": seen},
            )
