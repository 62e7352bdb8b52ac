"""Reads what somebody typed: what to look for, and how much each match of it is worth."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log2
from operator import mul

from .thesaurus import Thesaurus
from .tokens import TokenQuery, Where, all_of, any_of, exact, stemmed
from .vocabulary import Kin, kin_of
from .words import (
    NUMBER,
    WORD,
    Name,
    as_one,
    is_stop_word,
    joined_figures,
    normal,
    stem,
    words_in,
)

_MOST_TERMS = 10
# A word that the site lacks says as much as one on so many pages.
_PAGES_IF_UNKNOWN = 4

# What a word is worth where it stands, and in which form it stands there.
PLACES = {Where.TITLE: 1.0, Where.LEAD: 0.6, Where.ANYWHERE: 0.45}
_FORMS = 0.95, 0.85, 0.65  # another form, another name, a related word


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, a number, or several words that form a name."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    # Its other names, each as the stems of one or several words.
    names: tuple[Name, ...] = ()
    related: tuple[Name, ...] = ()  # compounds with it
    weight: float = 1.0  # a rare word says more than a common one

    def forms(self) -> list[tuple[float, tuple[Name, ...]]]:
        """Its names as stems, and what each is worth beside the word as it was typed."""
        names = ((self.stems,), self.names, self.related)
        return list(zip(_FORMS, names, strict=True))

    def scored_tokens(self) -> Iterator[tuple[float, Sequence[str]]]:
        """What an entry is worth that has all of these tokens."""
        for where, place in PLACES.items():
            yield place, [exact(where, word) for word in self.words]
            for form, names in self.forms():
                for name in names:
                    yield place * form, [stemmed(where, each) for each in name]

    def query_in(self, where: Where) -> TokenQuery:
        """Finds what has it in this place, in any form and by any name."""
        names = (self.stems, *self.names, *self.related)
        return any_of(all_of(stemmed(where, each) for each in name) for name in names)


@dataclass(frozen=True)
class Query:
    """What somebody looks for, in one language."""

    terms: tuple[Term, ...]
    language: str
    recommended: tuple[int, ...] = ()  # keys of the pages that editors recommend for it
    corrected: str = ""  # the query with its misspelt words corrected, if any is
    # Keys of the pages recommended for some of its words, with the stems of these.
    near: Mapping[int, set[str]] = field(default_factory=dict)

    def weighted_share(self, term_scores: Sequence[float]) -> float:
        """How much of what is asked for these scores of its terms are, from 0 to 1."""
        weights = [term.weight for term in self.terms]
        return sum(map(mul, term_scores, weights)) / sum(weights)


def read_query(
    typed: str,
    language: str,
    thesaurus: Thesaurus,
    *,
    as_typed: bool = False,
    is_being_typed: bool = False,
    in_part: bool = False,
) -> Query:
    """The query that was typed; as it was typed, no word stands for another that it only looks like.

    With `in_part` a part of a word that the site lacks stands for the whole.
    """
    compared = not (as_typed or is_being_typed)
    names, written = thesaurus.single_names, thesaurus.written
    terms, words = _with_numbers(normal(typed))
    # "SIN" in capitals is the board, and no "sin".
    capitals = {normal(each) for each in WORD.findall(typed) if each.isupper()} & names
    sayings = [each for each in words if each in capitals or not is_stop_word(each, language)]
    keywords = (sayings or words * (not terms))[:_MOST_TERMS]
    kin = kin_of(keywords, language, names, written=written, compared=compared)
    corrected = {its.word: its.corrected for its in kin if its.corrected}
    parts: dict[str, Sequence[str]] = {}
    for its in kin:
        own = stem(its.word, language)
        if in_part and (its.parts or its.part):
            parts[own] = its.parts or [its.part]
        elif its.parts and own not in names:
            parts[own] = its.parts
    if parts:  # a compound that is new here is read as its words
        keywords = [each for word in keywords for each in parts.get(stem(word, language), [word])]
        kin = kin_of(keywords[:_MOST_TERMS], language, names, written=written, compared=compared)
    read_terms = [_term(its, language, thesaurus) for its in kin]
    # The last word may be unfinished, but for an abbreviation as "FRA".
    if kin and not typed.split()[-1].isupper() and (is_being_typed or not kin[-1].pages):
        read_terms[-1] = _completed(read_terms[-1], kin[-1].completions)
    mended = WORD.sub(lambda its: corrected.get(normal(its[0]), its[0]), typed)
    recommended, near = thesaurus.pages_for(mended, language)
    for said in near.values():
        said.update(stem(part, language) for name in said & parts.keys() for part in parts[name])
    return Query(
        (*terms, *_with_names(read_terms, language, thesaurus))[:_MOST_TERMS],
        language,
        tuple(recommended),
        mended if corrected else "",
        near,
    )


def _with_numbers(text: str) -> tuple[list[Term], list[str]]:
    """Its numbers in groups, and the words that are left."""
    numbers = [joined_figures(each) for each in NUMBER.findall(text)]
    groups = [tuple(re.findall(r"\d+", each)) for each in NUMBER.findall(text)]
    terms = [
        Term((number,), (number,), names=(its,), weight=_weight(1))
        for number, its in zip(numbers, groups, strict=True)
    ]
    return terms, WORD.findall(NUMBER.sub(" ", text))


def _completed(term: Term, completions: Sequence[str]) -> Term:
    return replace(term, names=(*term.names, *((each,) for each in completions)))


def _weight(pages: int) -> float:
    return 1 / log2(2 + pages)


def _term(kin: Kin, language: str, thesaurus: Thesaurus) -> Term:
    word = as_one(kin.word)
    own: Name = (stem(word, language),)
    if is_stop_word(word, language) and (meant := thesaurus.names_for(own)):
        return Term(meant[0], meant[0], tuple(meant[1:]), weight=_weight(1))
    parts = _parts_of(kin.word, language)
    in_parts = tuple(stem(each, language) for each in kin.parts)
    names: list[Name] = [*filter(None, [parts, in_parts]), *thesaurus.names_for(own)]
    names += [(each,) for each in kin.with_marks]
    if kin.corrected:  # the word is misspelt
        right = (stem(kin.corrected, language),)
        names += [right, *thesaurus.names_for(right)]
    related: list[Name] = [(each,) for each in kin.related]
    related += filter(None, [parts[-1:]])
    return Term(
        (word,),
        own,
        names=tuple(dict.fromkeys(name for name in names if name != own)),
        related=tuple(dict.fromkeys(related)),
        weight=_weight(kin.pages or _PAGES_IF_UNKNOWN),
    )


def _parts_of(typed: str, language: str) -> Name:
    """Those around a hyphen: "icke-spridning" may also be written in two words."""
    return tuple(stem(part, language) for part in words_in(typed) if part != as_one(typed))


def _with_names(terms: Sequence[Term], language: str, thesaurus: Thesaurus) -> Iterator[Term]:
    """The terms; several in a row that form a name become one, with the kin of its other names."""
    while terms:
        for length in range(min(thesaurus.longest_name, len(terms)), 0, -1):
            some = terms[:length]
            stems = tuple(each for term in some for each in term.stems)
            if length > 1 and (names := thesaurus.names_for(stems)):
                words = tuple(word for term in some for word in term.words)
                kin = kin_of([name[0] for name in names if len(name) == 1], language)
                related = tuple((each,) for its in kin for each in its.related)
                weight = max(each.weight for each in some)
                yield Term(words, stems, tuple(names), related, weight=weight)
                break
        else:
            yield terms[0]
        terms = terms[length:]
