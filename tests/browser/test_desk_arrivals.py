"""Handlers see what the intake has signed: a tip that was added, exchanged or lost is named."""

import dataclasses
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate
from playwright.sync_api import Locator, expect

from tests.integration.tips.commands import said
from tests.integration.tips.sealing_browser import sealed_parts, send_sealed
from tests.integration.tips.sending import ripe_token
from tests.rings import INTAKE_KEY
from tips.desk import arrivals_api
from tips.keeping import intake
from tips.keeping.arrival_rows import enter_number
from tips.models import Arrival
from tips.sealing import age, trust
from tips.sealing.arrivals import OF_NO_TIP, ArrivalMessage, SignedArrival, read_arrival
from tips.sealing.reference import reference_of
from tips.sealing.trust import NOTHING_BEFORE, SigningKey

from .desk import FILE, Desk, HeldBack, exchange, forget, is_folded, leave, leave_many, until

KNOWN = "Det är känt: visa det inte mer här"


def banner(desk: Desk) -> Locator:
    return desk.page.locator(".desk-notice--danger", has_text="saknas eller är ändrade")


@pytest.fixture
def unsigned(tip_channel: Any) -> Any:
    """Leaves a tip that the intake has not signed."""

    def unsigned(text: str, days: int = 0, **fields: str) -> UUID:
        tip = leave(text, days, **fields)
        Arrival.objects.filter(tip_id=tip).delete()
        (tip_channel.vault.folder(tip) / "arrival").unlink()
        intake_state(tip_channel).unlink()  # the next number is not missed
        return tip

    return unsigned


def intake_state(channel: Any) -> Any:
    return channel.root / "intake" / "arrivals"


def _is_not_shown(desk: Desk, why: str) -> None:
    box = desk.page.locator(".desk-tip__content .desk-notice--danger")
    expect(box).to_contain_text("Tipset visas inte: det är inte vad inlämningen har skrivit under")
    expect(box).to_contain_text(why)
    expect(desk.page.locator(".desk-fields")).to_have_count(0)


def test_a_tip_is_shown_with_the_way_by_which_it_was_sealed(desk, tip_channel):
    """Under whatever keyring it came."""
    laid = leave("Lagt in av någon")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    with intake.Delivery(uuid4(), bytes(32)) as delivery:
        delivery.hand_in({"text": "Skrivet i formuläret"}, "sv")
    send_sealed(Client(), sealed_parts(tip_channel.trust.ring, ripe_token(), text="Förseglat"))
    desk.open_queue()

    for text, way in (
        ("Skrivet i formuläret", "Förseglat när det kom fram (utan skript)"),
        ("Förseglat", "Förseglat i avsändarens webbläsare"),
        (reference_of(laid), "Inlagt på servern"),
    ):
        desk.page.locator(".desk-table tbody tr", has_text=text).get_by_role("link").click()
        expect(desk.page.locator(".desk-facts")).to_contain_text(way)
        desk.back()
    expect(banner(desk)).to_have_count(0)


def test_the_queue_shows_no_words_that_the_intake_has_not_signed(desk, tip_channel, unsigned):
    """Neither of a tip that was exchanged, nor of one that was laid there since tips are signed."""
    leave("Det första", days=3)
    exchanged, true = leave("Det som kom in"), leave("Det är sant")
    exchange(tip_channel, exchanged, "Det som servern vill", urgent="1")
    made_up, early = unsigned("Påhittat", urgent="1"), unsigned("Sägs vara äldre", days=9)
    desk.open_queue()

    expect(desk.row(exchanged)).to_contain_text(
        "Visas inte. Innehållet är ett annat än det som kom in"
    )
    expect(desk.row(made_up)).to_contain_text(
        "Visas inte. Inlämningen har inte skrivit under tipset."
    )
    for row in desk.row(exchanged), desk.row(made_up), desk.row(early):
        expect(row.locator(".desk-table__fault")).to_be_visible()
        expect(row).not_to_contain_text("Bråttom")
    expect(desk.row(true)).to_contain_text("Det är sant")
    desk.search.fill("servern")
    expect(desk.page.locator(".desk-table tbody")).to_have_count(0)
    desk.search.fill("")

    # Nor does the tip, whatever the server says of it.
    desk.open(exchanged)
    _is_not_shown(desk, "det har bytts ut på servern")
    desk.back()
    desk.open(made_up)
    _is_not_shown(desk, "Inlämningen har inte skrivit under tipset.")
    desk.back()
    desk.open(early)
    _is_not_shown(desk, "Inlämningen har inte skrivit under tipset.")
    desk.back()  # and it is so when one comes back
    expect(desk.row(exchanged)).to_contain_text("Visas inte")
    desk.lock_and_unlock()
    expect(desk.row(exchanged)).to_contain_text("Visas inte")


