"""Headings that leave out a level: who listens thinks that something was missed."""

from collections.abc import Iterator

from django.utils.translation import gettext

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding

_TITLE = 1


class HeadingLevels(ContentCheck):
    name = "heading_level"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        above: dict[str, int] = {}
        for heading in content.headings:
            field = heading.spot.path.partition(".")[0]
            if heading.level > above.get(field, _TITLE) + 1:
                yield self.finding(
                    heading.spot,
                    title=gettext("A level of headings is left out"),
                    why=gettext("“%(heading)s” is of level %(level)d, with none of level %(lacks)d above it.")
                    % {"heading": heading.words, "level": heading.level, "lacks": heading.level - 1},
                    fix=gettext("Choose level %(level)d, or write a heading above it.")
                    % {"level": above.get(field, _TITLE) + 1},
                    words=heading.words,
                )
            above[field] = heading.level
