"""A reader without script asks for an accessible copy; somebody in the CMS answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from sapo_site.accessibility.messages import AccessibilityMessage
from sapo_site.accessibility.senders import senders

WANTED = "Jag vill ha sidan om kontraspionage uppläst."
WIDTHS = (320, 360, 768, 1440)


@pytest.fixture(autouse=True)
def _messages(settings, tmp_path):
    settings.MESSAGES_DIR = tmp_path / "messages"
    senders.forget()


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

    # One that is late is marked, for those who answer.
    came = localdate() - timedelta(days=30)
    AccessibilityMessage.objects.create(
        key="a" * 64, about="fault", text=WANTED, language="sv", arrived_on=came,
        answer_by=came + timedelta(days=14),
    )  # fmt: skip
    cecilia.opens("/admin/")
    cecilia.reads("FÖRSENAT: skulle ha besvarats senast")
    rolf = newsroom.enters("Rolf")
    rolf.opens("/admin/")
    rolf.reads_nothing_of("FÖRSENAT")
