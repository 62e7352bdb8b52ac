"""What the child tells of a file: words that `sentences` knows, so that it needs no translation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

# Where something stands, outermost first; and what was found there.
Whereabouts: TypeAlias = Sequence[tuple[str, str | int]]
HiddenThing: TypeAlias = tuple[str, Whereabouts]


@dataclass
class CleaningNotes:
    """What was taken out of a file, and facts of it that are kept for later checks."""

    removed: list[str] = field(default_factory=list)
    seen: dict[str, object] = field(default_factory=dict)

    def remove(self, what: str) -> None:
        if what not in self.removed:
            self.removed.append(what)


class HiddenData(Exception):
    """The file holds something that its author does not see, or several such things (`faults`)."""

    def __init__(
        self, what: str, *place: tuple[str, str | int], others: Sequence[HiddenThing] = ()
    ) -> None:
        self.faults: list[HiddenThing] = [(what, place), *others]
        super().__init__(self.faults)


def refuse(faults: Sequence[HiddenThing]) -> None:
    """Raises HiddenData with all of them, if there is any."""
    for what, place in faults[:1]:
        raise HiddenData(what, *place, others=faults[1:])


class CannotBeRead(Exception):
    """The file is not of the kind that its name says, or is broken."""


def some_words(text: str) -> str:
    """The beginning of a text, as one quotes it to say where something stands."""
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:40].rsplit(" ", 1)[0]
