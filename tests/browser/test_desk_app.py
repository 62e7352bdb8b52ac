"""A handler at the desk: the key, and a tip with its files, notes and steps, all opened in the browser."""

import contextlib
import json
import re
import unicodedata
import zipfile
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.acts import act_now, lay_note
from tests.rings import handler_key, stands_in_keyring
from tests.signed_notes import read_note, sealable_note
from tips.handling import steps
from tips.models import Note, Tip
from tips.sealing import age, fingerprint
from tips.sealing.reference import reference_of

from .desk import HeldBack, comes_to_rest, identity_file, key_file_as, leave, picture, until
from .hostile_texts import hostile_texts, those_that_wait
from .pictures_shown import COUNTED, HOSTILE, NO_PICTURES, pictures, shown_pictures

# The key


def test_what_is_wrong_with_a_key_is_said_by_its_field(desk, tip_channel):
    folder, identity = tip_channel.root, tip_channel.identity
    (folder / "oppen.txt").write_text(str(identity.recipient))
    (folder / "bild.png").write_bytes(picture())
    (folder / "skadad.txt").write_text(str(identity)[:-2])
    (folder / "stor.txt").write_bytes(bytes(100_000))
    (folder / "gammal.txt").write_text(f"# min nyckel\n{identity}\n")
    (folder / "forseglad.txt").write_text(age.lock(desk.key_file.read_bytes(), "rätt häst", 10))
    desk.come()
    chosen, error = (
        desk.page.get_by_label("Nyckelfil"),
        desk.page.locator(".desk-field__error:visible"),
    )

    desk.page.get_by_role("button", name="Öppna nyckeln").click()
    expect(error).to_have_text("Välj din nyckelfil.")
    expect(chosen).to_be_focused()
    for name, words in (
        ("oppen.txt", "Det här är en mottagares öppna nyckel."),
        ("bild.png", "Det här är ingen nyckelfil."),
        ("skadad.txt", "Nyckelfilen är skadad"),
        ("stor.txt", "Filen är för stor för att vara en nyckelfil."),
        (
            "gammal.txt",
            "Nyckelfilen är av ett äldre slag: den öppnar tips, men säger inte vem du är",
        ),
    ):
        desk.give_key(folder / name)
        expect(error).to_contain_text(words)
        expect(chosen).to_have_attribute("aria-invalid", "true")
        assert error.get_attribute("id") in chosen.get_attribute("aria-describedby").split()

    chosen.set_input_files(folder / "forseglad.txt")
    passphrase = desk.page.get_by_label("Lösenfras")
    expect(passphrase).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(error).to_have_text("Skriv lösenfrasen till nyckelfilen.")
    passphrase.fill("fel häst")
    desk.page.keyboard.press("Enter")
    expect(error).to_contain_text("Lösenfrasen stämmer inte.")
    expect(passphrase).to_be_empty()
    passphrase.fill("rätt häst")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_focused()


def test_a_key_that_is_not_in_the_keyring_is_said_not_to_be(desk, tip_channel):
    leave()
    desk.come()
    desk.give_key(identity_file(tip_channel.root, age.generate_identity(), "annan.txt"))

    notice = desk.page.get_by_text("Din nyckel finns inte i nyckelring 1.")
    expect(notice).to_be_visible()
    expect(desk.page.locator("tbody")).to_contain_text(
        "Kan inte öppnas. Förseglat till en annan nyckel än din."
    )


