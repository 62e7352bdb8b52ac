"""No draft is read by a public address, and no page takes an address of the site."""

import json

import pytest
from wagtail.models import Page

from pages.content.models import ArticlePage, PageTopic, SectionPage
from tests.factories import ArticlePageFactory, TopicFactory

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


@pytest.mark.django_db
def test_an_editor_does_not_reach_what_others_keep(client, editor, home):
    client.force_login(editor)
    for address in [
        "/admin/snippets/content/withdrawal/add/",
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
            f"/admin/pages/add/content/sectionpage/{home.pk}/", {**form, **streams, **comments}
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
