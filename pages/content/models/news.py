"""News."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from pages.content.fields import AsideField, BodyField, LeadImageField
from pages.content.tree.addresses import root_of
from pages.content.tree.listed import LISTED_COLUMNS, ListedPage, as_listed
from pages.content.tree.paging import Steps, latest_first
from pages.ground.version.memory import Shelf

from .base import BasePage
from .page_form import WrittenPageForm
from .search_kind import SearchKind

# The number of news items in a news list: by year, and by year and kind.
_by_year: Shelf[int, dict[int, int]] = Shelf(("news",), most=100)
_by_kind: Shelf[tuple[int, str, str], int] = Shelf(("news",), most=1_000)
# Those in the menu beside a news item, by the path of their list.
_latest: Shelf[str, list[ListedPage]] = Shelf(("page",), most=20)
_MOST_BESIDE = 6


class NewsKind(models.TextChoices):
    NEWS = "news", _("News item")
    PRESS_RELEASE = "press_release", _("Press release")
    PRESS_INVITATION = "press_invitation", _("Press invitation")


@dataclass(frozen=True)
class PressMeeting:
    """What a press invitation invites to."""

    starts_at: datetime
    ends_at: datetime | None
    place: str
    register_by: datetime | None


class NewsQuerySet(PageQuerySet):
    def latest_first(self) -> "NewsQuerySet":
        return self.order_by("-published_on", "-pk")

    def in_language(self, language: str) -> "NewsQuerySet":
        root = root_of(language)
        if root is None:
            return self.none()
        # By `url_path`, not by locale: SQLite would use the index of locales, and sort all news.
        return self.filter(url_path__startswith=root.root_path)


class NewsIndexPage(BasePage):
    """Lists the news, by year and kind."""

    fixed_kind = "news_index"
    page_description = _("The list of all news. One for each language.")
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.NewsPage"]
    content_panels = [*BasePage.content_panels]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    @property
    def news(self) -> NewsQuerySet:
        """The live news items below this page, latest first."""
        # Not with `startswith`: SQLite would use the index of paths, and sort all news.
        pages = NewsPage.objects.alias(beginning=Substr("path", 1, len(self.path)))
        return pages.filter(beginning=self.path, live=True).latest_first()

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        years = list(self._counts_by_year())
        year = _chosen(request.GET.get("ar"), [str(year) for year in range(1900, 2100)])
        kind = _chosen(request.GET.get("typ"), NewsKind.values)
        return super().get_context(request, *args, **kwargs) | {
            "news": self._page_of_news(request, year, kind),
            "years": years,
            "kinds": NewsKind.choices,
            "selected_year": year,
            "selected_kind": kind,
        }

    def _counts_by_year(self) -> dict[int, int]:
        """Year -> number of news items, for the years with news; the latest first."""
        return _by_year.one(self.pk, self._count_by_year) or {}

    def _count_by_year(self) -> dict[int, int]:
        year = Cast(Substr(Cast("published_on", models.CharField()), 1, 4), models.IntegerField())
        rows = self.news.order_by().values_list(year).annotate(Count("pk"))
        return dict(sorted(rows, reverse=True))

    def _page_of_news(self, request: HttpRequest, year: str, kind: str) -> Steps:
        news = self.news
        if year:
            news = news.filter(published_on__year=int(year))
        if kind:
            news = news.filter(kind=kind)

        def count() -> int:
            if kind:
                return _by_kind.one((self.pk, year, kind), news.count) or 0
            by_year = self._counts_by_year()
            return by_year.get(int(year), 0) if year else sum(by_year.values())

        page = latest_first(
            request,
            news.only(
                "published_on", "kind", "lead", "listing_text", "changed_on", *LISTED_COLUMNS
            ),
            day="published_on",
            key="pk",
            count=count,
        )
        page.object_list = as_listed(page)
        return page


class NewsPage(BasePage):
    fixed_kind = "news"
    page_description = _("What has happened today, with a date. Invitations to the press too.")

    kind = models.CharField(
        _("Kind"), max_length=20, choices=NewsKind.choices, default=NewsKind.NEWS
    )
    published_on = models.DateField(_("Date"), default=localdate)
    starts_at = models.DateTimeField(_("Starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Ends"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=200, blank=True)
    register_by = models.DateTimeField(_("Register by"), null=True, blank=True)
    image = LeadImageField(verbose_name=_("Image"), blank=True)
    body = BodyField(verbose_name=_("Body"), blank=True)
    aside = AsideField(verbose_name=_("Boxes beside the text"), blank=True)

    version_kinds = ("page", "news")
    search_kind = SearchKind.NEWS
    schema_type = "NewsArticle"
    date_field = "published_on"
    kind_field = "kind"
    parent_page_types = ["content.NewsIndexPage"]
    subpage_types: list[str] = []
    base_form_class = WrittenPageForm
    event_panel = MultiFieldPanel(
        ["starts_at", "ends_at", "place", "register_by"],
        heading=_("Press invitation: time and place"),
        help_text=_("Readers see them above the text, and can put them into their calendar."),
    )
    content_panels = [*BasePage.content_panels, "kind", "published_on", event_panel, "image"]
    content_panels += ["body", BasePage.topics_panel, "aside", BasePage.dating_panel]

    objects = PageManager.from_queryset(NewsQuerySet)()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
        indexes = [
            models.Index(fields=["published_on", "page_ptr"], name="news_latest_first"),
            # For the sitemap, which reads both columns of very many rows.
            models.Index(fields=["page_ptr", "changed_on"], name="news_changed_on"),
        ]

    def pages_in_section(self, path: str) -> list[ListedPage]:
        """The latest news: the list of all has many."""
        language = get_language() or settings.LANGUAGE_CODE
        latest = NewsPage.objects.live().in_language(language).latest_first()
        return _latest.one(path, lambda: as_listed(latest[:_MOST_BESIDE])) or []

    @property
    def event(self) -> PressMeeting | None:
        """What it invites to; None for other news."""
        if self.kind != NewsKind.PRESS_INVITATION or self.starts_at is None:
            return None
        return PressMeeting(self.starts_at, self.ends_at, self.place, self.register_by)

    def refuse_faults(self) -> None:
        """Raises a ValidationError for an invitation without time or place, or with impossible ones."""
        super().refuse_faults()
        if self.kind != NewsKind.PRESS_INVITATION:
            return
        if self.starts_at is None or not self.place:
            raise ValidationError(_("A press invitation says when it starts, and where."))
        if self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError(_("It must end after it starts."))
        if self.register_by and self.register_by > self.starts_at:
            raise ValidationError(_("The last time to register must be before it starts."))


def _chosen(value: str | None, allowed: list[str]) -> str:
    return value if value in allowed else ""
