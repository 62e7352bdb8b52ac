"""What takes long to make: made once for all processes of a run of the tests."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def _folder() -> Path:
    """That of the run: the process that has begun it tells those that it starts."""
    if "SAPO_TEST_RUN" not in os.environ:
        os.environ["SAPO_TEST_RUN"] = tempfile.mkdtemp(prefix="sapo-test-run-")
        atexit.register(shutil.rmtree, os.environ["SAPO_TEST_RUN"], ignore_errors=True)
    return Path(os.environ["SAPO_TEST_RUN"])


RUN = _folder()


def prepared(name: str, make: Callable[[Path], None]) -> Path:
    """The file or folder of that name; whoever comes first makes it, and the others wait."""
    path, part = RUN / name, RUN / f"{name}.part"
    with locked(RUN / f"{name}.lock", fcntl.LOCK_EX):
        if not path.exists():
            make(part)
            part.rename(path)
    return path


@contextmanager
def locked(path: Path, mode: int) -> Iterator[None]:
    """For many at once, or for one alone."""
    with path.open("w") as file:
        fcntl.flock(file, mode)
        yield
