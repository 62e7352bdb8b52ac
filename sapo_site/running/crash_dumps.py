"""Keeps the memory of a serving process out of files, since it may hold what a visitor sent."""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def turn_off() -> None:
    """Turns off core files, and hides the memory from other processes of the same user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit has no effect if the kernel pipes core dumps to a program.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "PR_SET_DUMPABLE")
