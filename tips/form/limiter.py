"""Limits how often one may send. It stores no address, and forgets all every ten minutes.

The counters lie in memory shared by all processes that are forked after this module is imported
(`preload_app` in gunicorn). They count a keyed hash of the address. Every ten minutes the key is
replaced by its own hash, so that nobody can get an earlier key back.
"""

import fcntl
import hashlib
import hmac
import ipaddress
import mmap
import os
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import limits

_ROWS, _COLUMNS = 4, 16 * 1024
_KEY = 32
_STATE = struct.Struct("=QQ")  # the number of the period, and how many tips came in it
_COUNTERS = 64
_SIZE = _COUNTERS + _ROWS * _COLUMNS * 4


class Limiter:
    """A count-min sketch: addresses may share counters, so it counts too much, never too little."""

    def __init__(self) -> None:
        self._memory = memoryview(mmap.mmap(-1, _SIZE))
        self._key = self._memory[:_KEY]
        self._state = self._memory[_KEY : _KEY + _STATE.size]
        self._counters = self._memory[_COUNTERS:].cast("I")
        self._key[:] = os.urandom(_KEY)
        # Between processes: the system itself releases this lock when a process is killed.
        self._lock_file = _file_in_memory()
        self._thread_lock = threading.Lock()
        self._timer: threading.Timer | None = None
        os.register_at_fork(after_in_child=self._start_process)

    def lets_in(self, address: str) -> bool:
        """Whether one more may come from this address; one that is refused is not counted."""
        sender = _sender(address)
        with self._alone():
            self._forget_what_is_past()
            stretch, in_all = _STATE.unpack(self._state)
            if in_all >= limits.MAX_TIPS_IN_ALL:
                return False
            if sender is not None:
                cells = self._cells(sender)
                count = min(self._counters[cell] for cell in cells)
                if count >= limits.MAX_TIPS_PER_ADDRESS:
                    return False
                for cell in cells:
                    self._counters[cell] = max(self._counters[cell], count + 1)
            _STATE.pack_into(self._state, 0, stretch, in_all + 1)
            self._forget_later()
            return True

    def forget(self) -> None:
        """Goes on to the next key, with all counters at zero."""
        self._memory[_KEY:] = bytes(_SIZE - _KEY)
        self._key[:] = hashlib.sha256(self._key).digest()

    def _forget_what_is_past(self) -> None:
        now = int(time.time() // limits.LIMITER_SECONDS)
        if _STATE.unpack(self._state)[0] != now:
            self.forget()
            _STATE.pack_into(self._state, 0, now, 0)

    def _forget_later(self) -> None:
        """Forgets even when no request follows: one timer for each process and period."""
        if self._timer is None:
            left = limits.LIMITER_SECONDS - time.time() % limits.LIMITER_SECONDS
            self._timer = threading.Timer(left + 0.1, self._forget_in_time)
            self._timer.daemon = True
            self._timer.start()

    def _forget_in_time(self) -> None:
        with self._alone():
            self._timer = None
            self._forget_what_is_past()

    def _cells(self, sender: bytes) -> list[int]:
        digest = hmac.digest(self._key, sender, "sha256")
        columns = struct.unpack_from(f"={_ROWS}H", digest)
        return [row * _COLUMNS + column % _COLUMNS for row, column in enumerate(columns)]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._thread_lock:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._lock_file, fcntl.LOCK_UN)

    def _start_process(self) -> None:
        """Makes what the threads of one process share."""
        self._thread_lock = threading.Lock()
        self._timer = None


def _sender(address: str) -> bytes | None:
    """What counts as one sender: an IPv4 address, or the IPv6 network of 2^72 that a home has.

    None for our own machine and for what is no address: only the total limits those.
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return None
    return found.packed if found.version == 4 else found.packed[:7]


def _file_in_memory() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tips-limiter")
    with tempfile.TemporaryFile() as file:  # stays empty
        return os.dup(file.fileno())


limiter = Limiter()
