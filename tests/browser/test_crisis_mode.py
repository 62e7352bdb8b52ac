"""A bad day: two persons with a telephone each, from the first tap to what readers meet."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from pages.newsroom.before_the_rule import record_all
from sapo_site.accounts.groups import set_up_roles

from .axe import violations
from .newsroom_people import hire_everybody, session_of

# Where pictures are put for those who look: SEE=/tmp/pictures
_SEE = os.environ.get("SEE", "")


@pytest.fixture
def telephones(browser: Browser, live_server, site, tip_channel):
    set_up_roles()
    hire_everybody()
    record_all()
    contexts = []

    def take(name: str) -> Page:
        context = browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", base_url=live_server.url,
            viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        if name:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(name)}
            context.add_cookies([{**cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield take
    for context in contexts:
        context.close()


def _look(page: Page, name: str) -> None:
    """Nothing on the screen keeps anybody out, and nothing is wider than it."""
    found = violations(page, runOnly=["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    assert [each["id"] for each in found] == [], (name, found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if _SEE:
        Path(_SEE).mkdir(exist_ok=True)
        page.screenshot(path=f"{_SEE}/{name}.png", full_page=True)


def test_two_persons_put_a_message_out_with_their_telephones(telephones):
    cecilia, eva, reader = telephones("cecilia"), telephones("eva"), telephones("")
    cecilia.goto("/admin/")
    expect(cecilia.locator("a[href='/admin/redaktion/krislage/']")).to_have_count(1)
    cecilia.goto("/admin/redaktion/krislage/")
    expect(cecilia.get_by_text("Inget meddelande ute")).to_be_visible()
    _look(cecilia, "1")
    cecilia.get_by_role("button", name="Nytt meddelande").tap()
    cecilia.get_by_label("Mall", exact=True).select_option(label="Pågående händelse")
    _look(cecilia, "2")
    cecilia.get_by_role("button", name="Fortsätt").tap()
    expect(cecilia.get_by_label("Heading in English").or_(
        cecilia.get_by_label("Rubrik på engelska"))).to_have_value("A serious incident is going on")  # fmt: skip
    heading = cecilia.get_by_label("Rubrik", exact=True)
    heading.fill("Undvik Sergels torg")
    _look(cecilia, "3")

    # The connection breaks, the login ends: nothing is lost, and the same button goes on afterwards.
    cecilia.context.set_offline(True)
    cecilia.get_by_role("button", name="Fortsätt").tap()
    expect(cecilia.get_by_text("Det finns ingen förbindelse.")).to_be_visible()
    expect(heading).to_have_value("Undvik Sergels torg")
    cecilia.context.set_offline(False)
    cookies = cecilia.context.cookies()
    cecilia.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    cecilia.get_by_role("button", name="Fortsätt").tap()
    expect(cecilia.get_by_text("Du är utloggad.")).to_be_visible()
    expect(heading).to_have_value("Undvik Sergels torg")
    cecilia.context.add_cookies(cookies)
    cecilia.get_by_role("button", name="Fortsätt").press("Enter")
    expect(cecilia.get_by_role("heading", name="Så ser det ut")).to_be_visible()
    _look(cecilia, "4")
    cecilia.get_by_role("link", name="Fortsätt").tap()
    cecilia.get_by_label("Eva Ek").check()
    _look(cecilia, "5")
    cecilia.get_by_role("button", name="Skicka").tap()
    expect(cecilia.get_by_role("heading", name="Väntar på godkännande")).to_be_visible()
    _look(cecilia, "6")

    eva.goto("/admin/pages/")
    eva.get_by_role("link", name="Se allt och godkänn").tap()
    expect(eva.get_by_role("button", name="Godkänn och publicera allt")).to_be_visible()
    _look(eva, "7")
    eva.get_by_role("button", name="Godkänn och publicera allt").tap()
    expect(eva.get_by_role("heading", name="Ute", exact=True)).to_be_visible()

    # The sender's screen changes by itself.
    expect(cecilia.get_by_text("Ute sedan")).to_be_visible()
    _look(cecilia, "8")
    reader.goto("/")
    expect(reader.locator(".alert")).to_contain_text("Undvik Sergels torg")
    _look(reader, "9")

    # What is out can be followed at once.
    cecilia.get_by_role("button", name="Rätta").tap()
    expect(cecilia.get_by_label("Vad som var fel", exact=True)).to_be_visible()
