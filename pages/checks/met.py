"""What readers meet of an object, as the walk tells it: words, links, pictures, tables, headings."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from django.db.models import Model


class Kind(Enum):
    """What a passage is."""

    TITLE = "title"
    HEADING = "heading"
    PROSE = "prose"  # whole sentences
    WORDS = "words"  # short ones: a label, a name, a caption
    NAMES = "names"  # with commas between them, and no sentences
    ADDRESS = "address"


@dataclass(frozen=True)
class Spot:
    """A place: for the editor's form, and as it stays when other blocks come and go."""

    place: str  # as in Wagtail's comments
    path: str  # without the ids of blocks: the kinds of blocks instead

    def inside(self, name: str) -> "Spot":
        return Spot(f"{self.place}.{name}", f"{self.path}.{name}")

    def block(self, key: str, kind: str) -> "Spot":
        return Spot(f"{self.place}.{key}", f"{self.path}.{kind}")


@dataclass(frozen=True)
class Passage:
    spot: Spot
    kind: Kind
    words: str  # plain; paragraphs on lines of their own


@dataclass(frozen=True)
class Mention:
    """Another object that the content leads to or shows."""

    spot: Spot
    model: type[Model]
    key: int
    words: str = ""  # those of the link


@dataclass(frozen=True)
class WrittenAddress:
    """A link to an address that somebody has written."""

    spot: Spot
    address: str
    words: str = ""


@dataclass(frozen=True)
class WaitingLink:
    """A link to an address of this website where no page was when it was written."""

    spot: Spot
    address: str
    words: str = ""


@dataclass(frozen=True)
class ShownPicture:
    spot: Spot
    key: int
    alt_text: str
    is_decorative: bool
    caption: str = ""


@dataclass(frozen=True)
class ShownTable:
    spot: Spot
    caption: str
    has_headers: bool
    rows: tuple[tuple[str, ...], ...] = ()  # the words of its cells

    @property
    def is_empty(self) -> bool:
        return bool(self.rows) and not any(any(row) for row in self.rows)

    @property
    def empty_cells(self) -> list[tuple[int, int]]:
        """Row and column of each, counted from one; a corner above headers may be empty."""
        empty = [
            (at, across)
            for at, row in enumerate(self.rows, 1)
            for across, words in enumerate(row, 1)
            if not words
        ]
        return [cell for cell in empty if cell != (1, 1)]


@dataclass(frozen=True)
class ShownHeading:
    spot: Spot
    level: int
    words: str


Met: TypeAlias = (
    Passage | Mention | WrittenAddress | WaitingLink | ShownPicture | ShownTable | ShownHeading
)
