"""How long it takes from a confirmation to the last process and to the pages that lie there as files.

Whoever reads asks all addresses of all servers in turn, again and again. An answer that is
from before the change, though somebody has met it already, is a step back.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import ROOT

# What a server answers at an address.
Ask = Callable[[str], str]
_PATIENCE_SECONDS = 20
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Change:
    """What came of one confirmation, in seconds from it."""

    confirming: float
    met_everywhere: float
    in_files: float
    steps_back: Sequence[str]


class Changer:
    """The process that confirms."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.answer()  # that it is ready

    def tell(self, sign: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{sign}\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("tests.changer har slutat")
        return line


@contextmanager
def changer(environment: Mapping[str, str], log: Path) -> Iterator[Changer]:
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.changer"], cwd=ROOT, env=dict(environment), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    try:
        yield Changer(process)
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(20)


def changed(
    changer: Changer, servers: Mapping[str, Ask], addresses: Sequence[str], edition: Path, sign: str
) -> Change:
    """Lets the changer confirm what has this sign, and reads until everybody meets it."""
    changer.tell(sign)
    left = {(name, address) for name in servers for address in addresses}
    files = set(addresses)
    was_met, steps_back, met, in_files = "", list[str](), 0.0, 0.0
    until = time.monotonic() + _PATIENCE_SECONDS
    while left or files:
        for address in addresses:
            for name, ask in servers.items():
                known = was_met
                if sign in ask(address):
                    was_met = was_met or f"{name} {address}"
                    met = time.time() if (name, address) in left else met
                    left.discard((name, address))
                elif known:
                    steps_back.append(f"{name} {address} after {known}")
        for address in list(files):
            if sign in _file(edition, address):
                files.discard(address)
                in_files = time.time()
        time.sleep(_PAUSE_SECONDS)  # so that who asks does not take the time of who answers
        if time.monotonic() > until:
            raise RuntimeError(f"{sign}: {sorted(left)} {sorted(files)}")
    began, ended = map(float, changer.answer().split())
    return Change(ended - began, met - began, in_files - began, steps_back)


def _file(edition: Path, address: str) -> str:
    try:
        return (edition / "current" / address.strip("/") / "index.html").read_text()
    except OSError:
        return ""
