"""Handlers see what the intake has signed: a tip that was added, exchanged or lost is named."""

import dataclasses
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, Route, expect

from tests.integration.tips.commands import said
from tests.rings import INTAKE_KEY
from tips.desk import arrivals_api
from tips.handling import outgoing
from tips.keeping import counting, intake
from tips.keeping.arrival_rows import enter_number
from tips.models import Arrival, Event, Tip
from tips.sealing import age, envelope, heads, trust
from tips.sealing.arrivals import OF_NO_TIP, ArrivalMessage, SignedArrival, read_arrival
from tips.sealing.reference import reference_of
from tips.sealing.trust import NOTHING_BEFORE, SigningKey

from .test_desk_app import (  # noqa: F401
    REST_OF_THE_QUEUE,
    Desk,
    HeldBack,
    _built,
    identity_file,
    leave,
    leave_many,
    offline,
    watch,
)

FILE = [("bild.txt", "text/plain", b"som kom")]


@pytest.fixture
def desk(page: Page, live_server: Any, handler: Any, tip_channel: Any, watch: Any) -> Desk:  # noqa: F811
    return Desk(page, live_server.url, identity_file(tip_channel.root, tip_channel.identity))


def _open(desk: Desk, text: str) -> None:
    desk.page.locator(".desk-table tbody tr", has_text=text).get_by_role("link").click()
    desk.page.get_by_role("heading", name="Historik").wait_for()


def _open_by_reference(desk: Desk, tip: UUID) -> None:
    desk.page.locator(".desk-table").get_by_role("link", name=reference_of(tip)).click()
    desk.page.get_by_role("heading", name="Historik").wait_for()


def _row(desk: Desk, tip: UUID) -> Locator:
    return desk.page.locator(".desk-table tbody tr", has_text=reference_of(tip))


def _banner(desk: Desk) -> Locator:
    return desk.page.locator(".desk-notice--danger", has_text="saknas eller är ändrade")


def _notice(desk: Desk) -> Locator:
    return desk.page.locator(".desk-notice--warning", has_text="Webbplatsen har återställts från")


