"""A tip that is sealed in the sender's browser: written, sealed, sent, and what happens when it fails."""

import dataclasses
import json
import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.integration.tips.sending import PHOTO, only_tip
from tests.recording import spellings
from tests.rings import OF_NO_USE, entries_for, over_since
from tips.form import limits
from tips.sealing import age

from .desk import comes_to_rest
from .seams import FAIL, SEAMS

pytestmark = pytest.mark.usefixtures("channel")
FORM = "/tipsa/formular/"
TITLE = "Formulär – Säkerhetspolisen"  # all that is left in the history, however far one got
MARK = "Gråkombi vid grindarna 7f3c"
NAME, KIND = "hemlig-bild-9a52.mov", "video/x-hemlig"


def _open(page: Page, url: str) -> None:
    page.goto(f"{url}{FORM}")
    expect(page.get_by_role("button", name="Skicka tipset")).to_be_visible()


def _fill_in(page: Page, content: bytes = b"film" * 3000) -> None:
    page.get_by_label("Vad vill du berätta?").fill(MARK)
    page.get_by_label("Hur kan vi nå dig?").fill(MARK)
    page.get_by_label("Filer").set_input_files({"name": NAME, "mimeType": KIND, "buffer": content})


def _send(page: Page) -> None:
    page.get_by_role("button", name="Skicka tipset").click()


