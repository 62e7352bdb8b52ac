"""Starts the program that works on a file from outside, and hears what it tells."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .steps import UploadStep, steps_told_in, tell_step

_ROOT = Path(__file__).resolve().parents[2]
_MEGABYTE = 1024 * 1024
_LONGEST_ANSWER = 16 * _MEGABYTE

# One file at a time in each process, so that the memory of those who upload many is that of one. Of its
# eight threads (deploy/gunicorn.conf.py) half are left to those who do something else.
UPLOADS_WAITING = 3
TURN_SECONDS = 30
_turn = threading.BoundedSemaphore()
_room = threading.BoundedSemaphore(1 + UPLOADS_WAITING)


class NoTurnError(ValidationError):
    """So many files are being worked on that this one waited too long; says so to who uploads it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The file was not accepted: many files are being uploaded at the moment. "
                "Try again in a while."
            )
        )


@dataclass(frozen=True)
class Bounds:
    """What a child may take: memory, processor time as well as time, and the size of what it writes."""

    megabytes: int = 1024
    seconds: int = 45
    most_written: int = 64 * _MEGABYTE


def copy_to(target: Path, file: Any) -> None:
    """Copies what is in the file, which stands at its beginning again."""
    file.seek(0)
    with target.open("wb") as copy:
        shutil.copyfileobj(file, copy, _MEGABYTE)
    file.seek(0)


def ask_child(
    work: str, given: dict[str, Any], folder: Path, bounds: Bounds
) -> dict[str, Any] | None:
    """What the child tells; None if it died, told nonsense or took too long. Raises NoTurnError.

    `work` is the function that it calls, as "module:function"; `folder` is its alone, and goes afterwards.
    """
    question = folder / "question"
    question.write_text(json.dumps({"bounds": asdict(bounds), "given": given}))
    answer = folder / "answer"
    with _in_turn():
        tell_step(steps_told_in.get(), UploadStep(work.rpartition(":")[2]))
        code = _run(work, question, answer, bounds.seconds)
    if code != 0 or answer.stat().st_size > _LONGEST_ANSWER:
        return None
    try:
        told = json.loads(answer.read_bytes())
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


@contextlib.contextmanager
def _in_turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise NoTurnError
    try:
        tell_step(steps_told_in.get(), UploadStep("wait"))
        if not _turn.acquire(timeout=TURN_SECONDS):
            raise NoTurnError
        try:
            yield
        finally:
            _turn.release()
    finally:
        _room.release()


def _run(work: str, question: Path, answer: Path, seconds: int) -> int | None:
    command = [sys.executable, "-s", "-m", "pages.apart.child", work]
    with question.open("rb") as asked, answer.open("wb") as told:
        child = subprocess.Popen(  # noqa: S603  our own program, and words of our own
            command, cwd=_ROOT, env={"TMPDIR": str(answer.parent)}, stdin=asked, stdout=told,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(child)


def _end(child: subprocess.Popen) -> None:
    """Ends the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
