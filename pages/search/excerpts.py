"""Excerpts of a text in which the words of a query are marked."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice, pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .query import Query
from .words import HYPHEN, WORD, as_one, normal, stem, words_in

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


class _Place(NamedTuple):
    """Where a term of the query stands in a text."""

    start: int
    end: int
    term: int


class Marker:
    """Finds the words of a query in a text, in any form."""

    def __init__(self, query: Query) -> None:
        self.language = query.language
        # A word or a stem -> the number of its term in the query.
        self.terms = {
            each: number
            for number, term in enumerate(query.terms)
            for name in (*term.related, *term.names, term.stems, term.words)
            for each in name
        }
        begun = "|".join({f"{HYPHEN}?".join(each[:_LETTERS_OF_STEM]) for each in self.terms})
        self._word = re.compile(
            rf"(?<![^\W_])(?=(?:[^\W_]++{HYPHEN})*?(?:{begun})){WORD.pattern}", re.IGNORECASE
        )
        self._known = cache(self._term_of)  # the texts of a page of results share most words

    def places(self, text: str) -> list[_Place]:
        found = (
            _Place(match.start(), match.end(), term)
            for match in self._word.finditer(text)
            if (term := self._known(match[0])) is not None
        )
        return list(islice(found, _MOST_PLACES))

    def _term_of(self, found: str) -> int | None:
        word = as_one(normal(found))
        for each in (word, *words_in(found)):
            for form in (each, stem(each, self.language)):
                if form in self.terms:
                    return self.terms[form]
        return None


def marked(text: str, marker: Marker) -> SafeString:
    """The text as HTML, with every place of the terms in a `mark` element."""
    text = unicodedata.normalize("NFC", text)
    return _marked(text, marker.places(text), 0, len(text))


def excerpt(text: str, marker: Marker, *, otherwise: str) -> SafeString:
    """The part of a text that has most of the terms, which are marked. A line is a paragraph.

    A text without any of the terms gives the beginning of `otherwise`.
    """
    lines = unicodedata.normalize("NFC", text[:_LONGEST_TEXT]).splitlines()
    paragraphs = [(line.strip(), marker.places(line.strip())) for line in lines]
    paragraph, places = max(
        paragraphs,
        key=lambda each: (_worth(each[1]), len(each[0]) >= _SENTENCE_LENGTH),
        default=("", []),
    )
    if not places:
        paragraph = unicodedata.normalize("NFC", otherwise)
    start, end = _window(paragraph, places)
    before, after = "… " if start else "", " …" if end < len(paragraph) else ""
    return format_html("{}{}{}", before, _marked(paragraph, places, start, end), after)


def _worth(places: Iterable[_Place]) -> int:
    return len({place.term for place in places})


def _window(text: str, places: Sequence[_Place]) -> tuple[int, int]:
    """The part of the text with most of the terms, cut between words."""
    last = max(0, len(text) - EXCERPT_LENGTH)

    def worth(first: _Place) -> int:
        until = first.start - _LEAD_IN + EXCERPT_LENGTH
        return _worth(each for each in places if first.start <= each.start and each.end <= until)

    start = 0
    if places and last:
        first = max(places, key=worth)
        if start := max(0, min(first.start - _LEAD_IN, last)):
            start = text.find(" ", start - 1, first.start) + 1 or first.start
    end = start + EXCERPT_LENGTH
    if end < len(text) and (blank := text.rfind(" ", start, end + 1)) > start:
        end = blank
    return start, min(end, len(text))


def _marked(text: str, places: Iterable[_Place], start: int, end: int) -> SafeString:
    # Each piece is escaped alone, so that a mark never falls inside an entity.
    inside = [each for each in places if start <= each.start and each.end <= end]
    edges = [start, *(edge for each in inside for edge in each[:2]), end]
    pieces = [text[begin:until] for begin, until in pairwise(edges)]
    pieces[1::2] = [format_html("<mark>{}</mark>", piece) for piece in pieces[1::2]]
    return format_html_join("", "{}", ([piece] for piece in pieces))
