"""What is public without the word of two persons is listed, and worked off."""

import html
import json
import re
from datetime import date

import pytest

from pages.content.models import ArticlePage
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.models import Approval, Confirmation, Publication
from pages.newsroom.submissions import Seen, confirm, send
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db

BEFORE = "/admin/redaktion/fore-regeln/"


def _words(client, address, user):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    return html.unescape(found[0])


@pytest.fixture
def old_pages(section):
    """Two pages from before the rule, dated by their last change."""
    made = []
    for title in ("Valet", "Beredskap"):
        page = ArticlePageFactory(parent=section, title=title)
        page.given_changed_on = date(2024, 3, 21)
        page.save_revision().publish()
        made.append(page)
    record_all()
    return made


def _stored(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_what_was_public_before_is_confirmed_as_it_stands_and_leaves_the_list(
    client, old_pages, editor, chief_editor
):
    words = _words(client, BEFORE, editor)
    assert "Före regeln" in words
    assert words.index("Valet") < words.index("Beredskap")
    assert f"/admin/redaktion/skicka/article/{old_pages[0].pk}/" in words
    before = [(each.last_published_at, each.changed_on) for each in map(_stored, old_pages)]

    outcome = send(editor, [page.live_revision for page in map(_stored, old_pages)])
    items = outcome.submission.items.all()
    confirm(chief_editor, outcome.submission, {each.pk: Seen(each.digest) for each in items})

    assert [(each.last_published_at, each.changed_on) for each in map(_stored, old_pages)] == before
    last = Publication.objects.filter(key=str(old_pages[0].pk)).last()
    assert last.approval.ground == Approval.Ground.TWO
    assert "Valet" not in _words(client, BEFORE, chief_editor)


def test_a_draft_that_is_written_on_is_not_lost_and_not_confirmed(
    client, old_pages, editor, chief_editor
):
    page = _stored(old_pages[0])
    page.title = "Valet, nytt"
    page.save_revision(user=editor)
    outcome = send(editor, [page.live_revision])
    confirm(
        chief_editor, outcome.submission,
        {each.pk: Seen(each.digest) for each in outcome.submission.items.all()},
    )  # fmt: skip
    stored = _stored(page)
    assert stored.title == "Valet"
    assert stored.has_unpublished_changes
    assert stored.get_latest_revision_as_object().title == "Valet, nytt"
    assert Confirmation.objects.filter(key=str(page.pk)).count() == 2


def test_emergencies_are_listed_with_who_when_why_and_the_review(
    client, section, editor, chief_editor
):
    page = ArticlePageFactory(parent=section, title="Explosion", live=False)
    words = _words(client, "/admin/redaktion/nodpubliceringar/", editor)
    assert "Det som en chefredaktör ensam har publicerat" in words
    assert "Det finns inga träffar." in words
    put_out_in_emergency(
        chief_editor, [page.save_revision(user=chief_editor)], "Fara för allmänhetens liv"
    )
    words = _words(client, "/admin/redaktion/nodpubliceringar/", editor)
    for said in ("Explosion", "chefredaktor", "Fara för allmänhetens liv", "Inte granskad"):
        assert said in words


def test_the_reports_stand_in_the_menu(client, home, editor):
    client.force_login(editor)
    menu = client.get("/admin/").content.decode()
    for name in ("Före regeln", "Nödpubliceringar"):
        assert json.dumps(name) in menu
