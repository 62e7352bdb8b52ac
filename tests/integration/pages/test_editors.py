"""What those who work in the CMS may do, and what they meet there."""

import pytest
from django.utils import translation
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from pages.content.models import ArticlePage, BasePage
from tests.factories import (
    AccessibilityStatementPageFactory,
    ArticlePageFactory,
    CooperationPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    SiteImageFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)
from tests.factories.pages import picture_file
from tests.newsroom import publish_by_two

SEND = {"forward": "send"}


def _article_form(topics: list[int] | None = None, **changes: object) -> dict[str, object]:
    image = SiteImageFactory(file=picture_file(120, 80))
    form = nested_form_data(
        {
            "title": "Samarbete med andra",
            "slug": "samarbete-med-andra",
            "lead": "Ingen skyddar Sverige ensam.",
            "image": streamfield(
                [("figure", {"image": {"image": image.pk, "alt_text": "Två vakter på ett torg.",
                                       "decorative": ""}, "caption": "Vid ett statsbesök."})]
            ),
            "body": streamfield([("prose", rich_text("<p>Det mesta är utbyte av kunskap.</p>"))]),
            "aside": streamfield([]),
            "related": streamfield([]),
            "search_description": "",
            "listing_text": "",
            "seo_title": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0,
                         "MAX_NUM_FORMS": ""},
            **changes,
        }
    )  # fmt: skip
    return {**form, "topics": topics or []}


def _add(client, parent, **changes: object):
    return client.post(
        f"/admin/pages/add/content/articlepage/{parent.pk}/", _article_form(**changes)
    )


def test_what_an_editor_writes_and_a_chief_editor_confirms_is_public(
    client, editor, chief_editor, section, home
):
    topic = TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    client.force_login(editor)
    response = _add(client, section, topics=[topic.pk], **SEND)
    page = ArticlePage.objects.get(slug="samarbete-med-andra")
    assert response.url == f"/admin/redaktion/skicka/article/{page.pk}/"
    assert not page.live

    publish_by_two(page, editor, chief_editor)
    assert page.live
    client.logout()
    html = client.get(page.url).content.decode()
    assert "Ingen skyddar Sverige ensam." in html
    assert 'alt="Två vakter på ett torg."' in html
    assert "Kontraterrorism" in html


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_nobody_publishes_or_submits_from_the_form(
    client, editor, chief_editor, admin, section, action
):
    for number, user in enumerate((editor, chief_editor, admin)):
        client.force_login(user)
        _add(client, section, slug=f"samarbete-{number}", **{action: "true"})
        page = ArticlePage.objects.get(slug=f"samarbete-{number}")
        client.post(
            f"/admin/pages/{page.pk}/edit/", _article_form(slug=page.slug, **{action: "true"})
        )
        page.refresh_from_db()
        assert (page.live, page.current_workflow_state) == (False, None)


def test_editor_may_choose_topics_contacts_and_partners(client, editor, home):
    client.force_login(editor)
    for path in ("content/topic", "content/contact", "cooperation/partner"):
        assert client.get(f"/admin/snippets/{path}/").status_code == 200


def test_topics_survive_being_saved_again(client, editor, chief_editor, section):
    first, second = TopicFactory(), TopicFactory()
    client.force_login(chief_editor)
    _add(client, section, topics=[second.pk, first.pk])
    page = ArticlePage.objects.get(slug="samarbete-med-andra")
    publish_by_two(page, editor, chief_editor)
    client.post(f"/admin/pages/{page.pk}/edit/", _article_form(topics=[first.pk]))
    publish_by_two(page, editor, chief_editor)
    assert [topic.pk for topic in ArticlePage.objects.get(pk=page.pk).topics] == [first.pk]


@pytest.fixture
def one_of_each(home, section):
    index = NewsIndexPageFactory(parent=home)
    return [
        home,
        section,
        index,
        NewsPageFactory(parent=index),
        ArticlePageFactory(parent=section),
        CooperationPageFactory(parent=section),
        ThreatLevelPageFactory(parent=section),
        AccessibilityStatementPageFactory(parent=section),
    ]


def test_every_page_type_is_tried(one_of_each):
    ours = {model for model in get_page_models() if issubclass(model, BasePage)}
    assert {type(page) for page in one_of_each} == ours


def test_every_page_type_has_a_preview(one_of_each):
    for page in one_of_each:
        response = page.make_preview_request()
        assert response.status_code == 200, page
        assert page.title in response.content.decode()


def test_draft_of_a_new_page_has_a_preview(section):
    draft = ArticlePage(title="Ett utkast", slug="utkast", lead="Ingress.", locale=section.locale)
    draft.path, draft.depth = f"{section.path}0001", section.depth + 1
    draft.set_url_path(section)
    assert "Ett utkast" in draft.make_preview_request().content.decode()


