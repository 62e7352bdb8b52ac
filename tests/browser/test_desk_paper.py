"""What of the desk comes on paper: a tip as it stands, and a masked copy of it for whoever asks for one."""

import re
from uuid import UUID

import pypdfium2
from playwright.sync_api import Locator, Page, expect

from tests.rings import stands_in_keyring
from tips.handling import events
from tips.models import Event
from tips.sealing.reference import reference_of

from .desk import FILE, HALF_A_MINUTE, colleague, leave, picture, until

NAMES = "Zsuzsa Ek körde bilen. Zsuzsas bror stod vid hamnen. ZSUZSA EK vinkade."


def _printed(page: Page) -> str:
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    text = "\n".join(each.get_textpage().get_text_range() for each in document)
    return " ".join(text.split())


def _no_printer(page: Page) -> None:
    page.add_init_script("window.prints = 0; window.print = () => { window.prints += 1; }")


def test_a_tip_on_paper_has_neither_buttons_nor_the_number_of_another(desk, browser, tip_channel):
    stands_in_keyring(tip_channel, "kollega")
    tip = leave("En grå kombi vid grindarna", files=FILE, days=2)
    following = leave("Nästa i kön", days=1)
    _no_printer(desk.page)
    desk.page.clock.install()
    desk.open_queue()
    desk.open(tip)
    desk.page.get_by_label("Ny anteckning").fill("Halvskrivet")
    with colleague(browser, desk, "kollega") as there:
        there.open(tip)
        urgent = leave("Bråttom", urgent="1")
        desk.page.clock.fast_forward(HALF_A_MINUTE)
        expect(desk.page.get_by_role("link", name=reference_of(urgent))).to_be_visible()
        expect(desk.page.get_by_text("Kollega läser")).to_be_visible()

    paper = _printed(desk.page)

    for text in (f"Tips {reference_of(tip)}", "En grå kombi vid grindarna", "bild.txt", "Historik"):
        assert text in paper
    for text in (
        "Halvskrivet",
        "Ny anteckning",
        "Nästa steg",
        "Tillbaka",
        "läser",
        "Lås",
        "Skriv ut",
    ):
        assert text not in paper
    for other in (following, urgent):
        assert reference_of(other) not in paper
    desk.page.emulate_media(media="print")
    for kind in ("button", "textbox", "radio", "combobox"):
        expect(desk.page.get_by_role(kind)).to_have_count(0)
    desk.page.emulate_media(media="screen")
    desk.press("Skriv ut")
    assert desk.page.evaluate("prints") == 1


# Masked


def _begin(desk, tip: UUID) -> Page:
    _no_printer(desk.page)
    desk.open_tip(tip)
    desk.page.get_by_role("link", name="Maskera för utlämnande").click()
    expect(desk.page.get_by_role("heading", name=f"Maskera {reference_of(tip)}")).to_be_focused()
    return desk.page


def _part(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True)


def _mask(page: Page, label: str, words: str) -> None:
    part = _part(page, label)
    part.get_by_role("textbox").evaluate(
        """(box, words) => {
            const at = box.value.indexOf(words);
            box.focus();
            box.setSelectionRange(at, at + words.length);
        }""",
        words,
    )
    part.get_by_role("button", name="Maskera det markerade").click()


def _choose_ground(page: Page, ground: str) -> None:
    page.get_by_label("Grund", exact=True).select_option(label=ground)


def _make(page: Page) -> None:
    page.get_by_role("button", name="Gör sidan").click()
    page.get_by_role("heading", name="Grunder för maskningen").wait_for()


PERSON = "35 kap. 1 § OSL – enskilds personliga förhållanden"
INQUIRY = "18 kap. 1 § OSL – förundersökning"


def test_a_longer_word_with_a_masked_one_in_it_is_named_before_the_copy_is_printed_and_not_on_it(
    desk,
):
    page = _begin(desk, leave("Ek stod vid Storgatan. På Storgatans hörn stod en bil.", files=[]))
    _choose_ground(page, PERSON)
    _mask(page, "Vad som hänt", "Storgatan")
    _make(page)

    warning = page.get_by_text("Står kvar i längre ord: Storgatans")
    expect(warning).to_be_visible()
    page.emulate_media(media="print")
    expect(warning).to_be_hidden()


