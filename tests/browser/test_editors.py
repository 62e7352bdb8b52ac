"""An article's way from the editor's keyboard to the visitor's eyes."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect
from wagtail.users.models import UserProfile

from sapo_site.groups import CHIEF_EDITORS, EDITORS, set_up_roles
from tests.factories.pages import picture_file

PASSWORD = "hemligt-nog-for-prov"


@pytest.fixture
def accounts(site) -> None:
    set_up_roles()
    for username, group in (("redaktor", EDITORS), ("chefredaktor", CHIEF_EDITORS)):
        user = get_user_model().objects.create_user(username, password=PASSWORD)
        user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.create(user=user, preferred_language="sv")


def _log_in(page: Page, url: str, username: str) -> None:
    page.goto(f"{url}/admin/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url(f"{url}/admin/")


def test_editor_writes_chief_editor_publishes_visitor_finds(
    browser: Browser, live_server, accounts, tmp_path: Path
):
    picture = tmp_path / "torg.jpg"
    picture.write_bytes(picture_file(width=840).read())
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(8_000)
    hosts: set[str] = set()
    complaints: list[str] = []
    context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on("console", lambda message: complaints.append(message.text)
            if "Content Security Policy" in message.text else None)  # fmt: skip

    _log_in(page, live_server.url, "redaktor")
    section = _section_pk()
    page.goto(f"{live_server.url}/admin/pages/add/pages/articlepage/{section}/")
    page.locator("#id_title").fill("Samarbete med andra")
    page.get_by_role("textbox", name="Ingress").fill("Ingen skyddar Sverige ensam.")
    _add_image(page, picture)
    _add_text(page, "Det mesta av samarbetet är utbyte av kunskap.")
    page.get_by_label("Kontraterrorism").check()
    page.get_by_role("button", name="Fler åtgärder").click()
    page.locator("button[name=action-submit]").click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert hosts == {live_server.url.split("/")[2]}
    assert complaints == []
    context.close()

    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda message: complaints.append(message.text)
            if "Content Security Policy" in message.text else None)  # fmt: skip
    _log_in(page, live_server.url, "chefredaktor")
    page.get_by_role("link", name="Samarbete med andra").first.click()
    expect(page.locator("[data-text]", has_text="Det mesta av")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Fler åtgärder").click()
    page.locator("[data-workflow-action-name=approve]").first.click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert complaints == []
    context.close()

    visitor = browser.new_page(locale="sv-SE")
    visitor.goto(f"{live_server.url}/amnen/kontraterrorism/")
    visitor.get_by_role("link", name="Samarbete med andra").click()
    expect(visitor.get_by_role("img", name="Livvakter på ett torg.")).to_be_visible()
    expect(visitor.get_by_text("Det mesta av samarbetet är utbyte av kunskap.")).to_be_visible()
    visitor.goto(f"{live_server.url}/sok/?q=kunskap")
    expect(visitor.get_by_role("link", name="Samarbete med andra")).to_be_visible()
    visitor.close()


def _section_pk() -> int:
    from pages.models import SectionPage

    return SectionPage.objects.get(slug="verksamheten").pk


def _add_image(page: Page, picture: Path) -> None:
    panel = page.get_by_role("region", name="Bild", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    panel.get_by_role("button", name="Välj en bild").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Ladda upp").click()
    dialog.locator("input[name$=title]").fill("Torg")
    dialog.locator("input[type=file]").set_input_files(picture)
    dialog.get_by_role("button", name="Ladda upp").click()
    expect(dialog).to_be_hidden()
    panel.get_by_role("textbox", name="Alternativtext").fill("Livvakter på ett torg.")


def _add_text(page: Page, text: str) -> None:
    panel = page.get_by_role("region", name="Innehåll", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    page.get_by_role("option", name="Text", exact=True).click()
    panel.locator("[contenteditable=true]").first.click()
    page.keyboard.type(text)
    page.wait_for_timeout(1000)  # the editor hands over what is typed after a moment
