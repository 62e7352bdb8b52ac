"""A search in the whole text of tips that nobody has opened, at the desk."""

import re

from playwright.sync_api import expect

from tips.handling import events
from tips.models import Event, State, Tip
from tips.sealing.reference import reference_of

from .desk import HeldBack, exchange, leave

LONG = "Jag såg en bil vid hamnen. " * 12
TEXTS = re.compile(r"/api/genomsokning/texter/")
BEGIN = "Sök i hela texten"


def test_a_word_at_the_end_of_a_tip_that_nobody_has_opened_is_found_and_it_stays_unread(desk):
    tip = leave(LONG + "Sist stod ordet ankarspel.")
    leave("Något annat")
    desk.open_queue()
    desk.search.fill("ankarspel")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()

    desk.press(BEGIN)

    expect(desk.page.get_by_text("Sökningen gäller hela texten av 2 tips.").last).to_be_visible()
    assert desk.rows() == [reference_of(tip)]
    expect(desk.page.get_by_text("som du har öppnat här (2)")).to_be_visible()
    expect(desk.page.locator(".desk-table__excerpt").last).to_contain_text("ordet ankarspel")
    assert {each.state for each in Tip.objects.all()} == {State.RECEIVED}
    assert Event.objects.filter(verb="searched", actor="tipsmottagare").count() == 1
    assert not Event.objects.filter(verb__in=["open", "seen", "fetched"]).exists()
    assert events.verify() is None

    desk.go("Händelser")
    row = desk.page.get_by_role("row", name=re.compile("Genomsökt"))
    expect(row).to_have_count(1)
    expect(row.get_by_role("link")).to_have_count(0)
    desk.go("Kö")
    desk.lock_and_unlock()
    desk.search.fill("ankarspel")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()


def test_it_goes_on_while_a_tip_is_read_says_how_far_it_has_come_and_can_be_stopped(
    desk, monkeypatch
):
    monkeypatch.setattr("tips.desk.search_api.MOST_TEXTS", 2)
    tips = [leave(LONG + f"Sist stod nummer{n}slut.", days=9 - n) for n in range(6)]
    desk.open_queue()
    lots = HeldBack(desk.page, TEXTS)
    desk.press(BEGIN)
    lots.let_one_come()
    expect(desk.page.get_by_text("Öppnar texterna: 2 av 6")).to_be_visible()

    desk.open(tips[0])
    lots.let_one_come()
    desk.back()
    expect(desk.page.get_by_text("Öppnar texterna: 4 av 6")).to_be_visible()
    desk.press("Avbryt")

    said = desk.page.locator(".desk-whole")
    expect(said).to_contain_text("Avbrutet. Sökningen gäller hela texten av 5 tips.")
    desk.search.fill("nummer2slut")
    assert desk.rows() == [reference_of(tips[2])]
    desk.search.fill("nummer1slut")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()

    lots.let_come()
    desk.press(BEGIN)
    expect(said).to_contain_text("Sökningen gäller hela texten av 6 tips.")
    assert desk.rows() == [reference_of(tips[1])]


def test_what_is_not_as_it_was_signed_is_not_searched_and_that_is_said(desk, tip_channel):
    forged, _kept = leave(LONG + "Äkta slut"), leave(LONG + "Annat slut")
    desk.open_queue()
    exchange(tip_channel, forged, LONG + "Sist stod ordet förfalskat")

    desk.press(BEGIN)

    expect(desk.page.locator(".desk-whole")).to_contain_text(
        "Sökningen gäller hela texten av 1 tips; 1 kunde inte öppnas."
    )
    desk.search.fill("förfalskat")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()