def test_masking_that_is_not_printed_is_asked_about_before_it_is_lost(desk, watch):
    page = _begin(desk, leave("Ek stod vid Storgatan.", files=[]))
    page.go_back()
    page.go_forward()
    assert watch.said == []  # nothing was begun
    _choose_ground(page, PERSON)
    _mask(page, "Vad som hänt", "Storgatan")
    page.keyboard.press("Escape")

    # Each question is answered with no, as whoever closes it does.
    for leave_it in (page.go_back, lambda: desk.go("Kö"), desk.lock):
        leave_it()
        until(page, lambda: watch.said)
        assert watch.said.pop() == "a dialog"
        expect(_part(page, "Vad som hänt")).to_contain_text("”Storgatan”")
    page.evaluate("location.reload()")
    until(page, lambda: watch.said)
    assert watch.said.pop() == "a dialog"
    expect(_part(page, "Vad som hänt")).to_contain_text("”Storgatan”")

    _make(page)
    desk.press("Skriv ut")
    until(page, lambda: page.evaluate("prints"))
    desk.go("Kö")
    expect(page.get_by_role("heading", name="Kö")).to_be_focused()


def test_masked_words_and_pictures_are_nowhere_in_the_page_that_is_printed(desk):
    files = [("zsuzsa-ek.png", "image/png", picture()), ("hamnen.png", "image/png", picture())]
    tip = leave(NAMES, files=files, where="Kajen 7, hos Zsuzsa Ek")
    page = _begin(desk, tip)

    _choose_ground(page, PERSON)
    _mask(page, "Vad som hänt", "suzsa E")  # whole words, wherever else they stand
    expect(_part(page, "Vad som hänt")).to_contain_text("”Zsuzsa Ek”")
    _mask(page, "Vad som hänt", "Zsuzsas")
    _choose_ground(page, INQUIRY)
    _mask(page, "Vad som hänt", "hamnen")
    name = _part(page, "Fil 1").get_by_role("textbox")
    expect(name).to_have_value("zsuzsa-ek.png")
    _mask(page, "Fil 1", "zsuzsa-ek.png")
    page.get_by_label("Bild 1").select_option(label="Maskeras")
    page.get_by_label("Bild 2").select_option(label="Lämnas ut")
    _make(page)

    html = page.content().casefold()
    for word in ("zsuzsa", "ek.png", "vid hamnen"):
        assert word not in html, word
    assert page.locator("textarea, select").count() == 0
    expect(page.locator("canvas")).to_have_count(1)
    shown = page.locator(".desk-masked")
    expect(shown).to_contain_text(
        "[maskat 1] körde bilen. [maskat 1] bror stod vid [maskat 2]. [maskat 1] vinkade."
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"Maskerad kopia av tips {reference_of(tip)}"
    )
    expect(shown).to_contain_text("Kajen 7, hos [maskat 1]")
    grounds = shown.get_by_role("list", name="Grunder för maskningen").get_by_role("listitem")
    expect(grounds).to_have_text([re.compile(re.escape(PERSON)), re.compile(re.escape(INQUIRY))])

    # What the log does not know comes on no paper.
    assert "körde bilen" not in _printed(page)
    desk.press("Skriv ut")
    until(page, lambda: page.evaluate("prints") == 1)
    paper = _printed(page)
    for text in ("körde bilen", "[maskat 2]", "18 kap. 1 § OSL", "Kontrollsumma"):
        assert text in paper
    for text in ("Zsuzsa", "Skriv ut", "Ändra"):
        assert text not in paper
    [event] = Event.objects.filter(verb="masked")
    assert (event.tip_id, event.actor) == (tip, "tipsmottagare")
    expect(shown).to_contain_text(event.reason)
    assert events.verify() is None

    desk.press("Skriv ut")  # the same page again is the same copy
    until(page, lambda: page.evaluate("prints") == 2)
    assert Event.objects.filter(verb="masked").count() == 1
    page.get_by_role("link", name="Tillbaka till tipset").click()
    expect(page.locator(".desk-history")).to_contain_text("Utlämnad, maskad")
    expect(page.locator(".desk-history")).to_contain_text(event.reason)


