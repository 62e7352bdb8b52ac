"""PostgreSQL's log, byte for byte: how far it is written, and how far the keeper has confirmed to have it.

A replication slot remembers what is confirmed, and lets PostgreSQL throw away nothing that comes after, up to
max_slot_wal_keep_size. What is read here is what PostgreSQL has flushed, so nothing waits for a segment to end.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import server
from .machine import BackupError

_MOST_AT_ONCE = 256 * 1024 * 1024
_POSITION = """
SELECT pg_current_wal_flush_lsn() - '0/0', coalesce(restart_lsn - '0/0', 0),
 left(pg_walfile_name(pg_current_wal_flush_lsn()), 8), current_setting('data_directory'),
 pg_size_bytes(current_setting('wal_segment_size')), current_setting('max_slot_wal_keep_size')
FROM (SELECT) AS one LEFT JOIN pg_replication_slots ON slot_name = 'sapo_backup' AND wal_status <> 'lost'
"""
_BEGIN = (
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'sapo_backup'",
    "SELECT pg_create_physical_replication_slot('sapo_backup', true)",
)


@dataclass(frozen=True)
class LogPosition:
    """In bytes since the log began."""

    written: int
    confirmed: int  # 0: PostgreSQL does not know, or has thrown away what came after
    timeline: str
    data: Path
    segment: int  # bytes in each

    @property
    def until(self) -> int:
        """How far a piece goes."""
        return min(self.written, self.confirmed + _MOST_AT_ONCE)

    @property
    def name(self) -> str:
        """Of a piece: what it begins with."""
        return f"wal-{self.timeline}{self.confirmed:016X}"


def log_position() -> LogPosition:
    written, confirmed, timeline, data, segment, bound = server.query(_POSITION)[0].split("|")
    if bound == "-1":
        raise BackupError(
            "PostgreSQL sparar sin logg utan gräns: deploy/postgresql-backup.conf saknas."
        )
    return LogPosition(int(written), int(confirmed), timeline, Path(data), int(segment))


def begin_log() -> None:
    """Lets PostgreSQL remember from now on; what came before is in no piece that follows."""
    for statement in _BEGIN:
        server.query(statement)


def confirm_log(until: int) -> None:
    """Tells PostgreSQL what the keeper has."""
    server.query(
        f"SELECT pg_replication_slot_advance('sapo_backup', '{until >> 32:X}/{until & 0xFFFFFFFF:X}')"
    )


def _segment_name(timeline: str, at: int, size: int) -> str:
    return f"{timeline}{at >> 32:08X}{(at & 0xFFFFFFFF) // size:08X}"


def send_log(log: LogPosition, piece: IO[bytes]) -> None:
    """What the keeper lacks, read as PostgreSQL's user: no link of its own leads root."""
    at = log.confirmed
    while at < log.until:
        length = min(log.segment - at % log.segment, log.until - at)
        path = log.data / "pg_wal" / _segment_name(log.timeline, at, log.segment)
        command = ["dd", f"if={path}", f"skip={at % log.segment}", f"count={length}", "bs=64K"]
        command += ["iflag=skip_bytes,count_bytes,fullblock", "status=none"]
        server.pour(command, piece)
        at += length


class LaidLog:
    """The log of a set, to which pieces are added where their bytes were."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "pg_wal"
        paths = sorted(path for path in self._folder.iterdir() if len(path.name) == 24)
        if not paths:
            raise BackupError("Kopian saknar databasernas logg.")
        self._timeline, self._size = paths[-1].name[:8], paths[-1].stat().st_size
        high, low = int(paths[-1].name[8:16], 16), int(paths[-1].name[16:], 16)
        self.until = (high << 32) + (low + 1) * self._size

    def is_of_it(self, name: str) -> bool:
        """A site that was restored goes on in a timeline of its own, with a set of its own."""
        return name.startswith(self._timeline)

    def add(self, name: str, piece: IO[bytes]) -> None:
        at = int(name[8:], 16)
        if at > self.until:
            raise BackupError(f"Ett stycke av databasernas logg saknas: det före {name}.")
        while block := piece.read(self._size - at % self._size):
            path = self._folder / _segment_name(self._timeline, at, self._size)
            path.touch()
            with path.open("r+b") as file:
                file.truncate(self._size)
                file.seek(at % self._size)
                file.write(block)
            at += len(block)
        self.until = max(self.until, at)
