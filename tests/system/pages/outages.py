"""A PostgreSQL that is gone, or that hangs; and who asks meanwhile."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import Cluster

from .installation import Installation


@contextmanager
def stopped(server: Cluster) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def hanging(server: Cluster) -> Iterator[None]:
    """As when its disk or machine stands still: connections stay, and nothing answers."""
    processes = _processes(server)
    _tell(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        _tell(processes, signal.SIGCONT)


def _tell(processes: list[int], what: signal.Signals) -> None:
    for each in processes:
        with suppress(ProcessLookupError):  # it has ended meanwhile, as one of a pool does
            os.kill(each, what)


def told(server: Cluster, *statements: str) -> Any:
    """What PostgreSQL says to the last of these, from the one who owns it."""
    with server.connect("postgres", "sapo") as owner:
        for each in statements:
            cursor = owner.execute(each)
        return cursor.fetchone() if cursor.description else None


def _processes(server: Cluster) -> list[int]:
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    found = [first]
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            text = path.read_text()
            if int(text.rpartition(")")[2].split()[1]) == first:
                found.append(int(text.split()[0]))
    return found


@dataclass(frozen=True)
class Asked:
    """One request: how long after the first of all it was sent, what came, and how long that took."""

    name: str
    after: float
    status: int
    took: float


def ask_at_a_pace(
    site: Installation, addresses: dict[str, tuple[str, dict[str, str]]], seconds: float
) -> list[Asked]:
    """Asks for each of the addresses ten times a second, whether the former have been answered or not.

    A `{}` in an address is another word each time.
    """
    asked: list[Asked] = []
    began = time.monotonic()

    def ask(name: str, number: int) -> None:
        path, headers = addresses[name]
        at = time.monotonic()
        word = f"{began:.0f}-{number}"
        status, _text, _headers = site.ask(path.format(word), service="public", **headers)
        asked.append(Asked(name, at - began, status, time.monotonic() - at))

    with ThreadPoolExecutor(100) as readers:
        for number in range(round(seconds * 10)):
            for name in addresses:
                readers.submit(ask, name, number)
            time.sleep(max(0, began + (number + 1) / 10 - time.monotonic()))
    return asked
