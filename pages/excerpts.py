"""The words of a query, and where they stand in a text.

Words are compared as SQLite's index compares them: in lower case and without the marks above
letters, so that "sakerhet" finds "Säkerhet" and is marked in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

EXCERPT_LENGTH = 240
# So much stands before the first marked word that the reader sees where it belongs.
_LEAD_IN = 70
# A heading or a table cell says too little on its own when a sentence has the words as well.
_SENTENCE_LENGTH = 60
# Bounds of the work: what lies beyond them is found but not looked through or marked.
_LONGEST_TEXT = 30_000
_MOST_PLACES = 200
_MOST_TERMS = 16

_WORD = re.compile(r"[^\W_]+")

# What Swedish adds to a word: "föreningarnas", "förening" and "föreningar" begin alike.
_ENDING = re.compile(r"(?:[aeo]rnas?|andets?|[aeo]rs?|e[nt]s?|ade|a[dts]?|e|[nrst])$")
_SHORTEST_STEM = 3
# "FRA", "NCT" and "CTG" mean the abbreviation, not "framtid".
_LONGEST_ABBREVIATION = 5


@dataclass(frozen=True)
class Term:
    """What one blank-separated part of a query looks for: a word, or words in a row ("e-post")."""

    words: tuple[str, ...]
    is_prefix: bool = False  # the last word may go on


@dataclass(frozen=True)
class Place:
    """Where a term stands in a text."""

    start: int
    end: int
    term: Term
    is_exact: bool


def folded(text: str) -> str:
    """The text in lower case, without the marks above its letters."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def terms_of(query: str) -> list[Term]:
    """What a query looks for; the last word may be one that is not typed to its end."""
    parts = [part for part in query.split() if _WORD.search(part)][:_MOST_TERMS]
    terms = [Term(tuple(_WORD.findall(folded(part)))) for part in parts]
    if terms and _may_go_on(parts[-1]):
        terms[-1] = Term(terms[-1].words, is_prefix=True)
    return list(dict.fromkeys(terms))


def widened(terms: Iterable[Term]) -> list[Term]:
    """The same words in whatever form: without their ending, and going on as they like."""
    return list(
        dict.fromkeys(
            Term((*term.words[:-1], _stem(term.words[-1])), is_prefix=True) for term in terms
        )
    )


def marked(text: str, terms: Sequence[Term]) -> SafeString:
    """The text as HTML, with every place of the terms in a `mark` element."""
    text = unicodedata.normalize("NFC", text)
    return _marked(text, _places(text, terms))


def excerpt(text: str, terms: Sequence[Term], *, otherwise: str) -> SafeString:
    """The part of a text, a paragraph a line, that says most about the terms, with them marked.

    The beginning of `otherwise` when none of them stands in the text.
    """
    best: tuple[tuple[int, bool], str, list[Place]] | None = None
    read = unicodedata.normalize("NFC", text[:_LONGEST_TEXT])
    for paragraph in map(str.strip, read.splitlines()):
        places = _places(paragraph, terms)
        if not places:
            continue
        worth = (_worth(places), len(paragraph) >= _SENTENCE_LENGTH)
        if best is None or worth > best[0]:
            best = (worth, paragraph, places)
    if best is None:
        return _cut(unicodedata.normalize("NFC", otherwise), [])
    return _cut(best[1], best[2])


def _may_go_on(part: str) -> bool:
    is_abbreviation = part.isupper() and len(part) <= _LONGEST_ABBREVIATION
    return len(part) >= _SHORTEST_STEM and not is_abbreviation


def _stem(word: str) -> str:
    ending = _ENDING.search(word)
    return word[: ending.start()] if ending and ending.start() >= _SHORTEST_STEM else word


def _places(text: str, terms: Sequence[Term]) -> list[Place]:
    words = [(match.start(), match.end(), folded(match.group())) for match in _WORD.finditer(text)]
    places: list[Place] = []
    for index, (start, _end, _word) in enumerate(words):
        if places and start < places[-1].end:
            continue
        for term in terms:
            found = words[index : index + len(term.words)]
            agreement = _agreement(term, [word for _start, _end, word in found])
            if agreement:
                places.append(Place(start, found[-1][1], term, agreement == _EXACT))
                break
        if len(places) == _MOST_PLACES:
            break
    return places


_NONE, _BEGINS, _EXACT = range(3)


def _agreement(term: Term, words: Sequence[str]) -> int:
    *before, last = term.words
    if len(words) != len(term.words) or words[:-1] != before:
        return _NONE
    if words[-1] == last:
        return _EXACT
    return _BEGINS if term.is_prefix and words[-1].startswith(last) else _NONE


def _worth(places: Iterable[Place]) -> int:
    """More for more of the terms, and for a term as it was typed rather than one that goes on."""
    best: dict[Term, int] = {}
    for place in places:
        best[place.term] = max(best.get(place.term, 0), 2 if place.is_exact else 1)
    return sum(best.values())


def _cut(text: str, places: Sequence[Place]) -> SafeString:
    """A window of the text around the places, at whole words, with marks for what is left out."""
    start, end = _window(text, places)
    inside = [place for place in places if start <= place.start and place.end <= end]
    shifted = [
        Place(place.start - start, place.end - start, place.term, place.is_exact)
        for place in inside
    ]
    return format_html(
        "{}{}{}",
        "… " if start else "",
        _marked(text[start:end], shifted),
        " …" if end < len(text) else "",
    )


def _window(text: str, places: Sequence[Place]) -> tuple[int, int]:
    if len(text) <= EXCERPT_LENGTH:
        return 0, len(text)

    def inside(first: Place) -> Iterator[Place]:
        until = first.start - _LEAD_IN + EXCERPT_LENGTH
        return (place for place in places if place.start >= first.start and place.end <= until)

    start = 0
    if places:
        first = max(places, key=lambda place: (_worth(inside(place)), -place.start))
        start = max(0, min(first.start - _LEAD_IN, len(text) - EXCERPT_LENGTH))
    if start:
        start = _after_blank(text, start, until=first.start)
    end = min(start + EXCERPT_LENGTH, len(text))
    if end < len(text):
        end = _before_blank(text, end, since=start)
    return start, end


def _after_blank(text: str, position: int, *, until: int) -> int:
    blank = text.find(" ", position - 1, until)
    return until if blank == -1 else blank + 1


def _before_blank(text: str, position: int, *, since: int) -> int:
    blank = text.rfind(" ", since, position + 1)
    return position if blank <= since else blank


def _marked(text: str, places: Sequence[Place]) -> SafeString:
    # Escaped piece by piece: a mark can never fall into the middle of an entity.
    edges = [
        0,
        *(edge for place in places for edge in (place.start, place.end)),
        len(text),
    ]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    pieces[1::2] = [format_html("<mark>{}</mark>", piece) for piece in pieces[1::2]]
    return format_html_join("", "{}", ([piece] for piece in pieces))