def _is_thanked(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    expect(page).to_have_title(TITLE)


def _tips(channel: Any) -> int:
    return len(list(channel.vault.tips()))


def test_a_form_that_stood_open_while_the_keyring_went_out_of_date_says_that_it_takes_days(
    page, live_server, channel
):
    _open(page, live_server.url)
    _fill_in(page)
    channel.trust.put(dataclasses.replace(channel.trust.ring, **over_since(OF_NO_USE)))
    _send(page)

    faults = page.locator("#fel")
    expect(faults).to_contain_text("det kan dröja flera dagar innan det går igen")
    expect(faults).not_to_contain_text("om en stund")
    expect(page.get_by_label("Vad vill du berätta?")).to_have_value(MARK)
    assert _tips(channel) == 0


def test_a_tip_is_sealed_here_and_opens_with_the_key_of_a_handler(page, live_server, channel):
    _open(page, live_server.url)
    page.get_by_label("Vad vill du berätta?").fill(MARK)
    page.get_by_label("Filer").set_input_files(
        {"name": PHOTO[0], "mimeType": PHOTO[1], "buffer": PHOTO[2]}
    )
    page.get_by_label("Ja, någon behöver läsa det här snart").check()
    page.get_by_label("Hot mot demokratin").check()
    _send(page)

    _is_thanked(page)
    tip = only_tip(channel)
    assert tip["way"] == "browser"
    assert tip["fields"] == {"text": MARK, "urgent": "1", "subject": "hot"}
    assert tip["files"] == {PHOTO[0]: PHOTO[2]}
    assert (tip["head"]["excerpt"], tip["head"]["attachments"]) == (MARK, 1)
    expect(page.get_by_text("ring 010-568 70 00 och uppge numret")).to_be_visible()
    assert len(page.locator(".tips__reference").inner_text()) == 9


# As Chromium was before 137 and Safari before 17.
WITHOUT_ED25519 = """
for (const name of ["importKey", "verify"]) {
  const own = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = async function (...words) {
    if (words.some((word) => (word?.name ?? word?.algorithm?.name ?? word) === "Ed25519")) {
      throw new DOMException("Unrecognized name.", "NotSupportedError");
    }
    return own.apply(this, words);
  };
}
"""


def test_a_browser_that_knows_no_ed25519_seals_a_tip_too(page, live_server, channel):
    page.add_init_script(WITHOUT_ED25519)
    _open(page, live_server.url)
    page.get_by_label("Vad vill du berätta?").fill(MARK)
    _send(page)

    _is_thanked(page)
    assert only_tip(channel)["fields"]["text"] == MARK


def test_a_tip_is_left_by_keyboard_alone(page, live_server, channel):
    _open(page, live_server.url)
    # The name of the form is for ears alone.
    expect(page.get_by_role("group", name="Ditt tips")).to_be_visible()
    box = page.get_by_text("Ditt tips", exact=True).bounding_box()
    assert box is not None
    assert box["width"] <= 1

    page.get_by_label("Vad vill du berätta?").focus()
    page.keyboard.type("En drönare över hamnen.")
    page.get_by_label("När hände det?").focus()
    page.keyboard.type("I går")
    page.keyboard.press("Enter")  # in a line, as people are used to
    _is_thanked(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert only_tip(channel)["fields"] == {"text": "En drönare över hamnen.", "when": "I går"}


def test_faults_take_the_focus_and_lead_to_their_fields(page, live_server):
    _open(page, live_server.url)
    page.get_by_label("När hände det?").fill("å" * (limits.MAX_FIELD_LENGTH + 1))
    _send(page)

    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    expect(summary).to_be_focused()
    expect(page).to_have_title(TITLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Nu står det något.")
    expect(page.locator("label[for=id_text]")).to_be_in_viewport(ratio=1)
    text = page.get_by_label("Vad vill du berätta?")
    expect(text).to_have_value("Nu står det något.")
    expect(text).to_have_accessible_description(
        "Skriv vad du vill berätta. Vad har du sett eller hört, och vad fick dig att reagera? "
        "Skriv med egna ord. Även något litet kan vara viktigt för oss."
    )
    expect(summary).to_contain_text(re.compile("högst .?2000.? tecken. Nu är den .?2001"))
    page.get_by_label("När hände det?").fill("I går")
    _send(page)
    _is_thanked(page)


def test_files_that_are_too_large_or_too_many_are_named_before_anything_is_sealed(
    page, live_server, monkeypatch
):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 5000)
    monkeypatch.setattr(limits, "MAX_FILES", 1)
    _open(page, live_server.url)
    page.get_by_label("Vad vill du berätta?").fill(MARK)
    page.get_by_label("Filer").set_input_files(
        [{"name": f"{n}-{NAME}", "mimeType": KIND, "buffer": b"x" * 6000} for n in range(2)]
    )
    _send(page)
    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    expect(summary).to_contain_text(f"Filer: Välj en mindre fil än ”\u20680-{NAME}\u2069”")
    expect(summary).to_contain_text("Välj högst 1 filer")


# What leaves the browser


def test_a_proxy_inside_tls_sees_nothing_of_two_dozen_tips(page, line, channel):
    for number in range(24):
        _open(page, line.url)
        _fill_in(page, f"{MARK} i filen ".encode() * (50 + 200 * number))
        _send(page)
        _is_thanked(page)

    assert _tips(channel) == 24
    assert line.sent.count(b"POST /tipsa/formular/lamna/") == 24
    for text in (MARK, NAME, KIND, f"{MARK} i filen"):
        assert not [spelt for spelt in spellings(text) if spelt in line.sent], text
    assert spellings(MARK)[0] in b"x" + MARK.encode()  # what is looked for would be found


# What is to fail is told by the name of the window, which stays from page to page.
FAIL_AS_NAMED = f"if (window.name) ({FAIL})(JSON.parse(window.name));"


@pytest.mark.parametrize("at", ["load", "press"])
def test_a_fault_at_any_seam_lets_nothing_of_what_was_written_out(page, line, channel, at):
    met = []
    ready = page.get_by_role("button", name="Skicka tipset")
    shut = page.locator("[data-view=closed]").get_by_role("heading", level=1)
    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    thanks = page.get_by_role("heading", name="Tack för ditt tips")
    stuck = page.locator("form [role=status]:not(:empty)")
    page.on("dialog", lambda dialog: dialog.accept())  # what is written is left for the next seam
    page.add_init_script(FAIL_AS_NAMED)
    page.goto(f"{line.url}/tipsa/")
    for seam in SEAMS:
        page.evaluate(
            "(seam) => { window.failNow = false; window.name = seam; }", json.dumps([seam, at])
        )
        page.goto(f"{line.url}{FORM}")
        if at == "press":
            expect(ready).to_be_visible()
        with suppress(AssertionError):  # where even the words for it fail, the first ones stand
            expect(ready.or_(shut).first).to_be_visible(timeout=3_000)
        if ready.is_visible():
            _fill_in(page)
            page.evaluate("window.failNow = true")
            ready.click()
            expect(summary.or_(thanks).or_(stuck).first).to_be_visible()
            with suppress(AssertionError):  # where it is stuck it stays so
                expect(summary.or_(thanks).first).to_be_visible(timeout=1_000)
            if summary.is_visible():
                met.append(seam)
                expect(page.get_by_label("Vad vill du berätta?")).to_have_value(MARK)
        else:
            met.append(seam)
            assert shut.is_visible() or page.get_by_text("Formuläret förbereds.").is_visible()
            expect(page.get_by_role("link", name="010-568 70 00").first).to_be_visible()
            assert page.locator("form > fieldset").evaluate("e => e.disabled")
    for text in (MARK, NAME, KIND):
        assert not [spelt for spelt in spellings(text) if spelt in line.sent], text
    # Else it would have proved little.
    assert len(met) >= len(SEAMS) // 2, sorted(set(SEAMS) - set(met))


def _without_integrity(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r' integrity="[^"]+"', "", answer.text()))


def _script(**instead: Any) -> Any:
    return lambda route: route.fulfill(content_type="text/javascript", **instead)


def test_a_page_whose_script_does_not_run_can_send_nothing(page, line, channel):
    """It is not there, half, has one octet more, cannot be fetched, or is named without its sum."""
    _open(page, line.url)
    address = page.locator("script[src*=tip_form]").get_attribute("src")
    text = page.request.get(f"{line.url}{address}").text()
    for spoilt, spoil in (
        ("**/tip_form*.js", _script(status=404, body="")),
        ("**/tip_form*.js", _script(body=text[: len(text) // 2])),
        ("**/tip_form*.js", _script(body=f"{text} ")),
        ("**/tip_form*.js", lambda route: route.abort()),
        (f"**{FORM}", _without_integrity),
    ):
        page.route(spoilt, spoil)
        page.goto(f"{line.url}{FORM}")
        page.wait_for_load_state("networkidle")

        expect(page.get_by_text("Formuläret förbereds.")).to_be_visible()
        expect(page.get_by_role("link", name="010-568 70 00").first).to_be_visible()
        expect(page.get_by_role("button", name="Skicka tipset")).to_have_count(0)
        expect(page.get_by_label("Vad vill du berätta?")).to_be_disabled()
        assert page.locator("form :is(textarea, [type=text], [type=file])[name]").count() == 0
        page.evaluate("document.querySelector('form').requestSubmit()")
        comes_to_rest(page)
        assert b"POST" not in line.sent
        assert page.url == f"{line.url}{FORM}"
        page.unroute_all()


# Whom it is sealed to


UNTRUSTED = "Vi kan inte visa vem tipset förseglas till. Skicka inget härifrån. Ring."


def test_a_keyring_that_is_not_believed_opens_no_form(page, line, channel, settings, tmp_path):
    ring = channel.keyring_path.read_text()
    spoilt = [
        ring.replace("Provnyckel", "Provnyckem"), ring.replace("age1pq1", "age1pq1q"), "{}", "<p>",
    ]  # fmt: skip
    page.route("**/keyring.json", lambda route: route.fulfill(body=spoilt[0]))
    while spoilt:
        page.goto(f"{line.url}{FORM}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Formuläret är stängt just nu")
        words = page.locator("[data-view=closed] .lead")
        expect(words).to_have_text(UNTRUSTED)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page).to_have_title(TITLE)
        expect(page.get_by_role("link", name="112").first).to_be_visible()
        spoilt.pop(0)
    # Nor does one that is older than the form's own answer says.
    channel.trust.follow(removed=[channel.trust.ring.entries[0].id], added=[_newcomer()[1]])
    spoilt.append(ring)
    page.goto(f"{line.url}{FORM}")
    expect(words).to_have_text(UNTRUSTED)
    page.unroute_all()
    # Nor does a page of another root.
    settings.TIPS_ROOT = tmp_path / "another"
    settings.TIPS_ROOT.write_text(f"1:{'0' * 64}\n")
    page.goto(f"{line.url}{FORM}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Formuläret är stängt just nu")
    expect(words).to_contain_text("det kan dröja flera dagar")  # the server believes it no more
    assert b"POST" not in line.sent


def test_an_old_browser_and_a_wrong_clock_are_told_so_and_send_nothing(page, line, channel):
    for wrong, words in (
        ("Object.defineProperty(crypto, 'subtle', {})", "kan inte försegla tipset: den är för"),
        ("Date = class extends Date { constructor(...words) {"
         " super(...(words.length ? words : [0])); } }", "Klockan i din enhet verkar gå fel"),
    ):  # fmt: skip
        page.add_init_script(wrong)
        page.goto(f"{line.url}{FORM}")
        told = page.locator("[data-view=closed]")
        expect(told.get_by_role("heading")).to_have_text("Formuläret går inte att öppna här")
        expect(told).to_contain_text(words)
        expect(told.get_by_role("link", name="112")).to_be_visible()
        expect(page.get_by_label("Vad vill du berätta?")).to_be_hidden()
        page = page.context.new_page()
    assert b"POST" not in line.sent


def test_a_form_that_waits_in_vain_is_closed_and_tells_whom_to_call(page, live_server):
    page.clock.install()
    what, heading = page.get_by_label("Vad vill du berätta?"), page.get_by_role("heading", level=1)
    colour = "e => getComputedStyle(e).backgroundColor"
    for hanging in ("keyring.json", "lage.json"):
        page.route(f"**/{hanging}", lambda route: None)
        page.goto(f"{live_server.url}{FORM}")
        expect(what).to_be_disabled()
        assert what.evaluate(colour) != page.locator("body").evaluate(colour)
        page.clock.fast_forward(21_000)
        expect(heading).to_have_text("Formuläret är stängt just nu")
        expect(heading).to_be_focused()
        expect(page.locator("[data-view=closed] .lead")).to_contain_text("Vi kan inte ta emot tips")
        expect(page.get_by_role("link", name="112").first).to_be_visible()
        page.unroute_all()


def _newcomer() -> tuple[Any, Any]:
    identities = [age.generate_identity() for _ in range(2)]
    return identities[1], entries_for([each.recipient for each in identities])[1]


def test_a_keyring_that_changes_meanwhile_is_checked_and_sealed_to_anew(page, line, channel):
    identity, entry = _newcomer()
    _open(page, line.url)
    _fill_in(page)
    channel.trust.follow(added=[entry])
    _send(page)

    _is_thanked(page)
    (tip_id,) = channel.vault.tips()
    assert MARK.encode() in age.unseal(channel.sealed(tip_id, "body.age"), [identity])


# When the line breaks

_POST = b"POST /tipsa/formular/lamna/"


def _after(octets: int) -> Any:
    """When so much of what is sealed has been sent."""
    return lambda asked, answered: _POST in asked and len(asked.partition(_POST)[2]) > octets


def _never(asked: bytes, answered: bytes) -> bool:
    return False


def _with_the_answer(asked: bytes, answered: bytes) -> bool:
    return _POST in asked and b" 201 " in answered


def test_a_line_that_breaks_gives_one_tip_and_the_form_stands(page, line, channel):
    """At once, in the head, in the body, in the file, late, and with the answer."""
    places = [*(_after(octets) for octets in (0, 900, 5000, 20_000, 200_000)), _with_the_answer]
    for sent, breaks in enumerate(places, start=1):
        line.breaks = _never
        _open(page, line.url)
        _fill_in(page, b"film" * 100_000)
        line.sent.clear()
        line.breaks = breaks
        _send(page)
        summary = page.get_by_role("region", name="Tipset är inte skickat än")
        expect(summary).to_contain_text(
            "Skicka igen: vi går inte att nå, eller så bröts förbindelsen."
        )
        expect(summary).to_contain_text("010-568 70 00")
        expect(page.get_by_label("Vad vill du berätta?")).to_have_value(MARK)
        line.breaks = _never
        _send(page)

        _is_thanked(page)
        assert _tips(channel) == sent


def test_an_answer_that_was_lost_and_another_keyring_give_one_tip(page, line, channel):
    _identity, entry = _newcomer()
    _open(page, line.url)
    _fill_in(page)

    def change() -> None:
        line.breaks = _never
        channel.trust.follow(added=[entry])

    line.breaks, line.when_broken = _with_the_answer, change
    _send(page)

    _is_thanked(page)  # sent once more by itself
    assert _tips(channel) == 1


def test_a_sending_can_be_stopped_and_sent_again(page, line, channel):
    _open(page, line.url)
    _fill_in(page)
    page.route("**/lamna/", lambda route: None)  # no answer comes
    _send(page)
    stop = page.get_by_role("button", name="Avbryt sändningen")
    expect(stop).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Tipset skickas …")
    stop.click()
    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    expect(summary).to_contain_text("Du avbröt sändningen.")
    page.unroute("**/lamna/")
    _send(page)
    _is_thanked(page)
    assert _tips(channel) == 1


def test_what_has_been_changed_after_it_arrived_is_said_to_have_been_sent(page, line, channel):
    _open(page, line.url)
    _fill_in(page)
    line.breaks = _with_the_answer
    _send(page)
    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    expect(summary).to_contain_text("Skicka igen")
    line.breaks = _never
    page.get_by_label("Vad vill du berätta?").fill(f"{MARK}, och en till")
    _send(page)
    expect(summary).to_contain_text("Formuläret har redan skickats.")
    _send(page)
    _is_thanked(page)
    assert _tips(channel) == 2
