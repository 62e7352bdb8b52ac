# ruff: noqa: F811  a fixture has the name under which it is imported
"""People meet what the checks say: beside the form, where they send, and where they approve."""

import html
import re

import pytest
from django.urls import reverse

from pages.content.models import ArticlePage
from pages.newsroom.models import Confirmation
from pages.newsroom.permit import everything_permitted
from pages.newsroom.submissions import open_submission_of, send
from tests.factories import ArticlePageFactory
from tests.integration.pages.test_confirmation_page import (  # noqa: F401
    PASSWORD,
    Page,
    confirming,
    people,
    sending,
    stored,
)

pytestmark = pytest.mark.django_db

WHY = "Påhittat, se Skatteverkets testnummer."


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)


def draft(page, person, *texts):
    """A version with these paragraphs, and without topics: one amber finding."""
    page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.body = [("prose", f"<p>{text}</p>") for text in texts]
    return page.save_revision(user=person.user)


NUMBER = "Ring Anna, 191212121212."


def asked(page, beginning):
    """The names of the questions on a page, with their values."""
    found = re.findall(rf'name="({beginning}[^"]+)"[^>]*>', page.markup)
    marks = dict(re.findall(r'name="([^"]+)"[^>]* value="([^"]*)"', page.markup))
    return {html.unescape(name): marks.get(name, "") for name in found}


def test_who_sends_writes_a_reason_beside_each_red_finding(article, people):
    draft(article, people.rolf, NUMBER)
    page = people.rolf.opens(sending(article))
    assert "Publiceringskoll: 1 rött, 1 gult" in page
    assert "Personnummer" in page
    assert "Så här rättar du: Ta bort det. Är det påhittat? Skriv varför det får stå kvar." in page
    assert "Varför ska det publiceras ändå?" in page

    refused = page.presses("send")
    assert refused.response.status_code == 422
    assert "Publiceringskollen har 1 rött påpekande. Rätta det, eller skriv varför" in refused
    (name,) = asked(refused, "why:")
    field = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>', refused.markup)[0]
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field
    assert re.search(r'aria-describedby="([^"]+)"', field)[1] + '"' in refused.markup
    assert "Skriv skälet med minst några ord." in refused

    assert "är skickad för godkännande" in refused.presses("send", **{name: WHY})
    assert list(Confirmation.objects.get().reasons.values()) == [WHY]


@pytest.fixture
def sent(article, people):
    draft(article, people.rolf, NUMBER)
    page = people.rolf.opens(sending(article))
    (name,) = asked(page, "why:")
    page.presses("send", **{name: WHY})
    return article


def test_who_approves_reads_the_reason_and_says_so(sent, people):
    page = people.cecilia.opens(confirming(sent))
    assert f"Skäl från Rolf Redaktör: ”{WHY}”" in page
    assert "Jag har läst skälet och håller med" in page
    assert "Jag har sett de gula påpekandena" in page

    refused = page.presses("confirm", saw_amber="on")
    assert refused.response.status_code == 422
    assert "Läs skälet och kryssa för om du håller med. Begär annars ändringar." in refused
    assert not stored(sent).live

    ((name, mark),) = asked(page, "agree:").items()
    blind = Page(people.cecilia, people.cecilia.client.post(
        page.address, {**page.hidden(), "act": "confirm", name: mark}, follow=True
    ))  # fmt: skip
    assert blind.response.status_code == 422
    assert "Läs de gula påpekandena och kryssa för att du har sett dem." in blind
    assert not stored(sent).live

    done = page.presses("confirm", **{name: mark})
    assert "är publicerad kl." in done
    words = Confirmation.objects.order_by("pk")
    assert [sorted(each.reasons.values()) for each in words] == [[WHY], ["", WHY]]


def test_amber_that_was_seen_at_the_last_approval_is_not_ticked_again(article, people):
    def approving(*texts):
        send(people.rolf.user, [draft(article, people.rolf, *texts)])
        page = people.cecilia.opens(confirming(article))
        said = {**page.hidden(), "act": "confirm"}
        return page, Page(people.cecilia, people.cecilia.client.post(page.address, said))

    page, refused = approving("Vi skyddar valet.")
    assert refused.response.status_code == 422
    page.presses("confirm")
    for text in ("Vi skyddar varje val.", "Vi skyddar alla val."):
        page, done = approving(text)
        assert "Sågs vid förra godkännandet." in page
        assert "Jag har sett de gula" not in page
        assert "är publicerad kl." in done
    page, refused = approving(f"Vi skyddar {'och '.join(['valet '] * 30)}.")
    assert "Publiceringskoll: 2 gula" in page
    assert "Jag har sett de gula påpekandena" in page
    assert refused.response.status_code == 422


