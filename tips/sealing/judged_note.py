"""A note as it was handed out, and as it is judged with the others on its tip."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .signed_note import FormerNote, SignedNote

# whole: proved. before: from before notes were signed. false: not to be believed. closed: sealed to
# other keys than ours.
NoteStanding: TypeAlias = Literal["whole", "before", "false", "closed"]


@dataclass(frozen=True)
class GivenNote:
    """A note as it was handed out: where it could not be read, `note` says why."""

    id: str
    note: SignedNote | FormerNote | Literal["closed", "damaged"]
    account: str | None = None  # who the server says wrote it, where it says so


@dataclass(frozen=True)
class JudgedNote:
    standing: NoteStanding
    name: str = ""
    faults: tuple[str, ...] = ()
    # How many before it are missing, and the number of the first where that is known.
    missing: tuple[int, int] = (0, 0)
