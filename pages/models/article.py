"""Articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.fields import AsideField, BodyField, LeadImageField, RelatedField

from .base import BasePage


class BaseArticlePage(BasePage):
    """An article without its body: some kinds of article allow more blocks there."""

    lead = models.TextField(
        _("Lead"),
        max_length=600,
        help_text=_("Two or three sentences that answer the reader's question at once."),
    )
    image = LeadImageField(verbose_name=_("Image"), blank=True)
    aside = AsideField(verbose_name=_("Boxes beside the text"), blank=True)
    related = RelatedField(
        verbose_name=_("Related pages"),
        blank=True,
        help_text=_("Left empty, pages with the same topics are shown."),
    )

    parent_page_types = ["pages.SectionPage", "pages.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        "image",
        "body",
        BasePage.topics_panel,
        "aside",
        "related",
        BasePage.dating_panel,
    ]

    class Meta:
        abstract = True


class ArticlePage(BaseArticlePage):
    body = BodyField(verbose_name=_("Body"), blank=True)

    class Meta:
        verbose_name = _("article page")
        verbose_name_plural = _("article pages")
        # For the sitemap, which reads both columns of very many rows.
        indexes = [models.Index(fields=["page_ptr", "changed_on"], name="article_changed_on")]
