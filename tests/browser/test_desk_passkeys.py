"""Passkeys, from the page where they are made, by way of the ceremony, to a login."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rings import handler_key
from tips.models import DeskSession
from tips.sealing import fingerprint
from tips.sealing.keyring import KeyringEntry, Passkey
from tips.sealing.requests import read_request
from tips.sealing.trust import sha256_of

from .desk import Desk, carries_passkeys, request_file

NOT_LET_IN = "Det gick inte att släppa in dig"
REFUSE = """() => {
    const refuse = () => Promise.reject(new DOMException("", "NotAllowedError"));
    window.kept = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = refuse;
}"""


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.TIPS_PASSKEYS_REQUIRED = True


def _open_request(desk: Desk, path: Path) -> None:
    desk.come("nyckel/")
    desk.page.get_by_label("Begäran").set_input_files(path)
    desk.give_key()


def _downloaded(desk: Desk, tmp_path: Path) -> tuple[bytes, bytes]:
    files = []
    for name in ("tipsmottagare.request", "tipsmottagare.request.sig"):
        with desk.page.expect_download() as saved:
            desk.press(f"Ladda ner {name}")
        assert saved.value.suggested_filename == name
        files.append(Path(saved.value.path()).read_bytes())
    return files[0], files[1]


def _made(desk: Desk, channel: Any, tmp_path: Path) -> KeyringEntry:
    """The entry with a passkey that was made in this browser, as it is in force after the ceremony."""
    _open_request(desk, request_file(channel.root))
    desk.press("Lägg till en passkey")
    expect(desk.page.locator(":focus")).to_have_text("Passkeyen är tillagd, och den fungerar.")
    entry = read_request(*_downloaded(desk, tmp_path))
    channel.trust.follow(added=[entry])
    assert channel.trust.ring.entries[0].passkeys == entry.passkeys
    return entry


def _second_step(desk: Desk) -> None:
    desk.come()
    desk.give_key()
    expect(desk.page.get_by_role("button", name="Visa passkey")).to_be_focused()
    assert not DeskSession.objects.exists()


def test_a_passkey_is_made_proved_taken_to_the_ceremony_and_lets_in(desk, tip_channel, tmp_path):
    carries_passkeys(desk.page)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    _open_request(desk, request_file(tip_channel.root))
    expect(desk.page.get_by_text("Begäran för Provnyckel (tipsmottagare)")).to_be_visible()
    desk.press("Lägg till en passkey")
    expect(desk.page.locator(":focus")).to_have_text("Passkeyen är tillagd, och den fungerar.")
    request, signature = _downloaded(desk, tmp_path)
    words = fingerprint.word_rows(sha256_of(request))
    expect(desk.page.locator(".desk-words li")).to_have_text(words)
    assert not [url for url in asked if "/api/" in url]

    entry = read_request(request, signature)
    (passkey,) = entry.passkeys
    assert replace(entry, passkeys=()) == tip_channel.trust.ring.entries[0]
    assert len(passkey.key) == 77
    tip_channel.trust.follow(added=[entry])

    _second_step(desk)
    # One that is not here is said not to have come, and can be tried again.
    desk.page.evaluate(REFUSE)
    ask, alarm = (
        desk.page.get_by_role("button", name="Visa passkey"),
        desk.page.get_by_role("alert"),
    )
    ask.press("Enter")
    expect(alarm).to_contain_text("ingen av dina passkeys")
    expect(alarm).to_be_focused()
    desk.page.evaluate("() => { navigator.credentials.get = window.kept; }")
    ask.press("Enter")
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_focused()
    expect(desk.page.get_by_text("Inloggad: Provnyckel")).to_be_visible()
    assert DeskSession.objects.get().handler == "tipsmottagare"


def test_up_to_four_are_asked_for_and_each_can_be_taken_out_again(desk, tip_channel, tmp_path):
    there = [Passkey(bytes([n]) * 16, bytes([n]) * 77) for n in range(1, 4)]
    entry = replace(tip_channel.trust.ring.entries[0], passkeys=tuple(there))
    carries_passkeys(desk.page)
    _open_request(desk, request_file(tip_channel.root, entry))
    expect(desk.page.get_by_role("heading", name="Passkeys i begäran (3 av 4)")).to_be_visible()
    desk.press("Lägg till en till")
    expect(desk.page.get_by_text("Det finns fyra, och fler får inte plats.")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Lägg till")).to_have_count(0)
    was = desk.page.get_by_role("listitem").filter(has_text="Fanns i begäran")
    for left in (2, 1, 0):
        was.first.get_by_role("button", name="Ta bort").click()
        expect(was).to_have_count(left)

    (made,) = read_request(*_downloaded(desk, tmp_path)).passkeys
    assert made not in there


def test_a_colleagues_passkey_and_none_let_nobody_in(desk, tip_channel, tmp_path):
    carries_passkeys(desk.page)
    entry = _made(desk, tip_channel, tmp_path)
    # Another's stands in this one's place: nothing here answers to it.
    others = replace(entry, passkeys=(Passkey(bytes([7]) * 16, bytes([7]) * 77),))
    tip_channel.trust.follow(added=[others])
    _second_step(desk)
    desk.press("Visa passkey")
    expect(desk.page.get_by_role("alert")).to_contain_text("ingen av dina passkeys")
    assert not DeskSession.objects.exists()

    # The id is this machine's, the key is not what it signs with.
    (own,) = entry.passkeys
    changed = own.key[:-1] + bytes([own.key[-1] ^ 1])
    tip_channel.trust.follow(added=[replace(entry, passkeys=(Passkey(own.credential, changed),))])
    _second_step(desk)
    desk.press("Visa passkey")
    expect(desk.page.get_by_role("alert")).to_contain_text(NOT_LET_IN)
    assert not DeskSession.objects.exists()


def test_a_stolen_key_file_does_not_come_in_on_another_machine(
    desk, tip_channel, tmp_path, browser: Browser
):
    carries_passkeys(desk.page)
    _made(desk, tip_channel, tmp_path)
    context = browser.new_context(locale="sv-SE")
    thief = Desk(context.new_page(), desk.server, desk.key_file)
    carries_passkeys(thief.page)
    _second_step(thief)
    thief.press("Visa passkey")
    expect(thief.page.get_by_role("alert")).to_contain_text("ingen av dina passkeys")
    context.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "bertil"}, "Begäran är gjord för en annan nyckel"),
        ({"key": handler_key(2).public}, "Begäran är gjord för en annan nyckel"),
        (None, "Det här är ingen begäran"),
    ],
    ids=["of another name", "of another key", "no request"],
)
def test_a_request_of_another_key_is_not_changed(desk, tip_channel, change, words):
    entry = replace(tip_channel.trust.ring.entries[0], **(change or {}))
    path = request_file(tip_channel.root, entry)
    if change is None:
        path.write_text("{}\n")
    _open_request(desk, path)
    expect(desk.page.locator(".desk-field__error:visible")).to_contain_text(words)
    expect(desk.page.get_by_label("Begäran")).to_be_focused()


def test_at_an_address_of_digits_the_page_says_where_passkeys_can_be_made(desk, page: Page):
    desk.server = desk.server.replace("localhost", "127.0.0.1")
    desk.come("nyckel/")
    named = page.url.replace("127.0.0.1", "localhost")
    expect(page.get_by_text(f"Öppna {named}")).to_be_visible()
    expect(page.get_by_label("Begäran")).to_have_count(0)
