"""What the child does with a file that is to be cleaned. Needs neither Django nor a database."""

from pathlib import Path

from .found import CannotBeRead, CleaningNotes, HiddenData
from .kinds import clean_file


def clean_and_tell(source: str, target: str) -> dict[str, object]:
    """Writes the file without what no reader sees, and tells it in codes."""
    notes = CleaningNotes()
    try:
        clean_file(Path(source), Path(target), notes)
    except HiddenData as found:
        return {"hidden": found.faults}
    except CannotBeRead:
        return {"unreadable": True}
    return {"removed": sorted(notes.removed), "seen": notes.seen}
