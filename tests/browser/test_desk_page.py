"""The page in which keys are opened: the same for all until the server has said who is there."""

from playwright.sync_api import Route, expect

from tests.handlers import make_handler
from tests.rings import entry
from tips.models import DeskSession
from tips.sealing import age
from tips.sealing.reference import reference_of

from .desk import DESK, leave


def test_who_is_not_logged_in_is_led_to_the_login_and_back_to_the_tip(desk):
    tip = leave("Någon gick över kajen.")
    address = f"{desk.server}{DESK}tips/{tip}/"

    desk.page.goto(address)
    desk.page.wait_for_url(f"{desk.server}{DESK}logga-in/?nasta=*")
    assert "slut=" not in desk.page.url
    desk.page.locator("[name=username]").fill("tipsmottagare")
    desk.page.locator("[name=password]").fill("hemligt-nog-for-prov")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(address)
    desk.unlock()

    expect(desk.page.get_by_text("Någon gick över kajen.")).to_be_visible()
    DeskSession.objects.all().delete()
    desk.page.reload()
    expect(desk.page.get_by_text("Du har loggats ut, eftersom inget hände")).to_be_visible()


def test_it_says_who_is_logged_in(desk, tip_channel):
    name, recipient = "Berit Ek", age.generate_identity().recipient
    tip_channel.trust.follow(added=[entry("berit", name, recipient, 2)])
    make_handler("berit", name=name)
    desk.log_in("berit")

    banner = desk.page.get_by_role("banner")
    expect(banner.get_by_role("link", name="Berit Ek (öppnas i ny flik)")).to_be_visible()


def test_who_logs_out_by_keyboard_is_at_the_login_and_nothing_of_the_tip_is_left(desk):
    desk.open_tip(leave("Det här ska ingen annan se."))

    button = desk.page.get_by_role("button", name="Logga ut")
    button.focus()
    desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_text("Du är utloggad.")).to_be_visible()
    desk.page.go_back()
    desk.page.wait_for_url(f"{desk.server}{DESK}logga-in/*")
    assert "ingen annan" not in desk.page.content()
    assert not DeskSession.objects.exists()


def test_who_has_written_a_note_is_asked_before_it_is_lost_by_logging_out(desk, watch):
    desk.open_tip(leave())
    desk.page.get_by_label("Ny anteckning").fill("Inte sparat.")

    desk.page.get_by_role("button", name="Logga ut").click()

    # The dialog is answered with no, as whoever closes it does.
    assert watch.said.pop() == "a dialog"
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("Inte sparat.")
    assert DeskSession.objects.exists()
    desk.page.get_by_label("Ny anteckning").fill("")

    # Who is not logged out is told so.
    desk.page.route("**/api/logga-ut/", lambda route: route.abort())
    desk.page.get_by_role("button", name="Logga ut").click()
    expect(desk.page.get_by_role("status").filter(has_text="Servern svarar inte")).to_be_visible()
    watch.said.clear()  # the browser's own words on the broken line


def test_a_page_that_was_made_without_a_root_reads_tips_seals_nothing_and_says_so(
    desk,
    tip_channel,
):
    root = tip_channel.trust.root.read_text().strip()

    def without_root(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(root, ""))

    desk.page.route(f"{desk.server}{DESK}", without_root)
    tip = leave("Läses ändå.")
    desk.open_queue()

    expect(desk.page.get_by_text("Den här sidan säger inte vilka undertecknare")).to_be_visible()
    desk.page.get_by_role("link", name=reference_of(tip)).click()
    desk.page.get_by_role("button", name="Visa ändå").click()
    expect(desk.page.get_by_text("Läses ändå.")).to_be_visible()
