"""Sealed tips on their way to a machine without a network: a zip file (`packing.py` makes it).

They are opened here and not judged: whether the intake has signed a tip, and who wrote a note, is told by
`opener.html`.
"""

import json
import os
import re
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from . import age, envelope
from .packing import BUNDLE_FORMAT, MANIFEST

_TIP, _NOTES = "tip.json", "anteckningar.json"
_LARGEST_LIST = 16 * 1024 * 1024
_LARGEST_TEXT = 2 * 1024 * 1024
_MOST_ATTACHMENTS = 100
# What would steer a terminal or deceive the eye, and JSON may hold as it is.
_DECEIVING = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class BundleError(ValueError):
    """Why a bundle, or a tip in it, cannot be opened.

    `code` says it to programs: not_a_bundle, missing_file, damaged, wrong_key or exists. The text
    names files of the bundle, never anything that was sealed.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Bundle:
    """Sealed tips that can be opened one by one, and the names of the files of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        try:
            said = json.loads(self._text(MANIFEST, _LARGEST_LIST))
            is_ours = said["format"] == BUNDLE_FORMAT
            self.tips = {
                UUID(tip["id"]): [str(file["name"]) for file in tip["files"]]
                for tip in said["tips"]
            }
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            is_ours = False
        if not is_ours:
            raise BundleError("not_a_bundle", f"not a bundle of the format {BUNDLE_FORMAT}")

    def open_tip(self, tip: UUID, identities: Sequence[age.Identity], out: Path) -> Path:
        """Writes the tip and its files into a folder of their own: all of it, or nothing."""
        goal = out / str(tip)
        if os.path.lexists(goal):
            raise BundleError("exists", f"{goal} exists already")
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{tip}.", dir=out))
        try:
            self._write(tip, identities, part)
            part.rename(goal)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return goal

    def _write(self, tip: UUID, identities: Sequence[age.Identity], folder: Path) -> None:
        body = self._body(tip, identities)
        attachments = body["attachments"]
        if len(attachments) > _MOST_ATTACHMENTS:
            raise BundleError("damaged", "the tip has too many files")
        for number, file in enumerate(attachments, 1):
            file["saved_as"] = name = _safe_name(number, file["name"])
            path = f"{tip}/{file['id']}.age"
            with self._opened(path) as source, _create(folder / name) as out, _told(path):
                left = file["size"]
                for piece in age.open_stream(source, identities):
                    left -= out.write(piece[:left])
                if left:
                    raise age.Damaged("shorter than the tip says")
        _write_json(folder / _TIP, body)
        notes = [name for name in self.tips[tip] if name.startswith("notes/")]
        if notes:
            read = [self._note(f"{tip}/{name}", identities) for name in notes]
            _write_json(folder / _NOTES, read)

    def _body(self, tip: UUID, identities: Sequence[age.Identity]) -> dict[str, Any]:
        path = f"{tip}/body.age"
        sealed = self._text(path)
        with _told(path):
            body = envelope.read_body(age.unseal(sealed, identities))
        if body["id"] != str(tip):
            raise BundleError("damaged", f"{path} belongs to another tip")
        return body

    def _note(self, path: str, identities: Sequence[age.Identity]) -> object:
        """The note as it was sealed, whoever wrote it. One for others must not hide the tip."""
        sealed = self._text(path)
        try:
            return json.loads(age.unseal(sealed, identities))
        except age.WrongKey:
            return "låst för en annan nyckel"
        except (age.AgeError, ValueError, RecursionError):
            return "skadad"

    def _text(self, path: str, most: int = _LARGEST_TEXT) -> bytes:
        with self._opened(path) as file, _told(path):
            octets = file.read(most + 1)
        if len(octets) > most:
            raise BundleError("damaged", f"{path} is larger than any")
        return octets

    @contextmanager
    def _opened(self, path: str) -> Iterator[IO[bytes]]:
        try:
            with _told(path):
                # Packed as it is, and so no larger than the archive: other ways may ask for gigabytes.
                if self._archive.getinfo(path).compress_type != zipfile.ZIP_STORED:
                    raise BundleError("not_a_bundle", "the archive is compressed")
                file = self._archive.open(path)
        except OSError:  # a changed archive leads past its own ends
            raise BundleError("damaged", f"{path} cannot be read") from None
        with file:
            yield file


@contextmanager
def open_bundle(path: Path | str) -> Iterator[Bundle]:
    """The bundle at the path. It may come from anybody, so nothing in it is trusted."""
    with open(path, "rb") as file:
        try:
            archive = zipfile.ZipFile(file)
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, struct.error):
            raise BundleError("not_a_bundle", "not a zip file of tips") from None
        with archive:
            yield Bundle(archive)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Turns errors of the archive and of age into a BundleError."""
    try:
        yield
    except BundleError:
        raise
    except KeyError:
        raise BundleError("missing_file", f"{path} is missing") from None
    except age.WrongKey:
        raise BundleError("wrong_key", f"{path} is sealed to other keys") from None
    except (ValueError, zipfile.BadZipFile, struct.error, EOFError, RuntimeError) as fault:
        raise BundleError("damaged", f"{path} is damaged: {type(fault).__name__}") from None


def _safe_name(number: int, name: str) -> str:
    """A name by its number: a stranger chose the other. The ending says which program opens the file."""
    ending = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return f"fil-{number}{ending[0].lower() if ending else ''}"


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    text = _DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    with _create(path) as file:
        file.write(text.encode("utf-8", "replace"))
