"""Makes what takes long once, for all processes of a test run."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def _folder() -> Path:
    """The folder of the test run; the environment tells it to processes started later."""
    if "SAPO_TEST_RUN" not in os.environ:
        os.environ["SAPO_TEST_RUN"] = tempfile.mkdtemp(prefix="sapo-test-run-")
        atexit.register(shutil.rmtree, os.environ["SAPO_TEST_RUN"], ignore_errors=True)
    return Path(os.environ["SAPO_TEST_RUN"])


RUN = _folder()


def prepared(name: str, make: Callable[[Path], None]) -> Path:
    """The file or folder of that name: the first process makes it, the others wait."""
    path, part = RUN / name, RUN / f"{name}.part"
    with locked(RUN / f"{name}.lock", fcntl.LOCK_EX):
        if not path.exists():
            make(part)
            part.rename(path)
    return path


@contextmanager
def locked(path: Path, mode: int) -> Iterator[None]:
    """Holds a lock on the file: shared by many (LOCK_SH), or for one alone (LOCK_EX)."""
    with path.open("w") as file:
        fcntl.flock(file, mode)
        yield
