"""A draft is thrown away, and taken back, by one who uses only the keyboard."""

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.models import SectionPage
from tests.browser.test_editors import _log_in
from tests.factories import ArticlePageFactory


@pytest.fixture
def draft(site):
    section = SectionPage.objects.get(slug="verksamheten")
    page = ArticlePageFactory(
        parent=section, title="Samverkan i norr", live=False, first_published_at=None
    )
    page.save_revision()
    return page


def _press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def test_an_editor_throws_away_and_regrets_it_by_keyboard(
    browser: Browser,
    live_server,
    accounts,
    draft,
):
    page = browser.new_context(locale="sv-SE").new_page()
    page.set_default_timeout(8_000)
    _log_in(page, live_server.url, "redaktor")
    page.goto(f"{live_server.url}/admin/pages/{draft.pk}/edit/")
    page.get_by_role("button", name="Åtgärder", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Släng utkastet").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Det ligger i papperskorgen i 30 dagar")).to_be_visible()
    _press(page, "Släng utkastet")

    told = page.locator(".messages")
    expect(told).to_contain_text("”Samverkan i norr” ligger i papperskorgen till")
    _press(page, "Ångra")
    expect(told).to_contain_text("”Samverkan i norr” är tillbaka under ”Verksamheten”.")
    expect(page.get_by_role("heading", name="Papperskorg")).to_be_visible()
    page.context.close()
