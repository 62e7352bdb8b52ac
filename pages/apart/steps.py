"""How far the work on an upload has come, for whoever waits for it. Needs no Django.

It stands in a file, whose name was drawn in the browser: the work is done in one process, and the
question may come to another.
"""

import json
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from .line import to_parent

# The file that somebody reads while this thread, or its child, works; none if nobody does.
steps_told_in: ContextVar[str] = ContextVar("steps are told in", default="")


class UploadStep(NamedTuple):
    """What is being done, and of how many such things so many are done."""

    work: str = ""
    done: int = 0
    of: int = 0


def tell_step(step: UploadStep) -> None:
    """Writes it, if somebody waits, and the work goes on where that fails; a child tells who asked it."""
    if line := to_parent.get():
        line.tell(step=step)
    elif path := steps_told_in.get():
        with suppress(OSError):
            beside = Path(f"{path}.new")
            beside.write_text(json.dumps(step))
            beside.replace(path)


def step_told_in(path: Path) -> UploadStep:
    """What was told last; an empty step if nothing has been told."""
    try:
        work, done, of = json.loads(path.read_bytes())
        return UploadStep(str(work), int(done), int(of))
    except (OSError, ValueError, TypeError):
        return UploadStep()
