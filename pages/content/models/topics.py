"""Topics: a controlled list that only chief editors extend."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import PublishingPanel
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index

from pages.content.references.shelves import listed_in_order
from pages.content.tree.paging import Steps, latest_first
from pages.ground.version.memory import remembered

from .register import RegisterEntry


class Topic(RegisterEntry, TranslatableMixin, index.Indexed):
    fixed_kind = "topic"

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(
        _("Address"),
        max_length=80,
        help_text=_("The last part of the topic page's address. Do not change it later."),
    )
    description = models.TextField(
        _("Description"), blank=True, help_text=_("One or two sentences on top of the topic page.")
    )

    preview_template = "public/topic.html"
    panels = ["name", "slug", "description", PublishingPanel()]

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
            models.UniqueConstraint(
                fields=["locale", "slug"],
                condition=models.Q(live=True),
                name="unique_topic_slug_in_locale",
                violation_error_message=_("Another topic has this address. Choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return _address_of_topic(self.locale.language_code, self.slug)

    @property
    def translations(self) -> dict[str, str]:
        """Language -> the address of the topic in it, for the other languages that have it."""
        return {
            other.locale.language_code: other.url
            for other in self.by_key().values()
            if other.translation_key == self.translation_key and other.pk != self.pk
        }

    @classmethod
    def by_key(cls) -> "dict[int, Topic]":
        """Key -> topic, for all that readers meet: they are few, and every page shows some."""
        return remembered(
            "topics",
            ("topic",),
            lambda: {topic.pk: topic for topic in cls.objects.public().select_related("locale")},
        )

    @property
    def listed(self) -> "models.QuerySet[PageTopic]":
        """Its rows of the pages that readers can read."""
        return PageTopic.objects.filter(topic_id=self.pk, listed_on__isnull=False)

    def entries(self, request: HttpRequest, count: Callable[[], int]) -> Steps:
        """The entries of its pages, the latest first: those that the reader has asked for."""
        items = latest_first(request, self.listed, day="listed_on", key="page_id", count=count)
        items.object_list = listed_in_order(row.page_id for row in items)
        return items

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, object]:
        self.slug = self.slug or "-"  # a draft may lack it, and the page has links with it
        return {
            "request": request,
            "topic": self,
            "items": self.entries(request, self.listed.count),
        }


class JoinedWords(models.Aggregate):
    """Joins the values of many rows into one text, as words in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ' ')"

    def as_postgresql(self, *args: Any, **kwargs: Any) -> object:
        return self.as_sql(*args, **kwargs, function="STRING_AGG")


@lru_cache(maxsize=500)
def _address_of_topic(language: str, slug: str) -> str:
    with translation.override(language):
        return reverse("pages:topic", args=[slug])


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
    def list_page(cls, page: Page) -> None:
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
        chars, dot = models.CharField(), models.Value(".")
        word = Concat(
            Cast("sort_order", chars), dot, Cast("pk", chars), dot, Cast("topic_id", chars)
        )
        rows = cls.objects.filter(page=page).order_by().values("page")
        return models.Subquery(
            rows.annotate(words=JoinedWords(word, output_field=models.TextField())).values("words")
        )

    @staticmethod
    def in_order(words: str | None) -> list[int]:
        """The topic keys that `keys_of` has fetched, in the editor's order."""
        rows = (word.split(".") for word in (words or "").split())
        return [topic for _order, _pk, topic in sorted(tuple(map(int, row)) for row in rows)]


def topics_in(language: str | None) -> list[Topic]:
    """The topics in a language, by name."""
    return [each for each in Topic.by_key().values() if each.locale.language_code == language]
