"""Handlers at the desk: the key, the queue, a tip, all opened in the browser."""

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils.timezone import localdate, localtime
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.handlers import PASSWORD, make_handler
from tests.rings import entry, handler_secret
from tips import exchange
from tips.accounts import row_seals
from tips.handling import notes, steps
from tips.keeping import counting, intake
from tips.models import Event, Note, Tip
from tips.opener import build
from tips.opener.page import one_file
from tips.sealing import age, envelope, fingerprint
from tips.sealing.packing import BundlePacker
from tips.sealing.reference import reference_of
from tips.sealing.signed_note import read_note
from tips.sealing.trust import to_text
from tips.wording.texts import built_in_to_edit

from .axe import violations
from .hostile_texts import hostile_texts, those_that_wait

DESK = "/tipsmottagning/"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


@dataclass
class Watch:
    """What a page says that it should not: policies broken, faults, words in the console."""

    said: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self.hear(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append("a dialog"), dialog.dismiss()))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (event) => console.log('policy: ' + event.violatedDirective))"
        )

    def hear(self, text: str) -> None:
        # The browser's own words: on an answer that refuses something, on what was cleared when one
        # logged out, and on passkeys by RSA, which are not taken.
        own = (
            r"Failed to load resource: .* status of 4\d\d|Clear-Site-Data header on .*: Cleared"
            r"|publicKey\.pubKeyCredParams is missing at least one of the default algorithm"
        )
        if not re.match(own, text):
            self.said.append(text)


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    """Whatever a test does in its page, nothing is said in the console and no policy is broken."""
    watch = Watch()
    watch.follow(page)
    yield watch
    assert watch.said == []


@dataclass
class Desk:
    """A handler's browser."""

    page: Page
    server: str
    key_file: Path

    def log_in(self, username: str = "tipsmottagare") -> None:
        self.page.goto(f"{self.server}{DESK}")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main [type=submit]").click()
        self.page.wait_for_url(f"{self.server}{DESK}")

    def give_key(self, path: Path | None = None, passphrase: str = "") -> None:
        self.page.get_by_label("Nyckelfil").set_input_files(path or self.key_file)
        if passphrase:
            self.page.get_by_label("Lösenfras").fill(passphrase)
        self.page.get_by_role("button", name="Öppna nyckeln").click()

    def unlock(self) -> None:
        self.give_key()
        expect(self.page.get_by_text("Nyckeln är öppen", exact=True)).to_be_visible()

    def open_queue(self) -> None:
        self.log_in()
        self.unlock()
        self.page.locator(".desk-queue__count").wait_for()

    def open_tip(self, tip_id: UUID) -> None:
        self.open_queue()
        self.page.locator(".desk-table").get_by_role("link", name=reference_of(tip_id)).click()
        self.page.get_by_role("heading", name="Historik").wait_for()

    def rows(self) -> list[str]:
        return self.page.locator(".desk-table tbody th").all_inner_texts()

    def choose_step(self, name: str) -> None:
        self.page.locator(f"input[name=steg][value={name}]").check()

    def take_step(self) -> None:
        self.page.get_by_role("button", name="Genomför").click()


def identity_file(
    folder: Path,
    identity: object,
    name: str = "identity.txt",
    handler: str = "tipsmottagare",
    number: int = 1,
) -> Path:
    """The key file of a handler, whose entry has this id and number (`tests.rings`)."""
    path = folder / name
    secret, root = to_text(handler_secret(number)), (folder / "trust" / "root").read_text()
    path.write_text(
        f"# en provnyckel\n# sapo-handler: {handler}\n# sapo-signing-key: {secret}\n"
        f"# sapo-root: {root}{identity}\n"
    )
    return path


@pytest.fixture
def desk(page: Page, live_server: Any, handler: Any, tip_channel: Any, watch: Watch) -> Desk:
    return Desk(page, live_server.url, identity_file(tip_channel.root, tip_channel.identity))


def leave(text: str = "Jag såg något.", days: int = 0, files: Any = (), **fields: str) -> UUID:
    on = localdate() - timedelta(days=days) if days else None
    return intake.leave({"text": text, "subject": "annat", **fields}, files, received_on=on)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "#113158").save(out, "PNG")
    return out.getvalue()


# The key


