"""Puts the result of a search together: the numbers, and what the list shows of each hit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

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
from .fixed import fixed_pages_for
from .places import files_at, is_file, key_at, pages_at
from .query import Query, Term
from .tokens import Where, all_of

# Nobody reads further, and with this limit a word on every page is as cheap as a rare one.
MOST_FOUND = 1000


@dataclass(frozen=True)
class SearchResult:
    """What was found, best first: places of entries, after the fixed pages.

    Kinds are counted within the chosen topic, and topics within the kind.
    """

    places: list[int | FixedPage]
    kinds: Counter[str]
    topics: Counter[int]
    # More was found than is shown; and more than was counted.
    is_cut: bool = False
    counts_are_cut: bool = False


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


def result_of(
    query: Query, kind: SearchKind | None = None, topic: Topic | None = None
) -> SearchResult:
    """What visitors can read with these words, narrowed to a kind and a topic if given."""
    start_page = _below_start_page(query.language)
    if start_page is None:
        return SearchResult([], Counter(), Counter())
    fixed = [] if topic else fixed_pages_for(query)
    found, counts_are_cut = _ask(query, [start_page])
    first = _recommended(query)
    filters = {place: set(its.split()) for place, its in (first | found).items()}
    of_kind = {tokens.of_kind(kind)} if kind else set()
    with_topic = {tokens.with_topic(topic.pk)} if topic else set()
    chosen = of_kind | with_topic
    places, is_cut = [place for place in filters if chosen <= filters[place]], counts_are_cut
    if chosen and is_cut:
        found, is_cut = _ask(query, [start_page, *chosen])
        first_of_them = [place for place in first if chosen <= filters[place]]
        places = list(dict.fromkeys([*first_of_them, *found]))
    kinds = Counter(
        each.value
        for its in filters.values()
        if with_topic <= its
        for each in SearchKind
        if tokens.of_kind(each) in its
    )
    kinds[SearchKind.ARTICLES.value] += len(fixed)
    return SearchResult(
        places=[*(fixed if kind in (None, SearchKind.ARTICLES) else []), *places],
        kinds=kinds,
        topics=Counter(
            pk for its in filters.values() if of_kind <= its for pk in tokens.topics_among(its)
        ),
        is_cut=is_cut,
        counts_are_cut=counts_are_cut,
    )


def terms_that_find(query: Query) -> list[Term]:
    """The terms of the query that would find something alone."""
    start_page = _below_start_page(query.language)
    if start_page is None or not query.terms:
        return []
    questions = [all_of([term.by_any_name(Where.ANYWHERE), start_page]) for term in query.terms]
    answered = engine.public.are_answered(questions)
    return [term for term, is_answered in zip(query.terms, answered, strict=True) if is_answered]


def finds_anything(query: Query) -> bool:
    *_better, widest = [None, *query.questions()]
    start_page = _below_start_page(query.language)
    if widest is None or start_page is None:
        return False
    return engine.public.are_answered([all_of([widest, start_page])])[0]


def suggested(query: Query, most: int) -> list[Hit]:
    """The hits with the words in their titles, for a query that is being typed."""
    start_page = _below_start_page(query.language)
    if start_page is None or not query.terms:
        return []
    found = _recommended(query)
    for ask in (Term.exactly, Term.in_any_form, Term.by_any_name):
        if len(found) < most:
            words = [ask(term, Where.TITLE) for term in query.terms]
            found |= engine.public.newest(all_of([*words, start_page]), most)
    places: list[int | FixedPage] = [*fixed_pages_for(query, is_being_typed=True), *found]
    return hits(places[:most], query)


def _below_start_page(language: str) -> str | None:
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


def _ask(query: Query, filters: Iterable[str]) -> tuple[dict[int, str], bool]:
    """The best entries, each with its filters, and whether there are more."""
    questions = [all_of([question, *filters]) for question in query.questions()]
    if not questions:
        return {}, False
    *better, widest = questions
    everything = engine.public.some(widest, MOST_FOUND + 1)
    if len(everything) <= MOST_FOUND:
        ranks = engine.public.first_answered(better) if everything and better else {}
        best = sorted(everything, key=lambda place: ranks.get(place, len(better)))
        return {place: everything[place] for place in best}, False
    found: dict[int, str] = {}
    for question in questions:
        found |= engine.public.newest(question, MOST_FOUND)
        if len(found) >= MOST_FOUND:
            break
    return dict(islice(found.items(), MOST_FOUND)), True


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
