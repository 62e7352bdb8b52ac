"""Puts what answers a query in order: by its words, by the kind of page, and by age.

At most three hundred entries are weighed. Each word gains what it is worth in the best place where an
entry has it, and a rare word counts for more than a common one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from django.utils.timezone import localdate
from wagtail.models import Page

from pages.content.models import SearchKind
from pages.content.tree.fixed_pages import FixedPage
from pages.search.models import SearchEntry

from . import engine, tokens
from .fixed import fixed_pages_named
from .places import date_at, is_file, key_at, pages_at
from .query import PLACES, Query
from .tokens import TokenQuery, Where, all_of, any_of
from .words import name_of

# Nobody reads further, and with this limit a word on every page is as cheap as a rare one.
MOST_FOUND = 300
# With fewer that have all words, those with most of them are found too.
_ENOUGH = 20
# So many of the best are looked at more closely.
_MOST_WEIGHED = 60

# What a page is worth by its kind, age and place in the tree, beside a plain page...
_OF_KIND = {
    SearchKind.ARTICLES: 1.0,
    SearchKind.NEWS: 0.6,
    SearchKind.FILES: 0.75,
    SearchKind.TWINS: 0.5,
}
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


def ranked(query: Query, filters: Iterable[str]) -> Ranked:
    """The pages and files with the words, and with all these filters."""
    asked = [*filters]
    question = all_of([*(term.query_in(Where.ANYWHERE) for term in query.terms), *asked])
    near = _near(query, asked)
    found, is_too_much = near | engine.public.some(question, MOST_FOUND + 1), False
    if len(found) > MOST_FOUND:
        found = near | _newest(query, all_of, asked)
        return Ranked([*found], found, len(found), share=1.0, is_cut=True)
    if len(found) < _ENOUGH and len(query.terms) > 1:
        for wider in _wider(query):
            more = found | engine.public.some(all_of([wider, *asked]), MOST_FOUND + 1)
            if is_too_much := len(more) > MOST_FOUND:
                break
            found = more
    if is_cut := is_too_much and not found:
        found = _newest(query, any_of, asked)
    return replace(_in_order(query, found), is_cut=is_cut)


def _near(query: Query, filters: Sequence[str]) -> dict[int, str]:
    """What editors recommend for some of the words, whether its text has them or not."""
    if not (pages := query.near.keys() - {*query.recommended}):
        return {}
    rows = SearchEntry.objects.filter(page__in=pages).values_list("place", "filters")
    return {place: its for place, its in rows if {*filters} <= {*its.split()}}


def _wider(query: Query) -> Iterator[TokenQuery]:
    """Questions for any of ever more of several words, the rarest first."""
    terms = sorted(query.terms, key=lambda term: -term.weight)
    every = [term.query_in(Where.ANYWHERE) for term in terms]
    for most in sorted({1, 2, min(4, len(every)), len(every)}):
        yield any_of(every[:most])


def _newest(
    query: Query, joined: Callable[[Iterable[str]], TokenQuery], filters: Sequence[str]
) -> dict[int, str]:
    """The best of very many: by where they have the words, and pages before news and files."""
    name = tuple(each for term in query.terms for each in term.stems)
    questions: list[str] = [tokens.called(name)]
    questions += [joined(term.query_in(where) for term in query.terms) for where in Where]
    found: dict[int, str] = {}
    for question in questions:
        for kind in ([tokens.of_kind(SearchKind.ARTICLES)], []):
            if len(found) < MOST_FOUND:
                found |= engine.public.newest(all_of([question, *kind, *filters]), MOST_FOUND)
    return dict(islice(found.items(), MOST_FOUND))


def _in_order(query: Query, found: Mapping[int, str]) -> Ranked:
    term_scores = _scores_of_terms(query, found)
    shares = {
        place: query.weighted_share([score > 0 for score in its])
        for place, its in term_scores.items()
    }
    scores = {
        place: query.weighted_share(its) * shares[place] for place, its in term_scores.items()
    }
    for place, filters in found.items():
        scores[place] *= _score_of_kind(place, filters.split())
    with_all = [*shares.values()].count(1.0)
    _weigh_titles(scores, term_scores, query)
    places = sorted(scores, key=scores.__getitem__, reverse=True)
    best = max((shares[place] for place in places), default=0.0)
    return Ranked(places, found, with_all=with_all, share=best)


def _scores_of_terms(query: Query, places: Iterable[int]) -> dict[_Place, list[float]]:
    """What each term is worth to each of these entries, and to the fixed pages."""
    asked: dict[str, list[tuple[int, float, Sequence[str]]]] = defaultdict(list)
    wanted: set[str] = set()
    for number, term in enumerate(query.terms):
        for score, name in term.scored_tokens():
            asked[name[0]].append((number, score, name))
            wanted.update(name)
    entries = sorted(engine.public.which_of(wanted, places).items(), reverse=True)
    found: dict[_Place, list[float]] = {}
    held: list[tuple[_Place, set[str]]] = [*fixed_pages_named(query).items(), *entries]
    for place, its in held:
        found[place] = term_scores = [0.0] * len(query.terms)
        for number, score, name in (each for token in asked.keys() & its for each in asked[token]):
            if score > term_scores[number] and its.issuperset(name):
                term_scores[number] = score
    for place in places:
        named = () if is_file(place) else query.near.get(key_at(place), ())
        for number, term in enumerate(query.terms):
            if any({*name}.issubset(named) for name in (term.stems, *term.names)):
                found[place][number] = PLACES[Where.TITLE]
    return found


def _score_of_kind(place: int, filters: Sequence[str]) -> float:
    kind = next(kind for kind in SearchKind if tokens.of_kind(kind) in filters)
    score = _OF_KIND[kind]
    if kind == SearchKind.NEWS:
        days = max(0, (localdate() - date_at(place)).days)
        score /= 1 + _LOSS_OF_A_YEAR * days / 365
    return score


def _weigh_titles(
    scores: dict[_Place, float], term_scores: Mapping[_Place, Sequence[float]], query: Query
) -> None:
    """Raises those with a title about nothing else, and lowers pages that only lead to others."""
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:_MOST_WEIGHED]
    entries = [place for place in best if not isinstance(place, FixedPage)]
    rows = SearchEntry.objects.filter(place__in=entries).values_list("place", "title")
    titles: dict[_Place, str] = dict(rows)
    rows = Page.objects.filter(pk__in=pages_at(entries)).values_list("pk", "depth", "numchild")
    leads_on = {
        pk: _START_PAGE if depth == 2 else _FRONT_PAGE for pk, depth, below in rows if below
    }
    for place in best:
        title = place.title if isinstance(place, FixedPage) else titles.get(place, "")
        said = sum(score > PLACES[Where.LEAD] for score in term_scores[place])
        whole = said / max(len(name_of(title, query.language)), len(query.terms))
        scores[place] *= 1 + _WHOLE_TITLE * whole
        if whole < 1 and not isinstance(place, FixedPage) and not is_file(place):
            scores[place] *= leads_on.get(key_at(place), 1.0)
