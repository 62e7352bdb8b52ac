"""Where a sentence ends, and how many words it has."""

import re
from collections.abc import Iterator

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