def test_nothing_but_keyring_and_numbers_that_were_seen_is_kept_in_the_browser_and_a_reload_locks(
    desk, context, tip_channel
):
    tip = leave("Det som skrevs här får inte ligga kvar.")
    desk.open_tip(tip)
    desk.when_numbers_are_kept()

    desk.page.reload()

    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    kept = desk.page.evaluate(
        "async () => [{...localStorage}, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length,"
        " document.cookie, JSON.stringify(history.state)]"
    )
    ring, signers = tip_channel.trust.ring, tip_channel.trust.by
    seen = json.dumps(
        {"serial": ring.serial, "hash": ring.hash, "signers": 1}, separators=(",", ":")
    )
    # Of the tips that came in, numbers, ids and hashes: what is missing or another later is known by them.
    numbers = json.loads(kept[0].pop(f"sapo-arrivals:{signers.pin}"))
    assert numbers.keys() == {"epochs", "newest", "lacked", "tips"}
    assert numbers["lacked"] == {}  # what somebody knows to be gone
    (last,) = numbers["epochs"].values()
    assert (last["counter"], last["keyring"]) == (2, ring.serial)
    (_first, came) = numbers["tips"]
    assert re.fullmatch(rf"{tip}( [0-9a-f]{{40}}){{2}}", came)
    assert kept[:4] == [{f"sapo-trust:{signers.hash}": seen}, 0, 0, 0]
    assert str(tip_channel.identity) not in json.dumps([kept, context.storage_state()])


def test_locking_takes_away_all_that_was_opened(desk):
    desk.open_tip(leave("Bara så länge nyckeln är öppen."))
    expect(desk.page.get_by_text("Bara så länge")).to_be_visible()

    desk.lock()

    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_focused()
    expect(
        desk.page.get_by_role("status").filter(has_text="Nyckeln är låst och du är utloggad.")
    ).to_be_visible()
    assert "Bara så länge" not in desk.page.content()
    desk.unlock()  # and one is back where one was
    expect(desk.page.get_by_text("Bara så länge")).to_be_visible()


def test_the_key_is_locked_when_nobody_has_been_there_for_a_quarter_of_an_hour(desk):
    leave("Ingen ska läsa det här över axeln.")
    desk.page.clock.install()
    desk.open_queue()
    desk.page.clock.fast_forward("13:30")
    desk.page.mouse.move(10, 10)  # a sign of life: the quarter begins anew
    desk.page.clock.fast_forward("13:50")
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    desk.page.clock.fast_forward("00:20")
    expect(desk.page.get_by_role("alert")).to_contain_text("Nyckeln låses om en minut")
    desk.page.keyboard.press("Shift")
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    desk.page.clock.fast_forward("14:20")
    # Nothing that the page does by itself is a sign of somebody.
    desk.page.evaluate("document.querySelector('[role=alert] button').click()")
    # For those whose keys do not reach the page, as when it is read aloud.
    expect(desk.page.get_by_role("alert").get_by_role("button", name="Fortsätt")).to_be_visible()
    desk.page.mouse.move(20, 20)
    expect(desk.page.get_by_role("alert")).to_have_count(0)

    desk.page.clock.fast_forward("14:30")
    desk.page.clock.fast_forward("01:00")

    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    desk.page.clock.fast_forward("05:00")
    expect(desk.page.get_by_text("eftersom inget hände på en kvart")).to_be_visible()
    assert "över axeln" not in desk.page.content()


# A tip


