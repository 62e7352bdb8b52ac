"""Starts a child at the other end of a socket. Needs no Django."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]


@contextlib.contextmanager
def child_at(end: socket.socket, folder: Path) -> Iterator[subprocess.Popen]:
    """The child, which lays what it works on into the folder; ended afterwards, with all that it started."""
    child = subprocess.Popen(
        [sys.executable, "-s", "-m", "pages.library.apart.child"], cwd=_ROOT, env={"TMPDIR": str(folder)},
        stdin=end.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
