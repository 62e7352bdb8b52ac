"""The program that reads an uploaded file, so that whatever the file does ends with this process.

`python -m pages.cleaning.child SOURCE TARGET MEGABYTES SECONDS`; prints JSON. It bounds itself before
it knows of the file, has no environment, and needs neither Django nor a database.
"""

import json
import resource
import sys
from pathlib import Path

from .found import CannotBeRead, CleaningNotes, HiddenData
from .kinds import clean_file

_MEGABYTE = 1024 * 1024


def bound_itself(megabytes: int, seconds: int, most_written: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, megabytes * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def clean_and_tell() -> None:
    source, target = map(Path, sys.argv[1:3])
    megabytes, seconds = map(int, sys.argv[3:5])
    # A cleaned file is hardly larger than it was; films are copied.
    bound_itself(megabytes, seconds, 2 * source.stat().st_size + 64 * _MEGABYTE)
    sys.stdout.write(json.dumps(told_of(source, target)))


def told_of(source: Path, target: Path) -> dict[str, object]:
    notes = CleaningNotes()
    try:
        clean_file(source, target, notes)
    except HiddenData as found:
        return {"hidden": found.what, "place": found.place}
    except CannotBeRead:
        return {"unreadable": True}
    return {"removed": sorted(notes.removed), "seen": notes.seen}


if __name__ == "__main__":
    clean_and_tell()
