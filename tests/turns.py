"""Whose turn it is among the processes that run the tests."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest


@contextmanager
def taken(config: pytest.Config, *, is_alone: bool) -> Iterator[None]:
    """Lets many in at a time, or one alone."""
    if not hasattr(config, "workerinput"):
        yield
        return
    run = config.workerinput["testrunuid"]
    with ExitStack() as stack:
        # Who waits to be alone stands in the door: nobody passes, and the room empties.
        with _locked(f"{run}-door", fcntl.LOCK_EX):
            mode = fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH
            stack.enter_context(_locked(f"{run}-room", mode))
        yield


@contextmanager
def _locked(name: str, mode: int) -> Iterator[IO[str]]:
    path = Path(tempfile.gettempdir()) / f"sapo-test-{name}"
    with path.open("w") as file:
        fcntl.flock(file, mode)
        yield file
