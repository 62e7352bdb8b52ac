"""The page in which keys are opened: the same for all until a key is open, which is to be logged in."""

import re

from playwright.sync_api import Route, expect

from tests.rings import stands_in_keyring
from tips.models import DeskSession, Tip
from tips.sealing.reference import reference_of

from .desk import DESK, key_file_as, leave, until


def test_a_tip_that_one_was_led_to_is_shown_when_the_key_is_open_and_a_reload_asks_for_it_again(
    desk,
):
    tip = leave("Någon gick över kajen.")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))

    desk.come(f"tips/{tip}/")
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    expect(desk.page.get_by_role("navigation")).to_have_count(0)
    assert not [url for url in asked if "/api/" in url]
    desk.unlock()
    expect(desk.page.get_by_text("Någon gick över kajen.")).to_be_visible()
    assert desk.page.url == f"{desk.server}{DESK}tips/{tip}/"

    first = DeskSession.objects.get()
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    desk.unlock()
    expect(desk.page.get_by_text("Någon gick över kajen.")).to_be_visible()
    assert DeskSession.objects.get() != first


def test_it_says_who_is_logged_in_by_the_name_in_the_keyring(desk, tip_channel):
    stands_in_keyring(tip_channel, "berit")
    desk.key_file = key_file_as("berit", desk)
    desk.open_queue()

    banner = desk.page.get_by_role("banner")
    expect(banner.get_by_text("Inloggad: Berit", exact=True)).to_be_visible()


def test_who_locks_by_keyboard_is_logged_out_and_nothing_of_the_tip_is_left(desk):
    desk.open_tip(leave("Det här ska ingen annan se."))

    desk.page.get_by_role("button", name="Lås").focus()
    desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_text("Nyckeln är låst och du är utloggad.")).to_be_visible()
    until(desk.page, lambda: not DeskSession.objects.exists())
    desk.page.go_back()
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    assert "ingen annan" not in desk.page.content()
    desk.unlock()


def test_who_has_written_a_note_is_asked_before_it_is_lost_by_locking(desk, watch):
    desk.open_tip(leave())
    desk.page.get_by_label("Ny anteckning").fill("Inte sparat.")

    desk.lock()

    # The dialog is answered with no, as whoever closes it does.
    assert watch.said.pop() == "a dialog"
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("Inte sparat.")
    assert DeskSession.objects.exists()
    desk.page.get_by_label("Ny anteckning").fill("")

    # Whose login is not known to be over is told so; the key is gone all the same.
    desk.page.route("**/api/logga-ut/", lambda route: route.abort())
    desk.lock()
    expect(
        desk.page.get_by_role("status").filter(has_text="Inloggningen avslutas av sig själv")
    ).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    watch.said.clear()  # the browser's own words on the broken line


def test_who_locks_and_opens_at_once_is_in(desk):
    desk.open_queue()
    slow: list[Route] = []
    desk.page.route("**/api/logga-ut/", lambda route: slow.append(route))

    desk.lock()
    desk.give_key()
    until(desk.page, lambda: slow)
    expect(desk.page.get_by_text("Öppnar nyckeln …")).to_be_visible()
    slow.pop().continue_()

    expect(desk.page.get_by_role("heading", name="Kö")).to_be_visible()
    desk.page.reload()
    desk.open_queue()
    assert DeskSession.objects.count() == 1


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


def test_two_tabs_of_one_handler_work_side_by_side_and_locking_one_locks_both(desk, context):
    tip = leave("Läses i båda.")
    desk.open_queue()
    other = desk.in_another_tab()
    other.open_tip(tip)
    assert DeskSession.objects.count() == 1

    # The earlier one goes on by the later one's session.
    desk.open(tip)
    expect(desk.page.get_by_text("Läses i båda.")).to_be_visible()
    desk.save_note("Från den första fliken.")
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()

    other.lock()
    until(desk.page, lambda: not DeskSession.objects.exists())
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Inloggningen är avslutad")
    expect(alarm).to_contain_text("någon låste eller loggade in i en annan flik")


def test_where_another_logs_in_in_a_second_tab_the_first_is_locked_and_says_so(
    desk, tip_channel, context
):
    stands_in_keyring(tip_channel, "bertil")
    tip = leave("Läses av en i taget.")
    desk.open_tip(tip)
    other = desk.in_another_tab(key_file_as("bertil", desk))
    other.open_queue()

    # Nothing is done in the other's name: not even what needs no answer.
    desk.choose_step("hold")
    desk.page.locator(".desk-steps__needs:visible select").select_option(index=1)
    desk.take_step()
    expect(desk.page.get_by_role("alert")).to_contain_text("loggade in i en annan flik")
    assert not Tip.objects.get(pk=tip).is_on_hold
    assert "en i taget" not in desk.page.content()
    expect(other.page.get_by_text(re.compile("^Inloggad: Bertil$"))).to_be_visible()
