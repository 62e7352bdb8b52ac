"""Finds the phrases of the register in a whole content at once."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from pages.checks.models import PhraseKind

from .checked_content import Content
from .met import Kind, Passage

# No phrase reaches from one passage into the next.
_BETWEEN = "\n\0\n"
_AROUND_WORDS = " .:,;/-"


def phrases_in(content: Content, kind: PhraseKind) -> Iterator[tuple[Passage, str, int]]:
    """Each place with such a phrase: the passage, the exact words, and where they begin in it.

    Of phrases that overlap the longest counts.
    """
    passages = [each for each in content.passages if each.kind is not Kind.ADDRESS]
    starts = [0, *accumulate(len(each.words) + len(_BETWEEN) for each in passages)]
    text = _BETWEEN.join(each.words for each in passages)
    found: list[tuple[int, int]] = []
    for phrase in content.phrases(kind):
        found += [match.span() for match in phrase.finditer(text)]
    for start, end in _longest(found):
        at = bisect_right(starts, start) - 1
        yield passages[at], text[start:end].rstrip(_AROUND_WORDS), start - starts[at]


def _longest(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end
