"""Topics: a controlled list that only chief editors extend."""

from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index


class Topic(TranslatableMixin, index.Indexed, models.Model):
    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(
        _("Address"),
        max_length=80,
        help_text=_("The last part of the topic page's address. Do not change it later."),
    )
    description = models.TextField(
        _("Description"), blank=True, help_text=_("One or two sentences on top of the topic page.")
    )

    panels = ["name", "slug", "description"]

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("description"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["locale", "slug"], name="unique_topic_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        with translation.override(self.locale.language_code):
            return reverse("pages:topic", args=[self.slug])


class PageTopic(models.Model):
    """That a page carries a topic. One table for all page types, so that topic pages ask once."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="page_topics", verbose_name=_("Topic")
    )
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("topic of the page")
        verbose_name_plural = _("topics of the page")
        constraints = [
            models.UniqueConstraint(fields=["page", "topic"], name="unique_topic_on_page")
        ]

    def __str__(self) -> str:
        return str(self.topic)
