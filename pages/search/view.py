"""The page on which visitors search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.frame.of_language import frame_of
from pages.models import SearchKind, Topic
from pages.reading.topic_pages import topics_in
from pages.store.keeping import kept
from pages.tree.paging import paginate

from . import misses
from .answers import finds_anything, hits, result_of, suggested, terms_that_find
from .in_turn import in_turn
from .query import Query, Term, read_query
from .thesaurus import thesaurus_of
from .vocabulary import nearest
from .words import normal, printable, without_marks

# Each is compared with many words of the site, and a search with more errors cannot be saved.
_MOST_MISSPELT = 3
_MOST_SUGGESTED_TOPICS = 3
_MOST_SUGGESTED_WORDS = 3
_LEAST_RESEMBLANCE = 0.7
_MOST_WHILE_TYPING = 6


@dataclass(frozen=True)
class Suggestion:
    """A way on for a reader whose search found nothing."""

    title: str
    url: str


@require_safe
@kept(seconds=5)
# A shared cache may not keep what somebody looked for.
@cache_control(private=True, no_cache=True)
@in_turn
def search(request: HttpRequest) -> HttpResponse:
    """The pages and files with the words; the status is 200 whatever was typed."""
    typed = printable(request.GET.get("q", ""))
    language = get_language() or settings.LANGUAGE_CODE
    topics = list(topics_in(language))
    topic = next((topic for topic in topics if topic.slug == request.GET.get("amne")), None)
    kind = next((kind for kind in SearchKind if kind == request.GET.get("typ")), None)

    query = read_query(typed, language, thesaurus_of(language))
    answer = result_of(query, kind, topic)
    if typed and not answer.places and not topic and not kind:
        misses.note_miss(typed, language)
    if answer.places:
        found, ways_on = [term for term in query.terms if not term.is_guessed], []
    else:
        found = terms_that_find(query)
        ways_on = _ways_on(request, typed, query, found, topics)
    results = paginate(request, answer.places)
    results.object_list = hits(list(results), query)
    return render(
        request,
        "pages/search.html",
        {
            "query": typed,
            "results": results,
            "total": len(answer.places),
            "is_cut": answer.is_cut,
            "counts_are_cut": answer.counts_are_cut,
            "topics": [
                {
                    "name": item.name,
                    "slug": item.slug,
                    "count": answer.topics[item.pk],
                    "is_selected": item == topic,
                }
                for item in topics
                if answer.topics[item.pk] or item == topic
            ],
            "kinds": [
                {
                    "value": item.value,
                    "label": item.label,
                    "count": answer.kinds[item],
                    "is_selected": item == kind,
                }
                for item in SearchKind
            ],
            "selected_topic": topic.slug if topic else "",
            "selected_kind": kind.value if kind else "",
            "meant": _meant(query, found),
            "suggestions": ways_on,
            "robots": "noindex, follow",
        },
    )


@require_safe
@kept(seconds=60)
@cache_control(private=True, max_age=60)
@in_turn
def suggestions(request: HttpRequest) -> JsonResponse:
    """For the search field: pages and files whose titles have the words typed so far."""
    typed = printable(request.GET.get("q", ""))
    language = get_language() or settings.LANGUAGE_CODE
    query = read_query(typed, language, thesaurus_of(language), is_being_typed=True)
    found = suggested(query, _MOST_WHILE_TYPING)
    return JsonResponse(
        {"suggestions": [{"title": hit.plain_title, "url": hit.url} for hit in found]}
    )


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def description(request: HttpRequest) -> HttpResponse:
    """Tells a browser how to search here (OpenSearch 1.1); it gives no suggestions there."""
    return render(
        request,
        "pages/opensearch.xml",
        {"own_address": request.build_absolute_uri(request.path)},
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def _ways_on(
    request: HttpRequest, typed: str, query: Query, found: Sequence[Term], topics: Sequence[Topic]
) -> list[Suggestion]:
    """What the reader can try next: no filters, fewer words, a topic, a section."""
    if not typed:
        return []
    words = [word for term in query.terms for word in term.words]
    return [
        *_without_filters(request, typed),
        *_with_fewer_words(query, found),
        *(Suggestion(topic.name, topic.url) for topic in _alike(words, topics)),
        *(Suggestion(section.title, section.url) for section in frame_of(request).sections),
    ]


def _meant(query: Query, found: Sequence[Term]) -> Suggestion | None:
    """The same search, with unknown words replaced by the nearest words of the site."""
    misspelt = [term for term in query.terms if term not in found]
    if not 1 <= len(misspelt) <= _MOST_MISSPELT:
        return None
    words: list[str] = []
    for term in query.terms:
        meant = None
        if term in misspelt and len(term.words) == 1:
            meant = nearest(term.words[0], query.language)
        words += [meant] if meant else term.words
    text = " ".join(words)
    again = read_query(text, query.language, thesaurus_of(query.language))
    if again.terms == query.terms or not finds_anything(again):
        return None
    return Suggestion(text, _address_of_search(text))


def _without_filters(request: HttpRequest, typed: str) -> list[Suggestion]:
    if not (request.GET.get("amne") or request.GET.get("typ")):
        return []
    title = _("Search for “%(words)s” on the whole website") % {"words": typed}
    return [Suggestion(title, _address_of_search(typed))]


def _with_fewer_words(query: Query, found: Sequence[Term]) -> list[Suggestion]:
    if len(query.terms) < 2:
        return []
    return [
        Suggestion(_("Search for “%(words)s” only") % {"words": words}, _address_of_search(words))
        for term in found[:_MOST_SUGGESTED_WORDS]
        for words in [" ".join(term.words)]
    ]


def _alike(words: Sequence[str], topics: Iterable[Topic]) -> list[Topic]:
    def plain(text: str) -> str:
        return without_marks(normal(text))

    def resemblance(topic: Topic) -> float:
        return max(
            (
                SequenceMatcher(None, plain(word), part).ratio()
                for word in words
                for part in [plain(topic.name), *plain(topic.name).split()]
            ),
            default=0.0,
        )

    likeness = {topic: resemblance(topic) for topic in topics}
    alike = [topic for topic in likeness if likeness[topic] >= _LEAST_RESEMBLANCE]
    return sorted(alike, key=likeness.__getitem__, reverse=True)[:_MOST_SUGGESTED_TOPICS]


def _address_of_search(query: str) -> str:
    return f"{reverse('pages:search')}?{urlencode({'q': query})}"
