"""Lets a process search for one reader after another, and for a few of them only.

A search takes as much of the processor as three pages that are drawn, and nobody can keep the answers
to all that might be asked for. Without a limit a flood of searches holds every thread of the process.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Two at once would take as long as one after the other: nearly all of it is Python. Of the eight
# threads of a process (deploy/gunicorn.conf.py) half are left to those who read pages.
AT_ONCE = 1
WAITING = 3
# As long as a reader notices no wait; who has waited longer is told to come back.
PATIENCE_SECONDS = 1.0


class TooManySearches(Exception):
    """So many search already that this one would wait too long."""


class Queue:
    """A few who are served, and a few who wait; there is no room for more."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._served = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn; raises TooManySearches at once if many wait, or else after a while."""
        with _held(self._room, 0), _held(self._served, self._patience):
            yield


@contextmanager
def _held(places: threading.Semaphore, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise TooManySearches
    try:
        yield
    finally:
        places.release()


searches = Queue(AT_ONCE, WAITING, PATIENCE_SECONDS)
