"""Limits how often one may send. It stores no address, and forgets all every ten minutes.

The counters lie in memory shared by all processes that are forked after they are made
(`preload_app` in gunicorn, sapo_site/wsgi.py). They count keyed hashes of the networks that the address lies in. Every
ten minutes the key is replaced by its own hash, so that nobody can get an earlier key back.
"""

import errno
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
from dataclasses import dataclass
from typing import Protocol

from . import limits

# Room for a whole period's networks: a newcomer must not be taken for one that has been seen.
_ROWS, _COLUMNS = 4, 2**18
_KEY = 32
_STATE = struct.Struct("=QQ")  # the number of the period, and how many tips came in it
_COUNTERS = 64
_SIZE = _COUNTERS + _ROWS * _COLUMNS * 2
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Limits(Protocol):
    """What tips/form/limits.py says of tips, and others of what they take in."""

    LIMITER_SECONDS: int
    MAX_PER_ADDRESS: int
    MAX_IN_ALL: int
    NETWORKS: dict[int, tuple[tuple[int, int], ...]]
    HELD_BACK: int
    MAX_HELD_BACK_PER_NETWORK: int


@dataclass(frozen=True)
class Network:
    """A network that somebody sends from, and how much may come from it."""

    key: bytes
    limit: int


class Limiter:
    """A count-min sketch: networks may share counters, so it counts too much, never too little."""

    def __init__(self, most: Limits) -> None:
        self._most = most
        self._memory = memoryview(mmap.mmap(-1, _SIZE))
        self._key = self._memory[:_KEY]
        self._state = self._memory[_KEY : _KEY + _STATE.size]
        self._counters = self._memory[_COUNTERS:].cast("H")
        self._key[:] = os.urandom(_KEY)
        # Between processes: the system itself releases this lock when a process is killed.
        self._lock_file = _file_in_memory()
        self._thread_lock = threading.Lock()
        self._timer: threading.Timer | None = None
        os.register_at_fork(after_in_child=self._start_process)

    def has_room(self, address: str) -> bool:
        """Whether one more could come from this address now; counts nothing."""
        networks = networks_of(address, self._most)
        with self._alone():
            self._forget_what_is_past()
            return self._room_for(networks) is not None

    def lets_in(self, address: str) -> bool:
        """Whether one more may come from this address; one that is refused is not counted."""
        networks = networks_of(address, self._most)
        with self._alone():
            self._forget_what_is_past()
            counted = self._room_for(networks)
            if counted is None:
                return False
            for network in counted:
                self._count(network)
            stretch, in_all = _STATE.unpack(self._state)
            _STATE.pack_into(self._state, 0, stretch, in_all + 1)
            self._forget_later()
            return True

    def forget(self) -> None:
        """Goes on to the next key, with all counters at zero."""
        self._memory[_KEY:] = bytes(_SIZE - _KEY)
        self._key[:] = hashlib.sha256(self._key).digest()

    def _room_for(self, networks: list[Network]) -> list[Network] | None:
        """What one more would be counted under; None when there is no room for it."""
        in_all = _STATE.unpack(self._state)[1]
        most = self._most
        if in_all >= most.MAX_IN_ALL or not all(map(self._is_below, networks)):
            return None
        if in_all < most.MAX_IN_ALL - most.HELD_BACK or not networks:
            return networks
        _address, near, *_larger, largest = networks
        # What it may take of the room for networks that have not been seen.
        held_back = Network(b"held back" + largest.key, most.MAX_HELD_BACK_PER_NETWORK)
        if self._times(near) or not self._is_below(held_back):
            return None
        return [*networks, held_back]

    def _is_below(self, network: Network) -> bool:
        return self._times(network) < network.limit

    def _times(self, network: Network) -> int:
        return min(self._counters[cell] for cell in self._cells(network.key))

    def _count(self, network: Network) -> None:
        times = self._times(network) + 1
        for cell in self._cells(network.key):
            self._counters[cell] = max(self._counters[cell], times)

    def _forget_what_is_past(self) -> None:
        now = int(time.time() // self._most.LIMITER_SECONDS)
        if _STATE.unpack(self._state)[0] != now:
            self.forget()
            _STATE.pack_into(self._state, 0, now, 0)

    def _forget_later(self) -> None:
        """Forgets even when no request follows, and the process that counted is gone by then."""
        if self._timer is None:
            left = self._most.LIMITER_SECONDS - time.time() % self._most.LIMITER_SECONDS
            self._timer = threading.Timer(left + 0.1, self._forget_in_time)
            self._timer.daemon = True
            self._timer.start()

    def _forget_in_time(self) -> None:
        with self._alone():
            self._timer = None
            self._forget_what_is_past()
            self._forget_later()

    def _cells(self, key: bytes) -> list[int]:
        digest = hmac.digest(self._key, key, "sha256")
        columns = struct.unpack_from(f"={_ROWS}I", digest)
        return [row * _COLUMNS + column % _COLUMNS for row, column in enumerate(columns)]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._thread_lock:
            _wait_for(self._lock_file)
            try:
                yield
            finally:
                fcntl.lockf(self._lock_file, fcntl.LOCK_UN)

    def _start_process(self) -> None:
        """Makes what the threads of one process share."""
        self._thread_lock = threading.Lock()
        self._timer = None
        self._forget_later()


def networks_of(address: str, most: Limits = limits) -> list[Network]:
    """The networks that an address lies in, from the smallest.

    None for our own machine and for what is no address: only the total limits those.
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return []
    found = _ipv4_inside(found) or found
    if found.is_loopback:
        return []
    return [
        Network(
            bytes([found.version, length]) + found.packed[: length // 8],
            times * most.MAX_PER_ADDRESS,
        )
        for length, times in most.NETWORKS[found.version]
    ]


def _ipv4_inside(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is written as this one: as it is, or translated on the way (NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped


def _wait_for(file: int) -> None:
    """Waits for the lock on the file. The system looks for deadlocks by process: of two limiters it sees some that are none."""
    while True:
        try:
            return fcntl.lockf(file, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno != errno.EDEADLK:
                raise
            time.sleep(0.001)


def _file_in_memory() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tips-limiter")
    with tempfile.TemporaryFile() as file:  # stays empty
        return os.dup(file.fileno())


limiter = Limiter(limits)
