"""Reads what somebody typed: what to look for, and how much each match of it is worth."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log2
from operator import mul

from pages.content.models import SearchKind

from .thesaurus import Thesaurus
from .tokens import TokenQuery, Where, all_of, any_of, dated, exact, of_kind, stemmed, with_topic
from .vocabulary import Kin, kin_of, pages_with
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
# A word that the site lacks, and one that only names a kind, say as much as one on so many pages.
_PAGES_IF_UNKNOWN, _PAGES_OF_A_KIND = 4, 200

# What a word is worth where it stands, and in which form it stands there.
PLACES = {Where.TITLE: 1.0, Where.LEAD: 0.6, Where.ANYWHERE: 0.45}
_FORMS = 0.95, 0.85, 0.65  # another form, another name, a related word

_MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "january february march april may june july august september october november december",
}
_DAYS = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?\b"),
    re.compile(r"\b(?P<day>\d\d?)[/.](?P<month>\d\d?)[ /.-]+(?P<year>(?:19|20)\d\d)\b"),
    re.compile(
        r"\b(?:(?P<day>\d\d?)[.:]?\w* )?(?P<month>[^\W\d]{3,9})\.? (?P<year>(?:19|20)\d\d)\b"
    ),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words that ask for a kind of thing.
_KINDS = {
    **dict.fromkeys(["pdf", "fil", "file", "dokument", "document"], SearchKind.FILES),
    **dict.fromkeys(["nyhet", "nyheter", "new", "news", "pressmeddeland"], SearchKind.NEWS),
}


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, a number, a date, or several words that form a name."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    # Its other names, each as the stems of one or several words.
    names: tuple[Name, ...] = ()
    related: tuple[Name, ...] = ()  # compounds with it, and others of its family
    tokens: tuple[str, ...] = ()  # of the topics that are called this, or of the kind
    day: str = ""
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
        if self.day:
            yield PLACES[Where.TITLE], [dated(self.day)]
        for token in self.tokens:
            yield PLACES[Where.LEAD], [token]

    def query_in(self, where: Where) -> TokenQuery:
        """Finds what has it in this place, in any form and by any name."""
        names = (self.stems, *self.names, *self.related)
        asked: list[str] = [all_of(stemmed(where, each) for each in name) for name in names]
        if where != Where.TITLE:
            asked += [*self.tokens, *([dated(self.day)] if self.day else [])]
        return any_of(asked)


@dataclass(frozen=True)
class Query:
    """What somebody looks for, in one language."""

    terms: tuple[Term, ...]
    language: str
    recommended: tuple[int, ...] = ()  # keys of the pages that editors recommend for it
    corrected: str = ""  # the query with its misspelt words corrected, if any is
    # Keys of the pages recommended for some of its words, with the stems of these.
    near: Mapping[int, set[str]] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> set[SearchKind]:
        """The kinds of things that its words ask for."""
        return {kind for kind in SearchKind for term in self.terms if of_kind(kind) in term.tokens}

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
    terms, words = _with_a_form(normal(typed), language)
    keywords = _keywords(words, language, is_all=not terms)[:_MOST_TERMS]
    compared = not (as_typed or is_being_typed or in_part)
    names, written = thesaurus.single_names, thesaurus.written
    kin = kin_of(keywords, language, names, written=written, compared=compared, in_part=in_part)
    corrected = {its.word: its.corrected for its in kin if its.corrected}
    parts = {stem(its.word, language): its.parts for its in kin if its.parts}
    if parts:
        # A compound that is new here is read as its words.
        keywords = [part for its in kin for part in its.parts or (its.word,)][:_MOST_TERMS]
        kin = kin_of(keywords, language, names, written=written, compared=compared)
    read_terms = [_term(its, language, thesaurus) for its in kin]
    read_terms = _weighed_by_names(read_terms, language)
    # The last word may be unfinished, but for an abbreviation as "FRA".
    if kin and not typed.split()[-1].isupper() and (is_being_typed or not kin[-1].pages):
        read_terms[-1] = _completed(read_terms[-1], kin[-1].completions)
    mended = WORD.sub(lambda its: corrected.get(normal(its[0]), its[0]), typed)
    recommended, near = thesaurus.pages_for(mended, language)
    for its in near.values():
        its.update(stem(part, language) for name in its & parts.keys() for part in parts[name])
    return Query(
        (*terms, *_with_names(read_terms, language, thesaurus))[:_MOST_TERMS],
        language,
        tuple(recommended),
        mended if corrected else "",
        near,
    )


def _with_a_form(text: str, language: str) -> tuple[list[Term], list[str]]:
    """Its days and numbers, and the words that are left."""
    terms: list[Term] = []
    readers = [*((pattern, _day) for pattern in _DAYS), (NUMBER, _number)]
    for pattern, read in readers:
        for match in list(pattern.finditer(text)):
            if term := read(match, language):
                terms.append(term)
                text = text.replace(match.group(), " ", 1)
    return terms, WORD.findall(text)


def _keywords(words: list[str], language: str, *, is_all: bool) -> list[str]:
    """Those that say what is looked for; if nothing else does, all of them."""
    keywords = [each for each in words if not is_stop_word(each, language)]
    return keywords or (words if is_all else [])


def _completed(term: Term, completions: Sequence[str]) -> Term:
    return replace(term, names=(*term.names, *((each,) for each in completions)))


def _day(match: re.Match[str], language: str) -> Term | None:
    """A day or a month, as texts write it in words and in figures, and as the date of a page."""
    day, month, year = (match.group(name) or "" for name in ("day", "month", "year"))
    names = _MONTHS.get(language, _MONTHS["en"]).split()
    if not month.isdecimal():
        months = [n for n, name in enumerate(names, start=1) if name.startswith(month)]
        month = str(months[0]) if months else "0"
    if not 1 <= int(month) <= len(names):
        return None
    in_words = tuple(filter(None, (day.lstrip("0"), names[int(month) - 1], year)))
    figures = f"{year}{month:0>2}{day:0>2}" if day else f"{year}{month:0>2}"
    stems = tuple(stem(word, language) for word in in_words)
    return Term(in_words, stems, names=((figures,),), day=figures, weight=_weight(1))


def _number(match: re.Match[str], _language: str) -> Term:
    number, groups = joined_figures(match[0]), tuple(re.findall(r"\d+", match[0]))
    return Term((number,), (number,), names=(groups,), weight=_weight(1))


def _weight(pages: int) -> float:
    return 1 / log2(2 + pages)


def _term(kin: Kin, language: str, thesaurus: Thesaurus) -> Term:
    word = as_one(kin.word)
    own: Name = (stem(word, language),)
    parts = _parts_of(kin.word, language)
    kind = _KINDS.get(word) or _KINDS.get(own[0])
    day = word if _YEAR.fullmatch(word) else ""
    tokens = [*map(with_topic, thesaurus.topics_named(own[0])), *([of_kind(kind)] if kind else [])]
    names: list[Name] = [*filter(None, [parts]), *thesaurus.names_for(own)]
    names += [(each,) for each in kin.with_marks]
    if kin.corrected:  # the word is misspelt
        meant = (stem(kin.corrected, language),)
        names += [meant, *thesaurus.names_for(meant)]
    related: list[Name] = [(each,) for each in kin.related]
    related += filter(None, [parts[-1:]])
    return Term(
        (word,),
        own,
        names=tuple(dict.fromkeys(name for name in names if name != own)),
        related=tuple(dict.fromkeys(related)),
        tokens=tuple(tokens),
        day=day,
        weight=_weight(_PAGES_OF_A_KIND if kind or day else kin.pages or _PAGES_IF_UNKNOWN),
    )


def _weighed_by_names(terms: Sequence[Term], language: str) -> list[Term]:
    """The terms, each as common as its most common name: "Säpo" is "Säkerhetspolisen"."""
    names = [[name[0] for name in term.names if len(name) == 1] for term in terms]
    pages = pages_with({name for its in names for name in its}, language)
    return [
        replace(term, weight=min(term.weight, *(_weight(pages[name]) for name in its), 1.0))
        for term, its in zip(terms, names, strict=True)
    ]


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
