"""The program that works on a file from outside, so that whatever the file does ends with this process.

`python -m pages.library.apart.child`: hears files and what to do with them on its standard input, a socket, and tells there
what came of it. It bounds itself before it loads what reads the file, has no environment, and needs no database.
"""

import importlib
import os
import resource
import signal
import tempfile
from pathlib import Path

from .line import ChildLine, to_parent

_MEGABYTE = 1024 * 1024
# Whoever saves a page meanwhile comes first.
_AFTER_OTHERS = 10
# What lies there is handed back.
MADE = Path("made")


def bound_itself(megabytes: int, seconds: int, most_written: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, megabytes * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # Where who asked is another user, who cannot end it.
    signal.alarm(max(1, seconds))


def work(line: ChildLine) -> None:
    os.chdir(tempfile.mkdtemp())
    MADE.mkdir()
    while "file" in (told := line.hear()):
        line.take(Path(told["file"]), told["size"])
    bound_itself(**told["bounds"])
    os.nice(_AFTER_OTHERS)
    to_parent.set(line)
    module, _colon, function = told["work"].partition(":")
    answer = getattr(importlib.import_module(module), function)(**told["given"])
    for made in sorted(MADE.iterdir()):
        line.send(made)
    line.tell(answer=answer)


if __name__ == "__main__":
    with open(0, "rb", closefd=False) as reads, open(os.dup(0), "wb") as writes:
        work(ChildLine(reads, writes))
