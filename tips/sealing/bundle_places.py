"""Where the files of a bundle are: a zip file, or the folder that one was unpacked into."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from tips.plain_files import open_plain

from . import age
from .envelope import EnvelopeError
from .manifest import BUNDLE_PATH, BundleError


class BundlePlace(Protocol):
    def open(self, path: str) -> IO[bytes]: ...

    def close(self) -> None: ...


def place_at(path: Path) -> BundlePlace:
    return _Folder(path) if path.is_dir() else _Zip(path)


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, path: str) -> IO[bytes]:
        try:
            # No links and no pipes: only what was put into the folder is read.
            return open_plain(self._path / path)
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise missing_file(path) from fault
        except OSError as fault:
            raise BundleError("damaged", f"{path} cannot be read") from fault

    def close(self) -> None:
        pass


class _Zip:
    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            with telling_faults(path.name), telling_disk_errors(path.name):
                self._archive = zipfile.ZipFile(self._file)
            self._check()
        except BundleError as fault:
            self._file.close()
            raise BundleError("not_a_bundle", f"not a zip file of tips: {fault}") from fault

    def open(self, path: str) -> IO[bytes]:
        with telling_faults(path), telling_disk_errors(path):
            try:
                return self._archive.open(path)
            except KeyError as fault:
                raise missing_file(path) from fault

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def _check(self) -> None:
        """Refuses the archive as a whole when an entry is not of the kind that a bundle has."""
        entries = self._archive.infolist()
        if len({entry.filename for entry in entries}) < len(entries):
            raise BundleError("not_a_bundle", "a name stands twice in the archive")
        for entry in entries:
            if not BUNDLE_PATH.fullmatch(entry.filename):
                raise BundleError("not_a_bundle", "the archive holds something else than tips")
            # The other methods may ask for gigabytes of memory before they give an octet.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BundleError("not_a_bundle", "the archive is compressed in another way")


def missing_file(path: str) -> BundleError:
    return BundleError("missing_file", f"{path} is missing")


@contextmanager
def telling_disk_errors(path: str) -> Iterator[None]:
    """Turns errors of the disk into a BundleError: a changed archive causes them too."""
    try:
        yield
    except OSError as fault:
        raise BundleError("damaged", f"{path} cannot be read") from fault


@contextmanager
def telling_faults(path: str) -> Iterator[None]:
    """Turns errors of the archive and of age into a BundleError."""
    try:
        yield
    except BundleError:
        raise
    except age.WrongKey as fault:
        raise BundleError("wrong_key", f"{path} is sealed to other keys") from fault
    except (
        age.AgeError, EnvelopeError, zipfile.BadZipFile, zlib.error, struct.error,
        EOFError, NotImplementedError, RuntimeError, ValueError,
    ) as fault:  # fmt: skip
        raise BundleError("damaged", f"{path} is damaged: {fault}") from fault
