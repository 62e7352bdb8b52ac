"""Very many pages at once, written past all that follows a publishing."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from pages.content.models import ArticlePage, NewsPage, PageTopic, SectionPage, Topic
from pages.ground.models import ContentVersion
from pages.search import tokens
from pages.search.models import EditorsEntry
from pages.search.places import place_of_page

_AT_ONCE = 200
_LAST_DAY = date(2026, 11, 1)


def add_many(parent: SectionPage | Page, like: Page, numbers: range, topic: Topic) -> None:
    """So many pages like the one given, below the parent, each on its day and on the topic."""
    first = Page.objects.order_by("-pk")[0].pk + 1
    place = parent.numchild + 1
    values = {field.attname: getattr(like, field.attname) for field in like._meta.concrete_fields}
    pages = []
    for offset, number in enumerate(numbers):
        day = _LAST_DAY - timedelta(days=number % 2500)
        own = {
            "id": first + offset, "page_ptr_id": first + offset, "slug": f"sida-{number}",
            "url_path": f"{parent.url_path}sida-{number}/", "title": f"Sida {number}",
            "path": Page._get_path(parent.path, parent.depth + 1, place + offset),
            "depth": parent.depth + 1, "translation_key": uuid.uuid4(), "changed_on": day,
            "latest_revision_id": None, "live_revision_id": None,
        }  # fmt: skip
        if isinstance(like, NewsPage):
            own["published_on"] = day
        pages.append(type(like)(**values | own))
    _write(pages, type(like), topic)
    with connection.cursor() as cursor:
        # PostgreSQL has not counted the keys that were given here.
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(statement)
    Page.objects.filter(pk=parent.pk).update(numchild=place + len(pages))
    parent.refresh_from_db()
    ContentVersion.raise_version()


def _write(pages: Sequence[ArticlePage | NewsPage], model: type[Page], topic: Topic) -> None:
    kind, now = ContentType.objects.get_for_model(model), timezone.now()
    for begin in range(0, len(pages), _AT_ONCE):
        some = pages[begin : begin + _AT_ONCE]
        for table in (Page, model):
            table._base_manager.all()._insert(
                some, fields=table._meta.local_concrete_fields, using=Page.objects.db
            )
        PageTopic.objects.bulk_create(
            PageTopic(page_id=page.pk, topic=topic, listed_on=page.changed_on) for page in some
        )
        PageLogEntry.objects.bulk_create(
            PageLogEntry(
                page_id=page.pk, content_type=kind, label=page.title, action="wagtail.publish",
                timestamp=now,
            )
            for page in some
        )  # fmt: skip
        EditorsEntry.objects.bulk_create(
            EditorsEntry(
                place=place_of_page(page.pk, page.changed_on), page_id=page.pk,
                tokens=" ".join(tokens.tokens_of(page.title, "", "", "sv")),
            )
            for page in some
        )  # fmt: skip
