"""News."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from pages.fields import AsideField, BodyField, LeadImageField
from pages.kinds import NewsKind
from pages.memory import Shelf
from pages.paging import Steps, latest_first
from pages.references import listed_in_order

from .base import BasePage

# Of a list of news: its years, and how many there are by year and kind.
_known: Shelf[tuple[int, str], Any] = Shelf(("page",), most=1_000)


class NewsQuerySet(PageQuerySet):
    def latest_first(self) -> "NewsQuerySet":
        return self.order_by("-published_on", "-pk")

    def in_language(self, language: str) -> "NewsQuerySet":
        return self.filter(locale__language_code=language)


class NewsIndexPage(BasePage):
    """Lists the news, by year and kind."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NewsPage"]
    content_panels = [*BasePage.content_panels]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    @property
    def news(self) -> NewsQuerySet:
        """What visitors can read, latest first."""
        return NewsPage.objects.child_of(self).live().latest_first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        years = _known.all_of([(self.pk, "years")], self._ask_for_years)[self.pk, "years"] or []
        year = _chosen(request.GET.get("ar"), [str(year) for year in years])
        kind = _chosen(request.GET.get("typ"), NewsKind.values)
        return super().get_context(request, *args, **kwargs) | {
            "news": self._page_of_news(request, year, kind),
            "years": years,
            "kinds": NewsKind.choices,
            "selected_year": year,
            "selected_kind": kind,
        }

    def _ask_for_years(self, keys: set[Any]) -> dict[Any, list[int]]:
        """The years that have news, the latest first: each looked up in the index by itself."""
        days = self.news.values_list("published_on", flat=True)
        first, last = days.order_by("published_on").first(), days.first()
        if first is None or last is None:
            return {}
        years = range(last.year, first.year - 1, -1)
        has_news = {
            f"year_{year}": Exists(self.news.order_by().filter(published_on__year=year))
            for year in years
        }
        found = Page.objects.filter(pk=self.pk).annotate(**has_news).values(*has_news).get()
        return {(self.pk, "years"): [year for year in years if found[f"year_{year}"]]}

    def _page_of_news(self, request: HttpRequest, year: str, kind: str) -> Steps:
        news = self.news
        if year:
            news = news.filter(published_on__year=int(year))
        if kind:
            news = news.filter(kind=kind)
        about = (self.pk, f"{year} {kind}")
        page = latest_first(
            request,
            news.only("published_on"),
            day="published_on",
            key="pk",
            count=lambda: _known.all_of([about], lambda keys: {about: news.count()})[about] or 0,
        )
        page.object_list = listed_in_order(item.pk for item in page)
        return page


class NewsPage(BasePage):
    kind = models.CharField(
        _("Kind"), max_length=20, choices=NewsKind.choices, default=NewsKind.NEWS
    )
    published_on = models.DateField(_("Date"), default=localdate)
    image = LeadImageField(verbose_name=_("Image"), blank=True)
    body = BodyField(verbose_name=_("Body"), blank=True)
    aside = AsideField(verbose_name=_("Boxes beside the text"), blank=True)

    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels, "kind", "published_on", "image", "body",
        BasePage.topics_panel, "aside", BasePage.dating_panel,
    ]  # fmt: skip

    objects = PageManager.from_queryset(NewsQuerySet)()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
        indexes = [models.Index(fields=["published_on", "page_ptr"], name="news_latest_first")]

    # The names under which lists ask pages of any kind (`pages.listings`).

    @property
    def summary(self) -> str:
        return self.listing_summary

    @property
    def listed_on(self) -> date:
        return self.published_on

    @property
    def news_kind(self) -> str:
        return self.kind


def _chosen(value: str | None, allowed: list[str]) -> str:
    return value if value in allowed else ""
