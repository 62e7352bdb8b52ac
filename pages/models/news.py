"""News."""

from datetime import date
from typing import Any

from django.core.paginator import Page as PageOfItems
from django.db import models
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from pages.fields import AsideField, BodyField, LeadImageField
from pages.kinds import NewsKind
from pages.paging import paginate

from .base import BasePage


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
        years = [day.year for day in self.news.order_by().dates("published_on", "year", "DESC")]
        year = _chosen(request.GET.get("ar"), [str(year) for year in years])
        kind = _chosen(request.GET.get("typ"), NewsKind.values)
        return super().get_context(request, *args, **kwargs) | {
            "news": self._page_of_news(request, year, kind),
            "years": years,
            "kinds": NewsKind.choices,
            "selected_year": year,
            "selected_kind": kind,
        }

    def _page_of_news(self, request: HttpRequest, year: str, kind: str) -> PageOfItems:
        news = self.news
        if year:
            news = news.filter(published_on__year=int(year))
        if kind:
            news = news.filter(kind=kind)
        return paginate(request, news)


class NewsPage(BasePage):
    kind = models.CharField(
        _("Kind"), max_length=20, choices=NewsKind.choices, default=NewsKind.NEWS
    )
    published_on = models.DateField(_("Date"), default=localdate, db_index=True)
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