def test_every_form_and_list_of_the_cms_opens(client, admin, one_of_each):
    client.force_login(admin)
    paths = ["/admin/", "/admin/images/", "/admin/documents/", "/admin/reports/workflow/",
             "/admin/account/"]  # fmt: skip
    paths += [f"/admin/pages/{page.pk}/edit/" for page in one_of_each]
    paths += [f"/admin/pages/{page.pk}/" for page in one_of_each]
    paths += ["/admin/snippets/content/withdrawal/"]
    for name in ("topic", "contact", "footer", "cookienotice", "alert", "threatleveldecision",
                 "formeraddresses"):  # fmt: skip
        paths += [f"/admin/snippets/content/{name}/", f"/admin/snippets/content/{name}/add/"]
    paths += ["/admin/snippets/cooperation/partner/", "/admin/snippets/cooperation/partner/add/"]
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_cms_calls_no_other_host(client, admin, section):
    client.force_login(admin)
    for path in ("/admin/", f"/admin/pages/{section.pk}/edit/", "/admin/account/"):
        html = client.get(path).content.decode()
        assert "gravatar" not in html
        assert "releases.wagtail" not in html


def test_each_kind_of_page_says_what_it_is_for(client, editor, section):
    client.force_login(editor)
    page = client.get(f"/admin/pages/{section.pk}/add_subpage/").content.decode()
    assert "En text som står kvar: vad vi gör, och vad läsaren kan göra." in page
    assert all(model.get_page_description() for model in type(section).allowed_subpage_models())


def test_tree_rules_are_declared():
    for model in get_page_models():
        if issubclass(model, BasePage):
            assert model.parent_page_types, model
            assert model.subpage_types is not None, model


def test_threat_level_has_one_page_in_each_language(section):
    from pages.content.models import ThreatLevelPage

    assert ThreatLevelPage.can_create_at(section)
    ThreatLevelPageFactory(parent=section)
    assert not ThreatLevelPage.can_create_at(section)


def test_slug_of_a_title_with_trailing_space_has_no_hyphen_at_its_end(section):
    page = section.add_child(instance=ArticlePage(title="Flyktingspionage ", lead="Ingress."))
    assert page.slug == "flyktingspionage"


def test_slug_is_written_in_ascii(section):
    page = section.add_child(instance=ArticlePage(title="Så skyddar vi Åland & Öland", lead="x"))
    assert page.slug == "sa-skyddar-vi-aland-oland"


def test_page_names_are_swedish(home):
    with translation.override("sv"):
        names = {str(model._meta.verbose_name) for model in get_page_models()}
    assert {"startsida", "avdelningssida", "artikelsida", "nyhetslista", "nyhet",
            "samarbetssida", "sida om terrorhotnivån"} <= names  # fmt: skip


def test_preview_of_a_news_list_under_a_new_address_shows_its_news(home):
    index = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=index, title="Ny chef för kontraspionaget")
    index.slug = "aktuellt"
    draft = index.save_revision().as_object()
    assert "Ny chef för kontraspionaget" in draft.make_preview_request().content.decode()


def test_preview_of_a_section_shows_its_children(section):
    SectionPageFactory(parent=section, title="Kontraterrorism")
    assert "Kontraterrorism" in section.make_preview_request().content.decode()


@pytest.mark.parametrize(
    ("word", "said"), [("spaning", "1–2 av 2 sidor"), ("avlyssning", "1–1 av 1 sida")]
)
def test_page_search_says_how_many_pages_it_has_found(client, admin, section, word, said):
    for title in ("Spaning i stad", "Spaning på land", "Avlyssning"):
        ArticlePageFactory(parent=section, title=title)
    client.force_login(admin)
    html = client.get(f"/admin/pages/search/?q={word}").content.decode()
    assert f"</a> {said} </th>" in " ".join(html.split())


def test_login_says_whose_tool_it_is(client, home):
    html = client.get("/admin/login/").content.decode()
    assert "Logga in i redaktionsverktyget" in html
    assert "Lösenord" in html
    assert "<title>" in html
    assert "Wagtail" not in html.split("</title>")[0]


def test_the_chooser_of_pages_begins_where_one_last_was_or_where_one_writes(
    client, editor, section, home
):
    client.force_login(editor)

    def begins_at(query: str = "") -> int:
        answer = client.get(f"/admin/choose-page/{query}")
        assert "no-store" in answer.headers["Cache-Control"]  # it names drafts
        return answer.json()["parent_page_id"]

    client.get(f"/admin/pages/add/content/articlepage/{section.pk}/")
    assert begins_at() == section.pk
    client.get(f"/admin/choose-page/{home.pk}/")
    client.get(f"/admin/pages/add/content/articlepage/{section.pk}/")
    assert begins_at("?locale=en") == Page.get_first_root_node().pk
    assert begins_at("?locale=sv") == home.pk
