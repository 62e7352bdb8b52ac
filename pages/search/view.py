"""The page on which visitors search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.frame.of_language import frame_of
from pages.models import SearchKind, Topic
from pages.reading.topic_pages import topics_in
from pages.store.keeping import kept
from pages.tree.paging import paginate

from . import misses
from .answers import Reply, answer_to, hits, suggested
from .in_turn import in_turn
from .query import ALL_RULES, read_query
from .thesaurus import thesaurus_of
from .words import normal, printable, without_marks, words_in

_MOST_SUGGESTED_TOPICS = 3
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

    is_as_typed = "exakt" in request.GET
    answer = answer_to(typed, language, kind, topic, replace(ALL_RULES, spelling=not is_as_typed))
    query, found = answer.query, answer.result
    is_elsewhere = query.language != language
    has_all = found.with_all > 0 and answer.has_phrase and not query.meant and not is_elsewhere
    if typed and not has_all and not topic and not kind:
        misses.note_miss(typed, language)
    results = paginate(request, found.places)
    results.object_list = hits(list(results), query)
    return render(
        request,
        "pages/search.html",
        {
            "query": typed,
            "results": results,
            "total": len(found.places),
            "is_cut": found.is_cut,
            "counts_are_cut": found.counts_are_cut,
            "meant": query.meant if found.places else "",
            "typed": typed,
            "with_all": found.with_all,
            "is_as_typed": is_as_typed,
            "as_typed_url": f"{_address_of_search(typed)}&exakt=1",
            "how_found": _how_found(answer, language) if found.places else "",
            "language_of_hits": query.language if is_elsewhere else "",
            "topics": [
                {
                    "name": item.name,
                    "slug": item.slug,
                    "count": found.topics[item.pk],
                    "is_selected": item == topic,
                }
                for item in topics
                if found.topics[item.pk] or item == topic
            ],
            "kinds": [
                {
                    "value": item.value,
                    "label": item.label,
                    "count": found.kinds[item],
                    "is_selected": item == kind,
                }
                for item in SearchKind
            ],
            "selected_topic": topic.slug if topic else "",
            "selected_kind": kind.value if kind else "",
            "suggestions": [] if found.places else _ways_on(request, typed, topics),
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


def _how_found(answer: Reply, language: str) -> str:
    """Says what the pages have, unless all of them have all words."""
    found, query = answer.result, answer.query
    if query.language != language:
        if query.language == "en":
            return _("No pages in Swedish have these words. These are in English.")
        return _("No pages in English have these words. These are in Swedish.")
    if not answer.has_phrase:
        return _("No page has the words in a row. These have them one by one.")
    if found.with_all == len(found.places):
        return ""
    if found.with_all:
        return ngettext(
            "%(pages)d page has all the words. The others have some of them.",
            "%(pages)d pages have all the words. The others have some of them.",
            found.with_all,
        ) % {"pages": found.with_all}
    if not found.share:
        return _("No page has what you wrote. These have words that are like it.")
    if len(query.terms) == 1:
        return ""
    return _("No page has all the words. These have some of them.")


def _ways_on(request: HttpRequest, typed: str, topics: Sequence[Topic]) -> list[Suggestion]:
    """What the reader can try next: no filters, a topic, a section."""
    if not typed:
        return []
    words = list(words_in(typed))
    return [
        *_without_filters(request, typed),
        *(Suggestion(topic.name, topic.url) for topic in _alike(words, topics)),
        *(Suggestion(section.title, section.url) for section in frame_of(request).sections),
    ]


def _without_filters(request: HttpRequest, typed: str) -> list[Suggestion]:
    if not (request.GET.get("amne") or request.GET.get("typ")):
        return []
    title = _("Search for “%(words)s” on the whole website") % {"words": typed}
    return [Suggestion(title, _address_of_search(typed))]


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
