"""Pages for those who want to read on."""

from django.db.models import Count
from wagtail.models import Page

from .listings import ListedPage, as_listed, listed

MOST = 3


def related_pages(page: Page) -> list[ListedPage]:
    """What the editor has chosen; else the pages that share most topics, latest first."""
    chosen = [block.value for block in getattr(page, "related", []) if block.value]
    if chosen:
        return listed_pages(chosen)
    topics = [topic.pk for topic in page.topics]
    if not topics or page.pk is None:
        return []
    alike = (
        Page.objects.live()
        .filter(page_topics__topic__in=topics, locale_id=page.locale_id)
        .exclude(pk=page.pk)
        .annotate(shared=Count("page_topics"))
    )
    return as_listed(listed(alike).order_by("-shared", "-last_published_at")[:MOST])


def listed_pages(pages: list[Page]) -> list[ListedPage]:
    """List entries for chosen pages that are still live, in the order they were chosen."""
    if not all(hasattr(page, "summary") for page in pages):
        found = {
            page.pk: page for page in listed(Page.objects.filter(pk__in=[p.pk for p in pages]))
        }
        pages = [found[page.pk] for page in pages if page.pk in found]
    return as_listed(page for page in pages if page.live)
