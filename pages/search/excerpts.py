"""Excerpts of a text in which the words of a query are marked."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .query import Query
from .words import WORD, as_one, normal, stem, words_in

EXCERPT_LENGTH = 240
# The text before the first marked word, so that the reader sees its context.
_LEAD_IN = 70
# A sentence goes before a heading or a table cell, which says too little on its own.
_SENTENCE_LENGTH = 60
# Limits of the work: a text is found by what lies beyond them, but nothing is marked there.
_LONGEST_TEXT = 30_000
_MOST_PLACES = 200
# Words with other first letters have another stem, so most words need not be stemmed.
_LETTERS_OF_STEM = 2


class Marker:
    """Finds the words of a query in a text, in any form."""

    def __init__(self, query: Query) -> None:
        self.language = query.language
        # A word or a stem -> the number of its term in the query.
        self.exact = {word: n for n, term in enumerate(query.terms) for word in term.words}
        self.stems = {
            each: number
            for number, term in enumerate(query.terms)
            for name in (*term.alike, *term.related, *term.names, term.stems)
            for each in name
        }
        self.beginnings = {each[:_LETTERS_OF_STEM] for each in self.stems}

    def place(self, start: int, end: int, found: str) -> "Place | None":
        """The place, if one of the words stands there."""
        word = as_one(normal(found))
        if word in self.exact:
            return Place(start, end, self.exact[word], is_exact=True)
        for each in (word,) if found.isalnum() else (word, *words_in(found)):
            if each[:_LETTERS_OF_STEM] in self.beginnings:
                number = self.stems.get(stem(each, self.language))
                if number is not None:
                    return Place(start, end, number, is_exact=False)
        return None


@dataclass(frozen=True)
class Place:
    """Where a term stands in a text."""

    start: int
    end: int
    term: int
    is_exact: bool


def marked(text: str, marker: Marker) -> SafeString:
    """The text as HTML, with every place of the terms in a `mark` element."""
    text = unicodedata.normalize("NFC", text)
    return _marked(text, _places(text, marker))


def excerpt(text: str, marker: Marker, *, otherwise: str) -> SafeString:
    """The part of a text that has most of the terms, which are marked. A line is a paragraph.

    A text without any of the terms gives the beginning of `otherwise`.
    """
    best: tuple[tuple[int, bool], str, list[Place]] | None = None
    read = unicodedata.normalize("NFC", text[:_LONGEST_TEXT])
    for paragraph in map(str.strip, read.splitlines()):
        places = _places(paragraph, marker)
        if not places:
            continue
        worth = (_worth(places), len(paragraph) >= _SENTENCE_LENGTH)
        if best is None or worth > best[0]:
            best = (worth, paragraph, places)
    if best is None:
        return _cut(unicodedata.normalize("NFC", otherwise), [])
    return _cut(best[1], best[2])


def _places(text: str, marker: Marker) -> list[Place]:
    places: list[Place] = []
    for match in WORD.finditer(text):
        if place := marker.place(match.start(), match.end(), match.group()):
            places.append(place)
            if len(places) == _MOST_PLACES:
                break
    return places


def _worth(places: Iterable[Place]) -> int:
    """Higher for more terms, and for a term as it was typed than for another form of it."""
    best: dict[int, int] = {}
    for place in places:
        best[place.term] = max(best.get(place.term, 0), 2 if place.is_exact else 1)
    return sum(best.values())


def _cut(text: str, places: Sequence[Place]) -> SafeString:
    """A window of the text around the places, cut between words, with "…" for what is left out."""
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
    # Between words, where there is a blank.
    if start:
        start = text.find(" ", start - 1, first.start) + 1 or first.start
    end = min(start + EXCERPT_LENGTH, len(text))
    if end < len(text) and (blank := text.rfind(" ", start, end + 1)) > start:
        end = blank
    return start, end


def _marked(text: str, places: Sequence[Place]) -> SafeString:
    # Each piece is escaped alone, so that a mark never falls inside an entity.
    edges = [
        0,
        *(edge for place in places for edge in (place.start, place.end)),
        len(text),
    ]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    pieces[1::2] = [format_html("<mark>{}</mark>", piece) for piece in pieces[1::2]]
    return format_html_join("", "{}", ([piece] for piece in pieces))