def test_what_is_wrong_with_a_key_is_said_by_its_field(desk, tip_channel):
    folder, identity = tip_channel.root, tip_channel.identity
    (folder / "oppen.txt").write_text(str(identity.recipient))
    (folder / "bild.png").write_bytes(picture())
    (folder / "skadad.txt").write_text(str(identity)[:-2])
    (folder / "stor.txt").write_bytes(bytes(100_000))
    (folder / "forseglad.txt").write_text(age.lock(f"{identity}\n".encode(), "rätt häst", 10))
    desk.log_in()
    chosen, error = (
        desk.page.get_by_label("Nyckelfil"),
        desk.page.locator(".desk-field__error:visible"),
    )

    desk.page.get_by_role("button", name="Öppna nyckeln").click()
    expect(error).to_have_text("Välj din nyckelfil, eller klistra in nyckeln.")
    expect(chosen).to_be_focused()
    for name, words in (
        ("oppen.txt", "Det här är en mottagares öppna nyckel."),
        ("bild.png", "Det här är ingen nyckelfil."),
        ("skadad.txt", "Nyckelfilen är skadad"),
        ("stor.txt", "Filen är för stor för att vara en nyckelfil."),
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


def test_a_key_can_be_pasted(desk, tip_channel):
    desk.log_in()
    desk.page.get_by_text("Klistra in nyckeln i stället").click()
    desk.page.get_by_label("Nyckelns text").fill(f"# min nyckel\n{tip_channel.identity}")
    desk.page.get_by_role("button", name="Öppna nyckeln").click()

    expect(desk.page.get_by_text("Nyckeln är öppen", exact=True)).to_be_visible()


def test_a_key_that_is_not_in_the_keyring_is_said_not_to_be(desk, tip_channel):
    leave()
    desk.log_in()
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
    expect(desk.page.get_by_text("Det som skrevs här")).to_be_visible()
    while "sapo-arrivals" not in str(desk.page.evaluate("Object.keys(localStorage)")):
        desk.page.wait_for_timeout(50)

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
    assert numbers.keys() == {"began", "epochs", "newest", "restored", "tips"}
    assert numbers["restored"] == {}  # where backups ended
    (last,) = numbers["epochs"].values()
    assert (last["counter"], last["keyring"]) == (2, ring.serial)
    (_first, came) = numbers["tips"]
    assert re.fullmatch(rf"{tip}( [0-9a-f]{{40}}){{2}}", came)
    assert kept[:4] == [{f"sapo-trust:{signers.hash}": seen}, 0, 0, 0]
    assert str(tip_channel.identity) not in json.dumps([kept, context.storage_state()])


def test_locking_takes_away_all_that_was_opened(desk):
    desk.open_tip(leave("Bara så länge nyckeln är öppen."))
    expect(desk.page.get_by_text("Bara så länge")).to_be_visible()

    desk.page.get_by_role("button", name="Lås", exact=True).click()

    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_focused()
    expect(desk.page.get_by_role("status").filter(has_text="Nyckeln är låst.")).to_be_visible()
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


def test_no_focused_link_is_behind_the_bar_that_says_what_happened(desk):
    for number in range(30):
        leave(f"Tips nummer {number}")
    desk.page.set_viewport_size({"width": 1280, "height": 700})
    desk.open_queue()
    expect(desk.page.locator("#besked")).not_to_be_empty()
    seen, behind = set(), []
    for _ in range(60):
        desk.page.keyboard.press("Tab")
        found = desk.page.evaluate(
            """() => {
                if (document.activeElement === document.body) return null;
                const bar = document.getElementById('besked').getBoundingClientRect();
                const it = document.activeElement.getBoundingClientRect();
                return [document.activeElement.textContent.slice(0, 40), it.top, it.bottom,
                        bar.height > 20 ? bar.top : Infinity];
            }"""
        )
        if found is None or found[3] == float("inf"):
            break  # past the last link, or the bar is gone
        seen.add(found[0])
        if found[1] < found[3] < found[2] or found[1] >= found[3]:
            behind.append(found)
    assert behind == []
    assert len(seen) > 15


def test_without_script_the_page_says_how_tips_are_opened(desk, browser, context):
    desk.log_in()
    other = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    without_script = other.new_page()
    without_script.goto(f"{desk.server}{DESK}")

    without_script.get_by_role("heading", name="Tipsmottagningen kräver JavaScript").wait_for()
    assert "tips_open" in without_script.locator("main").inner_text()
    other.close()


# The queue


def test_the_queue_is_sorted_filtered_and_searched_once_it_is_open(desk):
    old = leave("Äldst av alla", days=1, subject="terrorism")
    urgent = leave("Bråttom med båten", urgent="1", subject="spionage")
    ordinary = leave("Vanligt om hamnen", subject="hot")
    desk.open_queue()
    old_ref, urgent_ref, ordinary_ref = map(reference_of, (old, urgent, ordinary))

    assert desk.rows() == [urgent_ref, old_ref, ordinary_ref]
    heads = desk.page.locator("thead th")
    expect(heads.filter(has_text="Bråttom")).to_have_attribute("aria-sort", "descending")
    desk.page.get_by_role("button", name="Mottaget", exact=True).click()
    assert desk.rows()[0] == old_ref
    expect(heads.filter(has_text="Mottaget")).to_have_attribute("aria-sort", "ascending")
    expect(desk.page.get_by_role("button", name="Mottaget", exact=True)).to_be_focused()
    desk.page.get_by_role("button", name="Mottaget", exact=True).click()
    assert desk.rows()[-1] == old_ref

    desk.page.get_by_label("Sök", exact=True).fill("HAMNEN vanligt")
    assert desk.rows() == [ordinary_ref]
    expect(desk.page.get_by_text("Visar 1 av 3 tips")).to_be_visible()
    desk.page.get_by_label("Sök", exact=True).fill(old_ref.lower())
    assert desk.rows() == [old_ref]
    desk.page.get_by_label("Sök", exact=True).fill("finns inte")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()
    desk.page.get_by_role("button", name="Visa alla").click()
    expect(desk.page.locator("tbody tr")).to_have_count(3)

    desk.page.get_by_label("Bara brådskande").check()
    assert desk.rows() == [urgent_ref]
    desk.page.get_by_label("Bara brådskande").uncheck()
    desk.page.get_by_label("Ämne").select_option("Terrorism")
    assert desk.rows() == [old_ref]


def test_states_are_counted_and_chosen(desk):
    read, received = leave("Läst"), leave("Mottaget")
    steps.take_in_new()
    steps.open_tip(read, "tipsmottagare")
    steps.take_step(read, "assign", 2, "tipsmottagare", {"assignee": "tipsmottagare"})
    spam = leave("Skräp")
    steps.take_in_new()
    steps.take_step(spam, "spam", 1, "tipsmottagare", {"reason": "abuse"})
    desk.open_queue()
    states = desk.page.locator(".desk-states button:visible")

    expect(states.nth(0)).to_have_text("Alla 2")
    assert [text.split()[-1] for text in states.all_inner_texts()] == ["2", "1", "1"]
    states.nth(1).click()
    expect(states.nth(1)).to_have_attribute("aria-pressed", "true")
    assert desk.rows() == [reference_of(received)]
    states.nth(0).click()
    desk.page.get_by_label("Handläggare").select_option("Mina")
    assert desk.rows() == [reference_of(read)]
    desk.page.get_by_label("Handläggare").select_option("Ingen")
    assert desk.rows() == [reference_of(received)]
    desk.page.get_by_label("Handläggare").select_option("Alla")

    desk.page.get_by_label("Visa även avslutade").check()
    expect(states.nth(0)).to_have_text("Alla 3")
    expect(desk.page.get_by_label("Visa även avslutade")).to_be_focused()
    assert reference_of(spam) in desk.rows()


def test_tips_unread_for_too_long_stand_as_an_alarm_above_the_queue(desk):
    late, later = leave("För länge", days=4), leave("Ännu längre", days=6)
    leave("Nyss")
    desk.log_in()
    expect(desk.page.get_by_text("2 olästa tips har väntat längre än de får.")).to_be_visible()

    desk.unlock()

    alarm = desk.page.get_by_role("region", name="2 tips har legat olästa längre än de får")
    expect(alarm).to_be_visible()
    assert alarm.get_by_role("link").all_inner_texts() == [reference_of(later), reference_of(late)]
    expect(desk.page.locator("tbody tr", has_text="Väntat för länge")).to_have_count(2)
    alarm.get_by_role("link").first.click()
    expect(desk.page.get_by_role("heading", name=f"Tips {reference_of(later)}")).to_be_focused()


def test_a_single_late_tip_is_spoken_of_as_one(desk):
    leave("För länge", days=4)
    desk.log_in()

    alarm = desk.page.locator(".desk-notice--danger")
    expect(alarm).to_contain_text("Ett oläst tips har väntat längre än det får.")
    expect(alarm).to_contain_text("Öppna nyckeln för att se vilket,")


def test_an_urgent_tip_is_late_after_two_hours(desk, monkeypatch):
    from tips.desk import queue

    monkeypatch.setattr(queue, "URGENT_HOURS", -1)  # what came in the last quarter is late as well
    urgent = leave("Bråttom", urgent="1")
    leave("Inte bråttom")
    desk.open_queue()

    alarm = desk.page.get_by_role("region", name="Ett tips har legat oläst längre än det får")
    assert alarm.get_by_role("link").all_inner_texts() == [reference_of(urgent)]


def test_the_queue_says_how_far_it_has_come(desk):
    for number in range(12):
        leave(f"Nummer {number}")
    desk.page.add_init_script(
        "window.said = []; addEventListener('DOMContentLoaded', () => new MutationObserver(() =>"
        " window.said.push(document.getElementById('besked').textContent))"
        " .observe(document.getElementById('besked') ?? document, { childList: true }))"
    )
    desk.open_queue()

    said = desk.page.evaluate("window.said")
    assert "Låser upp 0 av 12" in said
    assert "12 tips i kön är upplåsta." in said


# A long queue

REST_OF_THE_QUEUE = re.compile(r"/api/ko/\?efter=")


def leave_many(monkeypatch: pytest.MonkeyPatch, *, at_a_time: int, days: list[int]) -> list[UUID]:
    """So many tips, the newest first as they come in the queue, which is handed out in lots."""
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", at_a_time)
    left = [(day, leave(f"Nummer {n} i raden", days=day)) for n, day in enumerate(days)]
    return [tip for _day, tip in sorted(left, key=lambda each: (each[0], -each[1].int))]


class HeldBack:
    """What the desk asks for after the first lot: it comes when the test lets it."""

    def __init__(self, desk: Desk) -> None:
        self.page = desk.page
        self.asked: list[Route] = []
        self.is_over = False
        desk.page.route(REST_OF_THE_QUEUE, lambda route: self._take(route))

    def _take(self, route: Route) -> None:
        self.asked.append(route)
        if self.is_over:
            route.continue_()

    def let_come(self) -> None:
        while not self.asked:
            self.page.wait_for_timeout(50)
        self.is_over = True
        for route in list(self.asked):
            route.continue_()


def test_a_queue_of_hundreds_is_used_while_the_rest_of_it_comes(desk, monkeypatch):
    days = [*range(80, 10, -1), *[0] * 180]
    tips = leave_many(monkeypatch, at_a_time=60, days=days)
    steps.take_in_new()
    held = HeldBack(desk)
    heard_of = "window.said = []; new MutationObserver(() => window.said.push(besked.textContent))"
    desk.log_in()
    desk.page.evaluate(f"{heard_of}.observe(besked, {{ childList: true }})")
    desk.unlock()
    page, shown = desk.page, desk.page.locator(".desk-queue__count")

    expect(shown).to_have_text("60 tips")
    expect(page.get_by_text("60 av 250 tips i kön har hämtats.")).to_be_visible()
    # The server has counted also those that have not come.
    alarm = page.get_by_role("region", name="70 tips har legat olästa längre än de får")
    expect(alarm).to_be_visible()
    expect(page.get_by_role("button", name="Alla 60")).to_be_visible()
    assert set(desk.rows()) == set(map(reference_of, tips[:60]))
    search = page.get_by_label("Sök", exact=True)
    search.fill(reference_of(tips[-1]))
    expect(page.get_by_text("Inga tips stämmer med det du har valt.")).to_be_visible()

    # How far it has come is said once a second; on a fast machine all of it could come in one.
    page.wait_for_timeout(1_100)
    held.let_come()

    expect(shown).to_have_text("Visar 1 av 250 tips")
    assert desk.rows() == [reference_of(tips[-1])]
    expect(search).to_be_focused()
    expect(page.get_by_text("i kön har hämtats.")).to_be_hidden()
    expect(page.get_by_role("button", name="Alla 250")).to_be_visible()
    expect(alarm.get_by_text("och 62 till")).to_be_visible()
    said = page.evaluate("window.said")
    counted = [int(told[1]) for each in said if (told := re.match(r"Låser upp (\d+) av 250", each))]
    assert counted[0] == 0
    assert max(counted) >= 60
    assert counted == sorted(counted)
    assert "250 tips i kön är upplåsta." in said

    search.fill("")
    expect(page.locator("tbody tr")).to_have_count(200)
    page.get_by_role("button", name="Visa 50 till").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(250)
    assert set(desk.rows()) == set(map(reference_of, tips))
    expect(page.locator("tbody a").nth(200)).to_be_focused()


def test_what_has_the_focus_keeps_it_when_more_of_the_queue_comes(desk, monkeypatch):
    tips = leave_many(monkeypatch, at_a_time=2, days=[9, 8, 7, 6, 5])
    held = HeldBack(desk)
    desk.open_queue()
    link = desk.page.locator("tbody").get_by_role("link", name=reference_of(tips[1]))
    link.focus()

    held.let_come()

    expect(desk.page.locator("tbody tr")).to_have_count(5)
    expect(link).to_be_focused()


def test_a_queue_that_is_cut_off_says_so_and_goes_on_where_it_was(desk, monkeypatch, watch):
    leave_many(monkeypatch, at_a_time=2, days=[9, 8, 7, 6, 5])
    desk.page.route(REST_OF_THE_QUEUE, lambda route: route.abort())
    desk.open_queue()
    expect(desk.page.get_by_role("alert")).to_contain_text("Servern svarar inte som den ska.")
    expect(desk.page.get_by_text("2 av 5 tips i kön har hämtats.")).to_be_visible()
    desk.page.unroute(REST_OF_THE_QUEUE)
    watch.said.clear()

    desk.page.get_by_role("button", name="Försök igen").click()

    expect(desk.page.locator("tbody tr")).to_have_count(5)
    expect(desk.page.get_by_role("alert")).to_have_count(0)


def test_nothing_more_of_the_queue_is_asked_for_or_shown_once_the_key_is_locked(desk, monkeypatch):
    leave_many(monkeypatch, at_a_time=2, days=[9, 8, 7, 6, 5])
    held = HeldBack(desk)
    desk.open_queue()

    desk.page.get_by_role("button", name="Lås", exact=True).click()
    held.let_come()
    expect(desk.page.get_by_text("5 olästa tips har väntat längre än de får.")).to_be_visible()
    desk.page.wait_for_timeout(500)

    assert len(held.asked) == 1
    assert "Nummer" not in desk.page.content()


# What comes while the queue is open

HALF_A_MINUTE = "00:31"


def test_both_of_two_handlers_hear_of_what_comes_and_lose_neither_place_nor_focus(desk, browser):
    make_handler("bertil")
    there = [leave(f"Nummer {n}", days=3 - n) for n in range(3)]
    others = browser.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", accept_downloads=True
    )
    bertils = Desk(others.new_page(), desk.server, desk.key_file)
    for each, name in ((desk, "tipsmottagare"), (bertils, "bertil")):
        each.page.clock.install()
        each.log_in(name)
        each.unlock()
        each.page.locator(".desk-queue__count").wait_for()
    page = desk.page
    link = page.locator("tbody").get_by_role("link", name=reference_of(there[1]))
    link.focus()
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(page.get_by_role("region", name="Nya tips")).to_be_hidden()
    assert page.title() == "Kö – Tipsmottagning"

    with transaction.atomic(using="tips"):  # a question of the desk comes before both, or after
        urgent = leave("Det brinner", urgent="1", files=[("bevis.bin", "", b"bevis")])
        other = leave("Ingen brådska")
    for each in (desk, bertils):
        each.page.clock.fast_forward(HALF_A_MINUTE)

    for each in (desk, bertils):
        news = each.page.get_by_role("region", name="Nya tips")
        expect(news.get_by_role("heading", name="2 nya tips, varav 1 brådskande")).to_be_visible()
        assert news.get_by_role("link").all_inner_texts() == [reference_of(urgent)]
        expect(each.page.locator("#besked")).to_have_text(
            f"2 nya tips har kommit, varav 1 brådskande: {reference_of(urgent)}."
        )
        expect(each.page.locator("#besked")).to_have_attribute("role", "status")
        assert each.page.title() == "(2 nya, 1 brådskande) Kö – Tipsmottagning"
    expect(link).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(3)

    # Bertil comes first; she who comes second sees that he has read it and taken its file.
    bertils.page.get_by_role("link", name=reference_of(urgent)).click()
    expect(bertils.page.get_by_text("Det brinner")).to_be_visible()
    with bertils.page.expect_download():
        bertils.page.get_by_role("button", name="Öppna och spara (bevis.bin)").click()
    expect(bertils.page.get_by_role("heading", name="1 nytt tips")).to_be_visible()
    leave("Kommer medan han läser", urgent="1")
    bertils.page.clock.fast_forward(HALF_A_MINUTE)
    expect(bertils.page.get_by_role("heading", name="2 nya tips, varav 1 brådsk")).to_be_visible()
    assert bertils.page.title().startswith("(2 nya, 1 brådskande) Tips")
    bertils.page.get_by_role("button", name="Visa i kön").click()
    expect(bertils.page.locator("tbody tr")).to_have_count(6)
    expect(bertils.page.get_by_role("region", name="Nya tips")).to_be_hidden()
    others.close()
    page.get_by_role("button", name="Visa i kön").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator(".desk-queue__count")).to_have_text("5 tips")
    expect(page.get_by_role("region", name="Nya tips")).to_be_hidden()
    assert page.title() == "Kö – Tipsmottagning"
    assert set(desk.rows()) == set(map(reference_of, [*there, urgent, other]))
    page.locator("tbody").get_by_role("link", name=reference_of(urgent)).click()
    told = page.locator(".desk-history__event")
    expect(told.nth(1)).to_contain_text(re.compile("Öppnat för första gången.*av bertil"))
    expect(told.nth(2)).to_contain_text(re.compile(r"Fil hämtad.*bevis\.bin.*av bertil"))
    expect(told.nth(3)).to_contain_text(re.compile("Läst igen.*av Provnyckel"))


