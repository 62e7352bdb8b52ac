"""Reads and compiles the catalogues of interface texts: `python -m sapo_site.building.catalogues`.

Nothing here needs the system's gettext.
"""

import os
import sys
from pathlib import Path

import polib


class UnreadableCatalogue(Exception):
    """A .po file that cannot be read; the message says where."""


def catalogue_files(project: Path) -> list[Path]:
    """Every .po file of the project: our own texts, and our translations of packages' texts."""
    return sorted(project.glob("*/locale*/*/LC_MESSAGES/*.po"))


def compile_catalogues(project: Path) -> list[Path]:
    """Compiles every catalogue that is new or changed, each whole or not at all."""
    compiled = []
    for source in catalogue_files(project):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        part = target.with_suffix(f".mo.{os.getpid()}")
        part.write_bytes(read_catalogue(source).to_binary())
        part.replace(target)
        compiled.append(source)
    return compiled


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue of a .po file."""
    try:
        return polib.pofile(str(path), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableCatalogue(str(error)) from error


if __name__ == "__main__":
    try:
        compile_catalogues(Path(__file__).resolve().parents[2])
    except UnreadableCatalogue as error:
        sys.exit(f"Katalogen går inte att läsa: {error}")
