"""Ämnen: a controlled list, shown on pages, each with a page of its own."""

import pytest
from wagtail.models import Locale

from pages.content.models import PageTopic, Topic
from tests.factories import ArticlePageFactory, TopicFactory
from tests.newsroom import approved_by_two


@pytest.fixture
def topic(home):
    return TopicFactory(name="Kontraterrorism", slug="kontraterrorism")


@pytest.fixture
def article(section, topic):
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", live=False)
    page.page_topics.add(PageTopic(topic=topic))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_article_links_to_its_topics(client, article):
    html = client.get(article.url).content.decode()
    assert 'href="/amnen/kontraterrorism/"' in html
    assert "Kontraterrorism" in html


def test_topic_page_lists_what_carries_the_topic(client, article, section):
    ArticlePageFactory(parent=section, title="Något helt annat")
    html = client.get("/amnen/kontraterrorism/").content.decode()
    assert "Samarbete med andra" in html
    assert "Något helt annat" not in html


def test_topic_page_leaves_out_drafts(client, article):
    article.unpublish()
    assert "Samarbete med andra" not in client.get("/amnen/kontraterrorism/").content.decode()


def test_unknown_topic_is_not_found(client, home):
    assert client.get("/amnen/finns-inte/").status_code == 404


def test_topic_has_a_feed(client, article):
    for path, kind in [
        ("/amnen/kontraterrorism.rss", "application/rss+xml"),
        ("/amnen/kontraterrorism.atom", "application/atom+xml"),
    ]:
        response = client.get(path)
        assert response["Content-Type"].startswith(kind)
        assert "Samarbete med andra" in response.content.decode()


def test_english_topic_is_a_translation_at_its_own_address(client, topic, english_home):
    english = Topic.objects.create(
        locale=Locale.objects.get(language_code="en"),
        translation_key=topic.translation_key,
        name="Counter-terrorism",
        slug="counter-terrorism",
    )
    assert english.url == "/en/amnen/counter-terrorism/"
    assert "Counter-terrorism" in client.get(english.url).content.decode()


def test_topic_leads_to_the_same_topic_in_the_other_language(client, topic, english_home):
    locale = Locale.objects.get(language_code="en")
    english = Topic.objects.create(
        locale=locale, translation_key=topic.translation_key, name="Counter-terrorism", slug="ct"
    )
    for here, there, language in ((topic, english, "en"), (english, topic, "sv")):
        html = client.get(here.url).content.decode()
        assert f'<a href="{there.url}" hreflang="{language}"' in html
        assert f'hreflang="{language}" href="http://testserver{there.url}"' in html


def test_topic_in_one_language_alone_leads_to_the_other_start_page(client, topic, english_home):
    html = client.get(topic.url).content.decode()
    assert '<a href="/en/" hreflang="en"' in html
    assert 'hreflang="en" href=' not in html.split("</head>")[0]


def test_editor_chooses_among_the_topics_of_the_page_s_language(client, editor, section, topic):
    client.force_login(editor)
    html = client.get(f"/admin/pages/add/content/articlepage/{section.pk}/").content.decode()
    assert f'name="topics" value="{topic.pk}"' in html


def test_editor_drafts_a_topic_that_two_confirm(client, editor, chief_editor, home):
    new = {"name": "Nytt ämne", "slug": "nytt-amne", "description": "", "action-publish": "1"}
    client.force_login(editor)
    client.post("/admin/snippets/content/topic/add/", new)
    draft = Topic.objects.get(slug="nytt-amne")
    assert not draft.live
    client.force_login(chief_editor)
    client.post(f"/admin/snippets/content/topic/edit/{draft.pk}/", new)
    assert not Topic.objects.public().exists()
    draft.refresh_from_db()
    approved_by_two(chief_editor, editor, draft.latest_revision)
    assert Topic.objects.public().get() == draft
    assert client.get("/amnen/nytt-amne/").status_code == 200


def test_topic_in_use_is_not_deleted(client, chief_editor, article, topic):
    client.force_login(chief_editor)
    client.post(f"/admin/snippets/content/topic/delete/{topic.pk}/")
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_page_copied_for_translation_carries_the_topics_of_its_language(
    client, section, article, topic, english_home
):
    locale = english_home.locale
    english = Topic.objects.create(
        locale=locale, translation_key=topic.translation_key, name="Counter-terrorism", slug="ct"
    )
    copy = article.copy_for_translation(locale, copy_parents=True)
    draft = copy.get_latest_revision_as_object()
    assert [each.name for each in draft.topics] == ["Counter-terrorism"]
    draft.title = "Cooperation with others"
    draft.save_revision().publish()
    assert "Cooperation with others" in client.get(english.url).content.decode()
    assert "Cooperation with others" not in client.get(topic.url).content.decode()


def test_feed_survives_what_came_along_from_word(client, article, topic):
    topic.description = "Två\x0brader"
    topic.save()
    article.title = "Samarbete\x0bmed\x01andra"
    article.save_revision(clean=False).publish()
    for path in ("/amnen/kontraterrorism.rss", "/amnen/kontraterrorism.atom"):
        assert "Samarbete med andra" in client.get(path).content.decode()
