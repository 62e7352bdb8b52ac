"""The pages that list everything with a topic."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from pages.content.models import BasePage, Topic, topics_in
from pages.ground.version.memory import Shelf
from pages.public.store.keeping import kept

_counts: Shelf[int, int] = Shelf(("page", "topic"), most=1_000)


def topic_with(slug: str) -> Topic:
    """The topic with this slug in the language of the request, or 404."""
    for each in topics_in(get_language()):
        if each.slug == slug:
            return each
    raise Http404


def latest_about(topic: Topic, count: int) -> list[BasePage]:
    """The latest pages on the topic that visitors can read, as their own types."""
    rows = topic.listed.order_by("-listed_on", "-page_id")
    keys = list(rows.values_list("page_id", flat=True)[:count])
    pages = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}
    return [pages[key] for key in keys if key in pages]


@require_safe
@kept
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Lists the pages with a topic, the latest first."""
    found = topic_with(slug)
    items = found.entries(request, lambda: _counts.one(found.pk, found.listed.count) or 0)
    return render(request, "public/topic.html", {"topic": found, "items": items})


@require_safe
@kept
def topic_list(request: HttpRequest) -> HttpResponse:
    """Lists all topics."""
    topics = topics_in(get_language())
    if not topics:
        raise Http404
    return render(request, "public/topic_list.html", {"topics": topics})
