"""A page that goes from red to public: mended, waived by two, and read."""

import json
import uuid

import pytest
from playwright.sync_api import expect

from pages.content.models import ArticlePage, SectionPage
from tests.factories import ArticlePageFactory, SiteImageFactory

from .newsroom_people import Person
from .test_newsroom import _user

WHY = "Påhittat, se Skatteverkets testnummer."


@pytest.fixture
def draft(newsroom):
    """An article with a picture that has no text alternative, as Rolf has saved it."""
    page = ArticlePageFactory(
        parent=SectionPage.objects.get(slug="verksamheten"), title="Så vaktar vi torget",
        slug="torget", live=False, first_published_at=None, lead="Vi vaktar torget.",
    )  # fmt: skip
    picture = {"image": SiteImageFactory(shows_people="no").pk, "decorative": False, "alt_text": ""}
    page.body = json.dumps([
        {"type": "figure", "id": str(uuid.uuid4()), "value": {"image": picture, "caption": ""}},
    ])  # fmt: skip
    page.save_revision(user=_user("rolf"))
    return page


def panel(person: Person):
    return person.page.locator("[data-check-address]")


def number_on_toggle(person: Person):
    return person.page.locator('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]')


def types(person: Person, label: str, text: str) -> None:
    """Letter by letter, as people do: a form that was just opened saves nothing at first."""
    box = person.page.get_by_role("textbox", name=label).first
    box.press("End")
    box.press_sequentially(text, delay=80)


def test_a_page_goes_from_red_to_public(newsroom, draft):
    complaints: list[str] = []
    rolf = newsroom.enters("Rolf")
    rolf.page.on("pageerror", lambda error: complaints.append(str(error)))
    rolf.page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    # The list leads from the page of sending to the place in the form.
    rolf.opens(f"/admin/redaktion/skicka/article/{draft.pk}/")
    rolf.follows("Gå till stället: Alternativtext saknas")
    expect(rolf.page.locator(":focus")).to_have_attribute("name", "body-0-value-image-alt_text")
    rolf.opens_form(draft)
    expect(number_on_toggle(rolf)).to_have_text("2")
    rolf.page.get_by_role("button", name="Publiceringskoll").click()
    expect(panel(rolf)).to_contain_text("Publiceringskoll: 1 rött, 1 gult")
    expect(panel(rolf)).to_contain_text("Alternativtext saknas")

    # What is written is saved by itself, and looked at.
    types(rolf, "Ingress", " Fråga efter Anna, 19121212-1212.")
    expect(panel(rolf)).to_contain_text("Publiceringskoll: 2 röda, 1 gult")
    expect(number_on_toggle(rolf)).to_have_text("3")
    expect(panel(rolf)).to_contain_text("Personnummer")

    # The way to the place; there it is mended.
    row = panel(rolf).locator(".finding", has_text="Alternativtext saknas")
    row.get_by_role("link", name="Gå till stället").click()
    focused = rolf.page.locator(":focus")
    expect(focused).to_have_attribute("name", "body-0-value-image-alt_text")
    focused.fill("Två poliser på ett torg.")
    expect(panel(rolf)).to_contain_text("Publiceringskoll: 1 rött, 1 gult")

    # The line in the head of the form opens the list.
    rolf.page.locator('[data-side-panel-toggle="status"]').click()
    expect(panel(rolf)).to_be_hidden()
    rolf.follows("Publiceringskoll: 1 rött, 1 gult")
    expect(panel(rolf)).to_be_visible()

    rolf.presses("Granska och skicka")
    rolf.reads("Publiceringskoll: 1 rött, 1 gult")
    rolf.presses("Skicka för godkännande")
    rolf.reads("Publiceringskollen har 1 rött påpekande.")
    reason = rolf.page.get_by_label("Varför ska det publiceras ändå?")
    expect(reason).to_be_focused()
    reason.fill(WHY)
    rolf.presses("Skicka för godkännande")
    rolf.is_told("är skickad för godkännande.")
    # That it was refused once is written in the console by the browser itself.
    assert [each for each in complaints if "422" not in each] == []

    cecilia = newsroom.enters("Cecilia")
    cecilia.opens("/admin/")
    cecilia.reads("· 1 rött")
    cecilia.follows("Öppna Så vaktar vi torget")
    cecilia.reads(f"Skäl från Rolf Redaktör: ”{WHY}”")
    cecilia.approves()
    cecilia.reads("Läs skälet och kryssa för om du håller med.")
    agreement = cecilia.page.get_by_label("Jag har läst skälet och håller med")
    expect(agreement).to_be_focused()
    cecilia.page.keyboard.press("Space")
    cecilia.approves()
    cecilia.is_told("”Så vaktar vi torget” är publicerad kl.")

    reader = newsroom.reader()
    reader.opens(ArticlePage.objects.get(pk=draft.pk).url)
    reader.reads("Fråga efter Anna, 19121212-1212.")
    expect(reader.page.get_by_role("img", name="Två poliser på ett torg.")).to_be_visible()


def test_at_the_first_saving_of_something_new_it_is_looked_at(newsroom):
    section = SectionPage.objects.get(slug="verksamheten")
    rolf = newsroom.enters("Rolf")
    rolf.opens(f"/admin/pages/add/content/articlepage/{section.pk}/")
    rolf.page.get_by_role("button", name="Publiceringskoll").click()
    expect(panel(rolf)).to_contain_text("Inget hindrar dig från att spara.")
    rolf.writes("Rubrik", "TODO torget")
    types(rolf, "Ingress", "Vi vaktar torget natt och dag.")
    expect(panel(rolf)).to_contain_text("Text som inte är färdig")