def _lock_and_unlock(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Lås").click()
    desk.unlock()
    desk.page.locator(".desk-queue__count").wait_for()


def _when_numbers_are_kept(desk: Desk) -> None:
    while "sapo-arrivals" not in str(desk.page.evaluate("Object.keys(localStorage)")):
        desk.page.wait_for_timeout(50)


def _is_not_shown(desk: Desk, why: str) -> None:
    box = desk.page.locator(".desk-tip__content .desk-notice--danger")
    expect(box).to_contain_text("Tipset visas inte: det är inte vad inlämningen har skrivit under")
    expect(box).to_contain_text(why)
    expect(desk.page.locator(".desk-fields")).to_have_count(0)


def test_a_tip_is_shown_with_the_way_by_which_it_was_sealed(desk):
    leave("Lagt in av någon")
    with intake.Delivery(uuid4(), bytes(32)) as delivery:
        delivery.hand_in({"text": "Skrivet i formuläret"}, "sv")
    desk.open_queue()

    facts = desk.page.locator(".desk-facts")
    _open(desk, "Skrivet i formuläret")
    expect(facts).to_contain_text("Förseglat när det kom fram (utan skript)")
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    _open(desk, "Lagt in av någon")
    expect(facts).to_contain_text("Inlagt på servern")
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(_banner(desk)).to_have_count(0)


def test_content_that_was_exchanged_with_all_that_the_server_says_of_it_is_not_shown(
    desk, tip_channel
):
    """Head, body, digest and event log, as the owner of the machine would."""
    tip = leave("Det som kom in")
    _exchange(tip_channel, tip, "Det som servern vill")
    desk.open_queue()
    _open_by_reference(desk, tip)

    _is_not_shown(desk, "det har bytts ut på servern")


def test_the_queue_shows_no_words_that_the_intake_has_not_signed(desk, tip_channel, monkeypatch):
    """Neither of a tip that was exchanged, nor of one that was laid there since tips are signed."""
    leave("Det första", days=3)
    exchanged, true = leave("Det som kom in"), leave("Det är sant")
    _exchange(tip_channel, exchanged, "Det som servern vill", urgent="1")
    with monkeypatch.context() as patch:
        patch.setattr(counting, "signing_key", lambda ring: None)
        made_up = leave("Påhittat", urgent="1")
        leave("Från tiden före", days=9)
    desk.open_queue()

    expect(_row(desk, exchanged)).to_contain_text(
        "Visas inte. Innehållet är ett annat än det som kom in"
    )
    expect(_row(desk, made_up)).to_contain_text(
        "Visas inte. Inlämningen har inte skrivit under tipset."
    )
    for row in _row(desk, exchanged), _row(desk, made_up):
        expect(row.locator(".desk-table__fault")).to_be_visible()
        expect(row).not_to_contain_text("Bråttom")
    expect(_row(desk, true)).to_contain_text("Det är sant")
    rows = desk.page.locator(".desk-table tbody")
    expect(rows).to_contain_text("Från tiden före")
    desk.page.get_by_label("Sök").fill("servern")
    expect(rows).to_have_count(0)
    desk.page.get_by_label("Sök").fill("")

    _open_by_reference(desk, true)  # and it is so when one comes back
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(_row(desk, exchanged)).to_contain_text("Visas inte")
    _lock_and_unlock(desk)
    expect(_row(desk, exchanged)).to_contain_text("Visas inte")


def test_words_that_nobody_has_signed_are_taken_away_while_the_rest_of_the_queue_is_on_its_way(
    desk, tip_channel, monkeypatch
):
    tips = leave_many(monkeypatch, at_a_time=3, days=[0, 0, 0, 1, 1, 1, 1])
    for tip in tips[0], tips[-1]:
        _exchange(tip_channel, tip, "Det som servern vill")
    held = HeldBack(desk)
    desk.open_queue()
    expect(_row(desk, tips[0])).to_contain_text("Visas inte")
    held.let_come()
    expect(_row(desk, tips[-1])).to_contain_text("Visas inte")
    assert sorted(desk.rows()) == sorted(map(reference_of, tips))


def test_words_that_nobody_has_signed_are_taken_away_where_the_queue_never_comes_to_an_end(
    desk, tip_channel, monkeypatch
):
    tips = leave_many(monkeypatch, at_a_time=2, days=[0, 0, 1, 1, 2])
    for tip in tips[2:4]:
        _exchange(tip_channel, tip, "Det som servern vill")
    held: list[Route] = []

    def only_one_more(route: Route) -> None:
        held.append(route) if held else (held.append(route), route.continue_())

    desk.page.route(REST_OF_THE_QUEUE, only_one_more)
    desk.open_queue()
    for tip in tips[2:4]:
        expect(_row(desk, tip)).to_contain_text("Visas inte")
    assert len(held) == 2


def test_a_tip_is_no_fault_in_the_queue_before_its_number_has_come(desk):
    tip = leave("Det är sant", urgent="1")
    held: list[Route] = []
    desk.page.route("**/api/ankomster/**", lambda route: held.append(route))
    desk.page.add_init_script(
        "new MutationObserver(() => { window.wasRed ||= !!document.querySelector('.desk-table__fault'); })"
        ".observe(document, { childList: true, subtree: true });"
    )
    desk.open_queue()
    while not held:
        desk.page.wait_for_timeout(50)
    expect(_row(desk, tip)).to_contain_text("Det är sant")
    assert not desk.page.evaluate("window.wasRed")
    for route in held:
        route.continue_()
    desk.page.unroute("**/api/ankomster/**")
    _when_numbers_are_kept(desk)
    expect(_row(desk, tip)).to_contain_text("Bråttom")
    assert not desk.page.evaluate("window.wasRed")


def test_what_the_intake_has_not_signed_is_no_urgent_news(desk, monkeypatch):
    leave("Redan här", days=3)
    desk.page.clock.install()
    desk.open_queue()
    true = leave("Det brinner", urgent="1")
    with monkeypatch.context() as patch:
        patch.setattr(counting, "signing_key", lambda ring: None)
        made_up = leave("Påhittat", urgent="1")
    desk.page.clock.fast_forward("00:31")

    news = desk.page.get_by_role("region", name="Nya tips")
    expect(news.get_by_role("heading")).to_have_text("2 nya tips, varav 1 brådskande")
    expect(news.get_by_role("link")).to_have_text([reference_of(true)])
    desk.page.get_by_role("button", name="Visa i kön").click()
    expect(_row(desk, made_up)).to_contain_text("Visas inte")
    expect(_row(desk, true)).to_contain_text("Det brinner")


def test_a_tip_that_is_signed_anew_since_it_was_counted_is_not_shown(
    desk, tip_channel, monkeypatch
):
    """As whoever has the server, and a key of the intake's that a ceremony has replaced."""
    tip = leave("Det som kom in")
    desk.open_queue()
    _when_numbers_are_kept(desk)
    monkeypatch.setattr(arrivals_api, "of_tip", _signed_anew(tip_channel, tip, "Det tjuven vill"))
    _lock_and_unlock(desk)
    _open_by_reference(desk, tip)

    _is_not_shown(desk, "en annan än den som har räknats för tipset")


def test_a_tip_that_somebody_else_than_the_intake_has_laid_there_is_not_shown(desk, monkeypatch):
    leave("Det första", days=3)
    with monkeypatch.context() as patch:
        patch.setattr(counting, "signing_key", lambda ring: None)
        made_up = leave("Påhittat")
        leave("Från tiden före", days=9)
    desk.open_queue()
    _open_by_reference(desk, made_up)
    _is_not_shown(desk, "Inlämningen har inte skrivit under tipset.")
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()

    _open(desk, "Från tiden före")
    content = desk.page.locator(".desk-tip__content")
    expect(content).to_contain_text("Tipset kom innan inlämningen skrev under det som kommer in.")
    expect(content).to_contain_text("Från tiden före")


def test_a_tip_whose_signature_the_server_keeps_back_is_not_shown_however_old_it_says_it_is(
    desk, tip_channel, monkeypatch
):
    leave("Det första", days=3)
    tip = leave("Det som kom in", days=1)
    desk.open_queue()
    _when_numbers_are_kept(desk)
    _exchange(tip_channel, tip, "Det som servern vill", days=9)
    _lock_and_unlock(desk)
    monkeypatch.setattr(arrivals_api, "of_tip", lambda _tip: None)
    _open_by_reference(desk, tip)

    _is_not_shown(desk, "servern lämnar inte ut underskriften")


def test_a_server_that_hides_every_signature_has_none_believed_since_the_intake_had_a_key(
    desk, tip_channel, monkeypatch
):
    """The signed keyring says since when; the day of the row counts as well as the tip's own."""
    key = dataclasses.replace(tip_channel.trust.ring.intake[0], since=localdate() - timedelta(5))
    tip_channel.trust.follow(intake=[key])
    tip = leave("Det som kom in", days=1)
    _exchange(tip_channel, tip, "Det som servern vill", days=9)
    Arrival.objects.all().delete()
    desk.open_queue()
    _open_by_reference(desk, tip)

    _is_not_shown(desk, "Inlämningen har inte skrivit under tipset.")


def test_what_cannot_be_tested_is_shown_to_those_alone_who_ask_for_it(desk, tip_channel):
    leave("Det går inte att veta", files=FILE)
    desk.key_file.write_text(re.sub(r"# sapo-root: .*\n", "", desk.key_file.read_text()))
    desk.open_queue()
    _open(desk, "Det går inte att veta")
    box = desk.page.locator(".desk-tip__content .desk-notice--warning")
    expect(box).to_contain_text("Det går inte att pröva om tipset är det som kom in")
    _is_folded(desk.page, "Det går inte att veta")
    expect(box).to_contain_text("Det går inte att pröva om tipset är det som kom in")


def test_a_tip_that_is_lost_without_trace_is_named_until_somebody_knows_of_it(desk, tip_channel):
    leave("Ett")
    lost = leave("Två")
    leave("Tre")
    _forget(tip_channel, lost)
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Nummer 3 saknas: tips som har kommit in finns inte här.")

    _lock_and_unlock(desk)
    expect(_banner(desk)).to_contain_text("Nummer 3 saknas")
    desk.page.get_by_role("button", name="Det är känt: visa det inte mer här").click()
    expect(_banner(desk)).to_have_count(0)
    expect(desk.page.get_by_role("heading", name="Kö", exact=True)).to_be_focused()
    leave("Fyra")
    _lock_and_unlock(desk)
    expect(desk.page.locator(".desk-table tbody tr", has_text="Fyra")).to_be_visible()
    expect(_banner(desk)).to_have_count(0)


def test_the_last_tip_lost_without_trace_is_named_by_a_browser_that_has_seen_it(desk, tip_channel):
    leave("Ett")
    lost = leave("Två")
    desk.open_queue()
    expect(_banner(desk)).to_have_count(0)
    _when_numbers_are_kept(desk)
    _forget(tip_channel, lost)

    _lock_and_unlock(desk)
    expect(_banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")


def test_what_one_tab_has_seen_is_missed_in_another_that_was_open_before(desk, tip_channel):
    leave("Ett")
    desk.open_queue()
    _when_numbers_are_kept(desk)
    lost = leave("Två")
    other = Desk(desk.page.context.new_page(), desk.server, desk.key_file)
    other.page.goto(desk.page.url)
    other.unlock()
    expect(_row(other, lost)).to_contain_text("Två")
    other.page.wait_for_function("Object.values(localStorage).join().includes('\"counter\":3')")
    other.page.close()
    _forget(tip_channel, lost)

    desk.page.locator(".desk-table tbody").get_by_role("link").first.click()
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(_banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")


def test_an_answer_of_no_end_of_numbers_is_not_read(desk):
    leave("Ett")
    desk.page.route(
        "**/api/ankomster/**", lambda route: route.fulfill(json={"arrivals": [0] * 300_000})
    )
    desk.open_queue()
    expect(desk.page.get_by_text("Numren på det som har kommit in är inte prövade")).to_be_visible()
    expect(desk.page.locator(".desk-table tbody tr")).to_contain_text("Ett")


def test_what_somebody_lays_in_the_place_of_the_last_number_does_not_hide_that_it_is_gone(
    desk, tip_channel
):
    leave("Ett")
    lost = leave("Två")
    desk.open_queue()
    _when_numbers_are_kept(desk)
    row = Arrival.objects.get(tip_id=lost)
    _forget(tip_channel, lost)
    Arrival.objects.create(
        epoch=row.epoch, counter=3, message=b"{}", ed25519=row.ed25519, mldsa65=row.mldsa65
    )
    _lock_and_unlock(desk)
    expect(_banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")
    expect(_banner(desk)).to_contain_text("Nummer 3 är inte underskrivet av inlämningen.")


def test_a_tip_whose_row_alone_is_gone_is_named(desk, tip_channel):
    leave("Ett")
    Tip.objects.filter(pk=leave("Två")).delete()
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Tips med nummer 3 är borta utan att ha gallrats.")


def test_a_number_that_the_intake_has_not_signed_is_named(desk):
    Arrival.objects.filter(tip_id=leave("Ett")).update(ed25519=bytes(64))
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Nummer 2 är inte underskrivet av inlämningen.")


def test_epochs_that_nobody_of_the_intake_has_signed_are_named_and_end_no_check(desk, tip_channel):
    """As many as its owner likes, of any spelling; copies of what was signed count no more."""
    leave("Ett")
    _make_up_epochs(Arrival.objects.get(counter=1))
    lost = leave("Två")
    leave("Tre")
    _forget(tip_channel, lost)
    desk.open_queue()
    expect(_banner(desk)).to_contain_text(
        "Här finns 43 nummerserier som ingen av inlämningens nycklar har skrivit under. De räknas inte."
    )
    expect(_banner(desk)).to_contain_text("Nummer 3 saknas")
    expect(_banner(desk).get_by_role("listitem")).to_have_count(2)
    desk.page.get_by_role("button", name="Det är känt: visa det inte mer här").click()
    _lock_and_unlock(desk)
    expect(_banner(desk)).to_have_count(0)

    lost = leave("Fyra")
    leave("Fem")
    _forget(tip_channel, lost)
    _lock_and_unlock(desk)
    expect(_banner(desk).get_by_role("listitem")).to_have_text(
        "Nummer 5 saknas: tips som har kommit in finns inte här."
    )


def test_made_up_epochs_hide_no_number_behind_the_first_that_are_sent(desk, monkeypatch):
    monkeypatch.setattr(arrivals_api, "MOST", 5)
    leave("Ett")
    _make_up_epochs(Arrival.objects.get(counter=1))
    Arrival.objects.filter(tip_id=leave("Två")).update(counter=4)
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Nummer 4 är inte underskrivet av inlämningen.")


def test_an_intake_that_has_begun_anew_many_times_is_checked_all_the_same(desk, tip_channel):
    leave("Ett")
    for at in range(40):
        enter_number(_first_of(f"{20260101 + at}{at:024}"))
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Inlämningen har börjat på en ny nummerserie")
    desk.page.get_by_role("button", name="Det är känt: visa det inte mer här").click()
    lost = leave("Två")
    leave("Tre")
    _forget(tip_channel, lost)
    _lock_and_unlock(desk)
    expect(_banner(desk).get_by_role("listitem")).to_have_text(
        "Nummer 3 saknas: tips som har kommit in finns inte här."
    )


def test_what_a_restored_backup_lacks_is_said_as_that_and_is_quiet_once_it_is_known(
    desk, tip_channel
):
    """In a browser that had seen it; what is taken away besides is named."""
    kept = [leave("Ett"), leave("Två")]
    last = said("tips_status", "--arrival").split()[-1]
    lost = [leave("Tre"), leave("Fyra")]
    desk.open_queue()
    _when_numbers_are_kept(desk)
    for tip in lost:
        _forget(tip_channel, tip)
    said("tips_restored", last)

    for _time in range(2):
        _lock_and_unlock(desk)
        expect(_notice(desk).get_by_role("listitem")).to_have_text(
            f"Webbplatsen återställdes {localdate()}: nummer 4–5 kom in efter att säkerhetskopian gjordes och saknas."
        )
    desk.page.get_by_role("button", name="Det är känt: visa det inte mer här").click()
    leave("Fem")
    _lock_and_unlock(desk)
    expect(desk.page.locator(".desk-table tbody tr", has_text="Fem")).to_be_visible()
    expect(_notice(desk)).to_have_count(0)
    expect(_banner(desk)).to_have_count(0)

    _forget(tip_channel, kept[1])
    _lock_and_unlock(desk)
    expect(_banner(desk).get_by_role("listitem")).to_have_text("Nummer 3 har funnits och är borta.")


def test_a_browser_that_had_seen_nothing_knows_where_the_backup_ended(desk, tip_channel):
    leave("Ett")
    kept = leave("Två")
    last = said("tips_status", "--arrival").split()[-1]
    _forget(tip_channel, leave("Tre"))
    said("tips_restored", last)
    _forget(tip_channel, kept)
    desk.open_queue()
    expect(_banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")
    expect(_banner(desk)).to_contain_text(
        "nummer 4 kom in efter att säkerhetskopian gjordes och saknas."
    )
    expect(_banner(desk)).not_to_contain_text("ny nummerserie")


def test_what_was_signed_under_a_keyring_of_before_is_checked_by_that_one(desk, tip_channel):
    leave("Före ringen")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    leave("Efter ringen")
    desk.open_queue()
    expect(desk.page.locator(".desk-table tbody tr")).to_have_count(2)
    _open(desk, "Före ringen")
    expect(desk.page.locator(".desk-facts")).to_contain_text("Inlagt på servern")
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(_banner(desk)).to_have_count(0)


def _open_offline(page: Page, channel: Any, path: Path, tip: UUID) -> None:
    with path.open("wb") as out:
        outgoing.write_bundle([Tip.objects.get(pk=tip)], channel.vault, out)
    _show_offline(page, channel, path, tip)


def _show_offline(page: Page, channel: Any, path: Path, tip: UUID) -> None:
    page.get_by_label("Förseglade tips (zip)").set_input_files(path)
    page.get_by_label("Nyckelfil").set_input_files(identity_file(channel.root, channel.identity))
    page.get_by_role("button", name="Öppna nyckeln").click()
    page.get_by_role("button", name=reference_of(tip)).click()


def test_the_one_file_says_without_a_network_what_the_intake_has_signed(
    offline,  # noqa: F811
    tip_channel,
    handler,
    tmp_path,
):
    tip = leave("Det som kom in")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    _open_offline(offline, tip_channel, tmp_path / "ut.zip", tip)
    expect(offline.get_by_text("Inlagt på servern")).to_be_visible()
    expect(offline.locator(".desk-fields")).to_contain_text("Det som kom in")


def test_the_one_file_shows_what_was_exchanged_to_those_alone_who_ask_for_it(
    offline,  # noqa: F811
    tip_channel,
    handler,
    tmp_path,
):
    tip = leave("Det som kom in", files=FILE)
    _exchange(tip_channel, tip, "Det som servern vill")
    next(tip_channel.vault.folder(tip).glob("*-*.age")).write_bytes(b"x")
    _open_offline(offline, tip_channel, tmp_path / "ut.zip", tip)
    box = offline.get_by_role("alert")
    expect(box).to_contain_text("det har bytts ut på servern")
    expect(offline.locator(".desk-fields")).to_have_count(0)
    offline.get_by_role("button", name="Visa ändå").click()
    expect(offline.locator(".desk-fields")).to_contain_text("Det som servern vill")
    expect(box).to_contain_text("det har bytts ut på servern")


def _is_folded(page: Page, text: str) -> None:
    """Neither text nor files are there before somebody asks for them, and then one stands by them."""
    names = page.get_by_text("bild.txt")
    expect(page.locator(".desk-fields")).to_have_count(0)
    expect(names).to_have_count(0)
    page.get_by_role("button", name="Visa ändå").click()
    expect(page.locator(".desk-fields")).to_contain_text(text)
    expect(names.first).to_be_visible()
    expect(page.locator(":focus")).to_contain_text(text)


def test_the_one_file_says_of_a_tip_without_a_signature_that_it_should_have_one(
    offline,  # noqa: F811
    tip_channel,
    handler,
    monkeypatch,
    tmp_path,
):
    monkeypatch.setattr(counting, "signing_key", lambda ring: None)
    tip = leave("Påhittat")
    _open_offline(offline, tip_channel, tmp_path / "ut.zip", tip)
    expect(offline.get_by_text("det borde ha varit det")).to_be_visible()
    expect(offline.get_by_role("alert")).to_contain_text(
        "Inlämningen har inte skrivit under tipset"
    )
    expect(offline.locator(".desk-fields")).to_have_count(0)


def _open_changed(
    page: Page, channel: Any, path: Path, tip: UUID, change: Callable[[str, bytes], bytes | None]
) -> None:
    """Opens the bundle as a service can make it: `change` says what becomes of each file, None takes it out."""
    with path.open("wb") as out:
        outgoing.write_bundle([Tip.objects.get(pk=tip)], channel.vault, out)
    changed = path.with_name("andrat.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as goal:
        for name in source.namelist():
            octets = change(name.removeprefix(f"{tip}/"), source.read(name))
            if octets is not None:
                goal.writestr(name, octets)
    _show_offline(page, channel, changed, tip)


def _early_and_without(left_out: tuple[str, ...], name: str, octets: bytes) -> bytes | None:
    if name.startswith(left_out):
        return None
    if name != "manifest.json":
        return octets
    manifest = json.loads(octets)
    (row,) = manifest["tips"]
    row["received_on"] = "2001-01-01"
    row["files"] = [file for file in row["files"] if file["name"] not in left_out]
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("without", "said_first"),
    [
        (("arrival",), "Inlämningen har inte skrivit under tipset"),
        (("arrival", "trust/"), "Det går inte att pröva om tipset är det som kom in"),
    ],
)
def test_the_one_file_folds_a_tip_whose_signature_or_keyring_was_left_out(
    offline,  # noqa: F811
    tip_channel,
    handler,
    tmp_path,
    without,
    said_first,
):
    tip = leave("Det som kom in")
    change = partial(_early_and_without, without)
    _open_changed(offline, tip_channel, tmp_path / "ut.zip", tip, change)
    expect(offline.get_by_role("alert")).to_contain_text(said_first)
    expect(offline.locator(".desk-fields")).to_have_count(0)
    offline.get_by_role("button", name="Visa ändå").click()
    expect(offline.locator(".desk-fields")).to_contain_text("Det som kom in")


def test_the_one_file_folds_a_tip_whose_signature_is_damaged(
    offline,  # noqa: F811
    tip_channel,
    handler,
    tmp_path,
):
    tip = leave("Det som kom in", files=FILE)
    _open_changed(
        offline, tip_channel, tmp_path / "ut.zip", tip,
        lambda name, octets: octets[:-1] if name == "arrival" else octets,
    )  # fmt: skip

    box = offline.get_by_role("alert")
    expect(box).to_contain_text("Innehållet är ett annat än det som kom in")
    _is_folded(offline, "Det som kom in")
    expect(box).to_contain_text("Innehållet är ett annat än det som kom in")


def test_the_one_file_shows_a_tip_from_before_signatures_with_the_words_that_say_so(
    offline,  # noqa: F811
    tip_channel,
    handler,
    monkeypatch,
    tmp_path,
):
    monkeypatch.setattr(counting, "signing_key", lambda ring: None)
    tip = leave("Från tiden före", days=9)
    _open_offline(offline, tip_channel, tmp_path / "ut.zip", tip)
    expect(offline.get_by_text("Inte underskrivet av inlämningen.")).to_be_visible()
    expect(offline.locator(".desk-fields")).to_contain_text("Från tiden före")
    expect(offline.get_by_role("alert")).to_have_count(0)


def _first_of(epoch: str, key: SigningKey = INTAKE_KEY) -> SignedArrival:
    return SignedArrival.of(
        ArrivalMessage(
            epoch, 1, NOTHING_BEFORE, "epoch", OF_NO_TIP, NOTHING_BEFORE, NOTHING_BEFORE,
            localdate(), 1, key.public.id,
        ),
        key,
    )  # fmt: skip


def _make_up_epochs(signed: Arrival) -> None:
    """As the owner of the table would: by another key, without a word, and copied."""
    for at in range(40):
        enter_number(_first_of(f"{at:032x}", SigningKey(bytes([7]) * 32, "intake")))
    for epoch, message in ("räkna!", b""), ("constructor", b"{}"), ("0f" * 16, signed.message):
        Arrival.objects.create(
            epoch=epoch, counter=1, message=message, ed25519=signed.ed25519, mldsa65=b""
        )


def _signed_anew(channel: Any, tip: UUID, text: str) -> Any:
    """Exchanges the content, and what is given out as signed of it: both by a key that was good."""
    counted = read_arrival(bytes(Arrival.objects.get(tip_id=tip).message))
    _exchange(channel, tip, text)
    digest = channel.vault.digest(tip).hex()
    head = trust.sha256_of(channel.vault.heads_of(tip).payload)
    signed = SignedArrival.of(
        dataclasses.replace(counted, counter=77, digest=digest, head=head), INTAKE_KEY
    )
    row = {"message": signed.message.decode(), **trust.signature_row(signed.signature)}
    return lambda _tip: row


def _forget(channel: Any, tip: UUID) -> None:
    shutil.rmtree(channel.vault.folder(tip))
    for model in (Tip, Arrival, Event):
        name = "pk" if model is Tip else "tip_id"
        model.objects.filter(**{name: tip}).delete()


def _exchange(channel: Any, tip: UUID, text: str, days: int = 0, **fields: str) -> None:
    """Seals another content to the handlers, under the same id, in all the same places."""
    ring, now = channel.trust.ring, timezone.now() - timedelta(days=days, minutes=1)
    folder, fields = channel.vault.folder(tip), {"text": text, **fields}
    sealed = heads.seal_heads(envelope.make_head(tip, now, fields, []), ring)
    (folder / "heads").write_bytes(heads.front_of(sealed.headers) + sealed.payload)
    body = envelope.make_body(tip, now, "sv", fields, [])
    (folder / "body.age").write_bytes(age.seal(body, ring.recipients))
    Tip.objects.filter(pk=tip).update(files_digest=channel.vault.digest(tip))
