"""Puts what answers a query in order: by its words, by the kind of page, and by age.

At most three hundred entries are weighed. Each word gains what it is worth in the best place where an
entry has it, and a rare word counts for more than a common one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from django.utils.timezone import localdate
from wagtail.models import Page

from pages.models import SearchEntry, SearchKind
from pages.tree.fixed_pages import FixedPage

from . import engine, tokens
from .fixed import fixed_worths
from .places import date_at, is_file, key_at, pages_at
from .query import ALL_RULES, LEAST_OF_A_WORD, PLACES, Query, Rules
from .tokens import TokenQuery, Where, all_of, any_of, exact
from .words import as_typed, name_of

# Nobody reads further, and with this limit a word on every page is as cheap as a rare one.
MOST_FOUND = 300
# With fewer that have all words, those with most of them are found too...
_ENOUGH = 20
# ...and beyond the first page only if they are worth this much of the best one.
_ALWAYS_SHOWN = 10
_LEAST_WORTH = 0.3
_MOST_OF_IT = 0.6
# So many of the best are looked at more closely.
_MOST_WEIGHED = 60
# With more words there are too many ways to leave one out.
_MOST_WORDS_TO_LEAVE_OUT = 5

# What a page is worth by its kind, age and place in the tree, beside a plain page...
_OF_KIND = {SearchKind.ARTICLES: 1.0, SearchKind.NEWS: 0.6, SearchKind.FILES: 0.75}
_NOT_ASKED_FOR = 0.6  # where the query names another kind
_LOSS_OF_A_YEAR = 0.1
_START_PAGE, _FRONT_PAGE = 0.6, 0.85
# ...and what it gains if its title says nothing but what was asked for.
_WHOLE_TITLE = 0.35

_Place = int | FixedPage


@dataclass(frozen=True)
class Ranked:
    """What was found, best first."""

    places: list[_Place] = field(default_factory=list)
    filters: Mapping[int, str] = field(default_factory=dict)
    with_all: int = 0  # so many of them have all words
    share: float = 0.0  # of what was asked for, that one of them has at most
    is_cut: bool = False  # more was found


def ranked(query: Query, filters: Iterable[str], rules: Rules = ALL_RULES) -> Ranked:
    """The pages and files with the words, and with all these filters."""
    asked = [*filters]
    question = all_of([*(term.within(Where.ANYWHERE) for term in query.terms), *asked])
    found, is_too_much = engine.public.some(question, MOST_FOUND + 1), False
    if len(found) > MOST_FOUND:
        found = _newest(_ladder(query), asked)
        return Ranked([*found], found, len(found), share=1.0, is_cut=True)
    if len(found) < _ENOUGH and rules.most_words:
        for wider in _wider(query):
            more = found | engine.public.some(all_of([wider, *asked]), MOST_FOUND + 1)
            if is_too_much := len(more) > MOST_FOUND:
                break
            found = more
    if is_cut := is_too_much and not found:
        found = _newest(_ladder_of_any(query), asked)
    return replace(_in_order(query, _with_phrases(query, found), rules), is_cut=is_cut)


def _wider(query: Query) -> Iterator[TokenQuery]:
    """Questions for most of the words, and then for any of ever more of them, the rarest first."""
    terms = sorted(query.terms, key=lambda term: -term.weight)
    every = [term.within(Where.ANYWHERE, alike=True) for term in terms]
    if 2 < len(every) <= _MOST_WORDS_TO_LEAVE_OUT:
        yield any_of(all_of(each for each in every if each != left_out) for left_out in every)
    for most in sorted({1, 2, 4, len(every)}):
        yield any_of(every[:most])


def _newest(ladder: Iterable[TokenQuery], filters: Sequence[str]) -> dict[int, str]:
    """The best of very many: by the first question that they answer, and pages before the others."""
    found: dict[int, str] = {}
    for question in ladder:
        for kind in ([tokens.of_kind(SearchKind.ARTICLES)], []):
            if len(found) < MOST_FOUND:
                found |= engine.public.newest(all_of([question, *kind, *filters]), MOST_FOUND)
    return dict(islice(found.items(), MOST_FOUND))


def _ladder(query: Query) -> Iterator[TokenQuery]:
    """Questions for all words, from the best answers to all."""
    yield tokens.called(tuple(each for term in query.terms for each in term.stems))
    for where in Where:
        yield all_of(exact(where, word) for term in query.terms for word in term.words)
        yield all_of(term.within(where) for term in query.terms)


def _ladder_of_any(query: Query) -> Iterator[TokenQuery]:
    for where in Where:
        yield any_of(term.within(where) for term in query.terms)


def _with_phrases(query: Query, found: dict[int, str]) -> dict[int, str]:
    """Those with every phrase as it was typed, for readers and not only in the index."""
    phrases = [as_typed(" ".join(term.words)) for term in query.terms if term.is_phrase]
    if not phrases:
        return found
    texts = SearchEntry.objects.filter(place__in=found).values_list("place", "title", "text")
    return {
        place: found[place]
        for place, *its in texts
        if all(any(phrase in as_typed(text) for text in its) for phrase in phrases)
    }


@dataclass
class _Candidate:
    """What the words of the query are worth to one page or file."""

    worths: list[float]
    score: float = 0.0

    def share(self, query: Query) -> float:
        has = [worth >= LEAST_OF_A_WORD for worth in self.worths]
        return query.share_of(has)

    def has_all(self) -> bool:
        return all(worth >= LEAST_OF_A_WORD for worth in self.worths)

    def gained(self, query: Query) -> float:
        return query.share_of(self.worths) * (self.share(query) or LEAST_OF_A_WORD)


def _in_order(query: Query, found: Mapping[int, str], rules: Rules) -> Ranked:
    candidates: dict[_Place, _Candidate] = {
        page: _Candidate(worths) for page, worths in fixed_worths(query).items()
    }
    its_worths = _worths(query, found)
    candidates |= {place: _Candidate(its_worths[place]) for place in sorted(found, reverse=True)}
    for each in candidates.values():
        each.score = each.gained(query)
    for entry, filters in found.items():
        candidates[entry].score *= _worth_of_kind(entry, filters.split(), query, rules)
    best = _sorted(candidates)[:_MOST_WEIGHED]
    _weigh_titles(best, candidates, query)
    order = _sorted(candidates)
    least = _LEAST_WORTH * candidates[order[0]].score if order else 0.0
    with_all = sum(each.has_all() for each in candidates.values())
    if with_all:
        order = [place for place in order if _is_near(place, candidates[place].share(query))]
    places = [
        place
        for number, place in enumerate(order)
        if candidates[place].has_all()
        or (rules.most_words and (number < _ALWAYS_SHOWN or candidates[place].score >= least))
    ]
    return Ranked(
        places,
        found,
        with_all=with_all,
        share=max((candidates[place].share(query) for place in places), default=0.0),
    )


def _is_near(place: _Place, share: float) -> bool:
    """Whether it belongs beside pages with all words: the tip page has to have most of them."""
    return share >= _MOST_OF_IT if isinstance(place, FixedPage) else share > 0


def _sorted(candidates: Mapping[_Place, _Candidate]) -> list[_Place]:
    return sorted(candidates, key=lambda place: -candidates[place].score)


def _worths(query: Query, places: Iterable[int]) -> dict[int, list[float]]:
    """What each term is worth to each of these entries."""
    asked: dict[str, list[tuple[int, float, Sequence[str]]]] = defaultdict(list)
    tokens: set[str] = set()
    for number, term in enumerate(query.terms):
        for worth, name in term.worths():
            asked[name[0]].append((number, worth, name))
            tokens.update(name)
    found = {}
    for place, its in engine.public.which_of(tokens, places).items():
        found[place] = worths = [0.0] * len(query.terms)
        for number, worth, name in (each for token in asked.keys() & its for each in asked[token]):
            if worth > worths[number] and its.issuperset(name):
                worths[number] = worth
    return found


def _worth_of_kind(place: int, filters: Sequence[str], query: Query, rules: Rules) -> float:
    kind = next(kind for kind in SearchKind if tokens.of_kind(kind) in filters)
    if query.kinds:
        return 1.0 if kind in query.kinds else _NOT_ASKED_FOR
    worth = _OF_KIND[kind] if rules.kinds else 1.0
    if kind == SearchKind.NEWS and rules.age and not any(term.day for term in query.terms):
        days = max(0, (localdate() - date_at(place)).days)
        worth /= 1 + _LOSS_OF_A_YEAR * days / 365
    return worth


def _weigh_titles(
    best: Sequence[_Place], candidates: Mapping[_Place, _Candidate], query: Query
) -> None:
    """Raises those with a title about nothing else, and lowers pages that only lead to others."""
    entries = [place for place in best if not isinstance(place, FixedPage)]
    titles = dict(SearchEntry.objects.filter(place__in=entries).values_list("place", "title"))
    rows = Page.objects.filter(pk__in=pages_at(entries)).values_list("pk", "depth", "numchild")
    leads_on = {
        pk: _START_PAGE if depth == 2 else _FRONT_PAGE for pk, depth, below in rows if below
    }
    for place in best:
        each = candidates[place]
        title = place.title if isinstance(place, FixedPage) else titles.get(place, "")
        words = name_of(title, query.language)
        said = sum(worth > PLACES[Where.LEAD] for worth in each.worths)
        whole = said / max(len(words), len(query.terms))
        each.score *= 1 + _WHOLE_TITLE * whole
        if whole < 1 and not isinstance(place, FixedPage) and not is_file(place):
            each.score *= leads_on.get(key_at(place), 1.0)
