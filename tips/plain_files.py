"""Opens what another process, or a stranger, may have put there: a plain file, or nothing."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_plain(path: Path) -> BufferedReader:
    """Opens a file that is one; OSError where it is a link, or what would keep its reader waiting."""
    return open(path, "rb", opener=_plain)


def _plain(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "not a file")


def read_small(path: Path, most: int) -> bytes:
    """What is in a plain file of at most so many octets; OSError where it is larger, or none."""
    with open_plain(path) as file:
        octets = file.read(most + 1)
    if len(octets) > most:
        raise OSError(errno.EFBIG, "too large")
    return octets
