"""A tip on its way into the vault."""

import errno
import fcntl
import os
import weakref
from contextlib import AbstractContextManager, suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from .folders import FOLDER_FLAGS, TipFolders, delete_folder, entries_in, set_day, settle, sync
from .sealed_files import ARRIVAL, ECHO, REPLACED_NAME, SEALED_NAME, URGENT

_FILE_MODE = 0o640


class AlreadyReceived(Exception):
    """A tip with this id is there already."""


class Arriving(AbstractContextManager["Arriving"]):
    """A tip on its way in. Unless it is sealed into the vault, nothing is left of it."""

    def __init__(self, folders: TipFolders, path: Path) -> None:
        self.path = path
        self.is_sealed = False
        self._folders = folders
        self._day = date.today()
        lock = os.open(path, FOLDER_FLAGS)
        # Releases the lock even if `__exit__` never runs: else whoever sends again waits for ever.
        self._let_go = weakref.finalize(self, os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)

    def __exit__(self, *_raised: object) -> None:
        if not self.is_sealed:
            self.discard()
        self._let_go()

    def create(self, name: str) -> BinaryIO:
        """A new file, without a buffer."""
        is_sealed = SEALED_NAME.fullmatch(name) or REPLACED_NAME.fullmatch(name)
        if name not in (ARRIVAL, ECHO, URGENT) and not is_sealed:
            raise ValueError("not the name of a sealed file")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return open(os.open(self.path / name, flags, _FILE_MODE), "wb", buffering=0)

    def settle(self, on: date) -> None:
        """Syncs all that has come to the disk, with the day as the only time."""
        self._day = on
        for name in entries_in(self.path):
            settle(self.path / name, on)
        settle(self.path, on)

    def put_arrival(self, octets: bytes) -> None:
        """Lays there what is signed of the tip, in place of what was."""
        (self.path / ARRIVAL).unlink(missing_ok=True)
        with self.create(ARRIVAL) as file:
            write_whole(file, octets)
        # Others wait meanwhile: to sync a file that is new takes its name to the disk as well.
        settle(self.path / ARRIVAL, self._day)

    def seal_into(self, tip_id: UUID) -> None:
        """Makes a tip of what has been settled; raises AlreadyReceived if there is one."""
        folder = self._folders.folder(tip_id)
        try:
            os.rename(self.path, folder)
        except OSError as error:
            if folder.is_dir():
                raise AlreadyReceived from error
            raise
        self.is_sealed = True
        set_day(folder, self._day)
        sync(folder.parent)
        self._folders.forget_times()

    def discard(self) -> None:
        """Deletes what has arrived so far, at once: it may be what fills the disk."""
        with suppress(OSError):  # what cannot be deleted now is swept later
            delete_folder(self.path)
            self._folders.forget_times()


def write_whole(file: BinaryIO, octets: bytes) -> None:
    if file.write(octets) != len(octets):
        raise OSError(errno.ENOSPC, "only a part was written")
