"""The sealed files, in folders whose names and times tell nothing.

`incoming/` holds what is on its way in, `sealed/` one folder for each tip. A tip moves from one to
the other whole, by a rename. Whoever works on a folder locks it. When the process dies, the system
releases the lock: a folder without a lock has been abandoned.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from io import BufferedReader, BytesIO
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tips.plain_files import open_plain, read_small
from tips.sealing import age, heads
from tips.sealing.arrivals import LONGEST_FILE, SignedArrival
from tips.sealing.trust import TrustError

from .arriving import Arriving
from .folders import (
    FOLDER_MODE,
    TipFolders,
    day_of,
    delete_folder,
    entries_in,
    is_abandoned,
    is_at,
    locked,
    make_shared,
    set_day,
    settle,
)
from .sealed_files import (
    ARRIVAL,
    ECHO,
    HEAD,
    REPLACED_NAME,
    URGENT,
    UUID_PATTERN,
    ReplacedHeader,
    SealedFile,
    digest_in,
    files_in,
    name_on_disk,
)

# Until this age, a folder without a lock may be one whose lock is still to come.
_YOUNG = 60.0
_LONGEST_ECHO = 1024


class Vault(TipFolders):
    # Coming in

    def begin(self) -> Arriving:
        for folder in (self.root, self._incoming, self._sealed):
            make_shared(folder)
        path = self._incoming / secrets.token_hex(16)
        os.mkdir(path, FOLDER_MODE)
        arriving = Arriving(self, path)
        self.forget_times()
        return arriving

    @contextmanager
    def held(self, tip_id: UUID) -> Iterator[bool]:
        """Locks the tip, once whoever brings it in is done; yields whether it is there."""
        with locked(self.folder(tip_id)) as folder:
            yield folder is not None and is_at(folder, self.folder(tip_id))

    def free_bytes(self) -> int:
        """The room left on the disk where the tips lie, or will lie."""
        place = self.root
        while not place.exists():
            place = place.parent
        disk = os.statvfs(place)
        return disk.f_bavail * disk.f_frsize

    # What is there

    def tips(self) -> Iterator[UUID]:
        """The tips that have a folder."""
        for name in entries_in(self._sealed):
            if re.fullmatch(UUID_PATTERN, name):
                yield UUID(name)

    def files(self, tip_id: UUID) -> list[SealedFile]:
        return files_in(self.folder(tip_id))

    def digest(self, tip_id: UUID) -> bytes:
        return digest_in(self.folder(tip_id))

    def open(self, tip_id: UUID, name: str) -> BufferedReader:
        """A sealed file; of the head, whatever stands in front of its payload."""
        return open_plain(self.folder(tip_id) / name_on_disk(name))

    def heads_of(self, tip_id: UUID) -> heads.Heads:
        """The tip's head, for each of those it is sealed to."""
        with self.open(tip_id, HEAD) as file:
            return heads.read_heads(file)

    def echo(self, tip_id: UUID) -> bytes:
        """What tells a tip that is sent again from another tip."""
        return read_small(self.folder(tip_id) / ECHO, _LONGEST_ECHO)

    def arrival(self, tip_id: UUID) -> SignedArrival | None:
        """What the intake has signed of the tip; None where there is none, or none that can be read."""
        try:
            return SignedArrival.from_file(read_small(self.folder(tip_id) / ARRIVAL, LONGEST_FILE))
        except (OSError, TrustError):
            return None

    def received_on(self, tip_id: UUID) -> date:
        """The day of the folder, which is all that a name or a time here says."""
        return day_of(self.folder(tip_id))

    # What an alarm listens for

    @property
    def listener(self) -> Path:
        """The file of the alarm for urgent tips: it is there where somebody listens."""
        return self.root / "alarm"

    def urgent(self) -> list[UUID]:
        """The tips that are marked as urgent."""
        return [tip_id for tip_id in self.tips() if (self.folder(tip_id) / URGENT).exists()]

    def calm(self, tip_id: UUID) -> None:
        """Takes the mark away."""
        folder = self.folder(tip_id)
        with suppress(FileNotFoundError):  # purged in the same moment
            day = self.received_on(tip_id)
            (folder / URGENT).unlink()
            set_day(folder, day)

    # Changing what is there

    def replace_header(self, tip_id: UUID, name: str, header: bytes) -> None:
        """Puts other headers in front of the same payload: whole, or not at all."""
        if heads.split(BytesIO(header)) != header:
            raise age.Damaged("something follows the header")
        folder, goal = self.folder(tip_id), name_on_disk(name)
        with self.open(tip_id, name) as old, self.begin() as part:
            day = day_of(Path(old.name))
            heads.split(old)
            with part.create(goal) as new:
                new.write(header)
                shutil.copyfileobj(old, new)
            settle(part.path / goal, day)
            os.replace(part.path / goal, folder / goal)
            settle(folder, day)

    def keep_header(self, tip_id: UUID, replaced: ReplacedHeader, header: bytes) -> None:
        """Keeps a header beside its tip until the tip is purged. The first one stays."""
        kept, day = self.folder(tip_id) / replaced.file_name, self.received_on(tip_id)
        if kept.exists():
            return
        with self.begin() as part:
            with part.create(replaced.file_name) as file:
                file.write(header)
            settle(part.path / replaced.file_name, day)
            os.replace(part.path / replaced.file_name, kept)
            settle(self.folder(tip_id), day)

    def replaced_headers(self, tip_id: UUID) -> list[ReplacedHeader]:
        found = filter(None, map(REPLACED_NAME.fullmatch, entries_in(self.folder(tip_id))))
        headers = [ReplacedHeader(name[1], int(name[2]), int(name[3])) for name in found]
        return sorted(headers, key=lambda header: (header.version, header.name))

    def replaced_header(self, tip_id: UUID, replaced: ReplacedHeader) -> bytes:
        return (self.folder(tip_id) / replaced.file_name).read_bytes()

    def remove(self, tip_id: UUID) -> None:
        """Deletes a tip: first the whole folder leaves its place, then its files are deleted."""
        doomed = self._incoming / secrets.token_hex(16)
        os.rename(self.folder(tip_id), doomed)
        self.forget_times()
        delete_folder(doomed)
        self.forget_times()

    # What a crash may leave

    def sweep(self, older_than: float = _YOUNG) -> int:
        """Deletes what was on its way in when a process died; returns how many there were.

        An error does not stop it from deleting the rest, and is raised at the end.
        """
        count, failed = 0, None
        for name in entries_in(self._incoming):
            path = self._incoming / name
            try:
                count += is_abandoned(path, older_than) and delete_folder(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                failed = error
        if count:
            self.forget_times()
        if failed:
            raise failed
        return count


def vault_now() -> Vault:
    return Vault(settings.TIPS_DIR)
