"""Makes a new edition current as soon as something has changed, whatever is being written meanwhile."""

import math
import threading
import time

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from . import editions

_LOOKS_EVERY_SECONDS = 0.25


class Turning:
    """Looks four times a second; what changes by itself does so in its second."""

    def __init__(self) -> None:
        self.has_turned = threading.Event()
        self._seen: editions.Edition | None = None
        self._until = math.inf

    def start(self) -> None:
        """Looks in a thread of its own, for as long as the process lives."""
        threading.Thread(target=self._go_on, daemon=True, name="turning").start()

    def look(self) -> float:
        """Begins an edition if there is to be another; the seconds until it is to look again."""
        now = editions.begin()
        if now == self._seen and self._until <= time.time():
            now = editions.begin_anew(now)
        if now != self._seen:
            self._seen, self._until = now, editions.changes_at()
            self.has_turned.set()
        return max(0, min(_LOOKS_EVERY_SECONDS, self._until - time.time()))

    def _go_on(self) -> None:
        while True:
            wait = _LOOKS_EVERY_SECONDS
            try:
                wait = self.look()
                close_old_connections()
            except (DatabaseError, InterfaceError, OSError):  # who writes the pages says so
                connections.close_all()
            time.sleep(wait)
