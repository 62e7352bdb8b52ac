"""The whole index of the search, written anew by `update_index`."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.content.models import PageTopic
from pages.ground.models import ContentVersion
from pages.newsroom.keeping_public import deleting_for_good
from pages.search.index import write_pages
from pages.search.models import EditorsEntry, PublishedFile, SearchEntry, SearchWord
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def articles(section):
    """Many that name the same picture, file and page, as editors write them."""
    topic, image, file = TopicFactory(), SiteImageFactory(), SiteDocumentFactory()
    ContentVersion.raise_version()

    figure = {
        "image": {"image": image.pk, "alt_text": "En bil", "decorative": False},
        "caption": "",
    }
    link = f'<p>Om <a linktype="document" id="{file.pk}">planen</a>.</p>'
    chosen = {"heading": "Läs", "source": "chosen", "parent": None, "pages": [section.pk]}
    values = {"prose": link, "figure": figure, "page_list": chosen}
    body = json.dumps(
        [{"type": name, "value": value, "id": name} for name, value in values.items()]
    )

    def make(number):
        page = ArticlePageFactory(
            parent=section, slug=f"sida-{number}", title=f"Spaning {number}", body=body
        )
        page.page_topics.add(PageTopic(topic=topic))
        page.save()
        return page

    return [make(number) for number in range(12)]


def _rows(model, *without):
    fields = [field.attname for field in model._meta.concrete_fields if field.name not in without]
    return sorted(map(str, model.objects.values_list(*fields)))


def test_an_index_written_anew_is_the_one_that_publishing_has_written(articles):
    articles[0].title = "Nästa utkast"
    articles[0].save_revision()
    articles[1].unpublish()
    tables = [(SearchEntry,), (EditorsEntry,), (SearchWord, "id"), (PublishedFile, "id")]
    before = [_rows(*table) for table in tables]
    assert all(before)
    for model, *_without in tables:
        model.objects.all().delete()

    call_command("update_index", verbosity=0)

    assert [_rows(*table) for table in tables] == before


def test_many_pages_are_written_with_as_many_queries_as_few(articles):
    def queries(pages):
        with CaptureQueriesContext(connection) as found:
            write_pages(type(pages[0]).objects.filter(pk__in=[page.pk for page in pages]))
        return len(found)

    queries(articles)  # what they name is met
    assert queries(articles) == queries(articles[:2])


def test_what_is_published_and_deleted_while_the_index_is_written_anew_stays_so(articles):
    read = list(type(articles[0]).objects.all())
    changed, gone = articles[0], articles[1]
    changed.title = "Xylofon"
    changed.save()
    with deleting_for_good("a test"):
        gone.delete()

    write_pages(read)

    assert SearchEntry.objects.get(page=changed).title == "Xylofon"
    assert not SearchEntry.objects.filter(page=gone.pk).exists()
