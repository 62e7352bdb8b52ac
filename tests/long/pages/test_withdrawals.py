"""What tests/integration/pages/test_withdrawals.py says, in more cases."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from pages.content.models import ArticlePage, Withdrawal
from pages.newsroom.desk.telling import words_of_withdrawal
from pages.newsroom.keeping_public import deleting_for_good
from pages.newsroom.leading_on import lead_on
from pages.newsroom.withdrawals import describe, withdraw_page
from tests.factories import ArticlePageFactory, SectionPageFactory
from tests.integration.pages import test_withdrawals as first
from tests.integration.pages.test_withdrawals import ENGLISH, SWEDISH, _all_of, _withdraw, _words

article, other, english = first.article, first.other, first.english


def test_an_english_mistake_says_in_english_that_there_is_nothing(client, english):
    withdraw_page(english, "mistake")
    words = _words(client.get(ENGLISH))
    assert "<h1>This page has been removed</h1>" in words
    assert "There is nothing to read at this address." in words


def test_when_the_page_that_replaced_it_is_withdrawn_its_own_answer_follows(client, article, other):
    third = ArticlePageFactory(parent=article.get_parent(), title="Den tredje", slug="den-tredje")
    withdraw_page(article, "replaced", replaced_by=other)
    _withdraw(other, "outdated")
    response = client.get(SWEDISH)
    assert response.status_code == 410
    assert "Här fanns ”Den nya listan”. Vi tog bort den 3 mars 2027" in _words(response)
    Withdrawal.objects.filter(page=other).update(reason="replaced", replaced_by=third)
    assert client.get(SWEDISH)["Location"] == "/verksamheten/den-tredje/"
    withdraw_page(third, "mistake")
    response = client.get(SWEDISH)
    assert "Sidan är borttagen" in _words(response)
    assert "tredje" not in _words(response)


def test_what_replaced_it_and_is_gone_altogether_leads_nowhere(client, article, other):
    withdraw_page(article, "replaced", replaced_by=other)
    with deleting_for_good("a test"):
        Page.objects.get(pk=other.pk).delete()
    response = client.get(SWEDISH)
    assert response.status_code == 410
    assert "Checklista för skyddet" in _words(response)


def test_a_draft_that_is_given_is_withdrawn_as_readers_met_it(client, article):
    article.title = "Hemligt utkast"
    article.save_revision()
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert draft.title == "Hemligt utkast"
    withdraw_page(draft, "outdated")
    assert "Checklista för skyddet" in _words(client.get(SWEDISH))
    assert ArticlePage.objects.get(pk=article.pk).title == "Checklista för skyddet"


def test_where_a_page_lay_before_it_moved_tells_the_same(
    client, article, home, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        before = ArticlePage.objects.get(pk=article.pk)
        article.move(SectionPageFactory(parent=home, slug="om-oss"), pos="last-child")
        lead_on(ArticlePage.objects.get(pk=article.pk), before)
    assert client.get(SWEDISH)["Location"] == "/om-oss/checklista/"
    withdraw_page(article, "outdated")
    response = client.get(SWEDISH)
    assert response.status_code == 410
    assert "Här fanns ”Checklista för skyddet”" in _words(response)


def test_a_draft_that_gets_another_address_is_not_led_to(
    client, article, django_capture_on_commit_callbacks
):
    withdraw_page(article, "mistake")
    article.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        article.slug = "hemlig-adress"
        article.save()
    response = client.get(SWEDISH)
    assert response.status_code == 410
    assert "hemlig" not in _all_of(response)


def test_the_row_of_a_mistake_holds_neither_title_nor_day(article, admin):
    (row,) = withdraw_page(article, "mistake", user=admin)
    row.refresh_from_db()
    assert (row.title, row.withdrawn_on, row.withdrawn_by) == ("", None, admin)
    assert row.withdrawn_at is not None
    assert row.name == "Checklista för skyddet"
    row.title = "Checklista för skyddet"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_address_that_another_page_has_had_since_tells_of_the_last_one(client, article):
    withdraw_page(article, "outdated")
    article.refresh_from_db()
    article.slug = "arkiverad"
    article.save()
    Redirect.objects.all().delete()
    second = ArticlePageFactory(parent=article.get_parent(), title="Annan", slug="checklista")
    assert client.get(SWEDISH).status_code == 200
    withdraw_page(second, "outdated")
    assert "Här fanns ”Annan”" in _words(client.get(SWEDISH))


def test_what_goes_along_and_who_links_to_it_is_described(article, section, other, english):
    ArticlePageFactory(parent=article, title="Under", slug="under")
    ArticlePageFactory(parent=article, slug="utkast", live=False)
    article.refresh_from_db()
    link = ("link_row", [("page", {"page": article, "label": ""})])
    for slug, live in (("lank", True), ("utkast", False)):
        linking = ArticlePageFactory(parent=section, slug=slug, body=[link], live=live)
        ReferenceIndex.create_or_update_for_object(linking)
    reach = describe(article)
    assert [page.title for page in reach.below] == ["Under"]
    assert [page.slug for page in reach.linking] == ["lank"]
    assert reach.elsewhere == {"en": ENGLISH}


def test_who_withdraws_is_told_that_it_is_done():
    at = timezone.make_aware(timezone.datetime(2027, 3, 3, 14, 5))
    assert words_of_withdrawal("Checklista", at) == (
        "”Checklista” är borttagen från webbplatsen kl. 14.05. Alla versioner finns kvar."
    )
