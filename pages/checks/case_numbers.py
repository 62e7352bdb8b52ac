"""Numbers of cases in the agency's register."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from pages.checks.models import PhraseKind

from .checked_content import Content
from .findings import ContentCheck, Finding
from .phrase_finding import phrases_in

_TWO_NUMBERS = re.compile(r"(?P<first>(?:19|20)\d\d)\D(?P<second>\d+)")
_OTHER_REGISTERS = ("CVE-", "EUVD-")
# The latest year, or hour, that stands after the first one in a range.
_LATEST = 2_400


class CaseNumbers(ContentCheck):
    name = "case_number"

    def find(self, content: Content) -> Iterator[Finding]:
        for passage, words, start in phrases_in(content, PhraseKind.CASE_NUMBER):
            if _is_range(words) or _is_of_another_kind(passage.words, start):
                continue
            yield self.finding(
                passage.spot,
                title=gettext("Case number"),
                why=gettext("“%(words)s” looks like the number of a case.") % {"words": words},
                fix=gettext("Take it out, or write why it is to stand here."),
                words=words,
            )


def _is_range(words: str) -> bool:
    """Whether two years, two hours or two round numbers are written like a case number."""
    match = _TWO_NUMBERS.fullmatch(words)
    if match is None:
        return False
    first, second = int(match["first"]), int(match["second"])
    is_later = len(match["second"]) == 4 and first <= second <= _LATEST
    return is_later or (first % 100 == 0 and second % 100 == 0)


def _is_of_another_kind(text: str, start: int) -> bool:
    """Whether it is the number of a weakness in software, or stands in an address written out."""
    before = text[:start].rsplit(None, 1)
    is_inside = bool(before) and not text[start - 1 : start].isspace()
    return is_inside and ("://" in before[-1] or before[-1].endswith(_OTHER_REGISTERS))
