"""Opens what another process may have put there: a plain file, or nothing."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


def plain_file(path: Path) -> BinaryIO:
    """A plain file, whatever may have been put in its place meanwhile."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise FileNotFoundError(path)
    return file
