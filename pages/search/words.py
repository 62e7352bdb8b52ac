"""Words as the search compares them. Python reads them, so that all databases compare alike."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from threading import Lock

import snowballstemmer

from pages.ground.function_words import FUNCTION_WORDS

Name = tuple[str, ...]  # the words of a name, as stems

# Longer than anyone types, and below every limit of the databases.
LONGEST_QUERY = 200
# Longer words are cut: nobody looks for the end of such a word.
LONGEST_WORD = 40

# Control characters and halves of surrogate pairs cannot be shown, stored or even sent.
_UNPRINTABLE = ("Cc", "Cs")
# "e-post" and "icke-spridning" are words, and so are their parts.
HYPHEN = r"[-\u2010\u2011'\u2019]"
WORD = re.compile(rf"[^\W_]+(?:{HYPHEN}[^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
# "08-123 45 67", "+46 8 123 45 67" and "2018:585" are one word each, and so are their groups.
NUMBER = re.compile(r"\d{4}:\d+|(?:\+46[\s-]?(?:\(0\))?)?\d+(?:[\s-]\d+)+|\+46\d+")

_SNOWBALL = {
    "sv": snowballstemmer.stemmer("swedish"),
    "en": snowballstemmer.stemmer("english"),
}
_snowball_is_in_use = Lock()  # a stemmer holds the word it works on: one thread at a time

# Swedish endings that Snowball leaves: "skyddet", "anmälan" and "anmälningar", "nivån".
_MORE_ENDINGS = re.compile(r"(?<=..)et$|(?<=..[^aeiouyåäö])an$|(?<=sök|mäl)ning$|(?<=..[åö])n$")
_NO_ENDING = re.compile(r"(?:itet|ernet|ranet|aket|gnet|dget|abet)$")


def printable(text: str) -> str:
    """The text as one line that can be shown and stored, no longer than the longest query."""
    # Cut before the work too: nobody needs the end of a text this long.
    line = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE else character
        for character in text[: 10 * LONGEST_QUERY]
    )
    return " ".join(line.split())[:LONGEST_QUERY].rstrip()


def normal(text: str) -> str:
    """The text in lower case, each letter in one Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=20_000)
def without_marks(word: str) -> str:
    """The word without the marks above its letters, as people type it on a foreign keyboard."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


_STOP_WORDS = {
    name: words.union(map(without_marks, words)) for name, words in FUNCTION_WORDS.items()
}


def as_one(found: str) -> str:
    """A match of `WORD` as one word: "e-post" and "epost" are the same."""
    return "".join(_PART.findall(found))[:LONGEST_WORD]


def joined_figures(found: str) -> str:
    """A match of `NUMBER` as one word; a number of this country begins with a nought."""
    abroad = found.startswith("+46")
    digits = "".join(filter(str.isdecimal, found[3:] if abroad else found))
    return (f"0{digits.removeprefix('0')}" if abroad else digits)[:LONGEST_WORD]


def words_in(text: str) -> Iterator[str]:
    """The words of a text; a word with a hyphen and a number in groups give their parts as well."""
    return chain.from_iterable(map(_words_in_line, text.splitlines()))


# Who publishes a page asks for most of its lines three times: for its tokens, and for the words
# that the former entry had and the new one has.
@lru_cache(maxsize=1_000)
def _words_in_line(line: str) -> tuple[str, ...]:
    line = normal(line)
    words = [*map(joined_figures, NUMBER.findall(line))]
    for found in WORD.findall(line):
        if found.isalnum():
            words.append(found[:LONGEST_WORD])
        else:
            words += [as_one(found), *(part[:LONGEST_WORD] for part in _PART.findall(found))]
    return tuple(words)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The word without the endings of its language: "hotet" and "hoten" are "hot".

    It is shortened until nothing more comes off, so that all forms of a word give the same stem.
    """
    with _snowball_is_in_use:
        found = _SNOWBALL.get(language, _SNOWBALL["sv"]).stemWord(word)
    if language == "sv" and found == word and not _NO_ENDING.search(word):
        found = _MORE_ENDINGS.sub("", word)
    return word if found == word else stem(found, language)


def is_stop_word(word: str, language: str) -> bool:
    """Whether it says little, also as it is typed without marks: "nar" for "när"."""
    return word in _STOP_WORDS.get(language, ())


def keywords_in(text: str, language: str) -> list[str]:
    """The words of a text without "och", "för" and the like, if it has others."""
    words = WORD.findall(normal(text))
    return [word for word in words if not is_stop_word(word, language)] or words


def name_of(text: str, language: str) -> Name:
    """The stems of a name's keywords, to compare it by."""
    return tuple(stem(as_one(word), language) for word in keywords_in(text, language))
