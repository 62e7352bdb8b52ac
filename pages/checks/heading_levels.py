"""Headings that nobody can tell apart in a list of them, or that leave out a level."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Kind

_TITLE = 1


class EqualHeadings(ContentCheck):
    name = "equal_headings"
    colour = Colour.AMBER
    title = _("Two headings alike")
    why = _("“%(heading)s” stands there twice.")
    fix = _("Give them different names.")

    def find(self, content: Content) -> Iterator[Finding]:
        met: dict[str, int] = {}
        for passage in content.passages:
            if passage.kind is not Kind.HEADING:
                continue
            plain = " ".join(passage.words.casefold().split()).rstrip(" .:?")
            met[plain] = met.get(plain, 0) + 1
            if met[plain] == 2:
                yield self.finding(
                    passage.spot, words=passage.words, said={"heading": passage.words}
                )


class HeadingLevels(ContentCheck):
    name = "heading_level"
    colour = Colour.AMBER
    title = _("A level of headings is left out")
    why = _("“%(heading)s” is of level %(level)d, with none of level %(lacks)d above it.")
    fix = _("Choose level %(wanted)d, or write a heading above it.")

    def find(self, content: Content) -> Iterator[Finding]:
        above: dict[str, int] = {}
        for heading in content.headings:
            field = heading.spot.path.partition(".")[0]
            if heading.level > above.get(field, _TITLE) + 1:
                yield self.finding(
                    heading.spot,
                    words=heading.words,
                    said={
                        "heading": heading.words,
                        "level": heading.level,
                        "lacks": heading.level - 1,
                        "wanted": above.get(field, _TITLE) + 1,
                    },
                )
            above[field] = heading.level
