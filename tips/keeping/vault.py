"""The sealed files, in folders whose names and times tell nothing.

`incoming/` holds what is on its way in, `sealed/` one folder for each tip. A tip comes from the
one to the other whole, by being renamed. Whoever works on a folder holds a lock on it, which the
system lets go of when the process dies: what nobody holds, nobody will finish.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import stat
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from uuid import UUID

from tips.sealing import age

HEAD, BODY, ECHO = "head.age", "body.age", "echo"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SEALED = re.compile(rf"(?:head|body|{_UUID})\.age")
# A header that another has taken the place of: of which file, until which version of the tip, and
# for which keyring it was.
_REPLACED = re.compile(
    rf"((?:head|body|(?:note-)?{_UUID})\.age)\.(\d{{1,10}})-(\d{{1,10}})\.header"
)
_UNDECIDED = ".undecided"
_FILE_MODE, _FOLDER_MODE = 0o640, 0o770
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# How long a folder that nobody holds may be about to be held.
_YOUNG = 60.0


class AlreadyReceived(Exception):
    """A tip with this id is there already."""


@dataclass(frozen=True)
class SealedFile:
    name: str
    path: Path
    size: int


@dataclass(frozen=True)
class ReplacedHeader:
    """A header that stood in front of this file (a note: "note-" and its id) until a version."""

    name: str
    version: int
    serial: int

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.version}-{self.serial}.header"


def digest_of(payloads: Mapping[str, bytes]) -> bytes:
    """SHA-256 over the names of a tip's sealed files and the SHA-256 of what is sealed in each.

    The headers do not count: they may be wrapped anew.
    """
    lines = (f"{name} {payloads[name].hex()}\n" for name in sorted(payloads))
    return hashlib.sha256("".join(lines).encode()).digest()


class Vault:
    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._incoming = self.root / "incoming"
        self._sealed = self.root / "sealed"

    # Coming in

    def begin(self) -> "Arriving":
        """A folder for a tip that is arriving."""
        for folder in (self.root, self._incoming, self._sealed):
            _make_shared(folder)
        path = self._incoming / secrets.token_hex(16)
        os.mkdir(path, _FOLDER_MODE)
        arriving = Arriving(self, path)
        self.forget_times()
        return arriving

    @contextmanager
    def held(self, tip_id: UUID) -> Iterator[bool]:
        """Waits until whoever brings this tip in is done; says whether it is there then."""
        try:
            folder = os.open(self.folder(tip_id), _FOLDER_FLAGS)
        except FileNotFoundError:
            yield False
            return
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield _is_at(folder, self.folder(tip_id))
        finally:
            os.close(folder)

    def free_bytes(self) -> int:
        """The room that is left where the tips lie, or are going to."""
        place = self.root
        while not place.exists():
            place = place.parent
        disk = os.statvfs(place)
        return disk.f_bavail * disk.f_frsize

    # What is there

    def folder(self, tip_id: UUID) -> Path:
        return self._sealed / str(tip_id)

    def tips(self) -> Iterator[UUID]:
        """The tips that have a folder."""
        for name in _names(self._sealed):
            if re.fullmatch(_UUID, name):
                yield UUID(name)

    def files(self, tip_id: UUID) -> list[SealedFile]:
        """The sealed files of a tip: its head, its body, its attachments."""
        return _files_in(self.folder(tip_id))

    def digest(self, tip_id: UUID) -> bytes:
        """What `digest_of` gives for the files that lie there now."""
        return _digest_in(self.folder(tip_id))

    def open(self, tip_id: UUID, name: str) -> BufferedReader:
        if not _SEALED.fullmatch(name):
            raise FileNotFoundError("no sealed file has such a name")
        return (self.folder(tip_id) / name).open("rb")

    def echo(self, tip_id: UUID) -> bytes:
        """What tells a tip that is sent again from another one."""
        return (self.folder(tip_id) / ECHO).read_bytes()

    def received_on(self, tip_id: UUID) -> date:
        """The day of the folder, which is all that a name or a time here says."""
        return _day_of(self.folder(tip_id))

    # Changing what is there

    def replace_header(self, tip_id: UUID, name: str, header: bytes) -> None:
        """Puts another header in front of the same payload: whole, or not at all."""
        if age.split_header(BytesIO(header)) != header:
            raise age.Damaged("something follows the header")
        day = _day_of(self.folder(tip_id) / name)
        with self.open(tip_id, name) as old, self.begin() as part:
            age.split_header(old)
            with part.create(name) as new:
                new.write(header)
                shutil.copyfileobj(old, new)
            _settle(part.path / name, day)
            os.replace(part.path / name, self.folder(tip_id) / name)
            _settle(self.folder(tip_id), day)

    def keep_header(self, tip_id: UUID, replaced: ReplacedHeader, header: bytes) -> None:
        """Keeps a header beside its tip until the tip is purged. The first one stays."""
        kept, day = self.folder(tip_id) / replaced.file_name, self.received_on(tip_id)
        if kept.exists():
            return
        with self.begin() as part:
            with part.create(replaced.file_name) as file:
                file.write(header)
            _settle(part.path / replaced.file_name, day)
            os.replace(part.path / replaced.file_name, kept)
            _settle(self.folder(tip_id), day)

    def replaced_headers(self, tip_id: UUID) -> list[ReplacedHeader]:
        found = filter(None, map(_REPLACED.fullmatch, _names(self.folder(tip_id))))
        headers = [ReplacedHeader(name[1], int(name[2]), int(name[3])) for name in found]
        return sorted(headers, key=lambda header: (header.version, header.name))

    def replaced_header(self, tip_id: UUID, replaced: ReplacedHeader) -> bytes:
        return (self.folder(tip_id) / replaced.file_name).read_bytes()

    def remove(self, tip_id: UUID) -> None:
        """Deletes a tip: its folder leaves at once, its files after."""
        doomed = self._incoming / secrets.token_hex(16)
        os.rename(self.folder(tip_id), doomed)
        self.forget_times()
        _delete(doomed)
        self.forget_times()

    def forget_times(self) -> None:
        """Lets the folders say no more than which day it is."""
        for folder in (self._sealed, self._incoming, self.root):
            _set_day(folder, datetime.now(UTC).date())

    # What a crash may leave

    def set_aside(self, tip_id: UUID) -> None:
        """Takes out a tip of which it is not known whether the database has it."""
        os.rename(self.folder(tip_id), self._undecided(tip_id))
        _sync(self._incoming)
        self.forget_times()

    def undecided(self) -> list[UUID]:
        """The tips that have been set aside."""
        found = (name.removesuffix(_UNDECIDED) for name in self._set_aside())
        return [UUID(name) for name in found if re.fullmatch(_UUID, name)]

    def is_undecided(self, tip_id: UUID) -> bool:
        return self._undecided(tip_id).exists()

    def undecided_digest(self, tip_id: UUID) -> bytes:
        """As `digest`, of a tip that has been set aside."""
        return _digest_in(self._undecided(tip_id))

    def restore(self, tip_id: UUID) -> None:
        """The database has the tip."""
        os.rename(self._undecided(tip_id), self.folder(tip_id))
        _sync(self._sealed)
        self.forget_times()

    def drop(self, tip_id: UUID) -> None:
        """The database does not have the tip, or it lies there whole."""
        _delete(self._undecided(tip_id))
        self.forget_times()

    def sweep(self, older_than: float = _YOUNG) -> int:
        """Deletes what was on its way in when a process died; says how many there were.

        What cannot be deleted keeps nothing else from it, and is raised in the end.
        """
        count, failed = 0, None
        for name in set(_names(self._incoming)).difference(self._set_aside()):
            path = self._incoming / name
            try:
                count += _is_abandoned(path, older_than) and _delete(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                failed = error
        if count:
            self.forget_times()
        if failed:
            raise failed
        return count

    def _set_aside(self) -> list[str]:
        return [name for name in _names(self._incoming) if name.endswith(_UNDECIDED)]

    def _undecided(self, tip_id: UUID) -> Path:
        return self._incoming / f"{tip_id}{_UNDECIDED}"


class Arriving:
    """A tip on its way in. Unless it is sealed into the vault, nothing is left of it."""

    def __init__(self, vault: Vault, path: Path) -> None:
        self.path = path
        self.is_sealed = False
        self._vault = vault
        self._day = date.today()
        lock = os.open(path, _FOLDER_FLAGS)
        # Also when a fault keeps the end from being reached: else who sends again waits for ever.
        self._let_go = weakref.finalize(self, os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)

    def __enter__(self) -> "Arriving":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.is_sealed:
            self.discard()
        self._let_go()

    def create(self, name: str) -> BinaryIO:
        """A new file; what is written to it is written at once."""
        if name != ECHO and not _SEALED.fullmatch(name) and not _REPLACED.fullmatch(name):
            raise ValueError("not the name of a sealed file")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return open(os.open(self.path / name, flags, _FILE_MODE), "wb", buffering=0)

    def settle(self, on: date) -> None:
        """Writes all that has come through to the disk, with the day as the only time."""
        self._day = on
        for name in _names(self.path):
            _settle(self.path / name, on)
        _settle(self.path, on)

    def seal_into(self, tip_id: UUID) -> None:
        """Makes what has been settled a tip, or raises AlreadyReceived."""
        folder = self._vault.folder(tip_id)
        try:
            os.rename(self.path, folder)
        except OSError as error:
            if folder.is_dir():
                raise AlreadyReceived from error
            raise
        self.is_sealed = True
        _set_day(folder, self._day)
        _sync(folder.parent)
        self._vault.forget_times()

    def discard(self) -> None:
        """Deletes what has arrived so far, at once: it may be what fills the disk."""
        with suppress(OSError):  # what cannot be deleted now is swept later
            _delete(self.path)
            self._vault.forget_times()


def _make_shared(folder: Path) -> None:
    """A folder that those of its group reach, and what is made in it belongs to the group too."""
    try:
        folder.mkdir(_FOLDER_MODE, parents=True)
    except FileExistsError:
        return
    with suppress(PermissionError):  # a service that may not: then its folder has been prepared
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_ISGID)


def _settle(path: Path, day: date) -> None:
    """Writes a file or folder through to the disk, and leaves only the day of it."""
    _set_day(path, day)
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _set_day(path: Path, day: date) -> None:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    # Another service's folder keeps the time at which a handler changed something in it.
    with suppress(PermissionError):
        os.utime(path, (midnight, midnight))


def _day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _files_in(folder: Path) -> list[SealedFile]:
    names = sorted(filter(_SEALED.fullmatch, _names(folder)))
    names.sort(key=lambda name: (name != HEAD, name != BODY))
    return [SealedFile(name, folder / name, (folder / name).stat().st_size) for name in names]


def _digest_in(folder: Path) -> bytes:
    return digest_of({file.name: _payload_digest(file.path) for file in _files_in(folder)})


def _payload_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        age.split_header(file)
        return hashlib.file_digest(file, "sha256").digest()


def _is_at(folder: int, path: Path) -> bool:
    """Whether the open folder is still the one that lies there."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    here = os.fstat(folder)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _is_abandoned(path: Path, older_than: float) -> bool:
    if time.time() - path.lstat().st_mtime < older_than:
        return False
    folder = os.open(path, _FOLDER_FLAGS)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(folder)
    return True


def _delete(path: Path) -> bool:
    """Deletes a folder of files, which another process may be deleting too."""
    for name in _names(path):
        (path / name).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.rmdir()
    return True
