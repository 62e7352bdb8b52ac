"""Packs sealed tips into a bundle, for a machine without a network (`opener.html` opens it)."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import IO, Any, Protocol
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

    def __init__(self, out: IO[bytes], *, made_on: date) -> None:
        self._archive = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._manifest: dict[str, Any] = {
            "format": BUNDLE_FORMAT,
            "made_on": made_on.isoformat(),
            "tips": [],
        }

    def __exit__(self, kind: object, *_raised: object) -> None:
        """Ends with the manifest: a bundle that was cut off has none and is refused."""
        if kind is None:
            content = json.dumps(self._manifest, ensure_ascii=False, indent=1).encode()
            self._archive.writestr(_entry(MANIFEST), content)
            self._archive.close()

    def add_tip(
        self,
        tip_id: UUID,
        files: Iterable[tuple[str, Readable]],
        *,
        state: str,
        received_on: str,
        register_no: str,
    ) -> None:
        """Adds a tip with its files, each named as it is within the tip's folder."""
        self._manifest["tips"].append(
            {
                "id": str(tip_id),
                "state": state,
                "received_on": received_on,
                "register_no": register_no,
                "files": [self._add(tip_id, name, source) for name, source in files],
            }
        )

    def add_trust(self, texts: Mapping[str, str]) -> None:
        """Adds the signers and keyrings by which what is signed of the tips can be checked."""
        for name in sorted(texts):
            self._archive.writestr(_entry(f"trust/{name}"), texts[name])

    def _add(self, tip_id: UUID, name: str, source: Readable) -> dict[str, object]:
        total, size = hashlib.sha256(), 0
        with self._archive.open(_entry(f"{tip_id}/{name}"), "w") as file:
            while block := source.read(_BLOCK):
                file.write(block)
                total.update(block)
                size += len(block)
        return {"name": name, "size": size, "sha256": total.hexdigest()}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.external_attr = 0o600 << 16
    return entry