def test_the_desk_tells_how_many_of_the_new_are_urgent(desk):
    leave("Redan här")
    desk.page.clock.install()
    desk.open_queue()
    news, besked = desk.page.get_by_role("region", name="Nya tips"), desk.page.locator("#besked")

    first = reference_of(leave("Det brinner", urgent="1"))
    desk.page.clock.fast_forward(HALF_A_MINUTE)
    expect(besked).to_have_text(f"1 nytt brådskande tips har kommit: {first}.")
    expect(news.get_by_role("heading", name="1 nytt brådskande tips")).to_be_visible()
    assert desk.page.title() == "(1 nytt, brådskande) Kö – Tipsmottagning"

    leave("Ingen brådska")
    for n in range(10):
        leave(f"Det brinner på {n} ställen", urgent="1")
    desk.page.clock.fast_forward(HALF_A_MINUTE)
    expect(besked).to_have_text(
        re.compile(r"11 nya tips har kommit, varav 10 brådskande: (\S{9}[, ]+){8}och 2 till\.")
    )
    expect(news.get_by_role("heading", name="12 nya tips, varav 11 brådskande")).to_be_visible()


def test_a_desk_that_can_hear_of_nothing_says_so_and_a_locked_one_does_not_ask(desk, watch):
    leave("Redan här")
    desk.page.clock.install()
    asked: list[Any] = []
    desk.page.on("request", lambda request: "nytt/" in request.url and asked.append(request))
    desk.open_queue()
    page, news = desk.page, desk.page.get_by_role("region", name="Nya tips")
    expect(page.get_by_text("Nya tips hämtas var trettionde sekund")).to_be_visible()

    page.route("**/ko/nytt/**", lambda route: route.abort())
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(news).to_contain_text("Nya tips kan inte hämtas: servern svarar inte som den ska.")
    expect(page.locator("#besked")).to_contain_text("Nya tips kan inte hämtas")
    page.unroute("**/ko/nytt/**")
    watch.said.clear()
    leave("Kom medan det var tyst")
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(news).to_contain_text("1 nytt tips")
    expect(news).not_to_contain_text("kan inte hämtas")
    assert page.title() == "(1 nytt) Kö – Tipsmottagning"
    assert len(asked) == 2
    assert not any("x-desk-active" in request.headers for request in asked)

    # Nobody touches anything: the asking is no sign of life, for the key as little as for the session.
    for _each in range(2):
        before = len(asked)
        page.clock.fast_forward("06:00")
        page.wait_for_timeout(500)
        if len(asked) == before:  # the answer before this had not been read when the time passed
            page.clock.fast_forward(HALF_A_MINUTE)
            page.wait_for_timeout(500)
        assert len(asked) == before + 1
    page.clock.fast_forward("03:00")
    expect(page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    expect(news).to_be_hidden()
    assert page.title() == "Öppna nyckeln – Tipsmottagning"
    before = len(asked)
    page.clock.fast_forward("05:00")
    page.wait_for_timeout(200)
    assert len(asked) == before


def test_an_urgent_tip_that_becomes_late_while_the_queue_is_open_is_an_alarm(desk):
    urgent = leave("Bråttom", urgent="1")
    desk.page.clock.install()
    desk.open_queue()
    expect(desk.page.locator("tbody .desk-badge--warning")).to_have_text("Bråttom")
    expect(desk.page.locator("#larm")).to_have_count(0)

    def later(route: Route) -> None:
        # As the browser itself would have asked.
        answer = route.fetch(headers={**route.request.headers, "sec-fetch-site": "same-origin"})
        now = (localtime() + timedelta(hours=3)).isoformat(timespec="minutes")
        route.fulfill(response=answer, json={**answer.json(), "now": now})

    desk.page.route("**/ko/nytt/**", later)
    desk.page.clock.fast_forward(HALF_A_MINUTE)

    alarm = desk.page.get_by_role("region", name="Ett tips har legat oläst längre än det får")
    expect(alarm).to_be_visible()
    assert alarm.get_by_role("link").all_inner_texts() == [reference_of(urgent)]
    expect(desk.page.locator("#besked")).to_contain_text("Ett tips har legat oläst längre")


def test_an_empty_queue_says_so(desk):
    desk.open_queue()

    expect(desk.page.get_by_text("Det finns inga tips att visa.")).to_be_visible()


def test_a_narrow_window_shows_the_queue_as_cards_that_are_still_a_table(desk):
    leave("Ett tips på en liten skärm")
    desk.page.set_viewport_size({"width": 360, "height": 800})
    desk.open_queue()

    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(desk.page.get_by_role("table")).to_have_count(1)
    expect(desk.page.get_by_role("cell", name="Ett tips på en liten skärm")).to_be_visible()
    desk.page.get_by_text("Sök, välj och ordna").click()
    desk.page.get_by_label("Ordna efter").select_option("Nyast först")
    expect(desk.page.locator("tbody tr")).to_have_count(1)


# A tip


def test_a_tip_shows_all_that_was_written_and_its_title_says_nothing(desk):
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


def test_one_goes_from_tip_to_tip_in_the_order_of_the_queue(desk):
    first, second = leave("Först", urgent="1"), leave("Sedan")
    desk.open_tip(first)

    desk.page.get_by_role("link", name=f"Nästa tips i kön: {reference_of(second)}").click()

    expect(desk.page.get_by_role("heading", name=f"Tips {reference_of(second)}")).to_be_focused()


# What nothing but a tip's own markup could bring into the page.
STRANGE_ELEMENTS = """() => [...document.querySelectorAll('main *')].filter((element) =>
    element.matches('script, style, link, iframe, object, embed, svg, math, img, image, video,'
        + ' audio, source, template, table, base, meta, b, i')
    || [...element.attributes].some(({ name, value }) =>
        name.startsWith('on') || /^javascript:/i.test(value))
).map((element) => element.outerHTML)"""


def lots(texts: list[str], size: int) -> list[list[str]]:
    return [texts[at : at + size] for at in range(0, len(texts), size)]


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
        note = json.dumps({"text": text, "author": "", "written": text})
        notes.write_note(
            tip, note_id=uuid4(), place=texts.index(text) + 1, sealed=age.seal(note.encode().ljust(1024), ring.recipients),
            serial=ring.serial, author="tipsmottagare", ring=ring,
        )  # fmt: skip
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
        # Nobody has signed them: they are folded.
        written = page.locator(".desk-notes__note details .desk-foreign").all_text_contents()
        assert fields == ["\n".join(lot), *(lot[n] for n in (0, 2, 1, 3, 4, 5))]
        assert names == [f"{text}.txt" for text in lot]
        assert kinds == [f"{text}, 1 byte" for text in lot]
        assert written == lot
        assert page.title() == f"{heading} – Tipsmottagning"
        assert page.evaluate(STRANGE_ELEMENTS) == []
        if len(seen) < len(by_heading):
            page.get_by_role("link", name="Nästa tips i kön").click()
            expect(page.locator("h1")).not_to_have_text(heading)

    assert seen == by_heading
    assert watch.said == []
    # Had any been taken for markup, it would have been heard: not even a script may do so here.
    page.evaluate("() => { try { document.body.innerHTML = '<b>x</b>'; } catch {} }")
    page.wait_for_timeout(500)
    assert "TrustedHTML" in watch.said[0]
    assert "policy: require-trusted-types-for" in watch.said
    watch.said.clear()


def test_signs_that_turn_or_hide_text_are_written_out(desk):
    tip = leave("Ring \u202e112\u202c nu\x07\u200b!", files=[("faktura\u202efdp.exe", "", b"x")])
    desk.open_tip(tip)

    text = desk.page.locator(".desk-fields dd").first
    expect(text).to_have_text("Ring U+202E112U+202C nuU+0007U+200B!")
    expect(desk.page.locator(".desk-files__name")).to_have_text("fakturaU+202Efdp.exe")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="Öppna och spara").click()
    assert download.value.suggested_filename == "fakturafdp.exe"


