"""What tests/integration/pages/test_findings_on_pages.py says, in more cases."""

import html
import re

import pytest
from django.urls import reverse

from pages.newsroom.submissions import open_submission_of
from tests.factories import AlertFactory, ArticlePageFactory
from tests.integration.pages import test_findings_on_pages as first
from tests.integration.pages.test_confirmation_page import Page, confirming, sending, stored
from tests.integration.pages.test_findings_on_pages import NUMBER, WHY, asked, draft

article, people, sent = first.article, first.people, first.sent

pytestmark = pytest.mark.django_db


def test_what_was_typed_stays_when_something_else_is_wrong(article, people):
    draft(article, people.rolf, NUMBER, "TODO: mer")
    page = people.rolf.opens(sending(article))
    first, second = asked(page, "why:")
    refused = page.presses("send", **{first: WHY})
    assert WHY in refused
    assert "Publiceringskollen har 2 röda" in refused
    assert "är skickad" in refused.presses("send", **{first: WHY, second: "Ordet är citerat här."})


def test_who_asks_for_changes_has_to_agree_with_nothing(sent, people):
    page = people.cecilia.opens(confirming(sent))
    assert "är tillbaka hos Rolf" in page.presses("ask", note="Ta bort numret.")


def test_what_is_red_is_not_sent_as_one_of_several(section, people):
    red = ArticlePageFactory(parent=section, title="Rött", live=False)
    draft(red, people.rolf, NUMBER)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "send"])
    query = f"{address}?id={red.pk}&next=/admin/"
    page = Page(people.rolf, people.rolf.client.get(query))
    done = people.rolf.client.post(query, {**page.hidden(), "read": str(red.pk)}, follow=True)
    assert "”Rött” har 1 rött påpekande." in html.unescape(done.content.decode())
    assert open_submission_of(red) is None


def test_approved_one_by_one_nobody_agrees_unread(sent, people):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "approve"])
    query = f"{address}?id={sent.pk}&next=/admin/"
    page = Page(people.cecilia, people.cecilia.client.get(query))
    assert "”Valet” har 1 rött påpekande. Öppna" in page
    for more in ({}, {"saw_amber": "on"}):
        done = people.cecilia.client.post(query, {**page.hidden(), **more}, follow=True)
        assert "”Valet” har 1 rött påpekande." in html.unescape(done.content.decode())
    assert not stored(sent).live


def test_the_start_page_says_how_much_is_red_in_what_waits(sent, people):
    assert re.search(
        r"Valet Artikelsida · Svenska · Rolf Redaktör, sedan [^·]+· 1 rött",
        people.cecilia.opens("/admin/").words,
    )
    assert "1 rött" in people.rolf.opens("/admin/")


def test_beside_the_form_stands_where_the_findings_are_fetched(article, people):
    draft(article, people.rolf, NUMBER)
    form = people.rolf.opens(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    address = reverse("newsdesk:check", args=["article", article.pk])
    assert 'data-check-address="/admin/redaktion/koll/article/KEY/"' in form.markup
    assert f'data-check-key="{article.pk}"' in form.markup
    assert "data-content-checker" not in form.markup
    assert f'href="{address}" data-check-show' in form.markup

    part = people.rolf.opens(f"{address}?part")
    assert "<html" not in part.markup
    assert "Kontrollerat" in part
    block = stored(article).get_latest_revision_as_object().body[0].id
    assert f'href="/admin/pages/{article.pk}/edit/#place=body.{block}"' in part.markup
    assert "Gå till stället" in part
    whole = people.rolf.opens(address)
    assert "<html" in whole.markup
    assert "Publiceringskoll: 1 rött, 1 gult" in whole


def test_a_message_has_the_same_list(home, people):
    alert = AlertFactory(heading="TODO", live=False)
    alert.save_revision(user=people.rolf.user)
    address = reverse("newsdesk:check", args=["alert", alert.pk])
    assert "Text som inte är färdig" in people.rolf.opens(address)
    form = people.rolf.opens(f"/admin/snippets/content/alert/edit/{alert.pk}/")
    assert 'data-check-address="/admin/redaktion/koll/alert/KEY/"' in form.markup
