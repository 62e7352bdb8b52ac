"""Search over pages and files, as one list, best first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .excerpts import Term, excerpt, folded, marked
from .files import file_note
from .frame import frame_of
from .listings import ListedPage, as_listed, listed
from .models import PageTopic, SiteDocument, Topic
from .paging import paginate
from .search_backend import harmless, printable
from .search_index import Found, Kind, Scope, attempts, kind_of, texts_of
from .store.keeping import kept
from .topics import topics_in

_MOST_SUGGESTED_TOPICS = 3
_MOST_SUGGESTED_WORDS = 3
_LEAST_RESEMBLANCE = 0.7


@dataclass(frozen=True)
class Hit:
    """What the list of results shows of a page or a file."""

    title: SafeString
    url: str
    excerpt: SafeString
    kind_label: str
    date: date | None
    note: str  # "pdf, 1,5 MB" for a file
    topics: list[Topic]


@dataclass(frozen=True)
class Suggestion:
    """A way on for a reader whose search found nothing."""

    title: str
    url: str


@require_safe
@kept(seconds=5)
# A shared cache may not keep what somebody looked for.
@cache_control(private=True, no_cache=True)
def search(request: HttpRequest) -> HttpResponse:
    """The pages and files that have the words asked for; 200 whatever was typed."""
    query = printable(request.GET.get("q", ""))
    language = get_language()
    topics = list(topics_in(language))
    topic = next((topic for topic in topics if topic.slug == request.GET.get("amne")), None)
    kind = next((kind for kind in Kind if kind == request.GET.get("typ")), None)

    scope = Scope.of(language, topic)
    answer = _answer(query, scope, kind)
    results = paginate(request, answer.found)
    results.object_list = hits(list(results), answer.terms)
    return render(
        request,
        "pages/search.html",
        {
            "query": query,
            "results": results,
            "total": len(answer.found),
            "topics": [
                {"name": item.name, "slug": item.slug, "is_selected": item == topic}
                for item in topics
            ],
            "kinds": [
                {
                    "value": item.value,
                    "label": item.label,
                    "count": answer.counts[item],
                    "is_selected": item == kind,
                }
                for item in Kind
            ],
            "selected_topic": topic.slug if topic else "",
            "selected_kind": kind.value if kind else "",
            "suggestions": [] if answer.found else _suggestions(request, query, topics, scope),
            "robots": "noindex, follow",
        },
    )


@dataclass(frozen=True)
class Answer:
    """What was found, by which terms, and how much there is of every kind."""

    terms: Sequence[Term]
    found: list[Found]
    counts: Counter[Kind]


def _answer(query: str, scope: Scope, kind: Kind | None) -> Answer:
    """What the first question finds, or the next one when it finds nothing."""
    for terms, ask in attempts(query):
        found = ask(scope.only(kind) if kind else scope)
        if found:
            everything = ask(scope) if kind else found
            return Answer(terms, found, Counter(kind_of(entry) for entry in everything))
    return Answer([], [], Counter())


def hits(entries: Sequence[Found], terms: Sequence[Term]) -> list[Hit]:
    """What the list shows of these entries; as many queries for one as for ten."""
    file_ids = [entry.pk for entry in entries if kind_of(entry) == Kind.FILES]
    page_ids = [entry.pk for entry in entries if kind_of(entry) != Kind.FILES]
    files = SiteDocument.objects.in_bulk(file_ids)
    pages = {page.pk: page for page in as_listed(listed(Page.objects.filter(pk__in=page_ids)))}
    topics = _topics_of(page_ids)
    texts = texts_of(entries)
    found: list[Hit] = []
    for entry in entries:
        if kind_of(entry) == Kind.FILES:
            if file := files.get(entry.pk):
                found.append(_file_hit(file, terms))
        elif page := pages.get(entry.pk):
            text = texts.get((entry.content_type_id, entry.pk), "")
            found.append(_page_hit(page, topics[page.pk], text, terms))
    return found


def _page_hit(page: ListedPage, topics: list[Topic], text: str, terms: Sequence[Term]) -> Hit:
    # The names of the topics end the text for the index, and are nothing to read.
    words = text.rstrip().removesuffix("\n".join(topic.name for topic in topics))
    return Hit(
        title=marked(page.title, terms),
        url=page.url,
        excerpt=excerpt(words, terms, otherwise=page.listing_summary),
        kind_label=page.kind_label,
        date=page.date,
        note="",
        topics=topics,
    )


def _file_hit(file: SiteDocument, terms: Sequence[Term]) -> Hit:
    return Hit(
        title=marked(file.title, terms),
        url=file.url,
        excerpt=excerpt(file.description, terms, otherwise=file.description),
        kind_label=_("File"),
        date=localdate(file.created_at),
        note=file_note(file),
        topics=[],
    )


def _topics_of(page_ids: Iterable[int]) -> dict[int, list[Topic]]:
    topics: dict[int, list[Topic]] = defaultdict(list)
    for row in PageTopic.objects.filter(page__in=page_ids).select_related("topic__locale"):
        topics[row.page_id].append(row.topic)
    return topics


def _suggestions(
    request: HttpRequest, query: str, topics: Sequence[Topic], scope: Scope
) -> list[Suggestion]:
    """Where a reader may find it after all: fewer words, a topic of a like name, a section."""
    if not query:
        return []
    words = harmless(query).split()
    return [
        *_without_filters(request, query),
        *_with_fewer_words(words, scope),
        *(Suggestion(topic.name, topic.url) for topic in _alike(words, topics)),
        *(Suggestion(section.title, section.url) for section in frame_of(request).sections),
    ]


def _without_filters(request: HttpRequest, query: str) -> list[Suggestion]:
    if not (request.GET.get("amne") or request.GET.get("typ")):
        return []
    title = _("Search for “%(words)s” on the whole website") % {"words": query}
    return [Suggestion(title, _address_of_search(query))]


def _with_fewer_words(words: Sequence[str], scope: Scope) -> list[Suggestion]:
    if len(words) < 2:
        return []
    return [
        Suggestion(_("Search for “%(words)s” only") % {"words": word}, _address_of_search(word))
        for word in list(dict.fromkeys(words))[:_MOST_SUGGESTED_WORDS]
        if any(ask(scope) for _terms, ask in attempts(word)[:1])
    ]


def _alike(words: Sequence[str], topics: Iterable[Topic]) -> list[Topic]:
    def resemblance(topic: Topic) -> float:
        return max(
            (
                SequenceMatcher(None, folded(word), part).ratio()
                for word in words
                for part in [folded(topic.name), *folded(topic.name).split()]
            ),
            default=0.0,
        )

    likeness = {topic: resemblance(topic) for topic in topics}
    alike = [topic for topic in likeness if likeness[topic] >= _LEAST_RESEMBLANCE]
    return sorted(alike, key=likeness.__getitem__, reverse=True)[:_MOST_SUGGESTED_TOPICS]


def _address_of_search(query: str) -> str:
    return f"{reverse('pages:search')}?{urlencode({'q': query})}"
