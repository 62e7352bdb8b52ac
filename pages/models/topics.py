"""Topics: a controlled list that only chief editors extend."""

from typing import Any

from django.db import models
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index

from pages.version.memory import remembered


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

    @classmethod
    def by_key(cls) -> "dict[int, Topic]":
        """Every topic there is: a few dozen, shown on all pages."""
        return remembered(
            "topics",
            ("topic",),
            lambda: {topic.pk: topic for topic in cls.objects.select_related("locale")},
        )


class _Words(models.Aggregate):
    """The values of many rows as words in one text, in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ' ')"

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        return self.as_sql(*args, **kwargs, function="STRING_AGG")


class PageTopic(models.Model):
    """That a page carries a topic. One table for all page types, so that topic pages ask once."""

    raises_version = False  # its page does

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="page_topics", verbose_name=_("Topic")
    )
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)
    # By which lists of the topic are ordered; empty while the page stands in none: so they are
    # read off one index, whatever types the pages are of.
    listed_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("topic of the page")
        verbose_name_plural = _("topics of the page")
        constraints = [
            models.UniqueConstraint(fields=["page", "topic"], name="unique_topic_on_page")
        ]
        indexes = [models.Index(fields=["topic", "listed_on", "page"], name="topic_latest_first")]

    def __str__(self) -> str:
        return str(self.topic)

    @classmethod
    def list_page(cls, page: Any) -> None:
        """Lets the page stand in the lists of its topics by its date, if it is one that is read."""
        rows = cls.objects.filter(page=page.pk)
        if page.live:
            # A topic of another language lists no page of this one.
            here = rows.filter(topic__locale=page.locale_id)
            here.update(listed_on=page.listed_on or localdate())
        else:
            rows.update(listed_on=None)

    @classmethod
    def keys_of(cls, page: models.OuterRef) -> models.Subquery:
        """The topics of a page, for a query that is made anyway; `in_order` reads them."""
        word = Concat(
            Cast("sort_order", models.CharField()), models.Value("."),
            Cast("pk", models.CharField()), models.Value("."),
            Cast("topic_id", models.CharField()),
        )  # fmt: skip
        rows = cls.objects.filter(page=page).order_by().values("page")
        return models.Subquery(
            rows.annotate(words=_Words(word, output_field=models.TextField())).values("words")
        )

    @staticmethod
    def in_order(words: str | None) -> list[int]:
        """The keys of topics that `keys_of` has brought, in the order the editor gave them."""
        rows = (word.split(".") for word in (words or "").split())
        return [topic for _order, _pk, topic in sorted(tuple(map(int, row)) for row in rows)]
