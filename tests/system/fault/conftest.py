"""What the tests of faults need of the machine; where it lacks, they are skipped, except in CI."""

import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.lacking import need

from .server import Intake, intake


@pytest.fixture
def make_server(tmp_path: Path) -> Callable[..., Any]:
    """Makes a real intake that is not started yet; to be used in a `with`."""
    return partial(intake, tmp_path / "var")


@pytest.fixture
def server(make_server: Callable[..., Any]) -> Iterator[Intake]:
    """A real intake, started."""
    with make_server(threads=8) as server:
        server.start()
        yield server


@pytest.fixture
def strace() -> str:
    return need("strace", root=True)


@pytest.fixture
def mount() -> str:
    return need("mount", root=True)


@pytest.fixture
def root() -> None:
    need(root=True)


@pytest.fixture(autouse=True)
def _interrupts_end_children() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and what it starts would too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
