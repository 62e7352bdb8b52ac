"""What lies between who asks and the child: lines of JSON, and files whole. Needs no Django."""

import json
import os
import shutil
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO

_MEGABYTE = 1024 * 1024
_LONGEST = 16 * _MEGABYTE


class ChildLine:
    """One end of it. What is heard is never believed: who hears it looks at each word."""

    def __init__(self, reads: BinaryIO, writes: BinaryIO) -> None:
        self._reads = reads
        self._writes = writes

    def tell(self, **said: Any) -> None:
        self._writes.write(json.dumps(said).encode() + b"\n")
        self._writes.flush()

    def hear(self) -> dict[str, Any]:
        """What is told next. Raises EOFError where the other end is gone, and ValueError for nonsense."""
        said = self._reads.readline(_LONGEST)
        if not said.endswith(b"\n"):
            raise EOFError
        told = json.loads(said)
        if not isinstance(told, dict):
            raise ValueError
        return told

    def send(self, path: Path, name: str = "") -> None:
        with path.open("rb") as file:
            self.tell(file=name or path.name, size=os.fstat(file.fileno()).st_size)
            shutil.copyfileobj(file, self._writes, _MEGABYTE)
        self._writes.flush()

    def take(self, target: Path, size: int) -> None:
        """Writes the file that was told of; never where there is one."""
        with target.open("xb") as file:
            while size:
                piece = self._reads.read(min(size, _MEGABYTE))
                if not piece:
                    raise EOFError
                size -= file.write(piece)


# Who asked, within a child.
to_parent: ContextVar[ChildLine | None] = ContextVar("line to who asked", default=None)


def bring(path: Path) -> None:
    """Has who asked lay a file where the child looks for it, if there may be one beside what is read."""
    line = to_parent.get()
    if line and not path.exists():
        line.tell(wants=str(path.relative_to(Path.cwd())))
        told = line.hear()
        if "file" in told:
            path.parent.mkdir(parents=True, exist_ok=True)
            line.take(path, told["size"])
