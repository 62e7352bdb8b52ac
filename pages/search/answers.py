"""Puts the result of a search together: the numbers, and what the list shows of each hit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.library.files import file_note
from pages.models import PageTopic, SearchEntry, SearchKind, SiteDocument, Topic
from pages.tree.addresses import root_of
from pages.tree.fixed_pages import FixedPage
from pages.tree.listed import ListedPage, entries_of
from pages.version.memory import remembered

from . import engine, tokens
from .excerpts import Marker, excerpt, marked
from .fixed import fixed_pages_begun, fixed_worths
from .places import files_at, is_file, key_at, pages_at
from .query import ALL_RULES, Query, Rules, read_query
from .ranking import Ranked, ranked
from .thesaurus import thesaurus_of
from .tokens import Where, all_of, exact
from .words import WORD, is_function_word, normal

# Pages in another language are shown if they have so much more of what was asked for. What is found
# for a mended word is less sure than a word that is spelt well in the other language.
_MUCH_BETTER, _MENDED = 0.2, 0.7


@dataclass(frozen=True)
class SearchResult:
    """What was found, best first: places of entries, and fixed pages.

    Kinds are counted within the chosen topic, and topics within the kind.
    """

    places: list[int | FixedPage] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    topics: Counter[int] = field(default_factory=Counter)
    # More was found than is shown; and more than was counted.
    is_cut: bool = False
    counts_are_cut: bool = False
    with_all: int = 0  # so many have all words
    share: float = 0.0  # of what was asked for, that one of them has at most


@dataclass(frozen=True)
class Reply:
    """The query as it was understood, and what it found."""

    query: Query
    result: SearchResult
    has_phrase: bool = True  # or the words of a phrase are found elsewhere than in a row


@dataclass(frozen=True)
class Hit:
    """What the list of results shows of a page or a file."""

    title: SafeString
    plain_title: str
    url: str
    excerpt: SafeString
    kind_label: str
    date: date | None
    note: str  # "pdf, 1,5 MB" for a file, "Recommended" for a page
    topics: list[Topic]


def answer_to(
    typed: str,
    language: str,
    kind: SearchKind | None = None,
    topic: Topic | None = None,
    rules: Rules = ALL_RULES,
) -> Reply:
    """What is found with these words, or else with some of them, or in another language."""
    query, result = _answered(typed, language, kind, topic, rules)
    has_phrase = True
    if not result.places and any(term.is_phrase for term in query.terms):
        query, result = _answered(typed, language, kind, topic, replace(rules, phrases=False))
        has_phrase = False
    share = result.share * (_MENDED if query.meant else 1.0)
    if rules.other_language and query.terms and share < 1:
        plain = replace(rules, spelling=False, likeness=False)
        # "om" and "de" of a Swedish question are no words of an English one.
        telling = WORD.sub(
            lambda word: "" if is_function_word(normal(word.group()), language) else word.group(),
            typed,
        )
        for other in (code for code, _name in settings.LANGUAGES if code != language):
            its_query = read_query(telling, other, thesaurus_of(other), rules=plain)
            least = share + _MUCH_BETTER
            if not its_query.terms or (
                not fixed_worths(its_query)
                and its_query.share_of(terms_on_pages(its_query)) <= least
            ):
                continue
            there = result_of(its_query, kind, topic, plain)
            if there.share > least:
                query, result, share = its_query, there, there.share
    return Reply(query, result, has_phrase)


def _answered(
    typed: str, language: str, kind: SearchKind | None, topic: Topic | None, rules: Rules
) -> tuple[Query, SearchResult]:
    query = read_query(typed, language, thesaurus_of(language), rules=rules)
    return query, result_of(query, kind, topic, rules)


def result_of(
    query: Query,
    kind: SearchKind | None = None,
    topic: Topic | None = None,
    rules: Rules = ALL_RULES,
) -> SearchResult:
    """What visitors can read with these words, narrowed to a kind and a topic if given."""
    start_page = below_start_page(query.language)
    if start_page is None or not query.terms:
        return SearchResult()
    of_kind = {tokens.of_kind(kind)} if kind else set()
    with_topic = {tokens.with_topic(topic.pk)} if topic else set()
    chosen = of_kind | with_topic
    first = _recommended(query)
    every = ranked(query, [start_page], rules)
    shown = ranked(query, [start_page, *chosen], rules) if chosen and every.is_cut else every
    filters, its_filters = _filters_of(first, every), _filters_of(first, shown)
    return SearchResult(
        places=[place for place in its_filters if chosen <= its_filters[place]],
        kinds=Counter(
            each.value
            for its in filters.values()
            if with_topic <= its
            for each in SearchKind
            if tokens.of_kind(each) in its
        ),
        topics=Counter(
            pk for its in filters.values() if of_kind <= its for pk in tokens.topics_among(its)
        ),
        is_cut=shown.is_cut,
        counts_are_cut=every.is_cut,
        with_all=max(every.with_all, len(first)),
        share=1.0 if first else every.share,
    )


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
    start_page = below_start_page(query.language)
    if start_page is None or not query.terms:
        return []
    found = _recommended(query)
    for asked in (
        all_of(exact(Where.TITLE, word) for term in query.terms for word in term.words),
        all_of(term.within(Where.TITLE) for term in query.terms),
    ):
        if len(found) < most:
            found |= engine.public.newest(all_of([asked, start_page]), most)
    places: list[int | FixedPage] = [*fixed_pages_begun(query), *found]
    return hits(places[:most], query)


def terms_on_pages(query: Query) -> list[bool]:
    """Says of each term whether any page or file in the language has it."""
    start_page = below_start_page(query.language)
    if start_page is None or not query.terms:
        return [False] * len(query.terms)
    return engine.public.are_answered(
        [all_of([term.within(Where.ANYWHERE), start_page]) for term in query.terms]
    )


def below_start_page(language: str) -> str | None:
    """The token of everything that visitors can read in the language."""
    root = root_of(language)
    if root is None:
        return None
    key = remembered(
        f"start page {language} {root.root_path}",
        ("start",),
        lambda: Page.objects.filter(url_path=root.root_path).values_list("pk", flat=True).first(),
    )
    return tokens.below(key) if key else None


def _recommended(query: Query) -> dict[int, str]:
    """The recommended pages that visitors can read, in the given order."""
    if not query.recommended:
        return {}
    rows = SearchEntry.objects.filter(page__in=query.recommended)
    entries = {
        page: (place, its) for page, place, its in rows.values_list("page", "place", "filters")
    }
    return dict(entries[key] for key in query.recommended if key in entries)


def hits(found_places: Sequence[int | FixedPage], query: Query) -> list[Hit]:
    """What the list shows of what was found, in as many queries for one as for ten."""
    marker = Marker(query)
    places = [place for place in found_places if not isinstance(place, FixedPage)]
    files = SiteDocument.objects.in_bulk(files_at(places))
    keys = pages_at(places)
    pages = {page.pk: page for page in entries_of(Page.objects.live().filter(pk__in=keys))}
    topics = _topics_of(keys)
    texts = dict(SearchEntry.objects.filter(page__in=keys).values_list("page", "text"))
    found: list[Hit] = []
    for place in found_places:
        if isinstance(place, FixedPage):
            found.append(_fixed_hit(place, marker))
            continue
        key = key_at(place)
        if is_file(place):
            if file := files.get(key):
                found.append(_file_hit(file, marker))
        elif page := pages.get(key):
            note = _("Recommended") if key in query.recommended else ""
            found.append(_page_hit(page, topics[key], texts.get(key, ""), marker, note))
    return found


def _page_hit(page: ListedPage, topics: list[Topic], text: str, marker: Marker, note: str) -> Hit:
    return Hit(
        title=marked(page.title, marker),
        plain_title=page.title,
        url=page.url,
        excerpt=excerpt(text, marker, otherwise=page.listing_summary),
        kind_label=page.kind_label,
        date=page.date,
        note=note,
        topics=topics,
    )


def _fixed_hit(page: FixedPage, marker: Marker) -> Hit:
    return Hit(
        title=marked(page.title, marker),
        plain_title=page.title,
        url=page.url,
        excerpt=marked(page.summary, marker),
        kind_label=_("Page"),
        date=None,
        note="",
        topics=[],
    )


def _file_hit(file: SiteDocument, marker: Marker) -> Hit:
    return Hit(
        title=marked(file.title, marker),
        plain_title=file.title,
        url=file.url,
        excerpt=excerpt(file.description, marker, otherwise=file.description),
        kind_label=_("File"),
        date=localdate(file.created_at),
        note=file_note(file),
        topics=[],
    )


def _topics_of(page_ids: Iterable[int]) -> dict[int, list[Topic]]:
    topics: dict[int, list[Topic]] = defaultdict(list)
    rows = PageTopic.objects.filter(page__in=page_ids, topic__live=True)
    for row in rows.select_related("topic__locale"):
        topics[row.page_id].append(row.topic)
    return topics