def test_a_file_is_downloaded_sealed_or_opened_here_and_saved(desk, tip_channel, tmp_path):
    content = bytes(range(256)) * 1000
    tip = leave(files=[("bevis.bin", "application/octet-stream", content)])
    desk.open_tip(tip)

    with desk.page.expect_download() as sealed:
        desk.page.get_by_role("button", name="Ladda ner förseglad (bevis.bin)").click()
    with desk.page.expect_download() as opened:
        desk.page.get_by_role("button", name="Öppna och spara (bevis.bin)").click()
    with desk.page.expect_download() as bundle:
        desk.page.get_by_role("button", name="Ladda ner hela tipset förseglat (zip)").click()

    octets = Path(sealed.value.path()).read_bytes()
    assert content[:64] not in octets
    assert age.unseal(octets, tip_channel.identities)[: len(content)] == content
    assert Path(opened.value.path()).read_bytes() == content
    assert opened.value.suggested_filename == "bevis.bin"
    assert "manifest.json" in zipfile.ZipFile(bundle.value.path()).namelist()
    expect(desk.page.get_by_text("Filen är öppnad och sparad av webbläsaren.")).to_be_visible()


@pytest.mark.parametrize("action", ["Öppna och spara", "Visa bilden"])
def test_a_file_that_is_on_its_way_when_the_key_is_locked_is_neither_saved_nor_shown(desk, action):
    tip = leave(files=[("bild.png", "image/png", picture())])
    held: list[Route] = []
    saved: list[Any] = []
    desk.page.on("download", lambda download: saved.append(download))
    desk.page.route("**/filer/**", lambda route: held.append(route))
    made = "window.made = 0; const make = URL.createObjectURL;"
    desk.page.add_init_script(
        f"{made} URL.createObjectURL = (...given) => (window.made += 1, make(...given));"
    )
    desk.open_tip(tip)
    desk.page.get_by_role("button", name=f"{action} (bild.png)").click()
    expect(desk.page.get_by_text("Hämtar och öppnar filen …")).to_be_visible()
    while not held:
        desk.page.wait_for_timeout(50)

    desk.page.get_by_role("button", name="Lås", exact=True).click()
    with desk.page.expect_response("**/filer/**"):
        held[0].continue_()
    desk.page.wait_for_timeout(1_000)

    assert saved == []
    assert desk.page.evaluate("window.made") == 0
    desk.unlock()
    expect(desk.page.get_by_role("heading", name="Historik")).to_be_visible()
    expect(desk.page.locator("main img")).to_have_count(0)
    expect(desk.page.get_by_text("Filen är öppnad och sparad")).to_have_count(0)


