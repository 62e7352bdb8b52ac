"""Slows down whoever guesses passwords, without keeping a name or an address."""

import hashlib
import hmac
import secrets
import time
import unicodedata
from collections import deque
from collections.abc import Callable
from threading import Lock

PER_NAME, NAME_WINDOW = 5, 15 * 60.0
ALTOGETHER, WINDOW = 30, 60.0
_MOST_NAMES = 10_000


class Brake:
    """Counts attempts in memory: for each name, and for all names together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._all: deque[float] = deque()
        self._by_name: dict[bytes, deque[float]] = {}

    def lets_through(self, name: str) -> bool:
        """Whether the password may be tried. The attempt counts at once, so none slips past."""
        digest = self._digest(name)
        with self._lock:
            now = self._clock()
            _forget(self._all, now - WINDOW)
            mine = self._by_name.pop(digest, deque())
            _forget(mine, now - NAME_WINDOW)
            is_let_through = len(mine) < PER_NAME and len(self._all) < ALTOGETHER
            if is_let_through:
                mine.append(now)
                self._all.append(now)
            if mine:
                self._make_room(now)
                self._by_name[digest] = mine  # moved to the end: the oldest come first
            return is_let_through

    def was_right(self, name: str) -> None:
        """Forgets this attempt and those before it with the name: the password was right."""
        with self._lock:
            self._by_name.pop(self._digest(name), None)
            if self._all:
                self._all.pop()

    def _make_room(self, now: float) -> None:
        while self._by_name:
            name, attempts = next(iter(self._by_name.items()))
            if attempts[-1] > now - NAME_WINDOW and len(self._by_name) < _MOST_NAMES:
                return
            del self._by_name[name]

    def _digest(self, name: str) -> bytes:
        same = unicodedata.normalize("NFKC", name).casefold().strip()
        return hmac.digest(self._key, same.encode("utf-8", "replace"), hashlib.sha256)


def _forget(attempts: deque[float], before: float) -> None:
    while attempts and attempts[0] <= before:
        attempts.popleft()
