"""Splits a text into sentences, as it reads aloud, and compiles patterns to look for in them."""

import re
import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘´`ʼ", "'"))
_ABBREVIATIONS = re.compile(r"\b(?:t\.ex|bl\.a|dvs|osv|m\.m|e\.g|i\.e)\.", re.IGNORECASE)
_SPELT_OUT = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_SENTENCES = re.compile(r"[.!?;:…]+(?=\s|¦|$)")
# Where a negation ends: a comma, a dash, or a line that begins as a sentence does (¦).
STOPS = re.compile(r"[,¦–—]")


def _plain(text: str) -> str:
    """The text as it reads aloud: whatever its capitals, odd spaces and invisible signs are."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = re.sub(r"\n\s*\n", ".\n", text)
    text = re.sub(r"\n(?=\W*[A-ZÅÄÖ])", " ¦ ", text)
    text = re.sub(r"[^\w\s.,;:!?…¦%+'–—-]", " ", _ABBREVIATIONS.sub(" ", text))
    text = re.sub(r"\s+", " ", text).strip()
    return _SPELT_OUT.sub(lambda found: found[0].replace(" ", ""), text).casefold()


def sentences_in(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCES.split(_plain(text)) if sentence.strip()]


def compiled(pattern: str) -> re.Pattern[str]:
    """In the pattern a space is any gap between words, a tilde a gap that may be missing."""
    gaps = {" ": "[ ¦]+", "~": "[ ¦]*"}
    return re.compile(rf"(?<!\w)(?:{re.sub('[ ~]', lambda gap: gaps[gap[0]], pattern)})(?!\w)")
