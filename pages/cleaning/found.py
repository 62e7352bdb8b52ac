"""What the child tells of a file: words that `sentences` knows, so that it needs no translation."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CleaningNotes:
    """What was taken out of a file, and facts of it that are kept for later checks."""

    removed: list[str] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def remove(self, what: str) -> None:
        if what not in self.removed:
            self.removed.append(what)


class HiddenData(Exception):
    """The file holds something that its author does not see; `place` says where, outermost first."""

    def __init__(self, what: str, *place: tuple[str, str | int]) -> None:
        super().__init__(what, place)
        self.what = what
        self.place = place


class CannotBeRead(Exception):
    """The file is not of the kind that its name says, or is broken."""


def some_words(text: str) -> str:
    """The beginning of a text, as one quotes it to say where something stands."""
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:40].rsplit(" ", 1)[0]
