"""Sentences that nobody takes in at one reading."""

from collections.abc import Iterator

from django.utils.translation import gettext

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Kind
from .sentences import sentences_in, words_of

_MOST_WORDS = 40


class LongSentences(ContentCheck):
    name = "long_sentence"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        for passage in content.passages:
            if passage.kind not in (Kind.PROSE, Kind.WORDS):
                continue
            for sentence in sentences_in(passage.words):
                if (words := len(words_of(sentence))) > _MOST_WORDS:
                    yield self.finding(
                        passage.spot,
                        title=gettext("Long sentence"),
                        why=gettext("A sentence has %(words)d words: “%(sentence)s…”")
                        % {"words": words, "sentence": sentence[:60].rstrip()},
                        fix=gettext("Divide it: at most %(most)d words in each.")
                        % {"most": _MOST_WORDS},
                        words=sentence,
                    )
