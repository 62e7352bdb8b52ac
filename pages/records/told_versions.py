"""What `sheets` tells of each page, read where no key is and nothing is filed."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

NAMED = "%Y%m%dT%H%M%SZ"  # a sheet, by when it was made


class SaidVersion(NamedTuple):
    """What stood at an address from a moment on, in microseconds since 1970."""

    since: int
    status: int
    digest: str
    salt: str
    sheet: str

    @property
    def untold(self) -> "SaidVersion":
        """That something began to stand there, which ended what stood before, and not what."""
        return self._replace(digest="", salt="")

    def lines(self, address: str) -> list[str]:
        """What its sum is of, a line each."""
        return [self.salt, address, str(self.since), str(self.status), self.digest]

    def sum(self, address: str) -> str:
        lines = "".join(f"{each}\n" for each in self.lines(address))
        return hashlib.sha256(lines.encode()).hexdigest()


def file_of_versions(folder: Path, address: str) -> Path:
    return folder / "of" / f"{hashlib.sha256(address.encode()).hexdigest()}.json"


def versions_told(folder: Path, address: str) -> list[SaidVersion]:
    """Those of an address that may be shown, the first one first."""
    try:
        found = json.loads(file_of_versions(folder, address).read_bytes())
    except FileNotFoundError:
        return []
    return [SaidVersion(*each) for each in found]
