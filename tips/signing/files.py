"""How the commands read and write files: within bounds, whole or not at all, never over another."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from .speech import Mistake, legible

MOST_BYTES_OF_TEXT = 1024 * 1024


def read_octets(path: Path) -> bytes:
    """What is in a small file; a pipe is read too, and what never ends is refused."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES_OF_TEXT + 1)
    if len(content) > MOST_BYTES_OF_TEXT:
        raise Mistake(f"{legible(path)} är för stor för att vara den filen.")
    return content


def read_text(path: Path) -> str:
    """The same, as text."""
    content = read_octets(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake(f"{legible(path)} är ingen textfil.") from None


@contextlib.contextmanager
def new_file(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file that appears under its name when it is whole, and never takes another's place."""
    refuse_existing(path)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError:
        raise Mistake(f"Det går inte att skriva i mappen {legible(path.parent)}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_new(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files, or none of them; keys for nobody else to read."""
    with contextlib.ExitStack() as undone:
        for path, octets in files.items():
            with new_file(path, 0o600 if path.suffix == ".age" else 0o644) as file:
                file.write(octets)
            undone.callback(path.unlink)
        undone.pop_all()


def refuse_existing(path: Path) -> None:
    """Stops, before any work is done, if the file exists already."""
    if os.path.lexists(path):
        raise Mistake(f"{legible(path)} finns redan och skrivs inte över.")
    if not path.parent.is_dir():
        raise Mistake(f"Mappen {legible(path.parent)} finns inte.")


def _put_in_place(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        refuse_existing(path)
    except OSError:  # a USB stick whose file system has no links
        refuse_existing(path)
        part.rename(path)
