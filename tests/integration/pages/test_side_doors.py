"""An editor may only submit for approval: no other way leads to what visitors read."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page

from pages.models import ArticlePage, PageTopic, SectionPage, Topic
from tests.factories import ArticlePageFactory, SectionPageFactory, TopicFactory
from tests.integration.pages.test_editors import _article_form

DRAFT_WORDS = "Hemligt utkast om en operation"


@pytest.fixture
def article(section) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def draft(section) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title=DRAFT_WORDS, slug="utkast", live=False)
    page.save_revision()
    page.refresh_from_db()
    return page


def _visible() -> set[tuple[str, str]]:
    return set(Page.objects.live().filter(depth__gt=2).values_list("url_path", "title"))


def _tries(article: ArticlePage, draft: ArticlePage, section: Page, other: Page):
    """Every address of the CMS that might change what visitors read, with its form."""
    soon = (timezone.now() - timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M")
    a, d = article.pk, draft.pk
    bulk = "/admin/bulk/wagtailcore/page"
    revision = draft.latest_revision_id
    published = article.latest_revision_id
    return {
        "publish": (f"/admin/pages/{d}/edit/", _article_form(**{"action-publish": "1"})),
        "publish a change": (f"/admin/pages/{a}/edit/", _article_form(**{"action-publish": "1"})),
        "schedule": (f"/admin/pages/{d}/edit/", _article_form(go_live_at=soon)),
        "expire": (f"/admin/pages/{a}/edit/", _article_form(expire_at=soon)),
        "unpublish": (f"/admin/pages/{a}/unpublish/", {}),
        "delete": (f"/admin/pages/{a}/delete/", {}),
        "move": (f"/admin/pages/{a}/move/{other.pk}/confirm/", {}),
        "set position": (f"/admin/pages/{a}/set_position/?position=0", {}),
        "privacy": (f"/admin/pages/{a}/privacy/", {"restriction_type": "login"}),
        "revert": (f"/admin/pages/{a}/revisions/{published}/revert/", {}),
        "unschedule": (f"/admin/pages/{d}/revisions/{revision}/unschedule/", {}),
        "copy live": (
            f"/admin/pages/{a}/copy/",
            {"new_title": "Kopia", "new_slug": "kopia", "new_parent_page": section.pk,
             "copy_subpages": "on", "publish_copies": "on"},
        ),
        "alias": (
            f"/admin/pages/{a}/copy/",
            {"new_title": "Alias", "new_slug": "alias", "new_parent_page": other.pk,
             "alias": "on", "publish_copies": "on"},
        ),
        "lock": (f"/admin/pages/{a}/lock/", {}),
        "workflow": (f"/admin/pages/workflow/disable/{section.pk}/", {}),
        "bulk publish": (f"{bulk}/publish/?id={d}", {"include_descendants": "on"}),
        "bulk unpublish": (f"{bulk}/unpublish/?id={a}", {"include_descendants": "on"}),
        "bulk delete": (f"{bulk}/delete/?id={a}", {}),
        "bulk move": (f"{bulk}/move/?id={a}", {"chooser": other.pk, "move_applied": "on"}),
        "translate": (f"/admin/translation/submit/page/{a}/", {"locales": [2]}),
    }  # fmt: skip


@pytest.mark.django_db
def test_an_editor_changes_nothing_that_visitors_read(
    client, editor, article, draft, section, home
):
    other = SectionPageFactory(parent=home, title="Annat", slug="annat")
    Locale.objects.get_or_create(language_code="en")
    client.force_login(editor)
    before = _visible()
    for name, (address, form) in _tries(article, draft, section, other).items():
        client.raise_request_exception = False  # Wagtail wants whole forms
        client.post(address, form)
        call_command("publish_scheduled")
        assert _visible() == before, name


@pytest.mark.django_db
def test_an_editor_does_not_reach_what_others_keep(client, editor, home):
    client.force_login(editor)
    for address in [
        "/admin/snippets/pages/withdrawal/add/",
        "/admin/redirects/",
        "/admin/redirects/add/",
        "/admin/users/",
        "/admin/groups/",
        "/admin/sites/",
        "/admin/locales/",
        "/admin/collections/",
        "/admin/workflows/list/",
    ]:
        response = client.get(address)
        assert response.status_code in (302, 403, 404), address


@pytest.mark.django_db
def test_an_editor_cannot_change_what_readers_see_of_a_topic(client, editor, home):
    topic = TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    client.force_login(editor)
    sent = {"name": "X", "slug": "x", "action-publish": "1"}
    for action in ("edit", "delete", "copy", "unpublish"):
        client.post(f"/admin/snippets/pages/topic/{action}/{topic.pk}/", sent)
    client.post(f"/admin/bulk/pages/topic/delete/?id={topic.pk}", {})
    assert list(Topic.objects.public().values_list("name", flat=True)) == ["Kontraterrorism"]


PUBLIC = (
    "/", "/verksamheten/", "/sok/?q=hemligt", "/sok/?q=utkast", "/sitemap.xml", "/nyheter.rss",
    "/nyheter.atom", "/amnen/", "/amnen/kontraterrorism/", "/amnen/kontraterrorism.rss",
    "/verksamheten/utkast/", "/en/verksamheten/utkast/", "/verksamheten/utkast.html",
    "/verksamheten/utkast", "/finns-inte/", "/verksamheten/samarbete/",
)  # fmt: skip


@pytest.mark.django_db
def test_no_public_address_shows_a_draft(client, section, draft, article, english_home):
    topic = TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    draft.page_topics.add(PageTopic(topic=topic))
    draft.save()
    draft.save_revision()
    link = {"type": "page", "value": {"page": draft.pk, "label": ""}}
    article.body = json.dumps(
        [
            {"type": "link_row", "value": [link]},
            {"type": "page_list", "value": {"heading": "Läs", "source": "chosen",
                                            "pages": [{"type": "item", "id": "a", "value": draft.pk}]}},
            {"type": "page_list", "value": {"heading": "Läs", "source": "children", "pages": [],
                                            "parent": section.pk}},
            {"type": "prose", "value": f'<p><a linktype="page" id="{draft.pk}">se</a></p>'},
        ]
    )  # fmt: skip
    article.related = json.dumps([{"type": "page", "value": draft.pk}])
    article.save_revision().publish()
    # A change that waits on a page that is live
    article.refresh_from_db()
    article.title = "Hemligt utkast till rubrik"
    article.save_revision()
    for address in PUBLIC:
        words = client.get(address).content.decode()
        assert DRAFT_WORDS not in words, address
        assert "Hemligt utkast till" not in words, address
        assert 'verksamheten/utkast/"' not in words.replace("/en/verksamheten/utkast/", "").replace(
            'href="/verksamheten/utkast/" hreflang', ""
        ), address


def test_editor_may_not_delete_a_page_that_was_once_read(client, editor, section):
    page = ArticlePageFactory(parent=section, owner=editor, live=False)
    page.save_revision().publish()
    page.refresh_from_db()
    page.unpublish()
    client.force_login(editor)
    client.post(f"/admin/pages/{page.pk}/delete/")
    client.post(f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}")
    assert ArticlePage.objects.filter(pk=page.pk).exists()


def test_page_cannot_take_an_address_that_the_site_uses(client, chief_editor, home):
    client.force_login(chief_editor)
    for slug in ["admin", "amnen", "dokument", "en", "halsa", "kakor", "media", "sok", "static", "tipsa",
         "tipsmottagning"]:  # fmt: skip
        form = {"title": "Sök", "slug": slug, "lead": "x", "show_in_menus": "", "topics": [],
                "search_description": "", "listing_text": "", "seo_title": ""}  # fmt: skip
        streams = {f"{name}-count": 0 for name in ("image", "body", "aside")}
        comments = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
        response = client.post(
            f"/admin/pages/add/pages/sectionpage/{home.pk}/", {**form, **streams, **comments}
        )
        assert "Webbplatsen använder själv den här adressen." in response.content.decode()
        assert not SectionPage.objects.filter(slug=slug).exists()


def test_page_cannot_be_copied_to_an_address_that_the_site_uses(
    client, chief_editor, article, home
):
    client.force_login(chief_editor)
    form = {"new_title": "Tips", "new_slug": "tipsmottagning", "new_parent_page": home.pk}
    response = client.post(f"/admin/pages/{article.pk}/copy/", {**form, "alias": "on"})
    assert "Webbplatsen använder själv den här adressen." in response.content.decode()
    assert not Page.objects.filter(slug="tipsmottagning").exists()


@pytest.mark.parametrize(("slug", "draft"), [("tipsmottagning", "x"), ("x", "tipsmottagning")])
def test_page_cannot_be_moved_to_an_address_that_the_site_uses(
    client, chief_editor, home, section, slug, draft
):
    page = ArticlePageFactory(parent=section, slug=slug, live=False)
    page.slug = draft
    page.save_revision()
    client.force_login(chief_editor)
    client.post(f"/admin/pages/{page.pk}/move/{home.pk}/confirm/")
    assert Page.objects.get(pk=page.pk).is_child_of(section)
    page.slug = "vanlig"
    page.save()
    page.save_revision()
    client.post(f"/admin/pages/{page.pk}/move/{home.pk}/confirm/")
    assert Page.objects.get(pk=page.pk).is_child_of(home)


def test_root_of_the_tree_cannot_be_moved(client, chief_editor, home):
    client.force_login(chief_editor)
    root = home.get_parent()
    response = client.post(f"/admin/pages/{root.pk}/move/{home.pk}/confirm/")
    assert response.status_code == 404


def test_asking_to_lock_the_root_of_the_tree_is_a_malformed_request(client, chief_editor, home):
    client.force_login(chief_editor)
    root = home.get_parent()
    assert client.post(f"/admin/pages/{root.pk}/lock/").status_code == 400
