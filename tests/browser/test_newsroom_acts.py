"""Two people take pages off the website and order them, and readers meet what came of it."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from pages.content.models import SectionPage
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.models import Submission
from tests.factories import ArticlePageFactory


def _section() -> SectionPage:
    return SectionPage.objects.get(slug="verksamheten")


def _approve(page: Page, button: str) -> None:
    page.goto(reverse("newsdesk:confirm", args=[Submission.objects.get(outcome="").pk]))
    for box in page.get_by_label("Jag har sett de gula påpekandena").all():
        box.check()
    page.get_by_role("button", name=button).click()
    expect(page.locator(".messages .success")).to_be_visible()


def test_two_people_take_pages_away_for_each_of_the_three_reasons(
    newsroom, live_server, page: Page
):
    rolf, cecilia = newsroom.enters("Rolf").page, newsroom.enters("Cecilia").page
    names = ("Ersatta listan", "Gamla listan", "Hemliga listan")
    for name in names:
        ArticlePageFactory(parent=_section(), title=name, slug=name.split()[0].lower())
    record_all()
    for name, reason in zip(
        names,
        ("Den har ersatts av", "Den är inte längre aktuell", "Den publicerades av misstag"),
        strict=True,
    ):
        rolf.goto(reverse("wagtailadmin_explore", args=[_section().pk]))
        rolf.get_by_role("button", name=f"Fler alternativ för '{name}'").click()
        rolf.get_by_role("link", name="Ta bort från webbplatsen").locator("visible=true").click()
        chooser = rolf.locator(".proposing__chooser")
        expect(chooser).to_be_hidden()
        rolf.get_by_label(reason).check()
        if name == names[0]:
            rolf.get_by_role("button", name="Välj en sida").click()
            rolf.locator(".modal input[name=q]").fill("Kontraspionage")
            rolf.locator(".modal").get_by_role("link", name="Kontraspionage").click()
            expect(chooser).to_contain_text("Kontraspionage")
        rolf.get_by_role("button", name="Skicka för godkännande").click()
        expect(rolf.locator(".messages .success")).to_contain_text("skickad för godkännande")
        _approve(cecilia, "Godkänn och ta bort")

    page.goto(f"{live_server.url}/verksamheten/ersatta/")
    expect(page).to_have_url(f"{live_server.url}/verksamheten/kontraspionage/")
    page.goto(f"{live_server.url}/verksamheten/gamla/")
    expect(page.get_by_text("Här fanns ”Gamla listan”.")).to_be_visible()
    page.goto(f"{live_server.url}/verksamheten/hemliga/")
    expect(page.get_by_text("Det finns inget att läsa på den här adressen.")).to_be_visible()
    assert "Hemliga" not in page.content()


def test_pages_are_ordered_with_the_keyboard(newsroom):
    rolf, cecilia = newsroom.enters("Rolf").page, newsroom.enters("Cecilia").page
    section = _section()
    before = [each.title for each in section.get_children().live()]
    rolf.goto(reverse("newsdesk:order", args=[section.pk]))
    rolf.get_by_role("button", name=f"Ner: ”{before[0]}”").focus()
    rolf.keyboard.press("Enter")
    told = rolf.get_by_role("status").filter(has_text="är nu nummer")
    expect(told).to_have_text(f"”{before[0]}” är nu nummer 2 av {len(before)}.")
    expect(rolf.get_by_role("button", name=f"Ner: ”{before[0]}”")).to_be_focused()
    rolf.keyboard.press("Enter")
    expect(told).to_contain_text("är nu nummer 3 av")
    rolf.get_by_role("button", name="Granska och skicka").click()
    rolf.get_by_role("button", name="Skicka för godkännande").click()
    _approve(cecilia, "Godkänn")
    after = [each.title for each in _section().get_children().live()]
    assert after == [*before[1:3], before[0], *before[3:]]


def test_who_types_a_time_has_the_calendar_away_from_the_button(newsroom):
    page = ArticlePageFactory(parent=_section(), title="Valet", live=False)
    page.save_revision()
    cecilia = newsroom.enters("Cecilia")
    cecilia.opens_form(page)
    cecilia.page.locator('[data-side-panel-toggle="status"]').click()
    cecilia.page.get_by_text("Schemalägg", exact=True).first.click()
    cecilia.page.locator("[name=go_live_at]").click()
    expect(cecilia.page.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    cecilia.page.keyboard.type("2099-01-01 08:00")
    cecilia.presses("Spara tiderna")
    cecilia.is_told("”Valet”")
    page.refresh_from_db()
    assert page.latest_revision.as_object().go_live_at.year == 2099
