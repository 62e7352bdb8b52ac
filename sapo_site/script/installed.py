"""What lies where the site is installed, file by file."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CODE_PLACE = "/srv/sapo"  # where every installation lies: deploy/install
STATIC = "/var/lib/sapo/static"
_CACHE = "__pycache__"
# What the site writes, and what only whoever works on the code has.
_NOT_INSTALLED = re.compile(
    r"var|\.git|\.venv-next|\.hypothesis|\.(mypy|ruff|pytest|import_linter)_cache"
)


class File(NamedTuple):
    """As git says it: 644, 755 or link, of which the octets are where it leads."""

    total: str
    size: int
    mode: str


class Installation(NamedTuple):
    """Where the parts of an installation lie, which here may be elsewhere."""

    code: Path
    static: Path | None

    def paths(self) -> Iterator[tuple[str, Path]]:
        """The name of each file as it stands in a manifest, and where it is; folders end with /."""
        for top, beginning in ((self.code, ""), (self.static, f"{STATIC}/")):
            for path in _below(top, without_own=top == self.code) if top else ():
                name = beginning + path.relative_to(top or path).as_posix()
                if path.is_dir() and not path.is_symlink():
                    name = f"{name}/" if path != top else beginning or "./"
                yield name, path

    def files(self) -> dict[str, File | None]:
        """All files by name; None for what is neither a file nor a link."""
        found = {name: path for name, path in self.paths() if not _is_left_out(name)}
        return {name: self._described(name, path) for name, path in found.items()}

    def compiled(self) -> Iterator[tuple[str, Path]]:
        """What Python has compiled of the sources, and so runs in their place."""
        return ((name, path) for name, path in self.paths() if f"{_CACHE}/" in f"/{name}"[:-1])

    def _described(self, name: str, path: Path) -> File | None:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            octets, mode = os.fsencode(os.readlink(path)), "link"
        elif stat.S_ISREG(status.st_mode):
            octets, mode = path.read_bytes(), "755" if status.st_mode & 0o100 else "644"
        else:
            return None
        if name.startswith(".venv/bin/") or name.endswith("/pyvenv.cfg"):
            octets = octets.replace(os.fsencode(self.code), CODE_PLACE.encode())
        return File(hashlib.sha256(octets).hexdigest(), len(octets), mode)


def _below(top: Path, *, without_own: bool) -> Iterator[Path]:
    for folder, folders, files in os.walk(top):
        if without_own and folder == str(top):
            folders[:] = [name for name in folders if not _NOT_INSTALLED.fullmatch(name)]
        yield Path(folder)
        yield from (Path(folder, name) for name in files)
        yield from (path for name in folders if (path := Path(folder, name)).is_symlink())


def _is_left_out(name: str) -> bool:
    """A folder, what is compared in another way, or an installer's notes, which nothing runs."""
    notes = name.startswith(".venv") and name.endswith((".dist-info/RECORD", "/sapo-stamp.json"))
    return notes or name.endswith("/") or f"/{_CACHE}/" in f"/{name}"
