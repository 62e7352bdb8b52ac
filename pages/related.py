"""Pages for those who want to read on."""

from django.db.models import Count
from wagtail.models import Page

from .listings import ListedPage, entries_of
from .memory import Shelf
from .references import listed_pages_with

MOST = 3

_alike: Shelf[int, list[ListedPage]] = Shelf(("page", "topic"), most=5_000)


def related_pages(page: Page) -> list[ListedPage]:
    """What the editor has chosen; else the pages that share most topics, latest first."""
    chosen = [block.value for block in getattr(page, "related", []) if block.value]
    if chosen:
        return listed_pages(chosen)
    if page.pk is None:
        return []
    return _alike.all_of([page.pk], lambda _keys: {page.pk: _alike_to(page)})[page.pk] or []


def _alike_to(page: Page) -> list[ListedPage]:
    topics = [topic.pk for topic in page.topics]
    if not topics:
        return []
    alike = (
        Page.objects.live()
        .filter(page_topics__topic__in=topics, locale_id=page.locale_id)
        .exclude(pk=page.pk)
        .annotate(shared=Count("page_topics"))
    )
    return entries_of(alike.order_by("-shared", "-last_published_at")[:MOST])


def listed_pages(pages: list[Page | ListedPage]) -> list[ListedPage]:
    """List entries for chosen pages that are still live, in the order they were chosen."""
    found = listed_pages_with({page.pk for page in pages})
    return [entry for page in pages if (entry := found[page.pk]) and entry.live]