def test_a_tip_shows_all_that_was_written_its_title_says_nothing_and_the_next_one_follows(desk):
    second = leave("Sedan")
    tip = leave(
        "Rad ett.\nRad två.", subject="spionage", when="I går", where="Hamnen",
        how_known="saw", people="Grå bil", contact="070-123 45 67", urgent="1",
    )  # fmt: skip
    desk.open_tip(tip)
    page, heading = desk.page, f"Tips {reference_of(tip)}"

    expect(page.get_by_role("heading", name=heading)).to_be_focused()
    assert page.title() == f"{heading} – Tipsmottagning"
    fields = dict(
        zip(
            page.locator(".desk-fields dt").all_inner_texts(),
            page.locator(".desk-fields dd").all_inner_texts(),
            strict=True,
        )
    )
    assert fields == {
        "Vad som hänt": "Rad ett.\nRad två.",
        "Ämne": "Spioneri eller främmande makt",
        "Bråttom": "Ja",
        "När": "I går",
        "Var": "Hamnen",
        "Hur tipsaren vet det": "Såg eller hörde själv",
        "Personer, fordon och konton": "Grå bil",
        "Hur tipsaren kan nås": "070-123 45 67",
    }
    assert Tip.objects.using("tips").get(pk=tip).state == "read"
    page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(page.get_by_role("heading", name="Kö")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", name=heading)).to_be_focused()
    page.get_by_role("link", name=f"Nästa tips i kön: {reference_of(second)}").click()
    expect(page.get_by_role("heading", name=f"Tips {reference_of(second)}")).to_be_focused()


# What nothing but a tip's own markup could bring into the page.
STRANGE_ELEMENTS = """() => [...document.querySelectorAll('main *')].filter((element) =>
    element.matches('script, style, link, iframe, object, embed, svg, math, img, image, video,'
        + ' audio, source, template, table, base, meta, b, i')
    || [...element.attributes].some(({ name, value }) =>
        name.startsWith('on') || /^javascript:/i.test(value))
).map((element) => element.outerHTML)"""


def lots(texts: list[str], size: int) -> list[list[str]]:
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def signable(text: str) -> str:
    """The text as a note may hold it."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        each for each in composed if each == "\n" or unicodedata.category(each)[0] != "C"
    )


def leave_hostile(texts: list[str], tip_channel: Any) -> UUID:
    """A tip with these texts in its fields, as names and kinds of its files, and as its notes."""
    tip = leave(
        "\n".join(texts), files=[(f"{text}.txt", text, b"x") for text in texts],
        subject=texts[0], where=texts[1], when=texts[2], how_known=texts[3],
        people=texts[4], contact=texts[5],
    )  # fmt: skip
    steps.take_in_new()
    ring = tip_channel.trust.ring
    for text in texts:
        note = sealable_note(tip, signable(text), handler_key(9))
        lay_note(tip, age.seal(note, ring.recipients), "tipsmottagare")
    return tip


def texts_that_run(browser: Browser, texts: list[str]) -> set[int]:
    """The numbers of those that run in a page that takes them for markup."""
    context = browser.new_context()
    context.add_init_script("top.ran ??= []; window.alert = (number) => top.ran.push(number);")
    page = context.new_page()
    page.goto("about:blank")
    frames = "".join(f'<iframe srcdoc="{escape(text)}"></iframe>' for text in texts)
    page.set_content(frames, wait_until="commit")
    with contextlib.suppress(PlaywrightTimeout):
        page.wait_for_function(
            "least => new Set(ran).size >= least",
            arg=len(texts) - those_that_wait(),
            timeout=15_000,
        )
    ran = set(page.evaluate("ran"))
    context.close()
    return ran


def test_three_hundred_hostile_texts_and_names_are_shown_as_text(desk, browser, watch, tip_channel):
    texts = hostile_texts()
    assert len(set(texts)) == 300
    # Else they would prove nothing.
    assert len(texts_that_run(browser, texts)) == 300 - those_that_wait()
    by_heading = {
        f"Tips {reference_of(leave_hostile(lot, tip_channel))}": lot for lot in lots(texts, 10)
    }
    desk.open_queue()
    page = desk.page
    cells = {
        kind: page.locator(f"tbody .desk-table__{kind}").all_text_contents()
        for kind in ("excerpt", "subject")
    }
    assert sorted(cells["subject"]) == sorted(lot[0] for lot in by_heading.values())
    begins = sorted("\n".join(lot)[:120].rstrip() for lot in by_heading.values())
    assert sorted(text.removesuffix(" …") for text in cells["excerpt"]) == begins

    page.locator(".desk-table tbody a").first.click()
    seen = {}
    for _tip in by_heading:
        page.get_by_role("heading", name="Historik").wait_for()
        page.locator(".desk-notes__note").nth(9).wait_for()
        heading = page.locator("h1").inner_text()
        lot = seen[heading] = by_heading[heading]
        fields = page.locator(".desk-fields dd").all_text_contents()
        names = page.locator(".desk-files__name").all_text_contents()
        kinds = page.locator(".desk-files__file > .desk-quiet").all_text_contents()
        # A stranger has signed them: they are folded.
        written = page.locator(".desk-notes__note details .desk-foreign").all_text_contents()
        assert fields == ["\n".join(lot), *(lot[n] for n in (0, 2, 1, 3, 4, 5))]
        assert names == [f"{text}.txt" for text in lot]
        assert kinds == [f"{text}, 1 byte" for text in lot]
        assert written == [signable(text) for text in lot]
        assert page.title() == f"{heading} – Tipsmottagning"
        assert page.evaluate(STRANGE_ELEMENTS) == []
        if len(seen) < len(by_heading):
            page.get_by_role("link", name="Nästa tips i kön").click()
            expect(page.locator("h1")).not_to_have_text(heading)

    assert seen == by_heading
    assert watch.said == []
    # Had any been taken for markup, it would have been heard: not even a script may do so here.
    page.evaluate("() => { try { document.body.innerHTML = '<b>x</b>'; } catch {} }")
    until(page, lambda: "policy: require-trusted-types-for" in watch.said)
    assert "TrustedHTML" in watch.said[0]
    watch.said.clear()


def test_a_file_is_opened_here_and_saved(desk, tip_channel, tmp_path):
    content = bytes(range(256)) * 1000
    turned = ("faktura\u202efdp.exe", "", b"x")
    tip = leave(
        "Ring \u202e112\u202c nu\x07\u200b!",
        files=[("bevis.bin", "application/octet-stream", content), turned],
    )
    desk.open_tip(tip)
    # Signs that turn or hide text are written out.
    text = desk.page.locator(".desk-fields dd").first
    expect(text).to_have_text("Ring U+202E112U+202C nuU+0007U+200B!")
    expect(desk.page.get_by_text("fakturaU+202Efdp.exe", exact=True)).to_be_visible()

    with desk.page.expect_download() as opened:
        desk.page.get_by_role("button", name="Öppna och spara (bevis.bin)").click()
    with desk.page.expect_download() as bundle:
        desk.page.get_by_role("button", name="Ladda ner hela tipset förseglat (zip)").click()

    assert Path(opened.value.path()).read_bytes() == content
    assert opened.value.suggested_filename == "bevis.bin"
    with desk.page.expect_download() as turned_back:
        desk.page.get_by_role("button", name=re.compile("Öppna och spara .faktura")).click()
    assert turned_back.value.suggested_filename == "fakturafdp.exe"
    assert "manifest.json" in zipfile.ZipFile(bundle.value.path()).namelist()
    expect(desk.page.get_by_text("Filen är öppnad och sparad av webbläsaren.")).to_have_count(2)


def test_a_file_that_is_on_its_way_when_the_key_is_locked_is_neither_saved_nor_shown(desk):
    tip = leave(files=[("bild.png", "image/png", picture())])
    saved: list[Any] = []
    desk.page.on("download", lambda download: saved.append(download))
    made = "window.made = 0; const make = URL.createObjectURL;"
    desk.page.add_init_script(
        f"{made} URL.createObjectURL = (...given) => (window.made += 1, make(...given));"
    )
    desk.open_tip(tip)
    for action in ("Öppna och spara", "Visa bilden"):
        held = HeldBack(desk.page, "**/filer/**")
        desk.page.get_by_role("button", name=f"{action} (bild.png)").click()
        expect(desk.page.get_by_text("Hämtar och öppnar filen …")).to_be_visible()
        held.wait()

        desk.lock()
        with desk.page.expect_response("**/filer/**"):
            held.let_come()
        comes_to_rest(desk.page)

        assert saved == []
        assert desk.page.evaluate("window.made") == 0
        desk.page.unroute_all()
        desk.unlock()
        expect(desk.page.get_by_role("heading", name="Historik")).to_be_visible()
        expect(desk.page.locator("main img")).to_have_count(0)
        expect(desk.page.get_by_text("Filen är öppnad och sparad")).to_have_count(0)


def test_a_picture_is_decoded_in_a_frame_of_its_own_and_shown_as_pixels(desk, watch):
    ritning = ("ritning.svg", "image/svg+xml", HOSTILE)
    tip = leave(files=[*pictures(), ritning])
    desk.page.add_init_script(COUNTED)
    frames: list[Any] = []
    desk.page.on("frameattached", lambda frame: frames.append(frame))
    desk.open_tip(tip)
    expect(desk.page.get_by_text("Filer från okända kan vara skadliga.")).to_be_visible()
    assert desk.page.locator("main img, main canvas, iframe").count() == 0
    assert desk.page.get_by_role("button", name="Visa bilden (ritning.svg)").count() == 0

    shown_pictures(desk.page)
    assert watch.said == []
    assert len(frames) == 2 + sum(words.startswith("Bilden") for _, words in NO_PICTURES.values())


def test_the_frame_of_a_picture_has_no_origin_and_a_process_of_its_own(desk, browser, watch):
    """Held open: whatever takes over what decodes there finds neither key, cookie nor desk."""
    tip = leave(files=[("bild.png", "image/png", picture())])
    desk.page.add_init_script(
        "HTMLIFrameElement.prototype.remove = () => {}; MessagePort.prototype.close = () => {};"
    )
    desk.open_tip(tip)
    desk.page.get_by_role("button", name="Visa bilden").click()
    desk.page.get_by_role("img", name="Bild som följde med tipset").wait_for()

    assert desk.page.locator("iframe").get_attribute("sandbox") == "allow-scripts"
    frame = desk.page.frames[1]
    assert frame.evaluate("origin") == "null"
    for reached in ("parent.document", "parent.location.href", "document.cookie", "localStorage"):
        with pytest.raises(PlaywrightError, match=r"SecurityError|Blocked|denied|sandboxed"):
            frame.evaluate(reached)
    assert frame.evaluate(
        "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'out', () => 'refused')",
        f"{desk.server}/static/x",
    ) == "refused"  # fmt: skip
    # Chromium speaks apart of frames whose process is another than that of their page.
    targets = browser.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]
    assert [each["type"] for each in targets if each["url"].startswith("blob:")] == ["iframe"]
    watch.said.clear()  # the browser's own words on what was refused


def test_content_that_was_swapped_on_the_server_is_neither_opened_nor_shown(desk, tip_channel):
    tip = leave("Det rätta", files=[("ett.txt", "", b"ett"), ("tva.txt", "", b"tva")])
    exchanged, other = leave("Det skrivna"), leave("Det andra")
    sealed = tip_channel.root / "tips" / "sealed"
    one, two = [
        path for path in sorted((sealed / str(tip)).glob("*.age"))
        if path.stem not in ("head", "body")
    ]  # fmt: skip
    octets = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(octets)
    body = (sealed / str(other) / "body.age").read_bytes()
    (sealed / str(exchanged) / "body.age").write_bytes(body)
    desk.open_tip(tip)
    desk.page.get_by_role("button", name="Öppna och spara (ett.txt)").click()
    expect(desk.page.get_by_text("Filen är skadad eller utbytt")).to_be_visible()

    desk.back()
    desk.open(exchanged)
    expect(desk.page.get_by_text("Innehållet går inte att visa")).to_be_visible()
    expect(desk.page.get_by_text("Skadat, eller utbytt")).to_be_visible()
    expect(desk.page.get_by_text("Det andra")).to_have_count(0)


# Notes and steps


def test_a_note_is_sealed_before_it_is_sent(desk, tip_channel):
    tip = leave()
    desk.open_tip(tip)
    sent: list[str] = []
    desk.page.on("request", lambda request: sent.append(request.post_data or ""))
    desk.page.get_by_role("button", name="Spara anteckningen").click()
    expect(desk.page.get_by_text("Skriv anteckningen innan du sparar den.")).to_be_visible()

    desk.page.get_by_label("Ny anteckning").fill("Jag ringer <b>hamnen</b> i morgon.")
    desk.page.get_by_role("button", name="Spara anteckningen").click()

    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    expect(desk.page.locator(".desk-notes")).to_contain_text("Jag ringer <b>hamnen</b> i morgon.")
    expect(desk.page.get_by_label("Ny anteckning")).to_be_empty()
    assert "hamnen" not in "".join(sent)
    note = Note.objects.using("tips").get(tip_id=tip)
    opened = age.unseal(bytes(note.sealed), tip_channel.identities)
    assert len(opened) % 1024 == 0
    assert read_note(opened).said["text"] == "Jag ringer <b>hamnen</b> i morgon."


def test_a_step_asks_for_what_it_needs_and_is_taken(desk):
    tip = leave()
    desk.open_tip(tip)
    desk.take_step()
    expect(desk.page.get_by_text("Välj vad som ska göras.")).to_be_visible()

    desk.choose_step("register")
    desk.take_step()
    expect(desk.page.locator(".desk-steps .desk-field__error:visible")).to_contain_text("Fyll i:")
    number = desk.page.locator(".desk-steps__needs:visible input")
    expect(number).to_be_focused()
    number.fill("Kalle Karlsson")
    desk.take_step()
    expect(desk.page.get_by_role("alert")).to_be_visible()  # the server says how it is written
    expect(number).to_have_value("Kalle Karlsson")
    number.fill("2026-1234")
    desk.take_step()

    expect(desk.page.locator(".desk-facts")).to_contain_text("2026-1234")
    desk.choose_step("assign")
    desk.page.locator(".desk-steps__needs:visible select").select_option("tipsmottagare")
    desk.take_step()
    expect(desk.page.get_by_text("Klart: Tilldelat.")).to_be_visible()
    events = desk.page.locator(".desk-history__event")
    expect(events).to_have_count(4)
    # As the keyring has it, whatever the server says.
    expect(events.last).to_contain_text(re.compile("Tilldelat.*Provnyckel.*av Provnyckel"))
    row = Tip.objects.using("tips").get(pk=tip)
    assert (row.state, row.assigned_to, row.register_no) == (
        "assigned", "tipsmottagare", "2026-1234",
    )  # fmt: skip


def test_who_comes_second_sees_what_has_happened_and_keeps_what_was_typed(desk, tip_channel):
    stands_in_keyring(tip_channel, "bertil", "cecilia")
    tip = leave()
    desk.open_tip(tip)
    alarm, needed = desk.page.get_by_role("alert"), desk.page.locator(".desk-steps__needs:visible")
    desk.choose_step("register")
    needed.locator("input").fill("2026-99")
    act_now("bertil", "assign", tip, "cecilia")

    desk.take_step()
    expect(alarm).to_contain_text("Någon annan hann före")
    expect(alarm.get_by_role("listitem")).to_have_text("Tilldelat till Cecilia, av Bertil")
    expect(alarm).to_be_focused()
    expect(needed.locator("input")).to_have_value("2026-99")
    expect(desk.page.locator(".desk-facts")).to_contain_text("Cecilia")
    assert Tip.objects.using("tips").get(pk=tip).register_no == ""
    desk.take_step()
    expect(desk.page.locator(".desk-facts")).to_contain_text("2026-99")

    # And where the step can be taken no longer
    desk.choose_step("no_action")
    needed.locator("select").select_option("known")
    act_now("bertil", "spam", tip, "abuse")
    desk.take_step()
    expect(alarm.get_by_role("listitem")).to_have_text("Markerat som skräp: Okvädinsord, av Bertil")
    expect(alarm).to_contain_text("går inte att göra längre.")


def test_who_has_been_logged_out_sees_why_and_loses_nothing_of_what_was_written(
    desk, context, tip_channel
):
    tip = leave("Läses inte av den som är utloggad.")
    desk.open_tip(tip)
    desk.page.get_by_label("Ny anteckning").fill("Skrivet innan sessionen tog slut.")
    context.clear_cookies()
    desk.press("Spara anteckningen")
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Inloggningen är avslutad")
    expect(alarm).to_contain_text("Anteckningen som du inte hade sparat finns kvar")
    assert "Läses inte" not in desk.page.content()

    desk.unlock()
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value(
        "Skrivet innan sessionen tog slut."
    )
    desk.press("Spara anteckningen")
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    assert Note.objects.using("tips").filter(tip_id=tip).count() == 1

    # Nobody else who opens a key there reads it.
    desk.page.get_by_label("Ny anteckning").fill("Bara för mig.")
    context.clear_cookies()
    desk.press("Spara anteckningen")
    stands_in_keyring(tip_channel, "bertil")
    desk.give_key(key_file_as("bertil", desk))
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("")


def test_a_new_handler_is_given_access_to_older_tips(desk, tip_channel):
    tip = leave("Äldre än den nya nyckeln", files=[("a.txt", "text/plain", b"abc")])
    desk.open_tip(tip)
    desk.page.get_by_label("Ny anteckning").fill("Också till den nya.")
    desk.page.get_by_role("button", name="Spara anteckningen").click()
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    lost = age.generate_identity()
    newcomer = age.generate_identity()
    tip_channel.trust.add("Nina Ny", newcomer.recipient)
    folder = tip_channel.root / "tips" / "sealed" / str(tip)
    with pytest.raises(age.WrongKey):
        age.unseal((folder / "body.age").read_bytes(), [newcomer])

    desk.back()
    expect(desk.page.get_by_text("Ett tips är förseglat till en äldre nyckelring.")).to_be_visible()
    desk.page.get_by_role("link", name="Ge tillgång").click()
    expect(desk.page.get_by_role("heading", name="Nycklar")).to_be_focused()
    expect(desk.page.get_by_text("Nina Ny")).to_be_visible()
    rows = desk.page.locator(".desk-words li")
    expect(rows).to_have_text(fingerprint.word_rows(tip_channel.trust.ring.hash))
    desk.page.get_by_role("button", name="Lägg om omslagen").click()

    expect(desk.page.get_by_text("Klart. 4 omslag är omlagda.")).to_be_visible()
    for file in tip_channel.vault.files(tip):
        theirs = tip_channel.sealed(tip, file.name, newcomer)
        own = age.unseal(tip_channel.sealed(tip, file.name), tip_channel.identities)
        assert age.unseal(theirs, [newcomer]) == own
        with pytest.raises(age.WrongKey):
            age.unseal(theirs, [lost])
    note = bytes(Note.objects.using("tips").get(tip_id=tip).sealed)
    opened = read_note(age.unseal(note, [newcomer]))
    assert opened.said["text"] == "Också till den nya."
    desk.back()
    expect(desk.page.locator(".desk-queue__foot")).not_to_contain_text("äldre nyckelring")


def test_all_is_done_by_keyboard(desk, tip_channel):
    tip = leave("Utan mus")
    desk.come()
    page = desk.page

    def tab_to(name: str, role: str) -> None:
        goal = page.get_by_role(role, name=name).first
        for _ in range(40):
            if goal.evaluate("(element) => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached")

    page.get_by_label("Nyckelfil").set_input_files(desk.key_file)  # the dialog is the system's
    tab_to("Öppna nyckeln", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kö")).to_be_focused()
    page.locator(".desk-table").wait_for()
    tab_to(reference_of(tip), "link")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Historik").wait_for()
    tab_to("Ny anteckning", "textbox")
    page.keyboard.type("Skriven med tangentbordet.")
    tab_to("Spara anteckningen", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    tab_to("Genomför", "button")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")  # the first choice has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to("Genomför", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nästa steg")).to_be_focused()
    assert Tip.objects.using("tips").get(pk=tip).state == "assigned"
