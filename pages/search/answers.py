"""Puts the result of a search together: the numbers, and what the list shows of each hit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.content.models import SearchKind, Topic
from pages.content.tree.fixed_pages import FixedPage
from pages.content.tree.listed import ListedPage, entries_of
from pages.library.files import file_note
from pages.library.models import SiteDocument
from pages.search.models import SearchEntry

from . import engine, tokens
from .excerpts import Marker, excerpt, marked
from .fixed import fixed_pages_begun
from .places import is_file, key_at, pages_at
from .query import Query, read_query
from .ranking import Ranked, ranked
from .thesaurus import thesaurus_of
from .tokens import Where, all_of, exact

# Pages in another language are shown if they have so much more of what was asked for.
_MUCH_BETTER = 0.2
# What is found by a part of a word has only so much of what was asked for.
_OF_A_PART = 0.5

_TWIN = tokens.of_kind(SearchKind.TWINS)


@dataclass(frozen=True)
class SearchResult:
    """What was found, best first: places of entries, and fixed pages.

    Kinds are counted within the chosen topic, and topics within the kind, each by its token.
    """

    query: Query
    places: list[int | FixedPage] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    # More was found than is shown; and more than was counted.
    is_cut: bool = False
    counts_are_cut: bool = False
    with_all: int = 0  # so many have all words
    share: float = 0.0  # of what was asked for, that one of them has at most


@dataclass(frozen=True)
class Hit:
    """What the list of results shows of a page or a file."""

    title: SafeString
    plain_title: str
    url: str
    excerpt: SafeString
    kind_label: str
    date: date | None
    note: str = ""  # "pdf, 1,5 MB" for a file, "Recommended" for a page
    language: str = ""  # of its words, where it is not that of the others


def answer_to(
    typed: str,
    language: str,
    kind: SearchKind | None = None,
    topic: Topic | None = None,
    *,
    as_typed: bool = False,
) -> SearchResult:
    """What is found with these words, or with some of them, or with parts of them, or in another language."""

    names = thesaurus_of(language)
    found = result_of(read_query(typed, language, names, as_typed=as_typed), kind, topic)
    if not found.places and not as_typed:
        parts = result_of(read_query(typed, language, names, in_part=True), kind, topic)
        found = replace(parts, share=_OF_A_PART * parts.share) if parts.places else found
    for other in (code for code, _name in settings.LANGUAGES if code != language):
        least = found.share + _MUCH_BETTER
        if least >= 1:
            break
        there = result_of(read_query(typed, other, thesaurus_of(other), as_typed=True), kind, topic)
        if there.share > least:
            found = there
    return found


def result_of(
    query: Query, kind: SearchKind | None = None, topic: Topic | None = None
) -> SearchResult:
    """What visitors can read with these words, narrowed to a kind and a topic if given."""
    if not query.terms:
        return SearchResult(query)
    language = tokens.in_language(query.language)
    of_kind = {tokens.of_kind(kind)} if kind else set()
    with_topic = {tokens.with_topic(topic.pk)} if topic else set()
    chosen = of_kind | with_topic
    first = _recommended(query)
    every = ranked(query, [language])
    shown = ranked(query, [language, *chosen]) if chosen and every.is_cut else every
    counted, filters = _filters_of(first, every).values(), _filters_of(first, shown)
    return SearchResult(
        query,
        places=[place for place in filters if chosen <= filters[place]],
        kinds=_counted(counted, with_topic),
        topics=_counted(counted, of_kind),
        is_cut=shown.is_cut,
        counts_are_cut=every.is_cut,
        with_all=max(every.with_all, len(first)),
        share=1.0 if first else every.share,
    )


def _counted(filters: Iterable[set[str]], within: set[str]) -> Counter[str]:
    return Counter(token for its in filters if within <= its for token in its)


def _filters_of(first: dict[int, str], found: Ranked) -> dict[int | FixedPage, set[str]]:
    """The pages to show, with the tokens that they can be narrowed by."""
    a_page = tokens.of_kind(SearchKind.ARTICLES)
    filters = {**first, **found.filters}
    return {
        place: {a_page} if isinstance(place, FixedPage) else set(filters[place].split())
        for place in [*first, *found.places]
    }


def suggested(query: Query, most: int) -> list[Hit]:
    """The hits with the words in their titles, for a query that is being typed."""
    if not query.terms:
        return []
    language = tokens.in_language(query.language)
    found = _recommended(query)
    for asked in (
        all_of(exact(Where.TITLE, word) for term in query.terms for word in term.words),
        all_of(term.query_in(Where.TITLE) for term in query.terms),
    ):
        if len(found) < most:
            newest = engine.public.newest(all_of([asked, language]), 2 * most)
            # Twins after the pages that they are twins of.
            found |= dict(sorted(newest.items(), key=lambda each: _TWIN in each[1].split()))
    places: list[int | FixedPage] = [*fixed_pages_begun(query), *found]
    return hits(places[:most], query)


def _recommended(query: Query) -> dict[int, str]:
    """The recommended pages that visitors can read, in the given order."""
    if not query.recommended:
        return {}
    rows = SearchEntry.objects.filter(page__in=query.recommended).values_list("place", "filters")
    return dict(sorted(rows, key=lambda row: query.recommended.index(key_at(row[0]))))


def hits(found_places: Sequence[int | FixedPage], query: Query) -> list[Hit]:
    """What the list shows of what was found, in as many queries for one as for ten."""
    marker = Marker(query)
    places = [place for place in found_places if not isinstance(place, FixedPage)]
    files = SiteDocument.objects.in_bulk(key_at(place) for place in places if is_file(place))
    keys = pages_at(places)
    pages = {page.pk: page for page in entries_of(Page.objects.live().filter(pk__in=keys))}
    texts = dict(SearchEntry.objects.filter(page__in=keys).values_list("page", "text"))
    found: list[Hit] = []
    for place in found_places:
        if isinstance(place, FixedPage):
            found.append(_hit(place, marker, place.summary, kind_label=_("Page"), date=None))
        elif is_file(place):
            if file := files.get(key_at(place)):
                day, note = localdate(file.created_at), file_note(file)
                found.append(
                    _hit(file, marker, file.description, kind_label=_("File"), date=day, note=note)
                )
        elif page := pages.get(key_at(place)):
            found.append(
                _hit(
                    page,
                    marker,
                    page.listing_summary,
                    texts.get(page.pk, ""),
                    kind_label=page.kind_label,
                    date=page.date,
                    note=_("Recommended") if page.pk in query.recommended else "",
                    language=page.twin_kind.language if page.twin_kind else "",
                )
            )
    return found


def _hit(
    found: ListedPage | FixedPage | SiteDocument,
    marker: Marker,
    about: str,
    text: str = "",
    **more: Any,
) -> Hit:
    return Hit(
        title=marked(found.title, marker),
        plain_title=found.title,
        url=found.url,
        excerpt=excerpt(text or about, marker, otherwise=about),
        **more,
    )