def test_a_mask_is_taken_away_one_place_alone_and_what_stands_in_longer_words_is_told(desk):
    page = _begin(desk, leave(NAMES))
    _choose_ground(page, PERSON)

    page.get_by_label("Även på andra ställen i tipset").uncheck()
    _mask(page, "Vad som hänt", "Zsuzsa")
    part = _part(page, "Vad som hänt")
    expect(part.get_by_role("listitem")).to_have_count(1)
    page.get_by_label("Även på andra ställen i tipset").check()
    _mask(page, "Vad som hänt", "ZSUZSA")
    expect(part.get_by_role("listitem")).to_have_count(2)
    expect(part).to_contain_text("Står kvar i längre ord: Zsuzsas")
    part.get_by_role("button", name="Ta bort maskningen av ”Zsuzsa”", exact=True).click()
    expect(part.get_by_role("listitem")).to_have_count(1)
    expect(part.get_by_role("textbox")).to_be_focused()
    _make(page)
    expect(page.locator(".desk-masked")).to_contain_text("Zsuzsa Ek körde")
    page.get_by_role("button", name="Ändra maskningen").click()
    expect(part.get_by_role("listitem")).to_have_count(1)


def test_all_of_it_is_done_by_keyboard_with_a_ground_of_ones_own(desk):
    page = _begin(desk, leave("Ett ord här"))
    mask = _part(page, "Vad som hänt").get_by_role("button", name="Maskera det markerade")
    box = _part(page, "Vad som hänt").get_by_role("textbox")

    mask.press("Enter")
    expect(page.get_by_text("Välj grund först.")).to_be_visible()
    expect(page.get_by_label("Grund", exact=True)).to_be_focused()
    _choose_ground(page, "Annan grund …")
    own = page.get_by_label("Kapitel och paragraf")
    for wrong in ("", "Zsuzsa Ek", "18 kap", "18 kap. 1 § och Anna", "99 kap. 1 §"):
        own.fill(wrong)
        mask.press("Enter")
        expect(page.get_by_text("Skriv den som 18 kap. 1 §.")).to_be_visible()
    own.fill("21 kap. 3 a § 1 st.")
    mask.press("Enter")
    expect(page.get_by_text("Markera först det som ska maskeras.")).to_be_visible()
    box.focus()
    page.keyboard.type("Skrivet")  # nothing is written here
    expect(box).to_have_value("Ett ord här")
    page.keyboard.press("Control+Home")
    for _each in range(4):
        page.keyboard.press("ArrowRight")
    for _each in range(3):
        page.keyboard.press("Shift+ArrowRight")
    mask.press("Enter")
    expect(box).to_be_focused()
    _make(page)
    expect(page.locator(".desk-masked")).to_contain_text("Ett [maskat 1] här")
    expect(page.locator(".desk-masked")).to_contain_text("21 kap. 3 a § 1 st. OSL")


def test_no_page_is_made_before_each_picture_is_decided(desk):
    page = _begin(desk, leave("Text", files=[("bild.png", "image/png", picture())]))
    page.get_by_role("button", name="Gör sidan").click()
    expect(page.get_by_text("Välj om bilden lämnas ut eller maskeras.")).to_be_visible()
    expect(page.get_by_label("Bild 1")).to_be_focused()
    page.get_by_label("Bild 1").select_option(label="Maskeras")
    expect(page.get_by_text("Välj grund först.")).to_be_visible()


def test_what_cannot_be_said_in_the_log_is_not_printed(desk, watch):
    page = _begin(desk, leave("Text som inte skrivs ut"))
    _make(page)
    page.route("**/api/steg/", lambda route: route.fulfill(status=503, json={}))
    desk.press("Skriv ut")
    expect(page.get_by_role("alert")).to_contain_text("Servern svarar inte som den ska")
    assert page.evaluate("prints") == 0
    assert "Text som inte skrivs ut" not in _printed(page)
    watch.forget_what_was_not_loaded()
