"""Hands over what readers met, and when the content version changed, to the job that files it.

Whoever is answered is answered in any case. What a full disk does not take is counted, and the count is
handed over as soon as that is possible.
"""

import os
import time

from django.conf import settings

from pages.ground.json_types import JsonObject

from .spool import Writing

# Of each version: somebody who tries addresses at random fills no records.
_MOST_REDIRECTIONS = 1_000
_MOST_KNOWN = 200_000
# With less room than this nothing is handed over but marks.
RESERVE_BYTES = 500 * 1024 * 1024


class Handing:
    """What this process hands over, and what it could not."""

    def __init__(self) -> None:
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lost, self._lost_since = 0, 0.0
        self._known: dict[str, tuple[str, int, str]] = {}
        self._redirections = ("", 0)
        self._file: Writing | None = None

    def rendering(self, met: JsonObject, body: bytes, *, tag: str) -> None:
        """Hands over what a reader met, unless this process has done so."""
        address, version, status = met["address"], met["version"], met["status"]
        if not version or self._known.get(address) == (version, status, tag):
            return
        if status != 200:
            of_version, count = self._redirections
            self._redirections = version, count + 1 if of_version == version else 1
            if self._redirections[1] > _MOST_REDIRECTIONS:
                self._lose()
                return
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known[address] = version, status, tag
        self._put(met | {"at": time.time()}, body)

    def version(self, version: str, former: str, *, begins: float) -> None:
        """Hands over that published content has had a new version since a moment."""
        self._put({"version": version, "former": former, "begins": begins}, on_disk=True)

    def whole(self, version: str) -> None:
        """Hands over that every page of a version has been handed over."""
        self._put({"version": version, "whole": True, "at": time.time()}, on_disk=True)

    def gone(self, addresses: list[str]) -> None:
        """Hands over that files can be fetched no more."""
        self._put({"gone": addresses, "at": time.time()})

    def _put(self, item: JsonObject, body: bytes = b"", *, on_disk: bool = False) -> None:
        if not settings.RECORDS_HAND_OVER:
            return
        if self._file is None:
            self._file = Writing(settings.RECORDS_SPOOL)
        try:
            if body and not _has_room():
                self._lose()
                return
            if lost := self._lost:
                self._file.add({"lost": lost, "since": self._lost_since, "at": time.time()})
                self._lost -= lost
            self._file.add(item, body, on_disk=on_disk)
        except OSError:  # a full disk, for example
            self._lose()

    def _lose(self) -> None:
        self._lost_since = self._lost_since if self._lost else time.time()
        self._lost += 1


def _has_room() -> bool:
    settings.RECORDS_SPOOL.mkdir(parents=True, exist_ok=True)
    room = os.statvfs(settings.RECORDS_SPOOL)
    return room.f_bavail * room.f_frsize >= RESERVE_BYTES


handing = Handing()
