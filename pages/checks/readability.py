"""Whether the text is heavy to read: LIX, and its longest sentence."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Kind, Passage

LIMIT = 50
# Of so few words the figure says nothing.
_FEWEST_WORDS = 100
_LONG = 6
_WORD = re.compile(r"\w+(?:[-’'.:/]\w+)*")
# A sentence ends before a capital, a figure or a quotation; "t.ex." and "den 3 mars" do not end one.
_END = re.compile(r"(?<=[.!?:])[”\"')]*\s+(?=[–-]?\s*[”\"'(]?[A-ZÅÄÖÉ])|\n")


class Readability(ContentCheck):
    name = "readability"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        if getattr(content.object, "language", ""):
            return  # the figure is made for Swedish
        sentences = [
            (passage, sentence)
            for passage in content.passages
            if passage.kind is Kind.PROSE and passage.spot.place != "text_in_english"
            for sentence in _sentences_in(passage)
        ]
        words = [word for _passage, sentence in sentences for word in _WORD.findall(sentence)]
        if len(words) < _FEWEST_WORDS:
            return
        figure = lix(len(words), len(sentences), sum(len(word) > _LONG for word in words))
        if figure <= LIMIT:
            return
        passage, longest = max(sentences, key=lambda each: len(_WORD.findall(each[1])))
        yield self.finding(
            passage.spot,
            title=gettext("Heavy to read"),
            why=gettext(
                "Readability %(figure)d. Better below %(limit)d."
                " The longest sentence has %(words)d words."
            )
            % {"figure": figure, "limit": LIMIT, "words": len(_WORD.findall(longest))},
            fix=gettext("Divide the longest sentences."),
            words=longest,
        )


def lix(words: int, sentences: int, long_words: int) -> int:
    """The readability index: words a sentence, and the share of words with more than six letters."""
    return round(words / max(sentences, 1) + 100 * long_words / max(words, 1))


def _sentences_in(passage: Passage) -> Iterator[str]:
    return (each for each in _END.split(passage.words) if _WORD.search(each))
