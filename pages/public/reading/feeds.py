"""Feeds of the news, and of the pages with a topic."""

from datetime import date, datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.content.models import BasePage, NewsPage, Topic
from pages.content.references.named import named_by
from pages.content.references.shelves import fetch_named
from pages.content.tree.addresses import address_of
from pages.content.tree.listed import as_listed
from pages.public.frame.sharing import lead_picture_of

from .feed_formats import AtomFeed, JSONFeed, RSSFeed, writable
from .topic_pages import latest_about, topic_with

ITEMS_IN_FEED = 20


def _moment(day: date | None, known: datetime | None) -> datetime | None:
    """The known time of day, or noon, at which it is the same day in most of the world."""
    if known is not None or day is None:
        return known
    return timezone.make_aware(datetime.combine(day, time(12)))


class PageFeed(Feed):
    """A feed of pages, with what lists show of them."""

    def author_name(self) -> str:
        return _("Swedish Security Service")

    def item_title(self, item: BasePage) -> str:
        return writable(item.title)

    def item_description(self, item: BasePage) -> str:
        return escape(self._summary(item))  # both formats read it as HTML

    @staticmethod
    def _summary(item: BasePage) -> str:
        """The text of lists; before it what has changed, if somebody said so."""
        said = [f"{_('Last changed')}: {item.change_note}"] if item.change_note else []
        return writable("\n\n".join([*said, item.listing_summary]))

    def item_link(self, item: BasePage) -> str:
        return address_of(item.url_path) or ""

    def item_pubdate(self, item: BasePage) -> datetime | None:
        return _moment(item.listed_on, item.listed_at)

    def item_updateddate(self, item: BasePage) -> datetime:
        moments = (self.item_pubdate(item), _moment(item.changed_on, item.changed_at))
        return max(filter(None, moments), default=timezone.now())

    def item_categories(self, item: BasePage) -> list[str]:
        return [listed.kind_label for listed in as_listed([item])]

    def item_extra_kwargs(self, item: BasePage) -> dict[str, object]:
        return {"picture": lead_picture_of(item), "summary": self._summary(item)}


def _with_pictures(pages: list[BasePage]) -> list[BasePage]:
    fetch_named(map(named_by, pages))
    return pages


class NewsRSS(PageFeed):
    feed_type: type = RSSFeed

    def title(self) -> str:
        return _("News from the Swedish Security Service")

    def description(self) -> str:
        return _("News and press releases.")

    subtitle = description

    def link(self) -> str:
        return reverse("wagtail_serve", args=[""])

    def items(self) -> list[BasePage]:
        language = get_language() or settings.LANGUAGE_CODE
        news = NewsPage.objects.live().in_language(language).latest_first()
        return _with_pictures(list(news[:ITEMS_IN_FEED]))

    def item_extra_kwargs(self, item: BasePage) -> dict[str, object]:
        return {**super().item_extra_kwargs(item), "page": item}


class NewsAtom(NewsRSS):
    feed_type = AtomFeed


class NewsJSON(NewsRSS):
    feed_type = JSONFeed


class TopicRSS(PageFeed):
    feed_type: type = RSSFeed

    def get_object(self, request: HttpRequest, slug: str) -> Topic:
        return topic_with(slug)

    def title(self, topic: Topic) -> str:
        name = writable(topic.name)
        return _("The Swedish Security Service on %(topic)s") % {"topic": name.lower()}

    def description(self, topic: Topic) -> str:
        return writable(topic.description)

    subtitle = description

    def link(self, topic: Topic) -> str:
        return topic.url

    def items(self, topic: Topic) -> list[BasePage]:
        return _with_pictures(latest_about(topic, ITEMS_IN_FEED))


class TopicAtom(TopicRSS):
    feed_type = AtomFeed


class TopicJSON(TopicRSS):
    feed_type = JSONFeed
