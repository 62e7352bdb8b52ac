"""Hands an uploaded file to a process of its own that takes hidden data out of it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone

from .sentences import hidden_sentence, too_large_sentence, unreadable_sentence

_ROOT = Path(__file__).resolve().parents[2]
_MEGABYTE = 1024 * 1024
# Less than nginx waits for an answer.
_SECONDS = 45
_MEGABYTES_OF_MEMORY = 1024
# Films are never read into memory; other files are.
_MOST_MEGABYTES = {".mp4": 1024, ".webm": 1024}
_MOST_MEGABYTES_OF_OTHERS = 100
_LONGEST_ANSWER = 1024 * 1024

# One file at a time in each process, so that the memory of those who upload many is that of one.
_turn = threading.Lock()


class FileRefused(ValidationError):
    """The file is not taken; the message is the whole sentence for the one who uploads it."""


class CleanedFile(File):
    """A file without hidden data, and what is known of it."""

    def __init__(
        self,
        file: Any,
        name: str | None = None,
        *,
        removed: tuple[str, ...] = (),
        inspection: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(file, name)
        # Codes of what was taken out: `removed_in_words` says them.
        self.removed = removed
        # What later checks ask: when it was cleaned, and what was seen of it.
        self.inspection = inspection or {}


def cleaned(file: File, name: str) -> CleanedFile:
    """The same for a reader, without hidden data. Raises FileRefused."""
    ending = PurePath(name).suffix.lower()
    most = _MOST_MEGABYTES.get(ending, _MOST_MEGABYTES_OF_OTHERS)
    if file.size > most * _MEGABYTE:
        raise FileRefused(too_large_sentence(most))
    with tempfile.TemporaryDirectory(
        prefix="cleaning-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        source, target = Path(folder, "source"), Path(folder, f"target{ending}")
        _copy(file, source)
        with _turn:
            told = _ask_child(source, target, Path(folder))
        if told is None or "unreadable" in told:
            raise FileRefused(unreadable_sentence(ending))
        if "hidden" in told:
            raise FileRefused(hidden_sentence(told["hidden"], told["place"], ending))
        inspection = {"cleaned_at": timezone.now().isoformat(), "seen": told["seen"]}
        # The folder goes; the open file stays as long as somebody reads it.
        return CleanedFile(
            target.open("rb"), name, removed=tuple(told["removed"]), inspection=inspection
        )


def _copy(file: File, source: Path) -> None:
    file.seek(0)
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy, _MEGABYTE)
    file.seek(0)


def _ask_child(source: Path, target: Path, folder: Path) -> dict[str, Any] | None:
    """What the child tells; None if it died, told nonsense or took too long."""
    answer = folder / "answer"
    command = [
        sys.executable, "-s", "-m", "pages.cleaning.child", str(source), str(target),
        str(_MEGABYTES_OF_MEMORY), str(_SECONDS),
    ]  # fmt: skip
    with answer.open("wb") as told:
        child = subprocess.Popen(  # noqa: S603  our own program, and paths that we made
            command, cwd=_ROOT, env={"TMPDIR": str(folder)}, stdin=subprocess.DEVNULL, stdout=told,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(child)
    if code != 0 or answer.stat().st_size > _LONGEST_ANSWER:
        return None
    try:
        found: dict[str, Any] = json.loads(answer.read_bytes())
    except ValueError:
        return None
    return found if "removed" not in found or target.is_file() else None


def _end(child: subprocess.Popen) -> None:
    """Ends the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
