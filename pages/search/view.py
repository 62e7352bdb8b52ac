"""The page on which visitors search."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.content.models import SearchKind, Topic, topics_in
from pages.content.tree.paging import paginate
from pages.public.frame.of_language import frame_of
from pages.public.store.keeping import kept

from . import tokens
from .answers import SearchResult, answer_to, hits, suggested
from .in_turn import searches
from .query import read_query
from .thesaurus import thesaurus_of
from .words import printable

_MOST_WHILE_TYPING = 6


class _Way(NamedTuple):
    title: str
    url: str


@require_safe
@kept(seconds=5)
# A shared cache may not keep what somebody looked for.
@cache_control(private=True, no_cache=True)
@searches.turn()
def search(request: HttpRequest) -> HttpResponse:
    """The pages and files with the words; the status is 200 whatever was typed."""
    typed = printable(request.GET.get("q", ""))
    language = get_language() or settings.LANGUAGE_CODE
    topics = list(topics_in(language))
    topic = next((topic for topic in topics if topic.slug == request.GET.get("amne")), None)
    kind = next((kind for kind in SearchKind if kind == request.GET.get("typ")), None)

    is_as_typed = "exakt" in request.GET
    found = answer_to(typed, language, kind, topic, as_typed=is_as_typed)
    query = found.query
    is_elsewhere = query.language != language
    results = paginate(request, found.places)
    results.object_list = hits(list(results), query)
    return render(
        request,
        "search/search.html",
        {
            "query": typed,
            "results": results,
            "total": len(found.places),
            "is_cut": found.is_cut,
            "counts_are_cut": found.counts_are_cut,
            "meant": query.corrected if found.places else "",
            "typed": typed,
            "with_all": found.with_all,
            "is_as_typed": is_as_typed,
            "as_typed_url": f"{_address_of_search(typed)}&exakt=1",
            "how_found": _how_found(found, language) if found.places else "",
            "language_of_hits": query.language if is_elsewhere else "",
            **_filters(found, topics, topic, kind),
            "selected_topic": topic.slug if topic else "",
            "selected_kind": kind.value if kind else "",
            "suggestions": [] if found.places else _ways_on(request, typed),
            "robots": "noindex, follow",
        },
    )


def _filters(
    found: SearchResult, topics: list[Topic], topic: Topic | None, kind: SearchKind | None
) -> dict[str, list[dict[str, object]]]:
    """What the hits can be narrowed to; of the topics those that some of them have."""
    return {
        "topics": [
            {
                "name": item.name,
                "slug": item.slug,
                "count": found.topics[tokens.with_topic(item.pk)],
                "is_selected": item == topic,
            }
            for item in topics
            if found.topics[tokens.with_topic(item.pk)] or item == topic
        ],
        "kinds": [
            {
                "value": item.value,
                "label": item.label,
                "count": found.kinds[tokens.of_kind(item)],
                "is_selected": item == kind,
            }
            for item in SearchKind
        ],
    }


@require_safe
@kept(seconds=60)
@cache_control(private=True, max_age=60)
@searches.turn()
def suggestions(request: HttpRequest) -> JsonResponse:
    """For the search field: pages and files whose titles have the words typed so far."""
    typed = printable(request.GET.get("q", ""))
    language = get_language() or settings.LANGUAGE_CODE
    query = read_query(typed, language, thesaurus_of(language), is_being_typed=True)
    found = suggested(query, _MOST_WHILE_TYPING)
    return JsonResponse(
        {"suggestions": [{"title": hit.plain_title, "url": hit.url} for hit in found]}
    )


def _how_found(found: SearchResult, language: str) -> str:
    """Says what the pages have, unless all of them have all words."""
    query = found.query
    if query.language != language:
        if query.language == "en":
            return _("No pages in Swedish have these words. These are in English.")
        return _("No pages in English have these words. These are in Swedish.")
    if found.share < 1 and len(query.terms) == 1:
        return _("No page has what you wrote. These have words that are like it.")
    if found.with_all == len(found.places):
        return ""
    if found.with_all:
        return ngettext(
            "%(pages)d page has all the words. The others have some of them.",
            "%(pages)d pages have all the words. The others have some of them.",
            found.with_all,
        ) % {"pages": found.with_all}
    return _("No page has all the words. These have some of them.")


def _ways_on(request: HttpRequest, typed: str) -> list[_Way]:
    """What a reader who has found nothing can try next: no filters, a section."""
    if not typed:
        return []
    ways = [_Way(each.title, each.url) for each in frame_of(request).sections]
    if request.GET.get("amne") or request.GET.get("typ"):
        title = _("Search for “%(words)s” on the whole website") % {"words": typed}
        ways.insert(0, _Way(title, _address_of_search(typed)))
    return ways


def _address_of_search(query: str) -> str:
    return f"{reverse('pages:search')}?{urlencode({'q': query})}"
