"""Which files have changed since the last look, and archives of files that say what was not there any more.

Root reads here what services write, and lays it out again: no link of theirs is followed, and nothing
that one of them does with its own folders stops the others' files.
"""

import errno
import grp
import io
import json
import os
import pwd
import shutil
import stat
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import IO, Any

from .machine import BackupError

_LAST = ".sapo.json"  # what an archive says of itself
# A row goes before its file: when the file is told of as gone, the row must be so in what was sent.
_GONE_FOR = 15.0
SETTLES_SECONDS = 0.05  # so long a file is left for the next look
# Made anew from the packs; links to what is public of the others; forms that are still arriving.
_LEFT_OUT = ("records/index.sqlite3", "files/public/", "tips/incoming/")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
# A path in characters and in folders, so that it can also be laid out, deeper down; a file
# in bytes, where less than a tenth of them lies on the disk: a film is as large as it is.
_LONGEST, _DEEPEST, _LARGEST = 1000, 30, 4 * 1024**3
# What the owner of a folder can cause, and no fault of the machine's: that stops the backup.
_THEIRS = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EINVAL, errno.ENXIO, errno.EAGAIN}

Sign = tuple[int, ...]


@contextmanager
def _folder(root: Path, path: str) -> Iterator[int]:
    """A folder that is reached without any link, also where one is put there meanwhile."""
    folder = os.open(root, _FOLDER)
    try:
        for name in path.split("/") if path else ():
            above, folder = folder, os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            os.close(above)
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _passing_over(path: str) -> Iterator[None]:
    """Goes on without what its owner takes away, or swaps, while it is read."""
    try:
        yield
    except OSError as error:
        if error.errno not in _THEIRS:
            raise
        if error.errno != errno.ENOENT:
            _say(path, error.strerror)


@lru_cache(1000)
def _say(path: str, why: str) -> None:
    """Once, since each second has a look."""
    print(f"{path[:200]!r} hoppas över: {why}", file=sys.stderr, flush=True)


def walk(var: Path, tops: Iterable[str], until: float) -> dict[str, Sign | None]:
    """Each path and what it looks like; None for a file that has changed after `until`.

    Such a file may belong with another that this walk has already passed: the next walk has both.
    """
    found: dict[str, Sign | None] = {}
    folders = list(tops)
    while folders:
        folder = folders.pop()
        with _passing_over(folder), _folder(var, folder) as opened, os.scandir(opened) as entries:
            status = os.fstat(opened)
            found[folder] = (status.st_mode, status.st_uid, status.st_gid)
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if name.endswith(".part") or name.startswith(_LEFT_OUT):
                    continue
                if len(name) > _LONGEST or name.count("/") > _DEEPEST:
                    _say(name, "sökvägen är för lång")
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISDIR(status.st_mode):
                    folders.append(name)
                elif stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                    whose = status.st_mode, status.st_uid, status.st_gid, status.st_ino
                    times = status.st_size, status.st_mtime_ns, status.st_ctime_ns
                    found[name] = None if status.st_ctime >= until else (*whose, *times)
    return found


@dataclass
class FileChange:
    """What a look has found; it is remembered only when it has been sent."""

    paths: list[str]
    gone: list[str]
    signs: dict[str, Sign]

    def __bool__(self) -> bool:
        return bool(self.paths or self.gone)


