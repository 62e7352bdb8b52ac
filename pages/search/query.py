"""Reads what somebody typed: what to look for, and how much each match of it is worth."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import log2
from operator import mul

from pages.models import SearchKind

from .thesaurus import Thesaurus
from .tokens import TokenQuery, Where, all_of, any_of, dated, exact, of_kind, stemmed, with_topic
from .vocabulary import LANGUAGE_OF_COMPOUNDS, Kin, kin_of, known_among, pages_with
from .words import (
    NUMBER,
    WORD,
    Name,
    as_one,
    is_function_word,
    joined_figures,
    name_of,
    normal,
    root,
    stem,
    words_in,
)  # fmt: skip

_MOST_TERMS = 10
# A word that the site lacks, and one that only names a kind, say as much as one on so many pages.
_PAGES_IF_UNKNOWN, _PAGES_OF_A_KIND = 4, 200
# Only a whole part of a compound proves that it is one; "hot" of "terrorhot" is the shortest.
_SHORTEST_PART = 3

# What a word is worth where it stands, and in which form it stands there.
PLACES = {Where.TITLE: 1.0, Where.LEAD: 0.6, Where.ANYWHERE: 0.45}
_FORM, _NAME, _RELATED, _ALIKE = 0.95, 0.85, 0.65, 0.2
LEAST_OF_A_WORD = 0.25  # what is worth less has only a word that looks like it

_QUOTED = re.compile(r"[\"“”„»«]([^\"“”„»«]+)[\"“”„»«]")
_MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "january february march april may june july august september october november december",
}
_SHORTEST_MONTH = 3
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
    "pdf": SearchKind.FILES, "fil": SearchKind.FILES, "file": SearchKind.FILES,
    "dokument": SearchKind.FILES, "document": SearchKind.FILES, "nyhet": SearchKind.NEWS,
    "nyheter": SearchKind.NEWS,
    "new": SearchKind.NEWS, "news": SearchKind.NEWS, "pressmeddeland": SearchKind.NEWS,
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """The parts of the search, each of which can be measured by leaving it out."""

    spelling: bool = True
    compounds: bool = True
    likeness: bool = True  # words with parts of an unknown word
    synonyms: bool = True
    kinds: bool = True
    age: bool = True
    figures: bool = True  # dates and numbers in any writing
    phrases: bool = True
    other_language: bool = True
    most_words: bool = True


ALL_RULES = Rules()
AS_TYPED = Rules(spelling=False, likeness=False)


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, a number, a date, or several words that form a name."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    # Its other names, each as the stems of one or several words.
    names: tuple[Name, ...] = ()
    related: tuple[Name, ...] = ()  # compounds with it, and others of its family
    alike: tuple[Name, ...] = ()  # for a word that the site lacks
    tokens: tuple[str, ...] = ()  # of the topics that are called this, or of the kind
    day: str = ""
    weight: float = 1.0  # a rare word says more than a common one
    is_phrase: bool = False

    def forms(self) -> list[tuple[float, tuple[Name, ...]]]:
        """Its names as stems, and what each is worth beside the word as it was typed."""
        if self.is_phrase:
            return []
        return [
            (_FORM, (self.stems,)),
            (_NAME, self.names),
            (_RELATED, self.related),
            (_ALIKE, self.alike),
        ]

    def worths(self) -> Iterator[tuple[float, Sequence[str]]]:
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

    def within(self, where: Where, *, alike: bool = False) -> TokenQuery:
        """Finds what has it in this place, in any form and by any name."""
        if self.is_phrase:
            return all_of(exact(where, word) for word in self.words)
        names = [self.stems, *self.names, *self.related, *(self.alike if alike else ())]
        more = (
            [] if where == Where.TITLE else [*self.tokens, *([dated(self.day)] if self.day else [])]
        )
        return any_of([_any_name(where, names), *more])


def _any_name(where: Where, names: Iterable[Name]) -> TokenQuery:
    return any_of(all_of(stemmed(where, each) for each in name) for name in names)


@dataclass(frozen=True)
class Query:
    """What somebody looks for, in one language."""

    terms: tuple[Term, ...]
    language: str
    recommended: tuple[int, ...] = ()  # keys of the pages that editors recommend for it
    meant: str = ""  # the query with its misspelt words mended, if any is

    @cached_property
    def kinds(self) -> set[SearchKind]:
        """The kinds of things that its words ask for."""
        return {kind for kind in SearchKind for term in self.terms if of_kind(kind) in term.tokens}

    def share_of(self, worths: Sequence[float]) -> float:
        """How much of what is asked for these worths of its terms are, from 0 to 1."""
        weights = [term.weight for term in self.terms]
        return sum(map(mul, worths, weights)) / sum(weights)


def read_query(
    typed: str,
    language: str,
    thesaurus: Thesaurus,
    *,
    rules: Rules = ALL_RULES,
    is_being_typed: bool = False,
) -> Query:
    """The query that was typed: its words, and the words of the site related to them."""
    rest, terms = normal(typed), []
    for pattern, read, is_on in (
        (_QUOTED, _phrase, rules.phrases),
        *((pattern, _day, rules.figures) for pattern in _DAYS),
        (NUMBER, _number, rules.figures),
    ):
        for match in list(pattern.finditer(rest)) if is_on else ():
            if term := read(match, language):
                terms.append(term)
                rest = rest.replace(match.group(), " ", 1)
    found = WORD.findall(rest)
    telling = [each for each in found if not is_function_word(each, language)]
    telling = (telling or ([] if terms else found))[:_MOST_TERMS]
    words = [as_one(each) for each in telling]
    single_names = thesaurus.single_names if rules.synonyms else ()
    is_compared = (rules.spelling or rules.likeness) and not is_being_typed
    kin = kin_of(words, language, single_names, compared=is_compared)
    mended = {each: its.meant for each, its in zip(telling, kin, strict=True) if its.meant}
    if rules.compounds and any(its.parts for its in kin):
        # A compound that is new here is read as its words, unless a topic or a thing is called that.
        def known(word: str) -> bool:
            own = stem(as_one(word), language)
            return bool(thesaurus.topics_named(own) or thesaurus.names_for((own,)))

        telling = [
            part
            for each, its in zip(telling, kin, strict=True)
            for part in (its.parts if its.parts and not its.meant and not known(each) else [each])
        ][:_MOST_TERMS]
        words = [as_one(each) for each in telling]
        kin = kin_of(words, language, single_names, compared=is_compared)
    by_name = _pages_by_name(words, language, thesaurus) if rules.synonyms else {}
    read_terms = [
        _term(word, each, its, max(its.pages, by_name.get(word, 0)), language, thesaurus, rules)
        for word, each, its in zip(words, telling, kin, strict=True)
    ]
    if read_terms and _may_go_on(typed) and (is_being_typed or not kin[-1].pages):
        read_terms[-1] = _with(read_terms[-1], [(each,) for each in kin[-1].completions])
    if rules.compounds and language == LANGUAGE_OF_COMPOUNDS:
        read_terms = _joined(read_terms, language)
    if rules.synonyms:
        read_terms = [*_with_names(read_terms, thesaurus)]
    return Query(
        (*terms, *read_terms)[:_MOST_TERMS],
        language,
        tuple(thesaurus.pages_for(name_of(typed, language))),
        _mended(typed, mended) if rules.spelling and mended else "",
    )


def _phrase(match: re.Match[str], language: str) -> Term | None:
    words = tuple(map(as_one, WORD.findall(match.group(1))))
    stems = tuple(stem(word, language) for word in words)
    return Term(words, stems, is_phrase=True) if words else None


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


def _number(match: re.Match[str], language: str) -> Term:
    number = joined_figures(match.group())
    groups = tuple(part for part in re.findall(r"\d+", match.group()))
    return Term((number,), (number,), names=(groups,), weight=_weight(1))


def _weight(pages: int) -> float:
    return 1 / log2(2 + pages)


def _pages_by_name(words: Sequence[str], language: str, thesaurus: Thesaurus) -> dict[str, int]:
    """The pages with the most common other name of a word: "Säpo" is rare here, the agency is not."""
    names = {
        word: [name[0] for name in thesaurus.names_for((stem(word, language),)) if len(name) == 1]
        for word in words
    }
    stems = [each for its in names.values() for each in its]
    pages = pages_with(stems, language) if stems else {}
    return {word: max(pages.get(each, 0) for each in its) for word, its in names.items() if its}


def _term(
    word: str,
    found: str,
    kin: Kin,
    pages: int,
    language: str,
    thesaurus: Thesaurus,
    rules: Rules,
) -> Term:
    own = (stem(word, language),)
    # "icke-spridning" may also be written in two words.
    parts = tuple(stem(part, language) for part in words_in(found) if part != word)

    def called(each: str) -> list[Name]:
        name = (stem(each, language),)
        return [name, *(thesaurus.names_for(name) if rules.synonyms else [])]

    meant = called(kin.meant) if kin.meant and rules.spelling else []
    kind = _KINDS.get(word) or _KINDS.get(own[0])
    kinds = [of_kind(kind)] if kind and rules.kinds else []
    names = [
        *([parts] if parts else []),
        *(thesaurus.names_for(own) if rules.synonyms else []),
        *((each,) for each in kin.with_marks),
        *meant,
    ]
    heads = [] if meant else kin.heads
    related: list[Name] = [(each,) for each in (*kin.compounds, *kin.family, *heads)]
    related += [parts[-1:]] if parts else []
    weight = _weight(_PAGES_OF_A_KIND if kinds else pages or _PAGES_IF_UNKNOWN)
    return Term(
        (word,),
        own,
        names=tuple(dict.fromkeys(name for name in names if name != own)),
        related=tuple(dict.fromkeys(related)) if rules.compounds else (),
        alike=tuple(name for each in kin.alike for name in called(each))
        if rules.likeness and not meant
        else (),
        tokens=(*map(with_topic, thesaurus.topics_named(own[0])), *kinds),
        day=word if rules.figures and _YEAR.fullmatch(word) else "",
        weight=weight,
    )


def _with(term: Term, names: Iterable[Name]) -> Term:
    """The same term with more names."""
    more = dict.fromkeys([*term.names, *names])
    more.pop(term.stems, None)
    return replace(term, names=tuple(more))


def _joined(terms: Sequence[Term], language: str) -> list[Term]:
    """The terms; two in a row that the site writes as one become one, and all know compounds of both."""
    pairs = {one.words[0] + other.words[0]: (one, other) for one, other in pairwise(terms)}
    known = known_among(pairs, language)
    joined: list[Term] = []
    for term in terms:
        if (
            joined
            and (both := joined[-1].words[0] + term.words[0]) in known
            and len(joined[-1].words) == 1
        ):
            one = joined.pop()
            term = Term(
                (*one.words, *term.words),
                (*one.stems, *term.stems),
                names=((stem(both, language),),),
                weight=_weight(1),
            )
        joined.append(term)
    return [
        _with(
            term,
            (
                name
                for other in joined
                if other is not term and len(term.stems) == len(other.stems) == 1
                for one, its in ((term, other), (other, term))
                for name in its.related
                for own in (one.stems, *one.names)
                if len(name) == len(own) == 1 and _has_inside(name[0], root(own[0]))
            ),
        )
        for term in joined
    ]


def _has_inside(compound: str, part: str) -> bool:
    """Whether a compound that begins or ends with another word has this part too."""
    return len(part) >= _SHORTEST_PART and (
        compound.startswith(part)
        or compound.endswith(part)
        or (len(part) > _SHORTEST_PART and part in compound)
    )


def _with_names(terms: Sequence[Term], thesaurus: Thesaurus) -> Iterator[Term]:
    """The terms; several in a row that form a name become one."""
    start = 0
    while start < len(terms):
        length = next(
            (
                length
                for length in range(min(thesaurus.longest_name, len(terms) - start), 1, -1)
                if thesaurus.names_for(_stems(terms[start : start + length]))
            ),
            1,
        )
        some = terms[start : start + length]
        if length == 1:
            yield some[0]
        else:
            words = tuple(word for term in some for word in term.words)
            names = tuple(thesaurus.names_for(_stems(some)))
            yield Term(words, _stems(some), names, weight=max(term.weight for term in some))
        start += length


def _stems(terms: Iterable[Term]) -> Name:
    return tuple(each for term in terms for each in term.stems)


def _mended(typed: str, mended: Mapping[str, str]) -> str:
    return WORD.sub(lambda match: mended.get(normal(match.group()), match.group()), typed)


def _may_go_on(typed: str) -> bool:
    """Whether the last word may be unfinished; "FRA" is not, since it is an abbreviation."""
    return not typed.split()[-1].isupper()
