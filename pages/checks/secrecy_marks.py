"""Marks of papers that must not be spread."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from pages.checks.models import PhraseKind

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Passage
from .phrase_finding import phrases_in

_IN_A_LIST = re.compile(r",?\s*(?:,|och|eller|samt|and|or)?\s*(?:(?:Nato|NATO|EU)\s+)?")
_FEWEST_LISTED = 3
_QUOTES = "”“\"'’‘»«"

Mark = tuple[Passage, str, int]


class SecrecyMarks(ContentCheck):
    name = "secrecy"

    def find(self, content: Content) -> Iterator[Finding]:
        marks = [mark for mark in phrases_in(content, PhraseKind.SECRECY) if not _is_quoted(mark)]
        for passage, words, _start in _not_listed(marks):
            yield self.finding(
                passage.spot,
                title=gettext("Mark of secrecy"),
                why=gettext("“%(words)s” usually stands on papers that must not be spread.")
                % {"words": words},
                fix=gettext(
                    "Check with the owner of the information."
                    " Take the text out, or write why it may be published."
                ),
                words=words,
            )


def _is_quoted(mark: Mark) -> bool:
    """Whether the text speaks of the mark: it stands alone between quotation marks."""
    passage, words, start = mark
    before, after = passage.words[:start][-1:], passage.words[start + len(words) :][:1]
    return bool(before and after) and before in _QUOTES and after in _QUOTES


def _not_listed(marks: list[Mark]) -> Iterator[Mark]:
    """Those that are not told of as the steps of a scale, three or more after each other."""
    run: list[Mark] = []
    for mark in marks:
        if run and not _goes_on(run[-1], mark):
            yield from _unless_a_list(run)
            run = []
        run.append(mark)
    yield from _unless_a_list(run)


def _goes_on(last: Mark, mark: Mark) -> bool:
    passage, words, start = last
    between = mark[0].words[start + len(words) : mark[2]]
    return passage is mark[0] and bool(between) and bool(_IN_A_LIST.fullmatch(between))


def _unless_a_list(run: list[Mark]) -> Iterator[Mark]:
    if len(run) < _FEWEST_LISTED:
        yield from run
