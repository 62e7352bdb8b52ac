"""The start page."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from pages.content.fields import LinksField, TasksField
from pages.content.tree.listed import ListedPage, as_listed

from .base import BasePage
from .news import NewsPage

# The news that stand beside the one that is lifted.
_OTHER_NEWS = 3


@dataclass(frozen=True)
class StartNews:
    """The news of the start page: one whose lead tells it, and the latest others."""

    lifted: ListedPage
    lead: str
    others: list[ListedPage]


class HomePage(BasePage):
    fixed_kind = "home"

    heading = models.CharField(
        _("Heading"), max_length=120, help_text=_("What the agency does, in one sentence.")
    )
    tip_heading = models.CharField(_("Heading for tips"), max_length=60, blank=True)
    tip_text = models.TextField(
        _("Text on tips"),
        max_length=160,
        blank=True,
        help_text=_("One or two sentences, so that the threat level fits below on a telephone."),
    )
    tasks = TasksField(
        verbose_name=_("Common errands"),
        blank=True,
        help_text=_("The six things that most visitors come for, and that the menu does not name."),
    )
    lifted_news = models.ForeignKey(
        NewsPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("The news that comes first"),
        help_text=_("The latest when left empty."),
    )
    about = models.TextField(_("Who we are"), max_length=600, blank=True)
    about_links = LinksField(verbose_name=_("Links under who we are"), blank=True)

    schema_type = "WebSite"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.SectionPage",
        "content.ArticlePage",
        "content.NewsIndexPage",
    ]
    content_panels = [
        *BasePage.content_panels[:1],
        "heading",
        "lead",
        MultiFieldPanel(["tip_heading", "tip_text"], heading=_("Tips")),
        "tasks",
        FieldPanel("lifted_news"),
        MultiFieldPanel(["about", "about_links"], heading=_("Who we are")),
    ]

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        return super().get_context(request, *args, **kwargs) | {"news": self.news}

    @property
    def news(self) -> StartNews | None:
        """The news that the editor has lifted, or else the latest; None while there is none."""
        news = NewsPage.objects.live().in_language(get_language() or settings.LANGUAGE_CODE)
        latest = list(news.latest_first()[: _OTHER_NEWS + 1])
        found = {each.pk: each for each in latest}
        key = self.lifted_news_id
        if key and key not in found:
            found = {each.pk: each for each in news.filter(pk=key)} | found
        if not found:
            return None
        first = found.get(key) or latest[0]
        others = [each for each in latest if each.pk != first.pk][:_OTHER_NEWS]
        listed = as_listed([first, *others])
        return StartNews(listed[0], first.lead, listed[1:])

    def search_parts(self) -> list[str]:
        return [self.heading, *super().search_parts(), self.about]
