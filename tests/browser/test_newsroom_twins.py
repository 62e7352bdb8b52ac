"""A page in easy Swedish: written by one, approved by another, read by a third, and then left behind."""

import re

import pytest
from playwright.sync_api import expect

from pages.content.models import ArticlePage, SectionPage
from tests.factories import ArticlePageFactory

PANEL = "Lättläst, teckenspråk och minoritetsspråk"


@pytest.fixture
def original(site):
    ArticlePageFactory(
        parent=SectionPage.objects.get(slug="verksamheten"), title="Vem ska jag ringa?", slug="vem",
        lead="Är det bråttom ringer du 112.",
    ).save_revision().publish()  # fmt: skip


def test_a_page_in_easy_swedish_is_made_approved_read_and_left_behind(original, newsroom):
    rolf, cecilia = newsroom.enters("Rolf"), newsroom.enters("Cecilia")
    section = SectionPage.objects.get(slug="verksamheten")
    rolf.opens(f"/admin/pages/add/content/articlepage/{section.pk}/")
    rolf.page.locator("#id_title").press_sequentially("Vem ringer jag")
    expect(rolf.page.locator("#id_slug")).to_have_value("vem-ringer-jag")
    rolf.writes("Ingress", "Ring 112 om någon är i fara.")
    rolf.page.locator(".w-panel__heading", has_text=PANEL).click()
    rolf.page.get_by_label("Sidan är på").select_option("Lättläst")
    rolf.presses("Granska och skicka")
    rolf.reads("Välj den vanliga sidan.")
    rolf.presses("Välj en sida")
    chooser = rolf.page.locator(".modal-body")
    chooser.get_by_label("Sökterm").fill("Vem ska")
    chooser.get_by_role("link", name="Vem ska jag ringa?").click()
    rolf.presses("Granska och skicka")
    rolf.reads("Vem ska jag ringa? (/verksamheten/vem/)")
    rolf.presses("Skicka för godkännande")
    rolf.is_told("är skickad för godkännande.")
    twin = ArticlePage.objects.get(slug="vem-ringer-jag")
    assert not twin.live

    cecilia.opens("/admin/")
    cecilia.follows("Öppna Vem ringer jag")
    cecilia.reads("Lättläst")
    cecilia.approves()
    cecilia.is_told("är publicerad kl.")

    reader = newsroom.reader()
    reader.opens("/verksamheten/vem/")
    reader.follows("Lättläst")
    expect(reader.page.locator("h1")).to_have_text("Vem ringer jag")
    reader.reads_nothing_of("inte uppdaterad än")
    reader.follows("Den vanliga sidan: Vem ska jag ringa?")
    expect(reader.page).to_have_url(re.compile("/verksamheten/vem/$"))

    original = ArticlePage.objects.get(slug="vem")
    rolf.opens_form(original)
    rolf.page.wait_for_load_state("networkidle")
    rolf.writes("Ingress", "Är det bråttom ringer du 112. Annars ringer du 114 14.")
    rolf.sends()
    cecilia.opens("/admin/")
    cecilia.follows("Öppna Vem ska jag ringa?")
    cecilia.approves()
    cecilia.is_told("är publicerad kl.")

    reader.opens("/verksamheten/vem-ringer-jag/")
    reader.reads("Den vanliga sidan ändrades den")
    reader.reads("Den här sidan är inte uppdaterad än.")
    rolf.opens("/admin/reports/twins/")
    rolf.reads("Tvillingar som är efter")
    rolf.reads("Den vanliga sidan ändrades den")

    # Read again, and found to say the same.
    rolf.opens_form(twin)
    rolf.page.wait_for_load_state("networkidle")
    rolf.page.locator(".w-panel__heading", has_text=PANEL).click()
    moment = rolf.page.get_by_label("Jämförd med den vanliga sidan")
    moment.fill("")
    rolf.page.locator("#id_title").click()  # closes the calendar
    rolf.sends()
    cecilia.opens("/admin/")
    cecilia.follows("Öppna Vem ringer jag")
    cecilia.approves()
    cecilia.is_told("är publicerad kl.")
    reader.opens("/verksamheten/vem-ringer-jag/")
    reader.reads_nothing_of("inte uppdaterad än")
    rolf.opens("/admin/reports/twins/")
    rolf.reads_nothing_of("Den vanliga sidan ändrades den")
