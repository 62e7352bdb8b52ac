"""Zip files: each file in one is cleaned like any other."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from .found import CannotBeRead, CleaningNotes, HiddenData, HiddenThing, refuse
from .zipped_parts import entry_for, listed_parts

Cleaning = Callable[[Path, Path, CleaningNotes], None]


def clean_archive(
    source: Path, target: Path, notes: CleaningNotes, kinds: Mapping[str, Cleaning]
) -> None:
    """Cleans each file of an archive by the rules of its kind; what is of none is refused."""
    faults: list[HiddenThing] = []
    inside, outside = target.with_name("inside"), target.with_name("outside")
    try:
        with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as packed:
            for entry in listed_parts(archive):
                name = entry.filename
                ending = PurePosixPath(name).suffix.lower()
                if ending not in kinds:
                    faults.append(("in_archive", [("entry", name)]))
                    continue
                with archive.open(entry) as file, inside.open("wb") as copy:
                    shutil.copyfileobj(file, copy)
                cleaned = outside.with_suffix(ending)
                try:
                    kinds[ending](inside, cleaned, notes)
                except HiddenData as found:
                    faults += [(what, [("entry", name), *place]) for what, place in found.faults]
                    continue
                except CannotBeRead:
                    faults.append(("unreadable_entry", [("entry", name)]))
                    continue
                with cleaned.open("rb") as file, packed.open(entry_for(name), "w") as kept:
                    shutil.copyfileobj(file, kept)
                cleaned.unlink()
    except (zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise CannotBeRead from error
    refuse(faults)
