"""What people read of an act before they confirm it: what is done, to which pages, in which order."""

import pytest
from django.urls import reverse

from pages.newsroom.proposals import act_of, make_proposal, object_of_proposal
from pages.newsroom.submissions import send
from tests.factories import ArticlePageFactory, SectionPageFactory
from tests.newsroom import main_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(section):
    names = ("Kontraspionage", "Personskydd", "Icke-spridning")
    return [ArticlePageFactory(parent=section, title=name, slug=name.lower()) for name in names]


def _lines(proposal):
    return act_of(proposal).lines(object_of_proposal(proposal), proposal.parameters)


def test_what_waits_says_that_it_is_to_be_removed(client, editor, chief_editor, section, pages):
    proposal = make_proposal("withdraw", pages[0], {"reason": "outdated"}, editor)
    submission = send(editor, [proposal]).submission
    client.force_login(chief_editor)
    assert "Ta bort från webbplatsen ·" in main_words(client.get("/admin/"))
    page = main_words(client.get(reverse("newsdesk:confirm", args=[submission.pk])))
    assert "Ta bort från webbplatsen · Artikelsida" in page
    assert "Publiceras:" not in page
    assert "Ändra själv" not in page


def test_the_pages_below_what_is_removed_are_named(editor, section, pages):
    proposal = make_proposal("withdraw", section, {"reason": "outdated"}, editor)
    said = " ".join(_lines(proposal))
    assert all(f"”{page.title}”" in said for page in pages)


def test_only_twenty_of_many_pages_below_are_named(editor, home):
    above = SectionPageFactory(parent=home, title="Stor", slug="stor")
    for number in range(23):
        ArticlePageFactory(parent=above, title=f"Sida {number:02}", slug=f"s{number}")
    said = " ".join(_lines(make_proposal("withdraw", above, {"reason": "outdated"}, editor)))
    assert "”Sida 19”" in said
    assert "”Sida 20”" not in said
    assert "och 3 till" in said


def test_an_order_says_which_pages_have_moved(editor, section, pages):
    first, second, third = pages
    order = {"children": [second.pk, first.pk, third.pk]}
    assert _lines(make_proposal("order", section, order, editor)) == [
        "1. Personskydd (förut 2)",
        "2. Kontraspionage (förut 1)",
        "3. Icke-spridning",
    ]
