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
        """Key -> topic, for all topics: they are few, and every page shows some."""
        return remembered(
            "topics",
            ("topic",),
            lambda: {topic.pk: topic for topic in cls.objects.select_related("locale")},
        )


class _Words(models.Aggregate):
    """Joins the values of many rows into one text, as words in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ' ')"

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        return self.as_sql(*args, **kwargs, function="STRING_AGG")


class PageTopic(models.Model):
    """A topic of a page. One table for all page types, so that a topic page takes one query."""

    raises_version = False  # its page does

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="page_topics", verbose_name=_("Topic")
    )
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)
    # Lists of the topic are sorted by this date; it is empty while the page is in none. So one
    # index serves the lists, whatever types the pages have.
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
        """Puts the page into the lists of its topics by its date; takes it out if it is not live."""
        rows = cls.objects.filter(page=page.pk)
        if page.live:
            # A topic lists only pages in its own language.
            here = rows.filter(topic__locale=page.locale_id)
            here.update(listed_on=page.listed_on or localdate())
        else:
            rows.update(listed_on=None)

    @classmethod
    def keys_of(cls, page: models.OuterRef) -> models.Subquery:
        """A subquery that adds the topics of a page to another query; `in_order` reads it."""
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
        """The topic keys that `keys_of` has fetched, in the editor's order."""
        rows = (word.split(".") for word in (words or "").split())
        return [topic for _order, _pk, topic in sorted(tuple(map(int, row)) for row in rows)]
