"""Saving is refused where nobody has confirmed it, by whatever door it comes; SQL: test_refused_sql.py."""

import pytest
from django.db import transaction
from wagtail.models import Page

from pages.content.models import ArticlePage, PageTopic
from pages.newsroom.gate import NotConfirmed
from tests.factories import ArticlePageFactory, TopicFactory
from tests.guarding import guarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_page(section):
    page = ArticlePageFactory(parent=section, title="Läst av alla", slug="last")
    page.page_topics.add(PageTopic(topic=TopicFactory(), sort_order=0))
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def _added(section, live_page):
    section.add_child(instance=ArticlePage(title="Ny", slug="ny", lead="Ord", live=True))


def _created(section, live_page):
    like = ArticlePage(
        title="Ny", slug="ny", lead="Ord", path=section.path + "0009", depth=section.depth + 1
    )
    like.save()


def _retitled(section, live_page):
    live_page.title = "Någon annans ord"
    live_page.save()


def _retitled_alone(section, live_page):
    live_page.title = "Någon annans ord"
    live_page.save(update_fields=["title"])


def _retitled_as_plain_page(section, live_page):
    page = Page.objects.get(pk=live_page.pk)
    page.title = "Någon annans ord"
    page.save()


def _updated(section, live_page):
    Page.objects.filter(pk=live_page.pk).update(title="Någon annans ord")


def _taken_away(section, live_page):
    live_page.unpublish()


def _taken_away_as_plain_page(section, live_page):
    Page.objects.get(pk=live_page.pk).unpublish()


def _published(section, live_page):
    live_page.title = "Någon annans ord"
    live_page.save_revision().publish()


def _moved(section, live_page):
    live_page.move(section.get_parent(), pos="last-child")


def _topic_added(section, live_page):
    PageTopic.objects.create(page=live_page, topic=TopicFactory(), sort_order=1)


def _topic_taken(section, live_page):
    PageTopic.objects.filter(page=live_page).delete()


DOORS = [
    _added, _created, _retitled, _retitled_alone, _retitled_as_plain_page, _updated, _taken_away,
    _taken_away_as_plain_page, _published, _moved, _topic_added, _topic_taken,
]  # fmt: skip


def _public():
    return [
        sorted(ArticlePage.objects.filter(live=True).values_list("title", "lead", "path")),
        list(PageTopic.objects.values_list("page", "topic")),
    ]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__.strip("_"))
def test_the_door_is_shut(section, live_page, door):
    before = _public()
    with guarded(), pytest.raises(NotConfirmed), transaction.atomic():
        door(section, live_page)
    assert _public() == before


def test_drafts_go_on_as_ever(section, live_page):
    with guarded():
        live_page.title = "Ett utkast"
        live_page.save_revision()
        live_page.refresh_from_db()
        live_page.save()
        draft = ArticlePage(title="Ny", slug="ny", lead="Ord", live=False)
        section.add_child(instance=draft)
        draft.title = "Nyare"
        draft.save_revision()
        draft.save()
        Page.objects.filter(pk=draft.pk).update(title="Nyast")
    assert ArticlePage.objects.get(pk=live_page.pk).title == "Läst av alla"
