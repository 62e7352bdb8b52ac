"""Keeps the memory of a serving process out of files: what a visitor sent may lie in it."""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def turn_off() -> None:
    """No crash leaves a core file, and no other process of the same user may read the memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit does not hold where the kernel gives cores to a program.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "PR_SET_DUMPABLE")
