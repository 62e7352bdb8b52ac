"""What the tests of faults need of the machine; where it lacks, they are skipped, except in CI."""

import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.lacking import need
from tests.nginx import Nginx, configured, nginx, short_folder

from .behind_nginx import FROM_ANYWHERE, listeners, machine_for_visitors
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
def front() -> Iterator[Nginx]:
    """nginx as it is shipped, not started yet."""
    with configured() as front:
        yield front


@pytest.fixture
def open_front() -> Iterator[Nginx]:
    """The same, for people from anywhere, each of whom says from where."""
    with configured("deny all", beside=FROM_ANYWHERE) as front:
        yield front


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for sockets."""
    with short_folder("fault") as folder:
        yield folder


@pytest.fixture
def machines(front: Nginx, folder: Path) -> Iterator[tuple[Nginx, Nginx]]:
    """The first machine and one for visitors, whose word on who sends the first believes."""
    believed = (
        "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n"
    )
    (front.folder / "snippets" / "sapo-visitors.conf").write_text(believed)
    visitors = machine_for_visitors(folder / "2", front)
    with (
        listeners(front, "public", "intake"),
        listeners(visitors, "public"),
        nginx(front),
        nginx(visitors),
    ):
        yield front, visitors


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