# Pictures

# What a page that holds the key must never do with a stranger's file. Counted before its program runs;
# the frame of pictures is another document, and counts for itself.
COUNTED = """
    window.decoded = [];
    const count = (of, name) => {
        const was = of[name];
        of[name] = function (...given) { window.decoded.push(name); return was.apply(this, given); };
    };
    count(window, "createImageBitmap");
    count(window, "fetch");
    count(HTMLImageElement.prototype, "decode");
    window.Image = new Proxy(Image, { construct() { window.decoded.push("Image"); } });
    const shows = "img[src^='blob:'], img[src^='data:'], object, embed, video";
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes)
            if (node.matches?.(shows) || node.querySelector?.(shows))
                window.decoded.push(node.tagName);
    }).observe(document, { childList: true, subtree: true });
"""
HOSTILE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='parent.hostile = 1'><script>parent.hostile = 1"
HOSTILE += b"</script><image href='https://example.org/x'/></svg>"
# By name, and what is said of it.
NO_PICTURES = {
    "falsk.jpg": (
        b"<html><script>parent.hostile = 1</script>",
        "Filen är ingen JPEG-, PNG-, GIF- eller",
    ),
    "ritning.gif": (HOSTILE, "Filen är ingen JPEG-, PNG-, GIF- eller WebP-bild"),
    "trasig.gif": (b"GIF89a" + bytes(50), "Bilden går inte att visa."),
    "dubbel.gif": (b"GIF89a/*" + HOSTILE, "Bilden går inte att visa."),
    "dubbel.png": (b"\x89PNG\r\n\x1a\n" + HOSTILE, "Bilden går inte att visa."),
}


