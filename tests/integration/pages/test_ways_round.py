"""Ways round the rule that two persons confirm: each ends in a draft, or with nothing counted twice."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from wagtail.models import Page

from pages.content.models import ArticlePage
from pages.content.models.page_form import MOST_COPIED
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.submissions import send
from tests.factories import ArticlePageFactory
from tests.newsroom import asked_of_several, confirm_all, flawless_draft, publish_by_two

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def live(section) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def _is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def _answer(response) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def test_several_are_read_and_approved_at_once_each_with_a_line_of_its_own(
    client, editor, chief_editor, section
):
    pages = [flawless_draft(section, title) for title in ("Ett", "Två")]
    for page in pages:
        page.body = json.dumps([{"type": "prose", "value": f"<p>Om {page.title}.</p>"}])
        page.save_revision()
    client.force_login(editor)
    address, asked = asked_of_several(client, "send", *pages)
    words = _answer(client.post(address, asked, follow=True))
    assert re.search("”Ett” är skickad för godkännande.*”Två” är skickad för godkännande", words)
    client.force_login(chief_editor)
    address, asked = asked_of_several(client, "approve", *pages)
    words = _answer(client.get(address))
    assert "Om Ett." in words
    assert "Om Två." in words

    words = _answer(client.post(address, asked | {"read": asked["read"][:1]}, follow=True))
    assert "”Ett” är publicerad kl. " in words
    assert "”Två” är som den var: du har inte kryssat för att du har läst den." in words
    assert [_is_live(page) for page in pages] == [True, False]
    assert "”Två” är publicerad kl. " in _answer(client.post(address, asked, follow=True))


def test_what_has_findings_is_read_by_itself_and_not_as_one_of_several(
    client, editor, chief_editor, section
):
    amber = ArticlePageFactory(parent=section, title="Utan ämne", live=False)
    amber.save_revision(user=editor)
    for user, action in ((editor, "send"), (chief_editor, "approve")):
        client.force_login(user)
        words = _answer(client.get(asked_of_several(client, action, amber)[0]))
        assert "”Utan ämne” har gula påpekanden: öppna den och läs dem." in words
        send(editor, [amber.get_latest_revision()])


def test_sending_several_never_approves_what_somebody_else_has_sent(
    client, editor, chief_editor, section
):
    sent, own = flawless_draft(section, "Skickad"), flawless_draft(section, "Egen")
    own.save_revision(user=chief_editor)
    waits = send(editor, [sent.save_revision(user=editor)]).submission
    client.force_login(chief_editor)
    address, asked = asked_of_several(client, "send", sent, own)
    page = client.get(address).content.decode()
    assert "”Skickad” väntar redan på godkännande." in page
    assert f'href="/admin/redaktion/godkann/{waits.pk}/"' in page
    digest = waits.items.get().digest
    seen = json.dumps({**json.loads(asked["seen"]), str(sent.pk): [digest, None, {}]})
    asked = {"seen": seen, "read": [*asked["read"], str(sent.pk)]}
    answer = client.post(address, asked, follow=True)
    assert "”Egen” är skickad för godkännande." in _answer(answer)
    assert "”Skickad” väntar redan på godkännande. Öppna" in _answer(answer)
    assert not _is_live(sent)
    assert waits.confirmations.count() == 1


def test_where_all_are_left_out_no_check_says_that_all_is_well(
    client, editor, chief_editor, section
):
    sent = flawless_draft(section, "Skickad")
    send(editor, [sent.save_revision(user=editor)])
    client.force_login(chief_editor)
    words = _answer(client.get(asked_of_several(client, "send", sent)[0]))
    assert "”Skickad” väntar redan på godkännande." in words
    assert "Avbryt" in words
    assert "Publiceringskoll" not in words
    assert "Det som är nytt" not in words


def test_sending_what_another_has_sent_meanwhile_is_no_word_on_it(editor, chief_editor, section):
    page = flawless_draft(section, "Samma")
    revision = page.save_revision(user=editor)
    waits = send(editor, [revision]).submission
    with pytest.raises(NotConfirmed, match="”Samma” väntar redan på godkännande"):
        send(chief_editor, [revision])
    another = flawless_draft(section, "Annan").save_revision(user=chief_editor)
    with pytest.raises(NotConfirmed, match="”Samma” väntar redan på godkännande"):
        send(chief_editor, [another, revision])
    assert not _is_live(page)
    assert waits.confirmations.count() == 1
    assert send(editor, [revision]).submission == waits


def test_the_button_says_what_becomes_of_several_and_at_most_twenty_are_taken(
    client, editor, chief_editor, section
):
    pages = [flawless_draft(section, f"Sida {number}") for number in range(22)]
    pages[0].go_live_at = now() + timedelta(days=1)
    for page in pages:
        send(editor, [page.save_revision(user=editor)])
    client.force_login(chief_editor)
    words = _answer(client.get(asked_of_several(client, "approve", *pages)[0]))
    assert "Godkänn och schemalägg · Godkänn och publicera" in words
    assert "”Sida 21” får inte plats: högst 20 läses på en gång." in words


def test_the_sender_who_approves_several_is_told_that_somebody_else_must(
    client, chief_editor, section
):
    page = flawless_draft(section, "Ett")
    send(chief_editor, [page.save_revision(user=chief_editor)])
    client.force_login(chief_editor)
    address, asked = asked_of_several(client, "approve", page)
    for answer in (client.get(address), client.post(address, asked, follow=True)):
        assert "Du kan inte vara båda personerna för ”Ett”." in _answer(answer)
    assert not _is_live(page)


def test_what_was_not_shown_or_of_another_page_is_not_approved(
    client, editor, chief_editor, section
):
    first, second = flawless_draft(section, "Ett"), flawless_draft(section, "Två")
    for page in (first, second):
        send(editor, [page.save_revision(user=editor)])
    client.force_login(chief_editor)
    address, asked = asked_of_several(client, "approve", first)
    other = asked_of_several(client, "approve", second)[1]

    for shown in ("", other["seen"]):
        words = client.post(address, asked | {"seen": shown}, follow=True).content.decode()
        assert "”Ett” är inte längre det du såg." in words
    first.title = "Ett annat"
    send(editor, [first.save_revision(user=editor)])
    client.post(address, asked)
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


def test_a_page_with_many_below_it_is_copied_and_translated_without_them(
    client, chief_editor, section, home, english_home
):
    for number in range(MOST_COPIED):
        ArticlePageFactory(parent=section, title=f"Sida {number}")
    client.force_login(chief_editor)
    address = f"/admin/pages/{section.pk}/copy/"
    form = {"new_title": "Kopia", "new_slug": "kopia", "new_parent_page": home.pk}
    assert "copy_subpages" in client.get(address).context["form"].fields
    ArticlePageFactory(parent=section, title="En till")
    refused = _answer(client.post(address, {**form, "copy_subpages": "on"}))
    assert "Högst 30 underliggande sidor kopieras på en gång. Ta bort bocken." in refused
    assert not Page.objects.filter(slug="kopia").exists()
    into_english = {"locales": [english_home.locale_id], "include_subtree": "on"}
    translate = f"/admin/translation/submit/page/{section.pk}/"
    assert "Högst 30 underliggande" in _answer(client.post(translate, into_english))
    client.post(address, form)
    assert Page.objects.get(slug="kopia").numchild == 0


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


def test_no_list_offers_to_publish_several(client, admin, live):
    client.force_login(admin)
    listed = client.get(f"/admin/pages/{live.get_parent().pk}/").content.decode()
    offered = set(re.findall(r"/admin/bulk/wagtailcore/page/(\w+)/", listed))
    assert offered == {"send", "approve", "delete"}
