"""Folders and files that say no more of a tip than the day, and that outlive a crash."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

FOLDER_MODE = 0o770
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class TipFolders:
    """Where tips lie: `incoming/` while they come in, a folder each in `sealed/` from then on."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._incoming = self.root / "incoming"
        self._sealed = self.root / "sealed"

    def folder(self, tip_id: UUID) -> Path:
        return self._sealed / str(tip_id)

    def forget_times(self) -> None:
        """Sets the times of the folders to the day, so that they say no more."""
        for folder in (self._sealed, self._incoming, self.root):
            set_day(folder, datetime.now(UTC).date())


def make_shared(folder: Path) -> None:
    """Makes a folder that its group reaches; what is made in it belongs to the group too."""
    try:
        folder.mkdir(FOLDER_MODE, parents=True)
    except FileExistsError:
        return
    with suppress(PermissionError):  # this service may not: its folder has been prepared for it
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_ISGID)


def settle(path: Path, day: date) -> None:
    """Syncs a file or folder to the disk, with the day as its only time."""
    set_day(path, day)
    sync(path)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_day(path: Path, day: date) -> None:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    # A folder of another service's stays as it is: its time says only when a handler changed it.
    with suppress(PermissionError):
        os.utime(path, (midnight, midnight))


def day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def entries_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


@contextmanager
def locked(folder: Path) -> Iterator[int | None]:
    """Waits for the lock of the folder and holds it; yields None where there is no folder."""
    try:
        descriptor = os.open(folder, FOLDER_FLAGS)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def is_at(folder: int, path: Path) -> bool:
    """Whether the open folder is still the one that lies there."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    here = os.fstat(folder)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def is_abandoned(path: Path, older_than: float) -> bool:
    # One whose time is still to come has had its day set, and its lock long before.
    if 0 <= time.time() - path.lstat().st_mtime < older_than:
        return False
    folder = os.open(path, FOLDER_FLAGS)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(folder)
    return True


def delete_folder(path: Path) -> bool:
    """Deletes a folder of files, which another process may be deleting too."""
    for name in entries_in(path):
        (path / name).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.rmdir()
    return True