def test_words_that_nobody_has_signed_are_taken_away_while_the_rest_of_the_queue_is_on_its_way(
    desk, tip_channel, monkeypatch
):
    tips = leave_many(monkeypatch, at_a_time=3, days=[0, 0, 0, 1, 1, 1, 1])
    for tip in tips[0], tips[-1]:
        exchange(tip_channel, tip, "Det som servern vill")
    held = HeldBack(desk.page)
    desk.open_queue()
    expect(desk.row(tips[0])).to_contain_text("Visas inte")
    held.let_come()
    expect(desk.row(tips[-1])).to_contain_text("Visas inte")
    assert sorted(desk.rows()) == sorted(map(reference_of, tips))


def test_words_that_nobody_has_signed_are_taken_away_where_the_queue_never_comes_to_an_end(
    desk, tip_channel, monkeypatch
):
    tips = leave_many(monkeypatch, at_a_time=2, days=[0, 0, 1, 1, 2])
    for tip in tips[2:4]:
        exchange(tip_channel, tip, "Det som servern vill")
    held = HeldBack(desk.page)
    desk.open_queue()
    held.let_one_come()
    for tip in tips[2:4]:
        expect(desk.row(tip)).to_contain_text("Visas inte")
    held.wait()  # and nothing more comes


def test_a_tip_is_no_fault_in_the_queue_before_its_number_has_come(desk):
    tip = leave("Det är sant", urgent="1")
    held = HeldBack(desk.page, "**/api/ankomster/**")
    desk.page.add_init_script(
        "new MutationObserver(() => { window.wasRed ||= !!document.querySelector('.desk-table__fault'); })"
        ".observe(document, { childList: true, subtree: true });"
    )
    desk.open_queue()
    held.wait()
    expect(desk.row(tip)).to_contain_text("Det är sant")
    assert not desk.page.evaluate("window.wasRed")
    held.let_come()
    desk.when_numbers_are_kept()
    expect(desk.row(tip)).to_contain_text("Bråttom")
    assert not desk.page.evaluate("window.wasRed")


def test_what_the_intake_has_not_signed_is_no_urgent_news(desk, unsigned):
    leave("Redan här", days=3)
    desk.page.clock.install()
    desk.open_queue()
    true, made_up = leave("Det brinner", urgent="1"), unsigned("Påhittat", urgent="1")
    desk.page.clock.fast_forward("00:31")

    news = desk.page.get_by_role("region", name="Nya tips")
    expect(news.get_by_role("heading")).to_have_text("2 nya tips, varav 1 brådskande")
    expect(news.get_by_role("link")).to_have_text([reference_of(true)])
    desk.page.get_by_role("button", name="Visa i kön").click()
    expect(desk.row(made_up)).to_contain_text("Visas inte")
    expect(desk.row(true)).to_contain_text("Det brinner")


def test_a_tip_that_is_signed_anew_since_it_was_counted_is_not_shown(
    desk, tip_channel, monkeypatch
):
    """As whoever has the server, and a key of the intake's that a ceremony has replaced."""
    tip = leave("Det som kom in")
    desk.open_queue()
    desk.when_numbers_are_kept()
    monkeypatch.setattr(arrivals_api, "of_tip", _signed_anew(tip_channel, tip, "Det tjuven vill"))
    desk.lock_and_unlock()
    desk.open(tip)

    _is_not_shown(desk, "en annan än den som har räknats för tipset")


