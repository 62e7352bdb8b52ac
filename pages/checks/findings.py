"""What a check says, and what every check is."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from django.db.models import Model
from django.utils.functional import Promise

from .checked_content import Content
from .met import Spot

_LONGEST_WORDS = 120


class Colour(StrEnum):
    RED = "red"
    AMBER = "amber"


@dataclass(frozen=True)
class Finding:
    """Something that an editor should mend, or say why it may stand."""

    check: str
    colour: Colour
    title: str
    why: str
    fix: str
    # The contentpath of Wagtail's comments, such as `body.<block id>.text`; empty for the whole.
    place: str
    words: str
    # The same for the same words in the same kind of place: reasons are kept under it.
    key: str
    # What it is about, where that is another object, such as the draft that a link leads to.
    target: Model | None = field(default=None, compare=False)


class ContentCheck:
    """A check. Its name is part of the keys of its findings, so it never changes."""

    name: ClassVar[str]
    colour: ClassVar[Colour] = Colour.RED
    # What it says where it says one thing only: with `words` in it, and what else is `said`.
    title: ClassVar[str | Promise] = ""
    why: ClassVar[str | Promise] = ""
    fix: ClassVar[str | Promise] = ""

    def find(self, content: Content) -> Iterator[Finding]:
        """What is wrong, in reading order."""
        raise NotImplementedError

    def finding(
        self,
        spot: Spot,
        *,
        title: str = "",
        why: str = "",
        fix: str = "",
        words: str = "",
        said: Mapping[str, object] | None = None,
        about: str = "",
        target: Model | None = None,
        colour: Colour | None = None,
    ) -> Finding:
        """A finding at a place. `about` says what the words alone do not, such as a link's target.

        `colour` is for what is worse or better than most that the check finds.
        """
        facts = {"words": words, **(said or {})}
        # By the kinds of blocks that it stands in: their ids are drawn anew at some savings, and
        # their order changes when a paragraph is added above.
        known_by = unicodedata.normalize("NFC", "\n".join((self.name, spot.path, words, about)))
        key = hashlib.sha256(known_by.encode()).hexdigest()[:20]
        return Finding(
            self.name,
            colour or self.colour,
            title or str(self.title) % facts,
            why or str(self.why) % facts,
            fix or str(self.fix) % facts,
            spot.place,
            shortened(words),
            key,
            target,
        )


def shortened(words: str) -> str:
    """The words on one line, with an ellipsis where they are long."""
    plain = " ".join(words.split())
    return plain if len(plain) <= _LONGEST_WORDS else f"{plain[: _LONGEST_WORDS - 1]}…"