@dataclass
class FileWatch:
    """Remembers what the files of a part looked like when they were last sent, also when it begins again."""

    var: Path
    tops: tuple[str, ...]
    memory: Path
    after: str = ""  # the stamp of what was last sent
    seen: dict[str, Sign] = field(default_factory=dict)
    _missed: dict[str, float] = field(default_factory=dict)

    def begin(self, stamp: str) -> bool:
        """Whether it goes on where it was; else a whole set must be sent after that stamp."""
        try:
            said = json.loads(self.memory.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            self.remember(self.look(), stamp)
            return False
        self.after = said["after"]
        self.seen = {path: tuple(sign) for path, sign in said["seen"].items()}
        return True

    def look(self) -> FileChange:
        now = time.monotonic()
        found = walk(self.var, self.tops, time.time() - SETTLES_SECONDS)
        missed = (path for path in self.seen if path not in found)
        self._missed = {path: self._missed.get(path, now) for path in missed}
        signs = {p: sign for p, sign in found.items() if sign and self.seen.get(p) != sign}
        # A new folder goes whole: a tip is all of its files.
        waiting = {p for p, sign in found.items() if sign is None}
        folders = {str(Path(p).parent) for p in waiting} - self.seen.keys()
        signs = {p: sign for p, sign in signs.items() if not folders & {p, str(Path(p).parent)}}
        gone = (path for path, since in self._missed.items() if now - since >= _GONE_FOR)
        return FileChange(sorted(signs), sorted(gone), signs)

    def remember(self, change: FileChange, stamp: str) -> None:
        self.seen.update(change.signs)
        for path in change.gone:
            self.seen.pop(path, None)
        self.after = stamp
        part = self.memory.with_suffix(".part")
        part.write_text(json.dumps({"after": stamp, "seen": self.seen}))
        part.replace(self.memory)


class _Padded:
    """A file that is cut off while it is read is as long as it was told to be."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size).ljust(size, b"\0")


def archive_files(stream: IO[bytes], root: Path, paths: Iterable[str], **said: object) -> None:
    """An archive of the paths, and of what else is said."""
    with tarfile.open(mode="w|", fileobj=stream, format=tarfile.PAX_FORMAT) as archive:
        for path in paths:
            with _passing_over(path):
                archive.inodes = {}  # type: ignore[attr-defined]  # each file whole, also of two names
                _add(archive, root, path)
        last = json.dumps(said).encode()
        info = tarfile.TarInfo(_LAST)
        info.size, info.mode = len(last), 0o600
        archive.addfile(info, io.BytesIO(last))


def _add(archive: tarfile.TarFile, root: Path, path: str) -> None:
    """Adds what lies there, if it is a file, a folder or a link."""
    above, _slash, name = path.rpartition("/")
    with _folder(root, above) as folder:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode) or stat.S_ISLNK(mode):
            info = archive.gettarinfo(f"/proc/self/fd/{folder}/{name}", arcname=path)
            if info and (info.isdir() or info.issym()):
                archive.addfile(info)
        elif stat.S_ISREG(mode):
            with open(name, "rb", opener=partial(_open_file, folder)) as file:
                status = os.fstat(file.fileno())
                if status.st_size > max(_LARGEST, status.st_blocks * 512 * 10):
                    _say(path, "filen är nästan bara hål")
                elif stat.S_ISREG(status.st_mode):
                    archive.addfile(archive.gettarinfo(arcname=path, fileobj=file), _Padded(file))


def _open_file(folder: int, name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)


def lay_out(stream: IO[bytes], root: Path) -> dict[str, Any]:
    """Lays the files of an archive over those that lie there; what the archive says."""
    said: dict[str, Any] | None = None
    folders: dict[Path, float] = {}
    with tarfile.open(mode="r|", fileobj=stream) as archive:
        for info in archive:
            if info.name == _LAST and (file := archive.extractfile(info)):
                said = json.loads(file.read())
                continue
            place = _below(root, info.name)
            is_of_a_kind = info.isreg() or info.isdir() or info.issym()
            if not is_of_a_kind or _is_led_elsewhere(place, root):
                _say(info.name, "den är ingen fil eller mapp, eller leder någon annanstans")
                continue
            _look_for_owner(info)
            _make_room(place, info)
            archive.extract(info, root, filter=_as_it_was)
            if info.isdir():
                folders[place] = info.mtime
    if said is None:
        raise tarfile.ReadError("It has no end.")
    for path in sorted(said.get("gone", ()), reverse=True):
        _remove(root, path)
    # What came into them has changed their times; that of a tip's folder says on which day the tip came.
    for place, time_of in folders.items():
        if os.path.lexists(place) and not _is_led_elsewhere(place, root):
            os.utime(place, (time_of, time_of), follow_symlinks=False)
    return said


def _make_room(place: Path, info: tarfile.TarInfo) -> None:
    if place.is_symlink() or not place.is_dir():
        place.unlink(missing_ok=True)
    elif not info.isdir():
        shutil.rmtree(place)


def _remove(root: Path, path: str) -> None:
    place = _below(root, path)
    if not _is_led_elsewhere(place, root):
        with suppress(OSError):  # a folder that is not empty stays
            place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()


def _is_led_elsewhere(place: Path, root: Path) -> bool:
    """Whether something above it is there and is no folder: what a service has swapped."""
    above = takewhile(lambda each: each != root, place.parents)
    return any(os.path.lexists(each) and (each.is_symlink() or not each.is_dir()) for each in above)


def _look_for_owner(info: tarfile.TarInfo) -> None:
    """Stops at a file whose owner this machine does not know: somebody else would get it."""
    try:
        _ = info.uname and pwd.getpwnam(info.uname)
        _ = info.gname and grp.getgrnam(info.gname)
    except KeyError as error:
        raise BackupError(f"{info.uname}:{info.gname} finns inte här: installera först.") from error


def _as_it_was(info: tarfile.TarInfo, _root: str) -> tarfile.TarInfo:
    """Folders keep the marks for groups and for owners; nothing runs as somebody else."""
    return info.replace(mode=info.mode & (0o3777 if info.isdir() else 0o777), deep=False)


def inside(root: Path, path: str) -> Path:
    """The place of a path below the root; stops at one that would lead out of it."""
    place = _below(root, path)
    if _is_led_elsewhere(place, root):
        raise _outside(path)
    return place


def _below(root: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise _outside(path)
    return root / path


def _outside(path: str) -> BackupError:
    return BackupError(f"Säkerhetskopian vill skriva utanför sin plats: {path}")
