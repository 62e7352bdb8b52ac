"""Omdirigeringar: a register with drafts, from which Wagtail's redirects are written."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from pages.content.models import Redirection, page_hidden_by
from tests.factories import ArticlePageFactory

BASE = "/admin/snippets/content/redirection"
LEADS_BACK = "Omdirigeringen leder tillbaka till sig själv. Välj en annan sida."


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")


def _draft(old_path: str, to: object) -> Redirection:
    target = {"address": to} if isinstance(to, str) else {"page": to}
    draft = Redirection(old_path=old_path, live=False, **target)
    draft.clean()
    draft.save()
    return draft


def _publish(draft: Redirection) -> Redirection:
    draft.save_revision().publish()
    return Redirection.objects.get(pk=draft.pk)


def test_draft_leads_nobody_until_it_is_published(client, article):
    draft = _draft(" https://www.example.se/gammal/ ", article)
    assert draft.old_path == "/gammal"
    assert client.get("/gammal/").status_code == 404
    _publish(draft)
    answer = client.get("/gammal/")
    assert (answer.status_code, answer["Location"]) == (301, "/verksamheten/samarbete/")


def test_one_redirect_follows_what_is_published_and_goes_with_it(client, article):
    redirection = _publish(_draft("/gammal/", article))
    redirection.page, redirection.address = None, "https://example.org/"
    redirection.save_revision()
    assert client.get("/gammal/")["Location"] == "/verksamheten/samarbete/"
    redirection = _publish(redirection)
    assert client.get("/gammal/")["Location"] == "https://example.org/"
    assert Redirect.objects.get() == redirection.redirect
    redirection.unpublish()
    assert client.get("/gammal/").status_code == 404
    assert not Redirect.objects.exists()


def test_what_editors_publish_replaces_what_wagtail_made(client, article, section):
    Redirect.add_redirect("/gammal/", redirect_to=section, automatically_created=True)
    _publish(_draft("/gammal/", article))
    assert client.get("/gammal/")["Location"] == "/verksamheten/samarbete/"


def test_redirection_that_would_hide_a_public_page_is_refused(article, section):
    draft = _draft("/verksamheten/samarbete/", section)
    assert page_hidden_by(draft).pk == article.pk
    hidden = "Omdirigeringen skulle dölja sidan ”Samarbete med andra”. Ta bort den sidan först."
    with pytest.raises(ValidationError, match=hidden):
        _publish(draft)
    assert not Redirect.objects.exists()
    article.unpublish()
    assert page_hidden_by(draft) is None
    _publish(draft)


def test_redirection_that_leads_back_to_itself_is_refused(article, section):
    article.unpublish()
    _publish(_draft("/b/", "/c/?x=1"))
    for old_path, to in [
        ("/a/", "/a/?igen=1"), ("/a/", "https://localhost/a"), ("/c/", "/b/"),
        ("/verksamheten/samarbete/", article),
    ]:  # fmt: skip
        with pytest.raises(ValidationError, match=LEADS_BACK):
            _publish(_draft(old_path, to))
    _publish(_draft("/a/", "/b/"))


@pytest.mark.parametrize("by_address", [False, True])
def test_redirection_to_a_draft_is_refused(section, by_address):
    draft_page = ArticlePageFactory(parent=section, title="Ett utkast", slug="utkast", live=False)
    to = "/verksamheten/utkast/" if by_address else draft_page
    with pytest.raises(
        ValidationError, match="leder till ”Ett utkast”, som besökare inte kan läsa"
    ):
        _publish(_draft("/gammal/", to))


def test_redirection_leads_to_one_place_and_no_other_leads_from_there(article):
    both = _draft("/gammal/", article)
    both.address = "/annat/"
    for unclear in (both, _draft("/gammal/", "")):
        with pytest.raises(
            ValidationError, match="Välj en sida eller skriv en adress, men inte båd"
        ):
            _publish(unclear)
    _publish(_draft("/gammal/", article))
    with pytest.raises(
        ValidationError, match="Det finns redan en omdirigering från den här adress"
    ):
        _publish(_draft("/gammal/", "/annat/"))


def test_chief_editor_is_told_in_the_form_what_is_wrong(client, chief_editor, article):
    client.force_login(chief_editor)
    given = {"old_path": "/verksamheten/samarbete/", "page": "", "address": "/", "note": "Intern."}
    client.post(f"{BASE}/add/", given)
    draft = Redirection.objects.get()
    assert (draft.live, draft.old_path) == (False, "/verksamheten/samarbete")
    edit = f"{BASE}/edit/{draft.pk}/"
    answer = client.post(edit, given | {"forward": "send"})
    assert "skulle dölja sidan ”Samarbete med andra”" in answer.content.decode()
    client.post(edit, given | {"old_path": "/gammal"})
    Redirection.objects.get().latest_revision.publish()
    assert client.get("/gammal/")["Location"] == "/"


def test_redirects_of_wagtail_are_closed_also_to_superusers(client, admin, home):
    client.force_login(admin)
    for below in ["", "add/", "1/", "1/delete/", "import/", "import/process/"]:
        for ask in (client.get, client.post):
            answer = ask(f"/admin/redirects/{below}")
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")
        html = client.get("/admin/").content.decode()
        assert f'"{BASE}/"' in html
        assert '"/admin/redirects/"' not in html


def test_what_is_to_lead_elsewhere_later_leads_as_before_until_then(client, article):
    redirection = _publish(_draft("/gammal/", article))
    redirection.page, redirection.address = None, "https://example.org/"
    redirection.go_live_at = timezone.now() + timedelta(days=1)
    redirection = _publish(redirection)
    assert redirection.live
    assert client.get("/gammal/")["Location"] == "/verksamheten/samarbete/"
