"""What the tests of faults need of the machine; where it lacks, they are skipped, except in CI."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from .server import Intake, intake


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/fault" in str(item.path):
            item.add_marker(pytest.mark.tips_fault)


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
    return _needed("strace")


@pytest.fixture
def mount() -> str:
    return _needed("mount")


@pytest.fixture
def root() -> None:
    if os.geteuid() != 0:
        _lacking("Kräver att testerna körs som root.")


def _needed(program: str) -> str:
    path = shutil.which(program)
    if path is None or os.geteuid() != 0:
        _lacking(f"Kräver Debians paket {program} och att testerna körs som root.")
    return path


def _lacking(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _interrupts_end_children() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and what it starts would too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
