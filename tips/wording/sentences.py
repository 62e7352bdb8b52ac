"""Splits a text into the clauses that it reads aloud as."""

import re
import unicodedata
from dataclasses import dataclass

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘´`ʼ", "'"))
_ABBREVIATIONS = re.compile(r"\b(?:t\.ex|bl\.a|dvs|osv|m\.m|e\.g|i\.e)\.", re.IGNORECASE)
_SPELT_OUT = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_SENTENCE = re.compile(r"[^.!?;:…]+(?:[.!?;:…]+(?=\s|¦|$))?")
# A denial on one side says nothing of the other. A line that begins as a sentence does is one (¦).
_CLAUSES = re.compile(
    r"[,¦–—]|(?<!\w)(?:men|och|samt|så|däremot|utan(?! (?:garanti|risk))|but|and|so|yet)(?!\w)"
)


@dataclass(frozen=True)
class Clause:
    words: str
    is_asked: bool


def plain(text: str) -> str:
    """The text as it reads: whatever its capitals, odd spaces, signs and invisible signs are."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").casefold()


def clauses_in(text: str) -> list[Clause]:
    text = re.sub(r"\n\s*\n", ".\n", text)
    text = re.sub(r"\n(?=\W*[A-ZÅÄÖ])", " ¦ ", text)
    text = re.sub(r"[^\w\s.,;:!?…¦%+'–—-]", " ", _ABBREVIATIONS.sub(" ", plain(text)))
    text = re.sub(r"\s+", " ", text).strip()
    text = _SPELT_OUT.sub(lambda found: found[0].replace(" ", ""), text)
    return [
        Clause(clause.strip(" .!?;:…"), sentence.rstrip().endswith("?"))
        for sentence in _SENTENCE.findall(text)
        for clause in _CLAUSES.split(sentence)
        if clause.strip(" .!?;:…")
    ]