def test_a_tip_whose_signature_the_server_keeps_back_is_not_shown_however_old_it_says_it_is(
    desk, tip_channel, monkeypatch
):
    leave("Det första", days=3)
    tip = leave("Det som kom in", days=1)
    desk.open_queue()
    desk.when_numbers_are_kept()
    exchange(tip_channel, tip, "Det som servern vill", days=9)
    desk.lock_and_unlock()
    monkeypatch.setattr(arrivals_api, "of_tip", lambda _tip: None)
    desk.open(tip)

    _is_not_shown(desk, "servern lämnar inte ut underskriften")


def test_a_server_that_hides_every_signature_has_none_believed(desk, tip_channel):
    tip = leave("Det som kom in", days=1)
    exchange(tip_channel, tip, "Det som servern vill", days=900)
    Arrival.objects.all().delete()
    desk.open_queue()
    desk.open(tip)

    _is_not_shown(desk, "Inlämningen har inte skrivit under tipset.")


def test_what_cannot_be_tested_is_shown_to_those_alone_who_ask_for_it(desk):
    tip = leave("Det går inte att veta", files=FILE)
    desk.key_file.write_text(re.sub(r"# sapo-root: .*\n", "", desk.key_file.read_text()))
    desk.open_tip(tip)
    box = desk.page.locator(".desk-tip__content .desk-notice--warning")
    expect(box).to_contain_text("Det går inte att pröva om tipset är det som kom in")
    is_folded(desk.page, "Det går inte att veta")
    expect(box).to_contain_text("Det går inte att pröva om tipset är det som kom in")


def test_a_tip_that_is_lost_without_trace_is_named_until_somebody_knows_of_it(desk, tip_channel):
    leave("Ett")
    lost = leave("Två")
    leave("Tre")
    forget(tip_channel, lost)
    desk.open_queue()
    expect(banner(desk)).to_contain_text("Nummer 3 saknas: tips som har kommit in finns inte här.")

    desk.lock_and_unlock()
    expect(banner(desk)).to_contain_text("Nummer 3 saknas")
    desk.press(KNOWN)
    expect(banner(desk)).to_have_count(0)
    expect(desk.page.get_by_role("heading", name="Kö", exact=True)).to_be_focused()
    later = leave("Fyra")
    desk.lock_and_unlock()
    expect(desk.row(later)).to_be_visible()
    expect(banner(desk)).to_have_count(0)


def test_what_one_tab_has_seen_is_missed_in_another_that_was_open_before(desk, tip_channel):
    leave("Ett")
    desk.open_queue()
    desk.when_numbers_are_kept()
    lost = leave("Två")
    other = Desk(desk.page.context.new_page(), desk.server, desk.key_file)
    other.page.goto(desk.page.url)
    other.unlock()
    expect(other.row(lost)).to_contain_text("Två")
    kept = "Object.values(localStorage).join()"
    until(other.page, lambda: '"counter":3' in other.page.evaluate(kept))
    other.page.close()
    forget(tip_channel, lost)

    desk.page.locator(".desk-table tbody").get_by_role("link").first.click()
    desk.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")


def test_what_somebody_lays_in_the_place_of_the_last_number_does_not_hide_that_it_is_gone(
    desk, tip_channel
):
    leave("Ett")
    lost = leave("Två")
    desk.open_queue()
    desk.when_numbers_are_kept()
    row = Arrival.objects.get(tip_id=lost)
    forget(tip_channel, lost)
    Arrival.objects.create(
        epoch=row.epoch, counter=3, message=b"{}", ed25519=row.ed25519, mldsa65=row.mldsa65
    )
    desk.lock_and_unlock()
    expect(banner(desk)).to_contain_text("Nummer 3 har funnits och är borta.")
    expect(banner(desk)).to_contain_text("Nummer 3 är inte underskrivet av inlämningen.")


