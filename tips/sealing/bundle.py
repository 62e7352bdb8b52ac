"""Sealed tips on their way to a machine without a network: a zip file, or a folder."""

import hashlib
import json
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol
from uuid import UUID

from . import age, envelope
from .file_names import file_names
from .tip_text import notes_text, tip_text

FORMAT = "sapo-tips/1"
MANIFEST = "manifest.json"
# Far more than the form takes; a bundle that holds more was not made here.
LARGEST_FILE = 96 * 1024 * 1024
MAX_ATTACHMENTS = 100
_LARGEST_MANIFEST = 16 * 1024 * 1024
_LARGEST_TEXT = 2 * 1024 * 1024
_PIECE = 64 * 1024

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ATTACHMENT = re.compile(rf"{_UUID}\.age")
_FILE = re.compile(rf"head\.age|body\.age|(?:notes/)?{_UUID}\.age")
_PATH = re.compile(rf"{MANIFEST}|({_UUID})/(?:notes/|{_FILE.pattern})?")
_STATE = re.compile(r"[a-z_]{1,20}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_TIP_TEXT, _NOTES_TEXT = "tip.txt", "anteckningar.txt"


class BundleError(ValueError):
    """Why a bundle, or a tip in it, cannot be opened.

    `code` says it to programs: not_a_bundle, unknown_tip, missing_file, damaged, wrong_key or
    exists. The text names files of the bundle, never anything that was sealed.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class PackedFile:
    """A sealed file as the manifest lists it. The sum is of the whole, header and payload."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PackedTip:
    id: UUID
    state: str
    received_on: str
    register_no: str
    files: Mapping[str, PackedFile]


class _Place(Protocol):
    """Where the files of a bundle are."""

    def open(self, path: str) -> IO[bytes]: ...

    def close(self) -> None: ...


class Bundle:
    """Sealed tips that can be opened one by one."""

    def __init__(self, place: _Place) -> None:
        self._place = place
        with place.open(MANIFEST) as file, _as_damaged(MANIFEST), _reading(MANIFEST):
            octets = file.read(_LARGEST_MANIFEST + 1)
        self.made_on, self.tips = _parse(octets)

    def __enter__(self) -> "Bundle":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._place.close()

    def sealed(self, tip: PackedTip, name: str) -> "AbstractContextManager[_Measured]":
        """A sealed file, to be read to its end: it is then known to be what the manifest lists."""
        return _OpenedTip(self._place, tip, ())._sealed(name)

    def open_tip(
        self, tip_id: UUID | str, identities: Sequence[age.Identity], out_dir: Path | str
    ) -> Path:
        """Writes the tip and its files into a folder of their own: all of it, or nothing."""
        tip = next((tip for tip in self.tips if str(tip.id) == str(tip_id)), None)
        if tip is None:
            raise BundleError("unknown_tip", "there is no such tip in the bundle")
        out = Path(out_dir)
        goal = out / str(tip.id)
        if os.path.lexists(goal):
            raise BundleError("exists", f"{goal} exists already")
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{tip.id}.", dir=out))
        try:
            _OpenedTip(self._place, tip, identities).write(part)
            part.rename(goal)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return goal


def open_bundle(path: Path | str) -> Bundle:
    """The bundle at the path, which may come from anybody: nothing in it is believed."""
    place: _Place = _Folder(Path(path)) if Path(path).is_dir() else _Zip(Path(path))
    try:
        return Bundle(place)
    except BaseException:
        place.close()
        raise


# The manifest


def _parse(octets: bytes) -> tuple[str, tuple[PackedTip, ...]]:
    if len(octets) > _LARGEST_MANIFEST:
        raise BundleError("not_a_bundle", "the manifest is too large")
    try:
        read = json.loads(octets.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise BundleError("not_a_bundle", "the manifest is not JSON") from fault
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise BundleError("not_a_bundle", f"not a bundle of the format {FORMAT}")
    if not isinstance(read.get("made_on"), str) or not isinstance(read.get("tips"), list):
        raise _malformed()
    tips = tuple(_packed_tip(row) for row in read["tips"])
    if len({tip.id for tip in tips}) < len(tips):
        raise BundleError("not_a_bundle", "the manifest names a tip twice")
    return read["made_on"], tips


def _packed_tip(row: Any) -> PackedTip:
    texts = ("id", "state", "received_on", "register_no")
    if (
        not isinstance(row, dict)
        or not all(isinstance(row.get(name), str) for name in texts)
        or not re.fullmatch(_UUID, row["id"])
        or not _STATE.fullmatch(row["state"])
        or not row["register_no"].isprintable()
        or not _DAY.fullmatch(row["received_on"])
        or not isinstance(row.get("files"), list)
    ):
        raise _malformed()
    files = [_packed_file(file) for file in row["files"]]
    by_name = {file.name: file for file in files}
    if len(by_name) < len(files):
        raise BundleError("not_a_bundle", "the manifest names a file twice")
    return PackedTip(UUID(row["id"]), row["state"], row["received_on"], row["register_no"], by_name)


def _packed_file(row: Any) -> PackedFile:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise _malformed()
    limit = LARGEST_FILE if _ATTACHMENT.fullmatch(row["name"]) else _LARGEST_TEXT
    if (
        not _FILE.fullmatch(row["name"])
        or type(row.get("size")) is not int
        or not 0 < row["size"] <= limit
        or not isinstance(row.get("sha256"), str)
        or not _SHA256.fullmatch(row["sha256"])
    ):
        raise _malformed()
    return PackedFile(row["name"], row["size"], row["sha256"])


def _malformed() -> BundleError:
    return BundleError("not_a_bundle", "the manifest is malformed")


# Places


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, path: str) -> IO[bytes]:
        try:
            # No links and no pipes: only what was put into the folder is read.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(self._path / path, flags)
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise _missing(path) from fault
        except OSError as fault:
            raise BundleError("damaged", f"{path} cannot be read") from fault
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise BundleError("damaged", f"{path} is not a file")
        return os.fdopen(descriptor, "rb")

    def close(self) -> None:
        pass


class _Zip:
    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            with _as_damaged(path.name), _reading(path.name):
                self._archive = zipfile.ZipFile(self._file)
            self._check()
        except BundleError as fault:
            self._file.close()
            raise BundleError("not_a_bundle", f"not a zip file of tips: {fault}") from fault

    def open(self, path: str) -> IO[bytes]:
        with _as_damaged(path), _reading(path):
            try:
                return self._archive.open(path)
            except KeyError as fault:
                raise _missing(path) from fault

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def _check(self) -> None:
        """Refuses the archive as a whole when an entry is not of the kind that a bundle has."""
        entries = self._archive.infolist()
        if len({entry.filename for entry in entries}) < len(entries):
            raise BundleError("not_a_bundle", "a name stands twice in the archive")
        for entry in entries:
            if not _PATH.fullmatch(entry.filename):
                raise BundleError("not_a_bundle", "the archive holds something else than tips")
            # The other methods may ask for gigabytes of memory before they give an octet.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BundleError("not_a_bundle", "the archive is compressed in another way")


def _missing(path: str) -> BundleError:
    return BundleError("missing_file", f"{path} is missing")


@contextmanager
def _reading(path: str) -> Iterator[None]:
    """A disk's errors while something is read: an archive that was changed causes them too."""
    try:
        yield
    except OSError as fault:
        raise BundleError("damaged", f"{path} cannot be read") from fault


@contextmanager
def _as_damaged(path: str) -> Iterator[None]:
    """Tells what is wrong with an archive or with sealed octets in the words of a bundle."""
    try:
        yield
    except BundleError:
        raise
    except age.WrongKey as fault:
        raise BundleError("wrong_key", f"{path} is sealed to other keys") from fault
    except (
        age.AgeError, envelope.EnvelopeError, zipfile.BadZipFile, zlib.error, struct.error,
        EOFError, NotImplementedError, RuntimeError, ValueError,
    ) as fault:  # fmt: skip
        raise BundleError("damaged", f"{path} is damaged: {fault}") from fault


# One tip


class _OpenedTip:
    """Opens one tip of a bundle into a folder that is its own."""

    def __init__(self, place: _Place, tip: PackedTip, identities: Sequence[age.Identity]) -> None:
        self._place = place
        self._tip = tip
        self._identities = identities

    def write(self, folder: Path) -> None:
        head = self._content("head.age", envelope.read_head)
        body = self._content("body.age", envelope.read_body)
        attachments = body["attachments"]
        if (head["received"], head["attachments"]) != (body["received"], len(attachments)):
            raise BundleError("damaged", "head.age and body.age are not of one tip")
        if len(attachments) > MAX_ATTACHMENTS:
            raise BundleError("damaged", "the tip has too many files")
        expected = {f"{file['id']}.age" for file in attachments}
        if any(name not in expected for name in self._tip.files if _ATTACHMENT.fullmatch(name)):
            raise BundleError("damaged", "there is a file beside the tip that it does not name")
        names = file_names((file["name"] for file in attachments), (_TIP_TEXT, _NOTES_TEXT))
        for name, file in zip(names, attachments, strict=True):
            self._write_attachment(folder / name, file)
        _write(folder / _TIP_TEXT, tip_text(body, names))
        notes = [self._note(name) for name in self._tip.files if name.startswith("notes/")]
        if notes:
            _write(folder / _NOTES_TEXT, notes_text(notes))

    def _content(self, name: str, read: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
        with self._sealed(name) as source:
            content = read(b"".join(age.open_stream(source, self._identities)))
        if content["id"] != str(self._tip.id):
            raise BundleError("damaged", f"{self._path(name)} belongs to another tip")
        return content

    def _note(self, name: str) -> dict[str, Any] | None:
        """The note; None when it was sealed to others, which must not hide the tip."""
        try:
            with self._sealed(name) as source:
                octets = b"".join(age.open_stream(source, self._identities))
                return envelope.read_note(octets)
        except BundleError as fault:
            if fault.code == "wrong_key":
                return None
            raise

    def _write_attachment(self, path: Path, file: dict[str, Any]) -> None:
        left = file["size"]
        with self._sealed(f"{file['id']}.age") as source, _create(path) as out:
            for piece in age.open_stream(source, self._identities):
                content, filling = piece[:left], piece[left:]
                if filling.strip(b"\0"):
                    raise age.Damaged("longer than the tip says")
                out.write(content)
                left -= len(content)
            if left:
                raise age.Damaged("shorter than the tip says")
            if (source.payload_size, source.payload_sum) != (file["sealed_size"], file["sha256"]):
                raise age.Damaged("not the file that the tip was left with")

    @contextmanager
    def _sealed(self, name: str) -> Iterator["_Measured"]:
        """A sealed file of the tip, which must turn out to be what the manifest lists."""
        path = self._path(name)
        if name not in self._tip.files:
            raise _missing(path)
        with self._place.open(path) as file, _as_damaged(path):
            source = _Measured(file, self._tip.files[name])
            try:
                yield source
            except age.WrongKey:
                # A header that was changed looks like one sealed to others.
                source.check()
                raise
            source.check()

    def _path(self, name: str) -> str:
        return f"{self._tip.id}/{name}"


class _Measured:
    """A sealed file that is counted and summed up while it is read, and never read too far."""

    def __init__(self, file: IO[bytes], expected: PackedFile) -> None:
        self._file = file
        self._expected = expected
        self._size = 0
        self._sum = hashlib.sha256()
        self._payload_sum = hashlib.sha256()
        self.payload_size = 0

    # Only the header is read in lines (age.Source).
    def readline(self, size: int, /) -> bytes:
        return self._counted(self._file.readline, size)

    def read(self, size: int, /) -> bytes:
        octets = self._counted(self._file.read, size)
        self.payload_size += len(octets)
        self._payload_sum.update(octets)
        return octets

    @property
    def payload_sum(self) -> str:
        return self._payload_sum.hexdigest()

    def check(self) -> None:
        while self._counted(self._file.read, _PIECE):
            pass
        if (self._size, self._sum.hexdigest()) != (self._expected.size, self._expected.sha256):
            raise age.Damaged("not the octets that the manifest lists")

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        # One more than there should be: enough to see that there is more.
        left = self._expected.size + 1 - self._size
        with _reading(self._expected.name):
            octets = read(min(size, left))
        self._size += len(octets)
        self._sum.update(octets)
        return octets


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(path: Path, text: str) -> None:
    with _create(path) as file:
        file.write(text.encode("utf-8", "replace"))