def shown_pictures(page: Page, watch: Watch) -> None:
    """Shows every picture of an open tip: pixels of those that are, a word of those that are not."""
    row = page.locator(".desk-files__file")
    for name, (_content, words) in NO_PICTURES.items():
        page.get_by_role("button", name=f"Visa bilden ({name})").click()
        expect(row.filter(has_text=name)).to_contain_text(words)
    page.get_by_role("button", name="Visa bilden (bild.png)").click()
    image = page.get_by_role("img", name="Bild som följde med tipset: bild.png")
    expect(image).to_be_visible()
    assert image.evaluate("(it) => [it.tagName, it.width, it.height]") == ["CANVAS", 320, 200]
    pixel = "(it) => [...it.getContext('2d').getImageData(160, 100, 1, 1).data]"
    assert image.evaluate(pixel) == [0x11, 0x31, 0x58, 255]
    page.get_by_role("button", name="Visa bilden (stor.jpg)").click()
    large = page.get_by_role("img", name="Bild som följde med tipset: stor.jpg")
    expect(large).to_be_visible()
    assert large.evaluate("(it) => [it.width, it.height]") == [1024, 2048]
    assert page.locator("iframe").count() == 0
    assert [name for name in page.evaluate("decoded") if name != "fetch"] == []
    assert page.evaluate("window.hostile") is None
    assert watch.said == []
    page.get_by_role("button", name="Dölj bilden (bild.png)").click()
    expect(image).to_have_count(0)


def pictures() -> list[tuple[str, str, bytes]]:
    large = io.BytesIO()
    Image.new("RGB", (1500, 3000), "#ffffff").save(large, "JPEG")
    return [
        ("bild.png", "image/png", picture()),
        ("stor.jpg", "image/jpeg", large.getvalue()),
        *((name, "image/gif", content) for name, (content, _words) in NO_PICTURES.items()),
    ]


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

    shown_pictures(desk.page, watch)

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


def test_a_file_that_was_swapped_on_the_server_is_not_opened(desk, tip_channel):
    tip = leave(files=[("ett.txt", "", b"ett"), ("tva.txt", "", b"tva")])
    one, two = [
        path
        for path in sorted((tip_channel.root / "tips" / "sealed" / str(tip)).glob("*.age"))
        if path.stem not in ("head", "body")
    ]
    octets = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(octets)
    desk.open_tip(tip)

    desk.page.get_by_role("button", name="Öppna och spara (ett.txt)").click()

    expect(desk.page.get_by_text("Filen är skadad eller utbytt")).to_be_visible()


def test_a_tip_that_was_exchanged_and_says_so_nowhere_itself_is_shown_to_be(
    desk, tip_channel, monkeypatch
):
    """Another whole tip under its number, sealed to the public keyring, and the row made to agree.

    The intake had not signed it: what it has signed is not shown at all (`test_desk_arrivals.py`).
    """
    monkeypatch.setattr(counting, "signing_key", lambda ring: None)
    tip = leave("Det som togs emot.", files=[("bevis.txt", "", b"bevis")])
    steps.open_tip(tip, "bertil")
    folder, keys = tip_channel.vault.folder(tip), [tip_channel.identity.recipient]
    next(folder.glob("*-*.age")).unlink()
    (folder / "heads").unlink()
    received, fields = datetime.now(UTC), {"text": "Något helt annat.", "subject": "annat"}
    for name, content in (
        ("head.age", envelope.make_head(tip, received, fields, [])),
        ("body.age", envelope.make_body(tip, received, "sv", fields, [])),
    ):
        (folder / name).write_bytes(age.seal(content, keys))
    Tip.objects.using("tips").filter(pk=tip).update(files_digest=tip_channel.vault.digest(tip))

    desk.open_tip(tip)

    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Innehållet är inte det som togs emot")
    expect(desk.page.get_by_text("Något helt annat.")).to_be_visible()
    desk.page.goto(f"{desk.server}{DESK}handelser/")
    expect(desk.page.get_by_role("alert")).to_contain_text("är inte det som togs emot")


def test_of_a_tip_from_before_the_log_held_digests_the_page_says_that_it_cannot_tell(desk):
    new, old = leave("Nytt tips."), leave("Gammalt tips.")
    steps.take_in_new()
    Event.objects.using("tips").filter(tip_id=old).update(reason="")
    desk.open_tip(old)
    expect(
        desk.page.get_by_text("Att innehållet är detsamma går därför inte att visa.")
    ).to_be_visible()
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    desk.page.locator(".desk-table").get_by_role("link", name=reference_of(new)).click()
    expect(desk.page.get_by_text("Nytt tips.")).to_be_visible()
    expect(desk.page.get_by_text("går därför inte att visa")).to_have_count(0)
    expect(desk.page.get_by_role("alert")).to_have_count(0)


def test_a_body_that_was_swapped_on_the_server_is_not_shown(desk, tip_channel):
    tip, other = leave("Det rätta"), leave("Det andra")
    sealed = tip_channel.root / "tips" / "sealed"
    (sealed / str(tip) / "body.age").write_bytes((sealed / str(other) / "body.age").read_bytes())
    desk.open_tip(tip)

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


def test_a_step_asks_for_what_it_needs_and_is_taken(desk, handler):
    row_seals.change_row(handler, name="Tove Tipsmottagare")
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
    expect(desk.page.locator("#desk")).not_to_contain_text("Tove")
    row = Tip.objects.using("tips").get(pk=tip)
    assert (row.state, row.assigned_to, row.register_no) == (
        "assigned", "tipsmottagare", "2026-1234",
    )  # fmt: skip


def test_who_comes_second_sees_what_has_happened_and_keeps_what_was_typed(desk):
    make_handler("bertil")
    make_handler("cecilia")
    tip = leave()
    desk.open_tip(tip)
    desk.choose_step("register")
    desk.page.locator(".desk-steps__needs:visible input").fill("2026-99")
    steps.take_step(tip, "assign", 2, "bertil", {"assignee": "cecilia"})

    desk.take_step()

    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Någon annan hann före")
    expect(alarm.get_by_role("listitem")).to_have_text("Tilldelat till cecilia, av bertil")
    expect(alarm).to_be_focused()
    expect(desk.page.locator(".desk-steps__needs:visible input")).to_have_value("2026-99")
    expect(desk.page.locator(".desk-facts")).to_contain_text("cecilia")
    assert Tip.objects.using("tips").get(pk=tip).register_no == ""
    desk.take_step()
    expect(desk.page.locator(".desk-facts")).to_contain_text("2026-99")


