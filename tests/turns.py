"""Whose turn it is among the processes that run the tests."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .prepared import RUN, locked


@contextmanager
def taken(*, is_alone: bool) -> Iterator[None]:
    """Lets many in at a time, or one alone."""
    with ExitStack() as stack:
        # Who waits to be alone stands in the door: nobody passes, and the room empties.
        with locked(RUN / "door", fcntl.LOCK_EX):
            mode = fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH
            stack.enter_context(locked(RUN / "room", mode))
        yield
