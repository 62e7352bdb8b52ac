"""Handlers at a desk whose keyring is not the one that two of three have signed."""

import dataclasses
import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate, localtime
from playwright.sync_api import expect

from tests.rings import OF_NO_USE, over_since
from tips.models import Note
from tips.sealing import age, fingerprint

from .desk import Desk, comes_to_rest, keyring_of_the_services_own, leave


def _believes_no(desk: Desk, tip_channel: Any, tip: UUID, words: str) -> None:
    """The tip is read by who asks for it; no note is sent, no header wrapped, no name in the keyring shown."""
    if desk.page.url == "about:blank":
        desk.open_queue()
    box = desk.page.locator(".desk-notice--danger")
    expect(box).to_contain_text("Nyckelringen går inte att lita på")
    expect(box).to_contain_text(words)
    expect(box).to_contain_text("Ring en av undertecknarna")
    desk.page.get_by_role("link", name="Ge tillgång").click()
    expect(desk.page.get_by_role("heading", name="Nycklar")).to_be_focused()
    expect(desk.page.locator(".desk-notice--danger")).to_contain_text(words)
    expect(desk.page.get_by_role("button", name="Lägg om omslagen")).to_have_count(0)
    expect(desk.page.locator(".desk-access__names")).to_have_count(0)
    desk.back()
    desk.page.locator(".desk-table tbody th a").first.click()
    expect(desk.page.get_by_text("Läses ändå")).to_have_count(0)
    desk.page.get_by_role("button", name="Visa ändå").click()
    expect(desk.page.get_by_text("Läses ändå")).to_be_visible()
    desk.page.get_by_label("Ny anteckning").fill("Till vem?")
    desk.page.get_by_role("button", name="Spara anteckningen").click()
    expect(desk.page.locator(".desk-tip__notes")).to_contain_text(words)
    assert not Note.objects.using("tips").filter(tip_id=tip).exists()


def test_a_keyring_that_soon_is_out_of_date_is_said_to_be(desk, tip_channel, drawn):
    """By the day in Sweden, wherever the browser stands: early, and late."""
    leave()
    today, hour = localdate(), drawn.choice([0, 23])
    desk.page.clock.set_fixed_time(datetime.combine(today, time(hour, 30), localtime().tzinfo))
    old, last = today - timedelta(days=150), today + timedelta(days=7)
    ring = dataclasses.replace(tip_channel.trust.ring, made_on=old, not_after=last, file=b"")
    tip_channel.trust.put(ring)
    desk.open_queue()
    foot = desk.page.locator(".desk-queue__foot")
    expect(foot).to_contain_text("Den går ut om 7 dagar.")
    # The words of the ring are those that the script has computed.
    words = fingerprint.word_rows(tip_channel.trust.ring.hash)
    expect(foot.locator(".desk-words li")).to_have_text(words)


def test_for_a_fortnight_after_its_last_day_tips_come_and_the_desk_is_red(desk, tip_channel):
    tip_channel.trust.put(dataclasses.replace(tip_channel.trust.ring, **over_since(3)))
    leave("Kommer in ändå")
    desk.open_queue()

    last, until = localdate() - timedelta(days=3), localdate() + timedelta(days=11)
    box = desk.page.locator(".desk-notice--danger")
    expect(box).to_contain_text(f"Nyckelringen gick ut {last}. Tips tas emot till och med {until}")
    expect(desk.page.locator(".desk-table tbody tr")).to_contain_text("Kommer in ändå")


def test_a_keyring_of_the_servers_own_gets_no_note_and_no_header(desk, tip_channel, monkeypatch):
    tip = leave("Läses ändå")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    keyring_of_the_services_own(tip_channel, monkeypatch)
    _believes_no(desk, tip_channel, tip, "Den här sidan, undertecknarna och nyckelfilen")


def test_a_key_file_of_another_root_than_the_page_gets_nothing_sealed(desk, tip_channel):
    tip = leave("Läses ändå")
    text = desk.key_file.read_text()
    desk.key_file.write_text(re.sub("sapo-root: .*", f"sapo-root: 1:{'0' * 64}", text))

    _believes_no(desk, tip_channel, tip, "Den här sidan, undertecknarna och nyckelfilen")


def test_a_key_file_without_a_root_reads_and_seals_nothing(desk, tip_channel):
    tip = leave("Läses ändå")
    desk.key_file.write_text(re.sub("# sapo-root: .*\n", "", desk.key_file.read_text()))

    _believes_no(desk, tip_channel, tip, "signera.pyz och --behall")


def test_an_older_keyring_than_the_browser_has_seen_gets_nothing_sealed(desk, tip_channel):
    tip = leave("Läses ändå")
    before = {path: path.read_bytes() for path in tip_channel.trust.path.iterdir()}
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    desk.open_queue()
    expect(desk.page.locator(".desk-words li")).to_have_count(3)
    with desk.page.expect_response("**/api/logga-ut/"):
        desk.lock()
    comes_to_rest(desk.page)  # nobody reads them half changed
    for path, octets in before.items():
        path.write_bytes(octets)
    desk.unlock()

    _believes_no(desk, tip_channel, tip, "äldre än den som den här webbläsaren redan har sett")


def test_a_keyring_out_of_date_is_said_to_be_and_tips_are_read(desk, tip_channel):
    tip = leave("Läses ändå")
    tip_channel.trust.put(dataclasses.replace(tip_channel.trust.ring, **over_since(OF_NO_USE)))

    _believes_no(desk, tip_channel, tip, "Nyckelringen gällde till och med")
