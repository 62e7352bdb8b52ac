"""An editor uploads a picture of people, finds it again, and sees where it is used."""

import json
import re
import time
from datetime import timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Locator, Page, expect

from pages.apart import parent
from pages.models import ArticlePage, SectionPage, SiteImage
from tests.browser.test_editors import _log_in
from tests.factories import ArticlePageFactory
from tests.factories.pages import picture_file

from .desk import HeldBack


@pytest.fixture
def page(browser: Browser, live_server, site, accounts):
    page = browser.new_context(locale="sv-SE").new_page()
    page.set_default_timeout(20_000)
    _log_in(page, live_server.url, "redaktor")
    yield page
    page.context.close()


def _give_file(page: Page, selector: str) -> None:
    content = picture_file(80, 60).read()
    page.set_input_files(
        selector, {"name": "vallokal.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


def test_an_editor_uploads_a_picture_of_people_and_finds_it_before_the_consent_ends(
    page: Page, live_server
):
    until = localdate() + timedelta(days=20)
    page.goto(f"{live_server.url}/admin/images/add/")
    _give_file(page, "#id_file")
    page.get_by_label("Rubrik").fill("Vallokal")
    consent = page.get_by_label("Samtycke", exact=True)
    last_day = page.get_by_label("Samtycket gäller till")
    expect(consent).to_be_hidden()

    page.get_by_role("button", name="Ladda upp").click()
    expect(page.get_by_text("Svara på om bilden visar människor.")).to_be_visible()
    _give_file(page, "#id_file")
    page.get_by_role("radio", name="Ja").focus()  # by keyboard, from here on
    page.keyboard.press("Space")
    expect(consent).to_be_visible()
    expect(last_day).to_be_hidden()
    page.keyboard.press("Tab")
    expect(consent).to_be_focused()
    page.keyboard.press("ArrowDown")  # Samtycke finns
    expect(last_day).to_be_visible()
    last_day.fill(until.isoformat())
    page.get_by_role("button", name="Ladda upp").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Bilder")).to_be_visible()
    picture = SiteImage.objects.get(title="Vallokal")
    assert (picture.shows_people, picture.consent, picture.consent_until) == ("yes", "given", until)

    article = ArticlePageFactory(
        parent=SectionPage.objects.get(slug="verksamheten"), title="Så röstar du", live=False
    )
    shown = {"image": picture.pk, "alt_text": "En vallokal.", "decorative": False}
    block = {"type": "figure", "value": {"image": shown, "caption": ""}, "id": "1"}
    article.body = json.dumps([block])
    article.save_revision().publish()
    assert ArticlePage.objects.get(pk=article.pk).live

    page.goto(f"{live_server.url}/admin/images/")
    page.get_by_role("button", name="Visa filter").click()
    page.get_by_role("button", name="Rättigheter och samtycke").click()
    page.get_by_label("Går ut inom 30 dagar").check()
    row = page.locator("ul.images > li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Publicerad på 1 sida")
    expect(row).to_contain_text(f"samtycket går ut {date_format(until, 'j b Y')}")
    row.get_by_role("link", name="Vallokal").click()

    about = page.get_by_role("region", name="Var den används")
    expect(about).to_contain_text("Publicerad på 1 sida")
    about.get_by_role("link", name="Så röstar du").click()
    expect(page).to_have_url(re.compile(rf"/admin/pages/{article.pk}/edit/"))


def test_each_of_many_pictures_is_asked_for_people(page: Page, live_server):
    page.goto(f"{live_server.url}/admin/images/multiple/add/")
    _give_file(page, "#fileupload")
    asked = page.get_by_role("radio", name="Nej")
    expect(asked).to_be_visible()
    expect(asked).not_to_be_checked()
    expect(page.get_by_label("Varför samtycke inte behövs")).to_be_hidden()
    asked.check()
    page.get_by_role("button", name="Uppdatera").click()
    expect(page.locator(".messages")).to_contain_text("Bilden uppdaterades")
    assert SiteImage.objects.get(title="vallokal").shows_people == "no"


NOTE_STEPS = """
new MutationObserver(() => {
  const words = document.querySelector(".upload-steps span")?.textContent;
  const noted = JSON.parse(sessionStorage.getItem("steps") || "[]");
  if (words && noted.at(-1) !== words) {
    sessionStorage.setItem("steps", JSON.stringify([...noted, words]));
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true });
"""
SENT = "Filen skickas."
DRAWN = "Bilden ritas om utan dolda uppgifter."
SIZES = "Bilden ritas i webbplatsens storlekar: "
SEARCHED = "Filen gås igenom."


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done with a file takes longer than the page waits before it asks how far it has come."""
    run = parent._run
    monkeypatch.setattr(parent, "_run", lambda *given: (time.sleep(1.5), run(*given))[1])


def sees_what_is_done(page: Page, url: str, address: str) -> list[str]:
    """The words that somebody reads who uploads a file there, in their order."""
    is_picture = "images" in address
    name, kind = ("vallokal.jpg", "image/jpeg") if is_picture else ("a.txt", "text/plain")
    file = {"name": name, "mimeType": kind,
            "buffer": picture_file(80, 60).read() if is_picture else b"Hej"}  # fmt: skip
    page.goto(f"{url}/admin/{address}")
    page.evaluate(NOTE_STEPS)
    if "multiple" in address:
        page.set_input_files("#fileupload", file)
        expect(page.locator(".upload-success")).to_be_visible()
        expect(page.locator(".upload-steps")).to_be_hidden()
    else:
        page.set_input_files("#id_file", file)
        page.get_by_label("Rubrik").fill("Vallokal")
        if is_picture:
            page.get_by_role("radio", name="Nej").check()
        page.get_by_role("button", name="Ladda upp").click()
        page.wait_for_url(re.compile("/(images|documents)/$"))
    noted = page.evaluate("JSON.parse(sessionStorage.getItem('steps'))")
    return [each[: len(SIZES)] for each in dict.fromkeys(noted)]


def test_an_editor_sees_what_is_done_with_an_upload(page: Page, live_server, slowly):
    said = sees_what_is_done(page, live_server.url, "documents/multiple/add/")
    assert said[:2] == [SENT, SEARCHED]


def _opened_chooser(page: Page, live_server) -> Locator:
    """The form for a new picture, in the chooser of a page that is being written."""
    section = SectionPage.objects.get(slug="verksamheten")
    page.goto(f"{live_server.url}/admin/pages/add/pages/articlepage/{section.pk}/")
    panel = page.get_by_role("region", name="Bild", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    panel.get_by_role("button", name="Välj en bild").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Ladda upp").click()
    return dialog


def sees_it_in_a_chooser(page: Page, live_server, width: int) -> None:
    """On a slow line."""
    page.set_viewport_size({"width": width, "height": 900})
    dialog = _opened_chooser(page, live_server)
    held = HeldBack(page, "**/images/chooser/create/")
    page.evaluate(NOTE_STEPS)
    _give_file(page, "#id_image-chooser-upload-file")
    dialog.locator("input[name$=title]").fill("Vallokal")
    dialog.get_by_role("radio", name="Nej").check()
    dialog.get_by_role("button", name="Ladda upp").click()
    told = dialog.locator(".upload-steps")
    expect(told).to_have_text(SENT)
    held.let_come()
    expect(told).to_have_text(DRAWN)
    expect(told).to_be_in_viewport()
    shown = told.bounding_box()
    assert shown
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= width
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name="Bild", exact=True).first).to_contain_text("allokal")
    noted = page.evaluate("JSON.parse(sessionStorage.getItem('steps'))")
    assert [each[: len(SIZES)] for each in noted][:3] == [SENT, DRAWN, SIZES]


def test_an_editor_on_a_slow_line_sees_in_a_chooser_what_is_done_with_a_picture(
    page: Page, live_server, slowly
):
    sees_it_in_a_chooser(page, live_server, 1440)


def test_where_a_file_is_taken_at_once_nothing_stays_that_says_it_is_being_sent(
    page: Page, live_server
):
    page.goto(f"{live_server.url}/admin/documents/multiple/add/")
    for count in (1, 2):
        file = {"name": f"{count}.txt", "mimeType": "text/plain", "buffer": b"Hej"}
        page.set_input_files("#fileupload", file)
        expect(page.locator(".upload-success")).to_have_count(count)
        expect(page.locator(".upload-steps")).to_have_count(1)
        expect(page.locator(".upload-steps")).to_be_hidden()
