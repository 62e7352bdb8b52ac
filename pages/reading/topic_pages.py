"""The pages that list everything with a topic."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages.models import PageTopic, Topic
from pages.references.shelves import listed_in_order
from pages.store.keeping import kept
from pages.tree.listed import ListedPage
from pages.tree.paging import latest_first
from pages.version.memory import Shelf

_counts: Shelf[int, int] = Shelf(("page", "topic"), most=1_000)


def topics_in(language: str | None) -> list[Topic]:
    """The topics in a language, by name."""
    return [each for each in Topic.by_key().values() if each.locale.language_code == language]


def topic_with(slug: str) -> Topic:
    """The topic with this slug in the language of the request, or 404."""
    for each in topics_in(get_language()):
        if each.slug == slug:
            return each
    raise Http404


def latest_about(topic: Topic, count: int) -> list[ListedPage]:
    """The latest pages on the topic that visitors can read."""
    rows = _listed_under(topic).order_by("-listed_on", "-page_id")
    return listed_in_order(rows.values_list("page_id", flat=True)[:count])


def _listed_under(topic: Topic) -> QuerySet[PageTopic]:
    return PageTopic.objects.filter(topic=topic, listed_on__isnull=False)


@require_safe
@kept
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Lists the pages with a topic, the latest first."""
    found = topic_with(slug)
    rows = _listed_under(found)
    items = latest_first(
        request,
        rows,
        day="listed_on",
        key="page_id",
        count=lambda: _counts.one(found.pk, rows.count) or 0,
    )
    items.object_list = listed_in_order(row.page_id for row in items)
    return render(request, "pages/topic.html", {"topic": found, "items": items})


@require_safe
@kept
def topic_list(request: HttpRequest) -> HttpResponse:
    """Lists all topics."""
    topics = topics_in(get_language())
    if not topics:
        raise Http404
    return render(request, "pages/topic_list.html", {"topics": topics})