def test_a_step_that_is_no_longer_possible_is_said_to_be_gone(desk):
    make_handler("bertil")
    tip = leave()
    desk.open_tip(tip)
    desk.choose_step("no_action")
    desk.page.locator(".desk-steps__needs:visible select").select_option("known")
    steps.take_step(tip, "spam", 2, "bertil", {"reason": "abuse"})

    desk.take_step()

    alarm = desk.page.get_by_role("alert")
    expect(alarm.get_by_role("listitem")).to_have_text("Markerat som skräp: Okvädinsord, av bertil")
    expect(alarm).to_contain_text("går inte att göra längre.")


def test_who_has_been_logged_out_loses_nothing(desk, context):
    tip = leave()
    desk.open_tip(tip)
    desk.page.get_by_label("Ny anteckning").fill("Skrivet innan sessionen tog slut.")
    context.clear_cookies()
    desk.page.get_by_role("button", name="Spara anteckningen").click()
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Du är utloggad.")

    with context.expect_page() as opened:
        alarm.get_by_role("link", name="Logga in (öppnas i ny flik)").click()
    other = Desk(opened.value, desk.server, desk.key_file)
    other.page.wait_for_load_state()
    other.log_in()
    desk.page.get_by_role("button", name="Spara anteckningen").click()

    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    assert Note.objects.using("tips").filter(tip_id=tip).count() == 1


def test_a_server_that_does_not_answer_is_told_and_asked_again(desk, watch):
    leave("Kommer strax")
    desk.log_in()
    desk.unlock()
    desk.page.route("**/api/ko/*", lambda route: route.abort())
    desk.page.get_by_role("button", name="Hämta kön på nytt").click()
    expect(desk.page.get_by_role("alert")).to_contain_text("Servern svarar inte som den ska.")
    desk.page.unroute("**/api/ko/*")
    watch.said.clear()

    desk.page.get_by_role("button", name="Försök igen").click()

    expect(desk.page.get_by_text("Kommer strax")).to_be_visible()


# Access


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

    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(desk.page.get_by_text("Ett tips är förseglat till en äldre nyckelring.")).to_be_visible()
    desk.page.get_by_role("link", name="Ge tillgång").click()
    expect(desk.page.get_by_role("heading", name="Ge tillgång")).to_be_focused()
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
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(desk.page.locator(".desk-queue__foot")).not_to_contain_text("äldre nyckelring")


def test_headers_that_the_key_does_not_open_are_counted_and_passed_by(desk, tip_channel):
    mine = leave("Min")
    other, trust = age.generate_identity(), tip_channel.trust
    trust.follow(added=[entry("annan", "Annan", other.recipient, 2)], removed=["tipsmottagare"])
    theirs = leave("Deras")
    trust.follow(added=[entry("igen", "Provnyckel", tip_channel.identity.recipient, 3)])
    desk.open_queue()
    desk.page.get_by_role("link", name="Ge tillgång").click()
    desk.page.get_by_role("button", name="Lägg om omslagen").click()

    expect(desk.page.get_by_text("Klart. 2 omslag är omlagda.")).to_be_visible()
    expect(desk.page.get_by_text("2 omslag gick inte att lägga om")).to_be_visible()
    assert age.unseal(tip_channel.sealed(mine, "head.age", other), [other])
    with pytest.raises(age.WrongKey):
        age.unseal(tip_channel.sealed(theirs, "head.age"), tip_channel.identities)


# The texts of the tip page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_handler_reads_what_is_new_in_the_texts_and_lets_tipsters_read_it(desk, watch, scheme):
    wanted = {**built_in_to_edit("sv"), "afterwards": "Vi läser tipset samma dag."}
    exchange.write_texts("sv", wanted)
    desk.page.emulate_media(color_scheme=scheme)
    desk.log_in()

    page = desk.page
    page.get_by_role("link", name="Texter på tipssidan väntar på godkännande").click()
    expect(page.locator("ins").last).to_contain_text("dag.")
    faults = []
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((width, "wider than the window"))
        found = violations(page)
        faults += [(width, one["id"], one["nodes"][0]["html"][:160]) for one in found]
    assert faults == []

    page.get_by_role("button", name="Godkänn texterna").click()
    expect(page.get_by_role("status")).to_have_text("Texterna är godkända. Tipssidan visar dem nu.")
    page.goto(f"{desk.server}/tipsa/")
    expect(page.get_by_text("Vi läser tipset samma dag.")).to_be_visible()
    watch.said.clear()  # the machine itself breaks the policy when it measures


# For everybody


def _views(desk: Desk) -> dict[str, Callable[[], None]]:
    page = desk.page

    def key() -> None:
        page.get_by_role("heading", name="Öppna nyckeln").wait_for()
        page.locator(".desk-key__known > *").first.wait_for()

    def queue() -> None:
        desk.unlock()
        page.locator(".desk-table").wait_for()

    def tip() -> None:
        page.locator(".desk-table a").first.click()
        page.get_by_role("heading", name="Historik").wait_for()
        desk.choose_step("register")
        desk.take_step()
        page.get_by_role("button", name="Spara anteckningen").click()

    def access() -> None:
        page.get_by_role("link", name="Tillbaka till kön").first.click()
        page.get_by_role("link", name="Ge tillgång").click()
        page.get_by_role("button", name="Lägg om omslagen").click()
        page.get_by_text("Alla omslag är redan omlagda.").wait_for()

    return {"key": key, "queue": queue, "tip": tip, "access": access}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_fault_that_a_machine_can_find(desk, watch, scheme):
    leave("Ett tips", days=5, files=[("bild.png", "image/png", picture())], urgent="1")
    leave("Ett till \u202e med tecken")
    desk.page.emulate_media(color_scheme=scheme)
    desk.log_in()
    faults = []

    for name, show in _views(desk).items():
        show()
        for width in (320, 768, 1440):
            desk.page.set_viewport_size({"width": width, "height": 900})
            if desk.page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((name, width, "wider than the window"))
            found = violations(desk.page)
            faults += [(name, width, one["id"], one["nodes"][0]["html"][:160]) for one in found]

    assert faults == []
    watch.said.clear()  # the machine itself breaks the policy when it measures


def test_the_ring_of_the_focus_leaves_the_label_above_whole(desk):
    desk.page.goto(f"{desk.server}{DESK}")
    for name in ("username", "password"):
        desk.page.locator(f"[name={name}]").press("Shift")  # a key shows the ring
        overlap = desk.page.evaluate(
            """() => {
                const control = document.activeElement, style = getComputedStyle(control);
                const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
                const text = document.createRange();
                text.selectNodeContents(control.labels[0]);
                return text.getBoundingClientRect().bottom
                    - (control.getBoundingClientRect().top - ring);
            }"""
        )
        assert overlap <= 0, (name, overlap)


def test_all_is_done_by_keyboard(desk, tip_channel):
    tip = leave("Utan mus")
    desk.log_in()
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


# The one file for a machine without a network


