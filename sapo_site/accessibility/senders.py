"""Limits how many messages one may send. It stores no address, and forgets all every ten minutes."""

import ipaddress
import threading
import time
from collections import Counter

PERIOD = 10 * 60
MOST_IN_ALL = 200
# The networks that an address lies in: the length of the prefix, and how many may come from it. In
# IPv6 a home has a /56, and /48 are given away to anybody who asks.
MOST_FROM = {4: ((32, 5), (24, 20), (16, 60)), 6: ((56, 5), (48, 20), (32, 60))}


class Senders:
    """Counts, in the memory of one process, hashes of the networks that messages came from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._period = -1
        self.forget()

    def forget(self) -> None:
        self._counted, self._in_all = Counter[int](), 0

    def let_in(self, address: str) -> bool:
        """Whether one more may come from this address; one that is refused is not counted."""
        with self._lock:
            if (period := int(time.time() // PERIOD)) != self._period:
                self._period = period
                self.forget()
            # Python's hash is keyed anew in each process.
            names = {hash(network): most for network, most in _networks_of(address)}
            if self._in_all >= MOST_IN_ALL:
                return False
            if any(self._counted[name] >= most for name, most in names.items()):
                return False
            self._counted.update(names.keys())
            self._in_all += 1
            return True


def _networks_of(address: str) -> list[tuple[str, int]]:
    """None for our own machine and for what is no address: only the limit for all counts there."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return []
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return []
    return [
        (str(ipaddress.ip_network((found, length), strict=False)), most)
        for length, most in MOST_FROM[found.version]
    ]


senders = Senders()
