"""Ways round the rule that two persons confirm: each ends in a draft, or with nothing counted twice."""

import pytest
from django.test import Client
from wagtail.models import Page

from pages.models import ArticlePage
from pages.newsroom.submissions import send
from tests.factories import ArticlePageFactory
from tests.newsroom import confirm_all, publish_by_two

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def live(section) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def _bulk(client: Client, action: str, *pages: Page) -> tuple[str, str]:
    """The address of a bulk action, and what its page of questions has shown."""
    keys = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&{keys}"
    return address, client.get(address).context["form"]["seen"].value()


def _draft(section: Page, title: str) -> ArticlePage:
    return ArticlePageFactory(parent=section, title=title, live=False)


def _is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def test_several_are_sent_and_approved_at_once_each_through_the_rule(
    client, editor, chief_editor, section
):
    pages = [_draft(section, title) for title in ("Ett", "Två")]
    for page in pages:
        page.save_revision()
    client.force_login(editor)
    address, seen = _bulk(client, "send", *pages)
    assert "2 är skickade." in client.post(address, {"seen": seen}, follow=True).content.decode()
    client.force_login(chief_editor)
    address, seen = _bulk(client, "approve", *pages)
    approved = {"seen": seen, "saw_amber": "on"}
    words = client.post(address, approved, follow=True).content.decode()
    assert "2 är godkända." in words
    assert all(map(_is_live, pages))


def test_the_sender_who_approves_at_once_has_counted_once(client, chief_editor, section):
    page = _draft(section, "Ett")
    send(chief_editor, [page.save_revision(user=chief_editor)])
    client.force_login(chief_editor)
    address, seen = _bulk(client, "approve", page)
    words = client.post(address, {"seen": seen}, follow=True).content.decode()
    assert "Du kan inte vara båda personerna för ”Ett”." in words
    assert not _is_live(page)


def test_what_was_not_shown_or_of_another_page_is_not_approved(
    client, editor, chief_editor, section
):
    first, second = _draft(section, "Ett"), _draft(section, "Två")
    for page in (first, second):
        send(editor, [page.save_revision(user=editor)])
    client.force_login(chief_editor)
    address, seen = _bulk(client, "approve", first)
    other = _bulk(client, "approve", second)[1]

    for shown in ("", other):
        words = client.post(address, {"seen": shown}, follow=True).content.decode()
        assert "1 godkändes inte: ”Ett” är inte längre det du såg." in words
    first.title = "Ett annat"
    send(editor, [first.save_revision(user=editor)])
    client.post(address, {"seen": seen})
    assert not _is_live(first)
    assert not _is_live(second)


def test_a_copy_is_a_draft_that_nobody_has_confirmed(client, editor, chief_editor, live):
    publish_by_two(live, editor, chief_editor)
    client.force_login(chief_editor)
    form = {"new_title": "Kopia", "new_slug": "kopia", "new_parent_page": live.get_parent().pk,
            "publish_copies": "on", "alias": "on"}  # fmt: skip
    client.post(f"/admin/pages/{live.pk}/copy/", form)
    copy = ArticlePage.objects.get(slug="kopia")
    assert (copy.live, copy.alias_of_id, copy.first_published_at) == (False, None, None)
    send(chief_editor, [copy.latest_revision])
    assert not _is_live(copy)
    confirm_all(editor, copy)
    assert _is_live(copy)


def test_a_page_is_translated_under_its_translated_section_only(
    client, chief_editor, live, english_home
):
    client.force_login(chief_editor)
    english = {"locales": [english_home.locale_id]}
    response = client.post(f"/admin/translation/submit/page/{live.pk}/", english)
    assert "Översätt först avdelningen ”Verksamheten”." in response.content.decode()
    assert not Page.objects.filter(locale=english_home.locale).exclude(pk=english_home.pk).exists()

    client.post(f"/admin/translation/submit/page/{live.get_parent().pk}/", english)
    client.post(f"/admin/translation/submit/page/{live.pk}/", english)
    translation = live.get_translation(english_home.locale)
    assert (translation.live, translation.first_published_at) == (False, None)


def test_a_refusal_says_why_in_the_cms(client, admin, live, section):
    """A program is answered in its own way."""
    client.force_login(admin)
    address = f"/admin/api/main/pages/{live.pk}/action/unpublish/"
    answer = client.post(address, {}, headers={"accept": "application/json"})
    assert answer.json()["error_code"] == "blocked_by_hook"
    assert client.post(address, {}).status_code == 404
