"""No kind of page keeps anybody out, as far as a machine can tell: axe looks at each in one way.

With `--long` in all ways; what four other machines find stands in tests/long/browser/test_engines.py.
"""

import re

from playwright.sync_api import Page, expect

from tests.acts import act_now
from tests.rings import stands_in_keyring
from tips.handling import steps

from .conftest import PAGES
from .desk import Desk, leave, picture, request_file
from .test_tip_pages import VISITS, answer_for_others


def test_no_page_of_the_website_has_an_accessibility_fault(page: Page, live_server, site, look):
    for path in PAGES:
        page.goto(live_server.url + path)
        look(page, path)
    page.goto(f"{live_server.url}/tillganglighet/meddelande/")
    send = page.get_by_role("button", name="Skicka meddelandet")
    send.click()
    expect(page.locator(".error-summary")).to_be_visible()
    look(page, "message with faults")
    page.get_by_label("Något på webbplatsen fungerar inte").check()
    page.get_by_label("Vad vill du berätta?").fill("Menyn")
    send.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")
    look(page, "message received")


def test_no_page_of_the_tip_channel_has_an_accessibility_fault(
    page: Page, live_server, channel, look
):
    answer_for_others(page.context)
    for visit in VISITS:
        visit(page, live_server.url, channel)
        look(page, visit.__name__)


def test_no_view_of_the_desk_has_an_accessibility_fault(
    desk, watch, look, tip_channel, monkeypatch
):
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda tip: tip.received_on)
    stands_in_keyring(tip_channel, "bertil", "cecilia")
    leave("Ett tips", days=5, files=[("bild.png", "image/png", picture())], urgent="1")
    shown = leave("Ett till \u202e med tecken")
    for _each in range(2):
        tip = steps.open_tip(leave("Köp klockor"), "bertil")
        act_now("tipsmottagare", "spam", tip.pk, "abuse")
    act_now("bertil", "propose_purge", tip.pk, "RA-MS 2026:1")
    page = desk.page
    desk.come()
    page.get_by_label("Nyckelfil").wait_for()
    look(page, "key")
    desk.unlock()
    page.locator(".desk-table").wait_for()
    look(page, "queue")
    desk.open(shown)
    desk.choose_step("register")
    desk.take_step()
    desk.press("Spara anteckningen")
    look(page, "tip")
    desk.back()
    desk.go("Nycklar")
    desk.press("Lägg om omslagen")
    page.get_by_text("Alla omslag är redan omlagda.").wait_for()
    look(page, "access")
    desk.back()
    _look_at_marks(desk, look)
    for view in ("Gallring", "Register", "Händelser", "Stoppa"):
        desk.go(view)
        page.locator("#desk").locator("table, .desk-purge, .desk-form").first.wait_for()
        for button in page.get_by_role("button", name="Föreslå gallring").all():
            button.click()  # with a fault, too
        look(page, view)
    _look_at_key_page(desk, look)
    watch.said.clear()  # the machine itself breaks the policy when it measures


def _look_at_marks(desk: Desk, look) -> None:
    """Those that are marked, the question of what they are, and what became of them."""
    page, taken = desk.page, steps.open_tip(leave("Tas av en annan"), "bertil")
    desk.press("Hämta kön på nytt")
    page.get_by_label(re.compile("Markera alla synliga")).check()
    look(page, "marked")
    act_now("tipsmottagare", "assign", taken.pk, "bertil")
    page.get_by_role("button", name="Skräp …").click()
    question = page.get_by_role("dialog", name=re.compile("som skräp"))
    look(page, "question")
    question.get_by_role("button", name="Reklam").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "report")


def _look_at_key_page(desk: Desk, look) -> None:
    """Where passkeys are made, and where one is refused."""
    desk.come("nyckel/")
    desk.give_key()
    look(desk.page, "key page, with a fault")
    desk.page.get_by_label("Begäran").set_input_files(request_file(desk.key_file.parent))
    desk.give_key()
    desk.page.get_by_role("heading", name="Ta med till ceremonin").wait_for()
    look(desk.page, "key page")
