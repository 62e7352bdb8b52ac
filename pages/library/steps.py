"""How far the work on an upload has come, for whoever waits for it. Needs no Django.

It stands in a file with a name that was drawn in the browser: the work is done in one process, and
the question may come to another.
"""

import json
from contextlib import suppress
from pathlib import Path


def tell_step(path: str, done: int, of: int) -> None:
    """Writes it, if somebody waits; what fails is not told."""
    if path:
        with suppress(OSError):
            beside = Path(f"{path}.new")
            beside.write_text(json.dumps([done, of]))
            beside.replace(path)


def step_told(path: str) -> tuple[int, int]:
    """What was told last: how much is done, and of how much; of nothing, if nothing is told."""
    try:
        done, of = json.loads(Path(path).read_bytes())
        return int(done), int(of)
    except (OSError, ValueError, TypeError):
        return 0, 0