def test_a_hand_made_form_without_the_questions_publishes_nothing(sent, people):
    page = people.cecilia.opens(confirming(sent))
    answer = people.cecilia.client.post(page.address, {**page.hidden(), "act": "confirm"})
    assert answer.status_code == 422
    assert not stored(sent).live


def test_in_an_emergency_the_page_warns_and_publishes(article, people):
    draft(article, people.cecilia, NUMBER)
    page = people.cecilia.opens(sending(article))
    assert "Rött varnar men stoppar inte i krisläge." in page
    done = page.presses(
        "emergency", reason="Explosion, allmänheten måste varnas nu", password=PASSWORD
    )
    assert "är nödpublicerad kl." in done
    assert stored(article).live
    row = people.eva.opens("/admin/")
    review = people.eva.opens(re.search(r"/admin/redaktion/granska/\d+/", row.markup)[0])
    assert "Publiceringskoll: 1 rött, 1 gult" in review
    assert "Personnummer" in review


def test_a_draft_that_is_led_to_can_be_sent_together(article, section, people):
    other = ArticlePageFactory(parent=section, title="Andra", slug="andra", live=False)
    other.save_revision(user=people.rolf.user)
    draft(article, people.rolf, f'Se <a linktype="page" id="{other.pk}">den andra</a>.')
    page = people.rolf.opens(sending(article))
    assert "Länken leder till ett utkast" in page
    assert "Skicka tillsammans (Andra)" in page
    people.rolf.sends(other)
    assert "Skicka tillsammans (Andra)" in people.rolf.opens(sending(article))
    assert "Skicka tillsammans" not in people.eva.opens(sending(article))
    way = html.unescape(re.search(r'href="([^"]+)"[^>]*>Skicka tillsammans', page.markup)[1])

    both = people.rolf.opens(way)
    assert "Länken leder till ett utkast" not in both
    assert "Valet, Andra” är skickad för godkännande" in both.presses("send", to=way)
    waits = open_submission_of(article)
    assert [item.title for item in waits.items.all()] == ["Valet", "Andra"]
    done = people.cecilia.opens(confirming(article)).presses("confirm")
    assert "är publicerad" in done
    assert stored(article).live
    assert stored(other).live


def test_what_turned_red_meanwhile_waits_for_who_has_sent_it(article, section, people):
    target = ArticlePageFactory(parent=section, title="Målet", slug="malet")
    draft(article, people.rolf, f'Se <a linktype="page" id="{target.pk}">målet</a>.')
    people.rolf.sends(article)
    with everything_permitted():
        target.unpublish()
    page = people.cecilia.opens(confirming(article))
    assert "Länken leder till" in page
    (name,) = asked(page, "why:")
    told = page.presses("confirm", **{name: "Målet publiceras i kväll."})
    assert "Rolf Redaktör har fått ett mejl, och måste läsa skälet innan ”Valet”" in told
    assert not stored(article).live

    page = people.rolf.opens(confirming(article))
    assert "Skäl från Cecilia Chefredaktör: ”Målet publiceras i kväll.”" in page
    assert "är publicerad kl." in page.presses("confirm", **asked(page, "agree:"))
    assert stored(article).live


def test_saving_is_stopped_by_no_finding(article, people):
    draft(article, people.rolf, NUMBER, "TODO")
    assert stored(article).get_latest_revision_as_object().body[1].value.source == "<p>TODO</p>"


def test_of_what_there_is_not_there_are_no_findings(people):
    for address in ["koll/article/4711/", "koll/auth.user/1/", "koll/x/1/"]:
        assert people.rolf.client.get(f"/admin/redaktion/{address}").status_code == 404


def test_strangers_read_no_findings(article, client):
    answer = client.get(reverse("newsdesk:check", args=["article", article.pk]))
    assert answer.status_code == 302
