"""Decides which of the processes that run the tests may run one now."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .prepared import RUN, locked


@contextmanager
def taken(*, is_alone: bool) -> Iterator[None]:
    """Lets many tests run at a time, or one alone."""
    with ExitStack() as stack:
        # A test that waits to be alone holds the door: others end, and no new one starts.
        with locked(RUN / "door", fcntl.LOCK_EX):
            mode = fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH
            stack.enter_context(locked(RUN / "room", mode))
        yield