def test_epochs_that_nobody_of_the_intake_has_signed_are_named_and_end_no_check(desk, tip_channel):
    """As many as its owner likes, of any spelling; copies of what was signed count no more."""
    leave("Ett")
    _make_up_epochs(Arrival.objects.get(counter=1))
    lost = leave("Två")
    leave("Tre")
    forget(tip_channel, lost)
    desk.open_queue()
    expect(banner(desk)).to_contain_text(
        "Här finns 43 nummerserier som ingen av inlämningens nycklar har skrivit under. De räknas inte."
    )
    expect(banner(desk)).to_contain_text("Nummer 3 saknas")
    expect(banner(desk).get_by_role("listitem")).to_have_count(2)
    desk.press(KNOWN)
    desk.lock_and_unlock()
    expect(banner(desk)).to_have_count(0)

    lost = leave("Fyra")
    leave("Fem")
    forget(tip_channel, lost)
    desk.lock_and_unlock()
    expect(banner(desk).get_by_role("listitem")).to_have_text(
        "Nummer 5 saknas: tips som har kommit in finns inte här."
    )


def test_an_intake_that_has_begun_anew_many_times_is_checked_all_the_same(desk, tip_channel):
    leave("Ett")
    for at in range(40):
        enter_number(_first_of(f"{20260101 + at}{at:024}"))
    desk.open_queue()
    expect(banner(desk)).to_contain_text("Inlämningen har börjat på en ny nummerserie")
    desk.press(KNOWN)
    lost = leave("Två")
    leave("Tre")
    forget(tip_channel, lost)
    desk.lock_and_unlock()
    expect(banner(desk).get_by_role("listitem")).to_have_text(
        "Nummer 3 saknas: tips som har kommit in finns inte här."
    )


def test_what_a_restored_backup_lacks_is_named_until_it_is_known_and_what_is_taken_besides_too(
    desk, tip_channel
):
    """In a browser that had seen it."""
    kept = [leave("Ett"), leave("Två")]
    last = said("tips_status", "--arrival").split()[-1]
    lost = [leave("Tre"), leave("Fyra")]
    desk.open_queue()
    desk.when_numbers_are_kept()
    for tip in lost:
        forget(tip_channel, tip)
    said("tips_restored", last)

    for _time in range(2):
        desk.lock_and_unlock()
        expect(banner(desk).get_by_role("listitem")).to_have_text(
            [
                f"Inlämningen har börjat på en ny nummerserie, {localdate()}.",
                "Nummer 4–5 har funnits och är borta.",
            ]
        )
    desk.press(KNOWN)
    leave("Fem")
    desk.lock_and_unlock()
    expect(desk.page.locator(".desk-table tbody tr", has_text="Fem")).to_be_visible()
    expect(banner(desk)).to_have_count(0)

    forget(tip_channel, kept[1])
    desk.lock_and_unlock()
    expect(banner(desk).get_by_role("listitem")).to_have_text(
        "Nummer 3–5 har funnits och är borta."
    )


def test_a_browser_that_had_seen_nothing_knows_what_the_new_epoch_follows_on(desk, tip_channel):
    leave("Ett")
    kept = leave("Två")
    last = said("tips_status", "--arrival").split()[-1]
    forget(tip_channel, leave("Tre"))
    said("tips_restored", last)
    forget(tip_channel, kept)
    desk.open_queue()
    expect(banner(desk)).to_contain_text(
        f"Det som nummerserien från {localdate()} följer på är borta"
    )


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
    exchange(channel, tip, text)
    digest = channel.vault.digest(tip).hex()
    head = trust.sha256_of(channel.vault.heads_of(tip).payload)
    signed = SignedArrival.of(
        dataclasses.replace(counted, counter=77, digest=digest, head=head), INTAKE_KEY
    )
    row = {"message": signed.message.decode(), **trust.signature_row(signed.signature)}
    return lambda _tip: row
