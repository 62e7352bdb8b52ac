"""Where a sentence ends, and whether the text is heavy to read: LIX, and sentences that nobody takes in at one reading."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Kind

_WORD = re.compile(r"\w+(?:[-’'.:/@]\w+)*")
# A sentence ends before a capital, a figure or a quotation; "t.ex." and "den 3 mars" do not end one.
_END = re.compile(
    r"(?<=[.!?:…])[”\"')]*\s+(?=[–-]?\s*[”\"'(]?[A-ZÅÄÖÉ])|(?<=[^\W\d_]{4}[.!?])\s+(?=\d)|\n"
)
_NO_END = re.compile(
    r"(?:^|[\s(])(?:[A-ZÅÄÖ]|(?:bl|e|i|m|o|s|t|f|d|p)\.\s?(?:a|d|e|ex|g|k|o|r|v|fr)(?:\.\s?m)?|bl|ca|dir|doc|dr|enl|exkl|f|inkl"
    r"|jfr|jur|kap|kl|mr|mrs|ms|nr|no|p|prof|prop|resp|s|skr|st|tel|vs|fr\.o\.m|t\.o\.m|fil)\.$",
    re.IGNORECASE,
)
# Of a text that breaks off only the beginning of a sentence is looked for: whatever follows may be a number.
_BEGUN_AFTER = re.compile(r"(?<=[^\W\d_]{3})[.!?]\s|\n")


def sentences_in(text: str) -> Iterator[str]:
    """The sentences of a text; each line ends one."""
    start = 0
    for match in _END.finditer(text):
        said = text[start : match.start()]
        if not _NO_END.search(said[-12:]) and match.start() > start:
            if _WORD.search(said):
                yield said
            start = match.end()
    if _WORD.search(text[start:]):
        yield text[start:]


def sentence_begun_in(before: str) -> str:
    """What a text that breaks off says of its last sentence."""
    return _BEGUN_AFTER.split(before)[-1]


def words_in_sentence(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


LIMIT = 50
# Of so few words the figure says nothing.
_FEWEST_WORDS = 100
_LONG = 6
_MOST_WORDS = 40


class Readability(ContentCheck):
    name = "readability"
    colour = Colour.AMBER
    title = _("Heavy to read")
    why = _(
        "Readability %(figure)d. Better below %(limit)d. The longest sentence has %(words)d words."
    )
    fix = _("Divide the longest sentences.")

    def find(self, content: Content) -> Iterator[Finding]:
        if getattr(content.object, "language", ""):
            return  # the figure is made for Swedish
        sentences = [
            (passage, sentence)
            for passage in content.passages
            if passage.kind is Kind.PROSE and passage.spot.place != "text_in_english"
            for sentence in sentences_in(passage.words)
        ]
        words = [word for _passage, sentence in sentences for word in words_in_sentence(sentence)]
        if len(words) < _FEWEST_WORDS:
            return
        figure = lix(len(words), len(sentences), sum(len(word) > _LONG for word in words))
        if figure <= LIMIT:
            return
        passage, longest = max(sentences, key=lambda each: len(words_in_sentence(each[1])))
        yield self.finding(
            passage.spot,
            words=longest,
            said={"figure": figure, "limit": LIMIT, "words": len(words_in_sentence(longest))},
        )


class LongSentences(ContentCheck):
    name = "long_sentence"
    colour = Colour.AMBER
    title = _("Long sentence")
    why = _("A sentence has %(words)d words: “%(sentence)s…”")
    fix = _("Divide it: at most %(most)d words in each.")

    def find(self, content: Content) -> Iterator[Finding]:
        for passage in content.passages:
            if passage.kind not in (Kind.PROSE, Kind.WORDS):
                continue
            for sentence in sentences_in(passage.words):
                if (words := len(words_in_sentence(sentence))) > _MOST_WORDS:
                    yield self.finding(
                        passage.spot,
                        words=sentence,
                        said={
                            "words": words,
                            "sentence": sentence[:60].rstrip(),
                            "most": _MOST_WORDS,
                        },
                    )


def lix(words: int, sentences: int, long_words: int) -> int:
    """The readability index: words a sentence, and the share of words with more than six letters."""
    return round(words / max(sentences, 1) + 100 * long_words / max(words, 1))
