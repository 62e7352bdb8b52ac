"""Topic pages: what carries a topic."""

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .listings import as_listed, listed
from .models import Topic
from .paging import paginate
from .store.keeping import kept


def topics_in(language: str | None) -> list[Topic]:
    """The topics in a language, by name."""
    return [each for each in Topic.by_key().values() if each.locale.language_code == language]


def topic_with(slug: str) -> Topic:
    """The topic with this slug in the language of the request, or 404."""
    for each in topics_in(get_language()):
        if each.slug == slug:
            return each
    raise Http404


def pages_about(topic: Topic) -> QuerySet[Page]:
    """Everything a visitor can read that carries the topic, latest first."""
    pages = Page.objects.live().filter(page_topics__topic=topic, locale_id=topic.locale_id)
    return listed(pages).order_by(F("listed_on").desc(nulls_last=True), "-pk")


@require_safe
@kept
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What carries one topic, a page at a time."""
    found = topic_with(slug)
    items = paginate(request, pages_about(found))
    items.object_list = as_listed(items.object_list)
    return render(request, "pages/topic.html", {"topic": found, "items": items})


@require_safe
@kept
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics."""
    topics = topics_in(get_language())
    if not topics:
        raise Http404
    return render(request, "pages/topic_list.html", {"topics": topics})
