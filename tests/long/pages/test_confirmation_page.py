"""What tests/integration/pages/test_confirmation_page.py says, in more cases."""

import re

import pytest
from django.urls import reverse

from pages.newsroom.emergencies import open_emergencies
from pages.newsroom.models import Approval, Confirmation, Submission
from pages.newsroom.submissions import open_submission_of
from tests.factories import ArticlePageFactory, ContactFactory
from tests.integration.pages import test_confirmation_page as first
from tests.integration.pages.test_confirmation_page import Person, confirming, sending, stored

people, article, sent = first.people, first.article, first.sent

pytestmark = pytest.mark.django_db


def test_two_editors_are_told_that_a_chief_is_missing(sent, people):
    page = people.eva.opens(confirming(sent))
    assert page.buttons["confirm"] == "Godkänn"
    told = page.presses("confirm")
    assert (
        "Ditt godkännande är sparat. En chefredaktör måste också godkänna innan "
        "”Så skyddar vi valet” publiceras." in told
    )
    assert not stored(sent).live

    told = people.cecilia.opens(confirming(sent)).presses("confirm")
    assert "Skickad av Rolf Redaktör, godkänd av dig." in told
    assert stored(sent).live


def test_who_reads_what_was_sent_anew_is_told_and_reads_again(sent, people):
    page = people.doris.opens(confirming(sent))
    people.cecilia.writes(sent, "Så skyddar vi valet!")
    people.cecilia.sends(sent)
    told = page.presses("confirm")

    assert not stored(sent).live
    assert "Innehållet är inte längre det du läste. Cecilia Chefredaktör sparade kl." in told
    assert "Så skyddar vi valet!" in told

    told.presses("confirm")
    assert stored(sent).title == "Så skyddar vi valet!"


def test_a_second_press_sends_nothing_twice(article, people):
    people.rolf.writes(article, "Så skyddar vi valet")
    page = people.rolf.opens(sending(article))
    page.presses("send")
    told = page.presses("send")

    assert Submission.objects.count() == 1
    assert Confirmation.objects.count() == 1
    assert told.response.status_code == 200


def test_what_was_public_before_the_rule_is_confirmed_as_it_stands(people, section):
    article = ArticlePageFactory(parent=section, title="Gammal", slug="gammal")
    article.save_revision(changed=False)
    page = people.rolf.opens(sending(article))
    assert "Läsarna möter redan det här, precis som det är." in page
    page.presses("send")
    told = people.cecilia.opens(confirming(article)).presses("confirm")
    assert "”Gammal” är publicerad kl." in told
    assert "Det finns inget nytt att skicka." in people.rolf.opens(sending(article))


def test_what_was_put_out_while_somebody_reviewed_is_read_too(article, people):
    people.cecilia.writes(article, "Explosion")
    people.cecilia.opens(sending(article)).presses("emergency", reason="Fara för liv i området.")
    page = people.rolf.opens(reverse("newsdesk:review", args=[Approval.objects.get().pk]))
    people.cecilia.writes(article, "Explosion i norr")
    people.cecilia.opens(sending(article)).presses("emergency", reason="Fara för liv i området.")

    told = page.presses("right")
    assert "Mer har publicerats sedan du öppnade sidan." in told
    assert open_emergencies().count() == 2


def test_a_row_of_a_register_is_sent_and_confirmed_on_the_same_pages(people):
    contact = ContactFactory(live=False)
    contact.save_revision(user=people.rolf.user)
    address = reverse("newsdesk:send", args=["contact", contact.pk])
    assert "är skickad för godkännande" in people.rolf.opens(address).presses("send")

    page = people.cecilia.opens(reverse("newsdesk:confirm", args=[open_submission_of(contact).pk]))
    assert "är publicerad kl." in page.presses("confirm")
    contact.refresh_from_db()
    assert contact.live


def test_who_once_sent_a_page_does_not_take_back_what_another_sends_later(sent, people):
    people.cecilia.opens(confirming(sent)).presses("confirm")
    people.eva.writes(sent, "Så skyddar vi nästa val")
    people.eva.sends(sent)
    page = people.rolf.opens(confirming(sent))
    assert "take_back" not in page.buttons
    refused = page.presses("take_back")
    assert "Bara den som har skickat det kan ta tillbaka det." in refused
    assert open_submission_of(stored(sent)) is not None


def test_who_has_read_an_earlier_version_is_shown_what_was_changed_since(article, people):
    people.rolf.writes(article, "Så skyddar vi valet i hela landet")
    people.rolf.sends(article)
    page = people.cecilia.opens(confirming(article))
    assert "Allt är nytt. Inget av det har varit publicerat." in page
    page.presses("ask", note="Landet är för litet.")
    people.rolf.writes(article, "Så skyddar vi valet i hela riket")
    people.rolf.sends(article)
    page = people.cecilia.opens(confirming(article))
    since, everything = page.words.split("Ändrat sedan du läste senast")[1].split(
        "Allt som är nytt"
    )
    assert "Så skyddar vi valet i hela [nytt: riket ]" in since
    assert "Så skyddar vi valet i hela [borta: landet ]" in since
    assert "Allt är nytt. Inget av det har varit publicerat." in everything
    assert "Ändrat sedan du läste senast" not in people.doris.opens(confirming(article))


def test_who_asks_for_changes_without_words_is_led_to_the_field(sent, people):
    page = people.cecilia.opens(confirming(sent)).presses("ask")
    assert re.search(r'<textarea name="note"[^>]* autofocus', page.markup)


def test_who_keeps_the_accounts_is_told_how_to_let_somebody_approve(sent, admin):
    page = Person(admin).opens(confirming(sent))
    assert "Inställningar → Användare" in page
    assert "räknas som du i sju dagar" in page
