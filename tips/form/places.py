"""Room for so many forms to be sent at once; however slowly some send, others find a place."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from . import limits
from .limiter import networks_of


class Places:
    """Counts who is sending while they do, by the largest network that they send from."""

    def __init__(self) -> None:
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one_for(self, address: str) -> Iterator[bool]:
        """Yields whether there is a place, and holds it meanwhile."""
        networks = networks_of(address)
        # Python's hash is keyed anew in each process.
        network = hash(networks[-1].key) if networks else 0
        with self._lock:
            is_free = self._is_one_free_for(network)
            self._taken[network] += is_free
        try:
            yield is_free
        finally:
            with self._lock:
                self._taken[network] -= is_free
                if not self._taken[network]:
                    del self._taken[network]

    def _is_one_free_for(self, network: int) -> bool:
        free = limits.MAX_READ_AT_ONCE - self._taken.total()
        if free > limits.PLACES_HELD_BACK or not network:
            return free > 0
        return free > 0 and self._taken[network] < limits.MAX_PLACES_WHEN_FEW
