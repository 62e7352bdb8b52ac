"""Hands a file from outside to the program that works on it, and hears what that tells."""

import contextlib
import logging
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .line import ChildLine
from .started import child_at

_log = logging.getLogger(__name__)
_MEGABYTE = 1024 * 1024
_NAME = re.compile(r"[0-9a-z]{1,20}(\.[0-9a-z]{1,20})?")

# One file at a time in each process, so that the memory of those who upload many is that of one. Of its
# eight threads (deploy/gunicorn.conf.py) half are left to those who do something else.
UPLOADS_WAITING = 3
TURN_SECONDS = 30
_ANSWERS_WITHIN = 5
# A document has fewer parts (pages/importing/sniff.py), and a picture fewer sizes.
_MOST_LINES = 10_000
_turn = threading.BoundedSemaphore()
_room = threading.BoundedSemaphore(1 + UPLOADS_WAITING)


class NoTurnError(ValidationError):
    """Nobody can work on the file now, since many wait or the reader is away; says so to who uploads it."""

    def __init__(self, said: str = "") -> None:
        super().__init__(
            said
            or _(
                "The file was not accepted: many files are being uploaded at the moment. "
                "Try again in a while."
            )
        )


@dataclass(frozen=True)
class Bounds:
    """What a child may take: memory, processor time as well as time, and the size of a file that it writes.

    All that it hands back is no larger than that either.
    """

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
    work: str, given: dict[str, Any], folder: Path, bounds: Bounds, beside: Path | None = None
) -> Any:
    """What the child tells, which may be anything; None if it died, told nonsense or took too long. Raises NoTurnError.

    `work` is the function that it calls, as "module:function". It gets the files in `folder`, and what it lays
    into `made` comes back to that folder's. `beside`: where it may ask for further pictures.
    """
    with _in_turn():
        return _run(work, given, folder, bounds, beside)


@contextlib.contextmanager
def told_wrongly(refusal: Exception) -> Iterator[None]:
    """Raises the refusal where a child has told nothing, or nothing of the shape that its work has."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        raise refusal from error


@contextlib.contextmanager
def _in_turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise NoTurnError
    try:
        if not _turn.acquire(timeout=TURN_SECONDS):
            raise NoTurnError
        try:
            yield
        finally:
            _turn.release()
    finally:
        _room.release()


def _run(
    work: str, given: dict[str, Any], folder: Path, bounds: Bounds, beside: Path | None
) -> dict[str, Any] | None:
    files = [each for each in folder.iterdir() if each.is_file()]
    made = folder / "made"
    with _end_of_line(folder) as end, _for(bounds.seconds, end):
        try:
            made.mkdir()
            with end.makefile("rb") as reads, end.makefile("wb") as writes:
                line = ChildLine(reads, writes)
                for each in files:
                    line.send(each)
                line.tell(work=work, given=given, bounds=asdict(bounds))
                return _heard(line, made, bounds.most_written, beside)
        except (OSError, EOFError, ValueError, TypeError, RecursionError):
            return None


def _heard(line: ChildLine, made: Path, most: int, beside: Path | None) -> dict[str, Any] | None:
    """The answer, and before it files and questions for others: never more or elsewhere than may be."""
    for _line in range(_MOST_LINES):
        match line.hear():
            case {"answer": answer}:
                return answer if isinstance(answer, dict) else None
            case {"file": str(name), "size": int(size)} if (
                _NAME.fullmatch(name) and 0 <= size <= most
            ):
                line.take(made / name, size)
                most -= size
            case {"wants": str(name)}:
                path = _beside(beside, name)
                line.send(path) if path and path.stat().st_size <= most else line.tell()
            case _:
                return None
    return None


def _beside(folder: Path | None, name: str) -> Path | None:
    """A picture below the folder, and nothing else."""
    if folder is None:
        return None
    path = (folder / name).resolve()
    is_picture = path.suffix.lower().removeprefix(".") in settings.WAGTAILIMAGES_EXTENSIONS
    return path if is_picture and path.is_relative_to(folder.resolve()) and path.is_file() else None


@contextlib.contextmanager
def _end_of_line(folder: Path) -> Iterator[socket.socket]:
    """Our end of the line to a child: of the reader, where there is one, else started here, as our own user."""
    if not settings.READER_SOCKET:
        ours, theirs = socket.socketpair()
        with ours, theirs, child_at(theirs, folder):
            theirs.close()
            yield ours
        return
    with socket.socket(socket.AF_UNIX) as end:
        try:
            end.settimeout(_ANSWERS_WITHIN)
            end.connect(settings.READER_SOCKET)
            end.settimeout(None)
        except OSError as error:
            _log.error("The reader of files does not answer (%s)", type(error).__name__)
            raise NoTurnError(
                _(
                    "The file was not accepted: the program that reads files does not answer. Try again in a while."
                )
            ) from error
        yield end


@contextlib.contextmanager
def _for(seconds: float, end: socket.socket) -> Iterator[None]:
    """Hangs up after so long, whatever is being said."""

    def hang_up() -> None:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
