"""Related pages, for readers who want to read on."""

from django.db.models import Count, OuterRef, Q, Subquery
from wagtail.models import Page

from pages.content.models import PageTopic
from pages.content.references.shelves import listed_pages_with
from pages.content.tree.listed import ListedPage, entries_of
from pages.ground.version.memory import Shelf

from .section_menu import section_menu_of

_MOST = 3
_LATEST = 20

_alike: Shelf[int, list[ListedPage]] = Shelf(("page", "topic"), most=5_000)


def pages_related_to(page: Page) -> list[ListedPage]:
    """The pages that the editor has chosen; else those that share most topics, latest first.

    Never one that stands in the menu of the page's section.
    """
    menu = section_menu_of(page)
    beside = {each.pk for each in (menu.section, *menu.pages)} if menu else set()
    chosen = [block.value for block in getattr(page, "related", []) if block.value]
    if elsewhere := [each for each in live_in_order(chosen) if each.pk not in beside]:
        return elsewhere
    if page.pk is None:
        return []
    return _alike.one(page.pk, lambda: _alike_to(page, beside)) or []


def _alike_to(page: Page, beside: set[int]) -> list[ListedPage]:
    topics = [topic.pk for topic in page.topics]
    if not topics:
        return []
    # Only the latest pages on each topic: with all of them, the query would become slower with
    # each new page.
    among = Q()
    for topic in topics:
        latest = PageTopic.objects.filter(topic=topic, listed_on__isnull=False)
        latest = latest.order_by("-listed_on", "-page_id")
        among |= Q(pk__in=latest.values("page_id")[:_LATEST])
    shared = PageTopic.objects.filter(page=OuterRef("pk"), topic__in=topics).order_by()
    alike = (
        Page.objects.live()
        .filter(among, locale_id=page.locale_id)
        .exclude(pk__in={page.pk, *beside})
        .annotate(shared=Subquery(shared.values("page").annotate(n=Count("pk")).values("n")))
    )
    return entries_of(alike.order_by("-shared", "-last_published_at")[:_MOST])


def live_in_order(pages: list[Page | ListedPage]) -> list[ListedPage]:
    """The list entries of the chosen pages that are still live, in the chosen order."""
    found = listed_pages_with({page.pk for page in pages})
    return [entry for page in pages if (entry := found[page.pk]) and entry.live]
