"""A reader without script asks for an accessible copy; somebody in the CMS answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from pages.newsroom.before_the_rule import record_all
from sapo_site.accessibility.messages import AccessibilityMessage
from sapo_site.accessibility.senders import senders
from sapo_site.groups import set_up_roles

from .axe import violations
from .newsroom_people import Newsroom, hire_everybody

WANTED = "Jag vill ha sidan om kontraspionage uppläst."
WIDTHS = (320, 360, 768, 1440)


@pytest.fixture(autouse=True)
def _messages(settings, tmp_path):
    settings.MESSAGES_DIR = tmp_path / "messages"
    senders.forget()


@pytest.fixture
def newsroom(browser: Browser, live_server, site):
    set_up_roles()
    hire_everybody()
    record_all()
    before = len(browser.contexts)
    room = Newsroom(browser, live_server.url, False, failures=[])
    yield room
    for context in browser.contexts[before:]:
        context.close()
    assert room.failures == []


def _fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_without_script_asks_for_a_copy_and_is_answered(
    newsroom, without_script: Page, live_server, site
):
    reader = without_script
    reader.goto(f"{live_server.url}/verksamheten/tillganglighet/")
    expect(reader.get_by_role("heading", name="Filmer saknar syntolkning")).to_be_visible()
    reader.get_by_role("link", name="Skicka ett meddelande om tillgänglighet").click()
    reader.get_by_role("button", name="Skicka meddelandet").click()

    # The summary takes the focus, and leads to what is to be filled in.
    expect(reader).to_have_title("Fel: Meddelande om tillgänglighet – Säkerhetspolisen")
    expect(reader.locator(":focus")).to_have_class("error-summary")
    _fits(reader)
    reader.get_by_role("link", name="Skriv vad du vill berätta.").click()
    expect(reader.locator(":focus")).to_have_attribute("name", "text")
    reader.keyboard.type(WANTED)
    reader.get_by_label("Jag vill få något i en form som fungerar för mig").check()
    reader.get_by_label("Hur kan vi svara dig?").fill("lisa@example.org")
    reader.get_by_role("button", name="Skicka meddelandet").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "Tack, ditt meddelande har kommit fram"
    )
    _fits(reader)
    assert reader.context.cookies() == []

    call_command("take_in_messages")
    [told] = mail.outbox[-1:]
    assert set(told.to) == {"cecilia@example.org", "doris@example.org"}
    assert "uppläst" not in told.body
    assert "lisa" not in told.body

    cecilia = newsroom.enters("Cecilia")
    cecilia.opens("/admin/accessibilitymessage/")
    cecilia.page.get_by_role("table").get_by_role("link", name="Meddelande ").click()
    expect(cecilia.page.get_by_text(WANTED)).to_be_visible()
    expect(cecilia.page.get_by_text("lisa@example.org")).to_be_visible()
    cecilia.page.get_by_label("Vad som har gjorts").fill("Skickat en ljudfil.")
    cecilia.page.get_by_label("Avsluta som").select_option(label="Besvarat")
    cecilia.presses("Spara")
    expect(cecilia.page.get_by_text("Avslutat", exact=True)).to_be_visible()
    assert AccessibilityMessage.objects.get().closed_on == localdate()


def test_a_late_message_is_marked_on_the_start_page_of_the_cms(newsroom):
    came = localdate() - timedelta(days=30)
    AccessibilityMessage.objects.create(
        key="a" * 64, about="fault", text=WANTED, language="sv", arrived_on=came,
        answer_by=came + timedelta(days=14),
    )  # fmt: skip
    cecilia = newsroom.enters("Cecilia")
    cecilia.opens("/admin/")
    expect(cecilia.page.get_by_text("FÖRSENAT: skulle ha besvarats senast")).to_be_visible()
    rolf = newsroom.enters("Rolf")
    rolf.opens("/admin/")
    expect(rolf.page.get_by_text("FÖRSENAT")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neither_fault_nor_receipt_has_an_accessibility_fault(
    page: Page, live_server, site, scheme
):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/tillganglighet/meddelande/")
    page.get_by_role("button", name="Skicka meddelandet").click()
    expect(page.locator(".error-summary")).to_be_visible()
    faults = violations(page)
    page.get_by_label("Något på webbplatsen fungerar inte").check()
    page.get_by_label("Vad vill du berätta?").fill("Menyn")
    page.get_by_role("button", name="Skicka meddelandet").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")
    faults += violations(page)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
