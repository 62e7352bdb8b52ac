"""What tests/integration/pages/test_acts.py says, in more cases."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from pages.content.models import ArticlePage, Contact, PageTopic
from pages.newsroom.models import Submission
from tests.factories import ArticlePageFactory, TopicFactory
from tests.integration.pages import test_acts as first
from tests.integration.pages.test_acts import (
    _nothing_differs,
    _order,
    confirms,
    moves,
    moving,
    ordering,
    orders,
    submits,
    withdrawing,
    withdraws,
)
from tests.integration.pages.test_confirmation_page import Person

rolf, cecilia, article = first.rolf, first.cecilia, first.article
below, other, recorded = first.below, first.other, first.recorded
three = first.three

pytestmark = pytest.mark.django_db


def test_what_was_sent_of_a_page_that_goes_is_a_draft_again(
    rolf, cecilia, article, below, recorded
):
    recorded()
    for page in (article, below):
        rolf.writes(page, f"{page.title} 2")
        rolf.sends(page)
    withdraws(rolf, below, reason="outdated")
    page = rolf.opens(withdrawing(article))
    assert "väntar på godkännande. Skickar du det här blir det som väntar ett utkast igen." in page
    submits(page, "send", reason="outdated")
    act = Submission.objects.get(items__proposal__isnull=False, items__key=article.pk)
    cecilia.opens(reverse("newsdesk:confirm", args=[act.pk])).presses("confirm")
    assert not Submission.objects.filter(outcome="").exists()
    for page in (article, below):
        assert ArticlePage.objects.get(pk=page.pk).current_workflow_state is None
    _nothing_differs()


def test_a_topic_in_use_is_not_taken_away(rolf, cecilia, article, recorded):
    topic = TopicFactory(name="Skydd", slug="skydd")
    row = PageTopic.objects.create(page=article, topic=topic)
    page = rolf.opens(withdrawing(topic))
    assert "Ämnet används på 1 publicerad sida. Ta bort det där först." in page
    assert page.buttons == {}
    row.delete()
    withdraws(rolf, topic)
    PageTopic.objects.create(page=article, topic=topic)
    assert "Ämnet används på 1 publicerad sida. Ta bort det där först." in confirms(cecilia)
    topic.refresh_from_db()
    assert topic.live


def test_to_move_there_again_after_it_was_undone_takes_two_new_words(
    rolf, cecilia, article, other, section, recorded
):
    recorded()
    for target in (other, section):
        moves(rolf, article, target).presses("send")
        confirms(cecilia)
    page = moves(rolf, article, other)
    assert page.buttons == {"send": "Skicka för godkännande"}
    page.presses("send")
    assert Page.objects.get(pk=article.pk).get_parent().pk == section.pk
    _nothing_differs()


def test_an_order_takes_two_new_words_each_time_and_stops_if_pages_come(
    rolf, cecilia, section, three, recorded
):
    recorded()
    one, two, last = three
    for pages in ([last, one, two], [one, two, last]):
        orders(rolf, section, pages).presses("send")
        confirms(cecilia)
    page = orders(rolf, section, [last, one, two])
    assert page.buttons == {"send": "Skicka för godkännande"}
    page.presses("send")
    ArticlePageFactory(parent=section, title="Fem", slug="fem")
    assert "Sidor har kommit till eller försvunnit under tiden." in confirms(cecilia)
    assert _order(section)[:3] == ["Ett", "Tre", "Fyra"]


def test_a_page_that_was_away_comes_back_last_without_alarm(
    rolf, cecilia, section, other, three, recorded
):
    recorded()
    one, two, last = three
    orders(rolf, section, [last, one, two]).presses("send")
    confirms(cecilia)
    for target in (other, section):
        moves(rolf, last, target).presses("send")
        confirms(cecilia)
    assert _order(section) == ["Ett", "Tre", "Mellan", "Fyra"]
    _nothing_differs()


def test_lists_and_headers_lead_to_the_acts(rolf, section, article, other, home):
    contact = Contact.objects.create(locale=home.locale, name="Presstjänsten", phone="010-1")
    draft = ArticlePageFactory(parent=section, title="Utkastet", live=False)
    listing = rolf.opens(reverse("wagtailadmin_explore", args=[section.pk])).markup
    for address in (withdrawing(article), moving(article), ordering(section)):
        assert f'href="{address}"' in listing
    assert withdrawing(draft) not in listing
    assert "Ordna undersidor" in listing
    register = rolf.opens(reverse("wagtailsnippets_content_contact:list")).markup
    assert withdrawing(contact) in register
    assert "Ta bort från webbplatsen" in register


def test_who_is_in_no_group_sends_nothing(admin, article, other, section, three):
    alone = Person(admin)
    page = alone.opens(withdrawing(article))
    assert "Ditt konto får inte godkänna" in page
    submits(page, "send", reason="outdated")
    moves(alone, article, other)
    orders(alone, section, three[::-1])
    assert Submission.objects.count() == 0
