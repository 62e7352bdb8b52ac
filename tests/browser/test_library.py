"""An editor uploads a picture of people, finds it again, and sees where it is used."""

import json
import re
from datetime import timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Locator, Page, expect

from pages.content.models import ArticlePage, SectionPage
from pages.library.models import SiteImage
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
    if selector == "#id_file":  # the title comes from the name, a moment later
        expect(page.get_by_label("Rubrik")).not_to_have_value("")


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


def _opened_chooser(page: Page, live_server) -> Locator:
    """The form for a new picture, in the chooser of a page that is being written."""
    section = SectionPage.objects.get(slug="verksamheten")
    page.goto(f"{live_server.url}/admin/pages/add/content/articlepage/{section.pk}/")
    panel = page.get_by_role("region", name="Bild", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    panel.get_by_role("button", name="Välj en bild").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Ladda upp").click()
    return dialog


def test_an_editor_on_a_slow_line_sees_in_a_chooser_that_the_picture_is_being_sent(
    page: Page, live_server
):
    dialog = _opened_chooser(page, live_server)
    held = HeldBack(page, "**/images/chooser/create/")
    _give_file(page, "#id_image-chooser-upload-file")
    dialog.locator("input[name$=title]").fill("Vallokal")
    dialog.get_by_role("radio", name="Nej").check()
    dialog.get_by_role("button", name="Ladda upp").click()
    expect(dialog.get_by_role("button", name="Laddar upp…")).to_be_disabled()
    held.let_come()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name="Bild", exact=True).first).to_contain_text("allokal")
