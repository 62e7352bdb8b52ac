"""Packs sealed tips into a bundle, for a machine without a network (`opener.html` opens it)."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import IO, Protocol
from uuid import UUID

BUNDLE_FORMAT = "sapo-tips/1"
MANIFEST = "manifest.json"
# Says nothing of when: the earliest time that a zip file can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1024 * 1024


class Readable(Protocol):
    """What a sealed file is read from."""

    def read(self, size: int, /) -> bytes: ...


class BundlePacker(AbstractContextManager["BundlePacker"]):
    """Writes a bundle, without compression: sealed octets do not shrink."""

    def __init__(self, out: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._tips: list[dict[str, object]] = []

    def __exit__(self, kind: object, *_raised: object) -> None:
        """Ends with the manifest: a bundle that was cut off has none and is refused."""
        if kind is None:
            content = {"format": BUNDLE_FORMAT, "tips": self._tips}
            self._archive.writestr(_entry(MANIFEST), json.dumps(content, indent=1))
            self._archive.close()

    def add_tip(
        self, tip_id: UUID, received_on: date, files: Iterable[tuple[str, Readable]]
    ) -> None:
        """Adds a tip with its files, each named as it is within the tip's folder."""
        listed = [self._add(tip_id, name, source) for name, source in files]
        said = {"id": str(tip_id), "received_on": received_on.isoformat()}
        self._tips.append({**said, "files": listed})

    def add_trust(self, texts: Mapping[str, str]) -> None:
        """Adds the signers and keyrings by which what is signed of the tips can be checked."""
        for name in sorted(texts):
            self._archive.writestr(_entry(f"trust/{name}"), texts[name])

    def _add(self, tip_id: UUID, name: str, source: Readable) -> dict[str, str]:
        total = hashlib.sha256()
        with self._archive.open(_entry(f"{tip_id}/{name}"), "w") as file:
            while block := source.read(_BLOCK):
                file.write(block)
                total.update(block)
        return {"name": name, "sha256": total.hexdigest()}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.external_attr = 0o600 << 16
    return entry
