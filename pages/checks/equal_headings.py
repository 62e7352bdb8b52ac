"""Headings that nobody can tell apart in a list of them."""

from collections.abc import Iterator

from django.utils.translation import gettext

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Kind


class EqualHeadings(ContentCheck):
    name = "equal_headings"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        met: dict[str, int] = {}
        for passage in content.passages:
            if passage.kind is not Kind.HEADING:
                continue
            plain = " ".join(passage.words.casefold().split()).rstrip(" .:?")
            met[plain] = met.get(plain, 0) + 1
            if met[plain] == 2:
                yield self.finding(
                    passage.spot,
                    title=gettext("Two headings alike"),
                    why=gettext("“%(heading)s” stands there twice.") % {"heading": passage.words},
                    fix=gettext("Give them different names."),
                    words=passage.words,
                )
