"""Hands over what readers met, and when the content version changed, to the job that files it.

Nobody who is answered waits: a thread writes, from a queue that is bounded. What does not fit, or
cannot be written, is counted, and the count is handed over as soon as that is possible.
"""

import atexit
import os
import threading
import time
from collections import deque
from typing import Any

from django.conf import settings

from .spool import Writing

_MOST_WAITING = 32 * 1024 * 1024
# A file is ended when it is so large or so old, or when somebody waits for it.
_LARGEST = 8 * 1024 * 1024
_OLDEST_SECONDS = 20
_PATIENCE_SECONDS = 10
# Of each version: somebody who tries addresses at random fills no records.
_MOST_REDIRECTIONS = 1_000
_MOST_KNOWN = 200_000
# With less room than this nothing is handed over but marks.
RESERVE_BYTES = 500 * 1024 * 1024

Headers = tuple[tuple[str, str], ...]


class Handing:
    """The queue of this process, and the thread that writes what is in it."""

    def __init__(self) -> None:
        self._forget()
        # In a forked process there is no thread, and nothing waits.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._condition = threading.Condition()
        self._waiting: deque[tuple[dict[str, Any], bytes]] = deque()
        self._bytes = 0
        self._lost = 0
        self._lost_since = 0.0
        self._known: dict[str, tuple[str, int, str]] = {}
        self._redirections = ("", 0)
        self._file: Writing | None = None
        self._opened = 0.0
        self._is_busy = self._ends = False
        self._thread: threading.Thread | None = None

    def rendering(
        self,
        address: str,
        *,
        version: str,
        status: int,
        headers: Headers,
        body: bytes,
        tag: str,
        until: float | None,
        waits: bool = False,
    ) -> None:
        """Hands over what a reader met, unless this process has done so."""
        what = version, status, tag
        if not version or self._known.get(address) == what:
            return
        if status != 200:
            of_version, count = self._redirections
            count = count + 1 if of_version == version else 1
            self._redirections = (version, count)
            if count > _MOST_REDIRECTIONS:
                self._lose()
                return
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known[address] = what
        item = {
            "address": address, "version": version, "status": status, "headers": headers,
            "at": time.time(), "until": until,
        }  # fmt: skip
        self._put(item, body, waits=waits)

    def version(self, version: str, former: str, *, begins: float) -> None:
        """Hands over that published content has had a new version since a moment."""
        self._put({"version": version, "former": former, "begins": begins})

    def whole(self, version: str) -> None:
        """Hands over that every page of a version has been handed over, and waits until it lies there."""
        self._put({"version": version, "whole": True, "at": time.time()})
        self.close()

    def gone(self, addresses: list[str]) -> None:
        """Hands over that files can be fetched no more."""
        self._put({"gone": addresses, "at": time.time()})

    def close(self) -> None:
        """Writes all that waits and ends the file."""
        if self._thread is None:
            return
        with self._condition:
            self._ends = True
            self._condition.notify_all()
            self._condition.wait_for(self._is_written, timeout=_PATIENCE_SECONDS)
            self._ends = False

    def _is_written(self) -> bool:
        return not (self._waiting or self._is_busy or self._file)

    def _put(self, item: dict[str, Any], body: bytes = b"", *, waits: bool = False) -> None:
        if not settings.RECORDS_HAND_OVER:
            return
        with self._condition:
            if waits:
                self._condition.wait_for(
                    lambda: self._bytes < _MOST_WAITING, timeout=_PATIENCE_SECONDS
                )
            if self._bytes + len(body) > _MOST_WAITING:
                self._lose()
                return
            self._waiting.append((item, body))
            self._bytes += len(body)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True, name="records")
                self._thread.start()
            self._condition.notify_all()

    def _lose(self) -> None:
        with self._condition:
            self._lost_since = self._lost_since or time.time()
            self._lost += 1

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(self._has_work, timeout=_OLDEST_SECONDS)
                taken = self._waiting.popleft() if self._waiting else None
                self._is_busy = True
                if taken:
                    self._bytes -= len(taken[1])
            try:
                if taken:
                    self._write(*taken)
                self._end_if_due()
            except OSError:  # a full disk, for example: readers are answered all the same
                if taken:
                    self._lose()
                if self._ends and self._file is not None and not self._waiting:
                    # That it was not ended is seen.
                    self._file.leave()
                    self._file = None
            with self._condition:
                self._is_busy = False
                self._condition.notify_all()

    def _has_work(self) -> bool:
        return bool(self._waiting) or (self._ends and not self._is_written())

    def _write(self, item: dict[str, Any], body: bytes) -> None:
        if self._file is None:
            self._file, self._opened = Writing(settings.RECORDS_SPOOL), time.monotonic()
        if body and not _has_room():
            self._lose()
            return
        if lost := self._lost:
            self._file.add({"lost": lost, "since": self._lost_since, "at": time.time()})
            with self._condition:
                self._lost -= lost
                self._lost_since = 0.0
        self._file.add(item, body)

    def _end_if_due(self) -> None:
        if self._file is None:
            return
        is_old = time.monotonic() - self._opened >= _OLDEST_SECONDS
        if self._file.size >= _LARGEST or is_old or (self._ends and not self._waiting):
            self._file.end()
            self._file = None


def _has_room() -> bool:
    room = os.statvfs(settings.RECORDS_SPOOL)
    return room.f_bavail * room.f_frsize >= RESERVE_BYTES


handing = Handing()
atexit.register(handing.close)
