"""Ends the reading of requests whose time is up, also while nothing comes."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from . import limits


class _Watch:
    """Stops reading from connections whose time is up, even while they wait. One thread for all."""

    _EVERY = 2.0

    def __init__(self) -> None:
        self._until: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self._is_running = False

    @contextmanager
    def over(self, connection: socket.socket | None, seconds: float) -> Iterator[None]:
        if connection is None:  # with the development server, and in tests
            yield
            return
        connection.settimeout(limits.STALL_SECONDS)
        with self._lock:
            self._until[connection] = time.monotonic() + seconds
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                del self._until[connection]

    def _run(self) -> None:
        while True:
            time.sleep(self._EVERY)
            with self._lock:
                for connection, until in self._until.items():
                    if time.monotonic() > until:
                        _stop_reading(connection)
                if not self._until:
                    self._is_running = False
                    return


time_limit = _Watch()


def _stop_reading(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