@pytest.fixture
def bundle(tip_channel: Any, tmp_path: Path, handler: Any) -> tuple[Path, UUID]:
    """Two tips as tips_export packs them; one has files and a note, the other another's seal."""
    tip = leave("Öppnas utan nät.", files=pictures(), where="Hamnen")
    other = leave("Någon annans.")
    note = json.dumps({"text": "Läs den här.", "author": "anna", "written": "2026-11-25T14:15"})
    sealed_note = age.seal(note.encode().ljust(1024), [tip_channel.identity.recipient])
    folder = tip_channel.root / "tips" / "sealed" / str(other)
    (folder / "heads").unlink()
    for name in ("head.age", "body.age"):
        (folder / name).write_bytes(age.seal(b"{}", [age.generate_identity().recipient]))
    path = tmp_path / "paket.zip"
    with path.open("wb") as out, BundlePacker(out, made_on=date(2026, 11, 25)) as packer:
        for each in (tip, other):
            files = [
                (name, io.BytesIO(octets))
                for name, octets in tip_channel.vault.heads_of(each).files()
            ]
            if each == tip:  # of its heads one is ours, and not the first
                theirs = age.seal(b"{}", [age.generate_identity().recipient])
                files.insert(0, ("head.annan.age", io.BytesIO(theirs)))
            files += [
                (file.name, io.BytesIO(file.path.read_bytes()))
                for file in tip_channel.vault.files(each)[1:]
            ]
            if each == tip:
                files.append((f"notes/{tip}.age", io.BytesIO(sealed_note)))
            packer.add_tip(each, files, state="read", received_on="2026-11-25", register_no="")
    return path, tip


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The file opener.html in a browser without a network, which may ask nobody anything."""
    path = tmp_path / "opener.html"
    path.write_text(one_file(), encoding="utf-8")
    context: BrowserContext = browser.new_context(locale="sv-SE", accept_downloads=True)
    context.set_offline(True)
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    page.add_init_script(COUNTED)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert watch.said == []
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def test_the_one_file_opens_a_bundle_without_a_network(offline, bundle, tip_channel):
    (path, tip), watch = bundle, Watch()
    watch.follow(offline)
    key = identity_file(tip_channel.root, tip_channel.identity)
    offline.get_by_label("Förseglade tips (zip)").set_input_files(path)
    offline.get_by_label("Nyckelfil").set_input_files(key)
    offline.get_by_role("button", name="Öppna nyckeln").click()

    expect(offline.get_by_role("heading", name="Tips i filen")).to_be_focused()
    expect(offline.get_by_text("Öppnas utan nät.")).to_be_visible()
    expect(offline.get_by_text("Förseglat till en annan nyckel än din.")).to_be_visible()
    assert violations(offline) == []
    offline.get_by_role("button", name=reference_of(tip)).click()
    expect(offline.get_by_role("heading", name=f"Tips {reference_of(tip)}")).to_be_focused()
    # Without a keyring in the bundle nothing can be tested.
    expect(offline.get_by_role("alert")).to_contain_text(
        "nyckelringen eller nyckelfilens rot saknas"
    )
    offline.get_by_role("button", name="Visa ändå").click()
    expect(offline.locator(".desk-fields")).to_contain_text("Hamnen")
    expect(offline.locator(".desk-notes")).to_contain_text("Läs den här.")
    shown_pictures(offline, watch)
    with offline.expect_download() as saved:
        offline.get_by_role("button", name="Öppna och spara (bild.png)").click()
    assert Path(saved.value.path()).read_bytes() == picture()
    assert violations(offline) == []
    offline.set_viewport_size({"width": 320, "height": 800})
    assert offline.evaluate("document.documentElement.scrollWidth") <= 320
    offline.get_by_role("button", name="Till listan").click()
    offline.get_by_role("button", name="Lås och börja om").click()
    expect(offline.get_by_role("heading", name="Öppna tips utan nät")).to_be_focused()
    assert "Öppnas utan nät." not in offline.content()


def test_the_one_file_shows_nothing_that_was_being_opened_when_it_was_locked(
    offline, bundle, tip_channel
):
    path, tip = bundle
    key = identity_file(tip_channel.root, tip_channel.identity)
    offline.get_by_label("Förseglade tips (zip)").set_input_files(path)
    offline.get_by_label("Nyckelfil").set_input_files(key)
    offline.get_by_role("button", name="Öppna nyckeln").click()
    offline.get_by_role("button", name=reference_of(tip)).wait_for()

    offline.evaluate(
        """(tip) => {
            const named = (name) => [...document.querySelectorAll("button")]
                .find((button) => button.textContent === name);
            const [open, lock] = [named(tip), named("Lås och börja om")];
            open.click();
            lock.click();
        }""",
        reference_of(tip),
    )
    offline.wait_for_timeout(1_000)

    expect(offline.get_by_role("heading", name="Öppna tips utan nät")).to_be_visible()
    assert "Öppnas utan nät." not in offline.content()


def test_the_one_file_says_what_is_wrong_with_a_bundle_or_a_key(
    offline, bundle, tip_channel, tmp_path
):
    path, _tip = bundle
    damaged = tmp_path / "skadad.zip"
    damaged.write_bytes(path.read_bytes()[:-40])
    other = tmp_path / "annat.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("bilder/a.txt", "x")
    (tmp_path / "oppen.txt").write_text(str(tip_channel.identity.recipient))
    offline.get_by_label("Nyckelfil").set_input_files(tmp_path / "oppen.txt")
    error = offline.locator(".desk-field__error:visible")

    offline.get_by_role("button", name="Öppna nyckeln").click()
    expect(error).to_have_text("Välj filen med förseglade tips.")
    for name, words in (
        (damaged, "Det här är ingen fil med förseglade tips, eller så är den skadad."),
        (other, "Filen är en zip, men innehåller inga förseglade tips."),
        (path, "Det här är en mottagares öppna nyckel."),
    ):
        offline.get_by_label("Förseglade tips (zip)").set_input_files(name)
        offline.get_by_role("button", name="Öppna nyckeln").click()
        expect(error).to_contain_text(words)


def test_the_one_file_says_of_a_changed_tip_that_it_is_damaged(
    offline, bundle, tip_channel, tmp_path
):
    path, tip = bundle
    changed = tmp_path / "andrat.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as goal:
        for name in source.namelist():
            octets = source.read(name)
            if name == f"{tip}/body.age":
                octets = octets[:-1] + bytes([octets[-1] ^ 1])
            goal.writestr(name, octets)
    offline.get_by_label("Förseglade tips (zip)").set_input_files(changed)
    offline.get_by_label("Nyckelfil").set_input_files(
        identity_file(tip_channel.root, tip_channel.identity)
    )
    offline.get_by_role("button", name="Öppna nyckeln").click()

    offline.get_by_role("button", name=reference_of(tip)).click()

    expect(offline.get_by_text("Innehållet går inte att visa")).to_be_visible()
    expect(offline.get_by_text(re.compile("Skadat, eller utbytt"))).to_be_visible()
