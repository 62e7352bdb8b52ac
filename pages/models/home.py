"""The start page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.fields import TasksField

from .base import BasePage


class HomePage(BasePage):
    heading = models.CharField(
        _("Heading"), max_length=120, help_text=_("What the agency does, in one sentence.")
    )
    tasks = TasksField(
        verbose_name=_("Common errands"),
        blank=True,
        help_text=_("The four or five things that most visitors come for."),
    )

    schema_type = "WebSite"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.SectionPage",
        "pages.ArticlePage",
        "pages.NewsIndexPage",
    ]
    content_panels = [*BasePage.content_panels[:1], "heading", "lead", "tasks"]

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")

    def search_parts(self) -> list[str]:
        return [self.heading, *super().search_parts()]
