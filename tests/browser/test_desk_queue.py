"""The queue at the desk, as it is opened, as the rest of it comes, and as new tips come in."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from playwright.sync_api import Route, expect

from tests.acts import act_now
from tests.rings import stands_in_keyring
from tips.handling import steps
from tips.sealing.reference import reference_of

from .desk import (
    HALF_A_MINUTE,
    REST_OF_THE_QUEUE,
    HeldBack,
    colleague,
    comes_to_rest,
    genuine,
    leave,
    leave_many,
    until,
)


def test_the_queue_is_sorted_filtered_and_searched_once_it_is_open(desk):
    old = leave("Äldst av alla", days=1, subject="terrorism")
    urgent = leave("Bråttom med båten", urgent="1", subject="spionage")
    ordinary, spam = leave("Vanligt om hamnen", subject="hot"), leave("Skräp")
    steps.take_in_new()
    act_now("tipsmottagare", "spam", spam, "abuse")
    steps.open_tip(ordinary, "tipsmottagare")
    act_now("tipsmottagare", "assign", ordinary, "tipsmottagare")
    desk.open_queue()
    old_ref, urgent_ref, ordinary_ref = map(reference_of, (old, urgent, ordinary))

    assert desk.rows() == [urgent_ref, old_ref, ordinary_ref]
    for order, place in (("Äldst först", 0), ("Nyast först", -1)):
        desk.page.get_by_label("Ordna efter").select_option(order)
        assert desk.rows()[place] == old_ref

    desk.search.fill("HAMNEN vanligt")
    assert desk.rows() == [ordinary_ref]
    expect(desk.page.get_by_text("Visar 1 av 3 tips")).to_be_visible()
    desk.search.fill(old_ref.lower())
    assert desk.rows() == [old_ref]
    desk.search.fill("finns inte")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()
    desk.page.get_by_role("button", name="Visa alla").click()
    expect(desk.page.locator("tbody tr")).to_have_count(3)

    desk.page.get_by_label("Bara brådskande").check()
    assert desk.rows() == [urgent_ref]
    desk.page.get_by_label("Bara brådskande").uncheck()
    desk.page.get_by_label("Ämne").select_option("Terrorism")
    assert desk.rows() == [old_ref]
    desk.page.get_by_label("Ämne").select_option(index=0)

    states = desk.page.locator(".desk-states button:visible")
    expect(states.nth(0)).to_have_text("Alla 3")
    assert [text.split()[-1] for text in states.all_inner_texts()] == ["3", "2", "1"]
    states.nth(2).click()
    expect(states.nth(2)).to_have_attribute("aria-pressed", "true")
    assert desk.rows() == [ordinary_ref]
    states.nth(0).click()
    assignees = desk.page.get_by_label("Handläggare")
    assignees.select_option("Mina")
    assert desk.rows() == [ordinary_ref]
    assignees.select_option("Ingen")
    assert desk.rows() == [urgent_ref, old_ref]
    assignees.select_option("Alla")
    desk.page.get_by_label("Visa även avslutade").check()
    expect(states.nth(0)).to_have_text("Alla 4")
    expect(desk.page.get_by_label("Visa även avslutade")).to_be_focused()
    assert reference_of(spam) in desk.rows()


def test_tips_unread_for_too_long_stand_as_an_alarm_above_the_queue(desk):
    late = leave("För länge", days=4)
    leave("Nyss")
    later = leave("Ännu längre", days=6)
    desk.log_in()

    alarm = desk.page.get_by_role("region", name="2 tips har legat olästa längre än de får")
    expect(alarm).to_be_visible()
    assert alarm.get_by_role("link").all_inner_texts() == [reference_of(later), reference_of(late)]
    expect(desk.page.locator("tbody tr", has_text="Väntat för länge")).to_have_count(2)
    alarm.get_by_role("link").first.click()
    expect(desk.page.get_by_role("heading", name=f"Tips {reference_of(later)}")).to_be_focused()


def test_a_new_urgent_one_stands_above_late_ones_and_many_late_ones_are_one_line_that_opens(desk):
    late = [leave(f"Sent {n}", days=4 + n) for n in range(9)]
    late_urgent = leave("Bråttom för länge sedan", urgent="1", days=19)
    read = leave("Bråttom och läst", urgent="1")
    new_urgent = leave("Bråttom nu", urgent="1")
    steps.take_in_new()
    steps.open_tip(read, "tipsmottagare")
    desk.open_queue()

    waiting = [new_urgent, late_urgent, *reversed(late), read]
    assert desk.rows() == [reference_of(each) for each in waiting]
    alarm = desk.page.get_by_role("region", name="10 tips har legat olästa längre än de får")
    expect(alarm.get_by_role("link")).to_have_count(0)
    assert alarm.bounding_box()["height"] < 80
    desk.page.get_by_role("heading", name="Kö").focus()
    desk.page.keyboard.press("Tab")
    skip = desk.page.get_by_role("link", name="Hoppa till tipsen")
    expect(skip).to_be_focused()
    desk.page.keyboard.press("Enter")
    first = desk.page.get_by_role("table").get_by_role("link", name=reference_of(new_urgent))
    expect(first).to_be_focused()
    skip.focus()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(alarm.get_by_role("link")).to_have_count(10)
    expect(alarm).to_contain_text("Brådskande tips ska läsas inom 2 timmar")


KEYS = "I listan: J nästa, K föregående, X markera, Enter öppna."


def test_keys_go_to_the_next_the_previous_and_mark_while_the_list_has_the_focus(desk):
    tips = [leave(f"Nummer {n}", days=3 - n) for n in range(3)]
    desk.open_queue()
    page = desk.page
    expect(page.get_by_text(KEYS)).to_be_visible()
    expect(page.get_by_role("table")).to_have_accessible_description(KEYS)

    def stands_on(tip: UUID) -> None:
        expect(
            page.get_by_role("table").get_by_role("link", name=reference_of(tip))
        ).to_be_focused()

    page.keyboard.press("x")  # outside the list they do nothing
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Kö")).to_be_focused()
    page.get_by_role("table").get_by_role("link").first.focus()
    stands_on(tips[0])
    page.keyboard.press("j")
    page.keyboard.press("J")
    stands_on(tips[2])
    page.keyboard.press("j")  # there is no further one
    stands_on(tips[2])
    page.keyboard.press("k")
    stands_on(tips[1])
    page.keyboard.press("x")
    expect(page.get_by_text("1 markerat")).to_be_visible()
    expect(page.get_by_label(f"Markera {reference_of(tips[1])}")).to_be_checked()
    stands_on(tips[1])
    page.keyboard.press("Control+k")
    stands_on(tips[1])
    page.keyboard.press("x")
    expect(page.get_by_text("1 markerat")).to_be_hidden()
    desk.search.fill("jxk")
    expect(desk.search).to_have_value("jxk")


# A long queue


def test_a_queue_of_hundreds_is_used_while_the_rest_of_it_comes(desk, monkeypatch):
    days = [*range(80, 10, -1), *[0] * 180]
    tips = leave_many(monkeypatch, at_a_time=60, days=days)
    steps.take_in_new()
    held = HeldBack(desk.page)
    desk.page.clock.install()
    heard_of = "window.said = []; new MutationObserver(() => window.said.push(besked.textContent))"
    desk.come()
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
    page.clock.fast_forward(1_100)
    held.let_come()

    expect(shown).to_have_text("Visar 1 av 250 tips")
    assert desk.rows() == [reference_of(tips[-1])]
    expect(search).to_be_focused()
    expect(page.get_by_text("i kön har hämtats.")).to_be_hidden()
    expect(page.get_by_role("button", name="Alla 250")).to_be_visible()
    expect(alarm.get_by_role("link")).to_have_count(0)  # folded into the one line
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


def test_a_queue_that_is_cut_off_says_so_goes_on_where_it_was_and_leaves_the_focus(
    desk, monkeypatch, watch
):
    tips = leave_many(monkeypatch, at_a_time=2, days=[9, 8, 7, 6, 5])
    said = desk.page.get_by_role("alert")
    desk.come()
    desk.page.route("**/api/ko/*", lambda route: route.abort())
    desk.unlock()
    expect(said).to_contain_text("Servern svarar inte som den ska.")
    desk.page.unroute("**/api/ko/*")
    desk.page.route(REST_OF_THE_QUEUE, lambda route: route.abort())
    desk.press("Försök igen")
    expect(desk.page.get_by_text("2 av 5 tips i kön har hämtats.")).to_be_visible()
    expect(said).to_contain_text("Servern svarar inte som den ska.")
    desk.page.unroute(REST_OF_THE_QUEUE)
    watch.said.clear()

    held = HeldBack(desk.page)
    desk.press("Försök igen")
    link = desk.page.locator("tbody").get_by_role("link", name=reference_of(tips[1]))
    link.focus()
    held.let_come()
    expect(desk.page.locator("tbody tr")).to_have_count(5)
    expect(link).to_be_focused()
    expect(said).to_have_count(0)


def test_nothing_more_of_the_queue_is_asked_for_or_shown_once_the_key_is_locked(desk, monkeypatch):
    leave_many(monkeypatch, at_a_time=2, days=[9, 8, 7, 6, 5])
    held = HeldBack(desk.page)
    desk.open_queue()
    held.wait()

    desk.lock()
    with desk.page.expect_response(REST_OF_THE_QUEUE):
        held.let_come()
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    comes_to_rest(desk.page)

    assert len(held.asked) == 1
    assert "Nummer" not in desk.page.content()


# What comes while the queue is open


def test_both_of_two_handlers_hear_of_what_comes_and_lose_neither_place_nor_focus(
    desk, browser, tip_channel
):
    stands_in_keyring(tip_channel, "bertil")
    there = [leave(f"Nummer {n}", days=3 - n) for n in range(3)]
    page = desk.page
    page.clock.install()
    desk.open_queue()
    with colleague(browser, desk, "bertil") as bertils:
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
            expect(
                news.get_by_role("heading", name="2 nya tips, varav 1 brådskande")
            ).to_be_visible()
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
        expect(
            bertils.page.get_by_role("heading", name="2 nya tips, varav 1 brådsk")
        ).to_be_visible()
        assert bertils.page.title().startswith("(2 nya, 1 brådskande) Tips")
        bertils.page.get_by_role("button", name="Visa i kön").click()
        expect(bertils.page.locator("tbody tr")).to_have_count(6)
        expect(bertils.page.get_by_role("region", name="Nya tips")).to_be_hidden()
    page.get_by_role("button", name="Visa i kön").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator(".desk-queue__count")).to_have_text("5 tips")
    expect(page.get_by_role("region", name="Nya tips")).to_be_hidden()
    assert page.title() == "Kö – Tipsmottagning"
    assert set(desk.rows()) == set(map(reference_of, [*there, urgent, other]))
    page.locator("tbody").get_by_role("link", name=reference_of(urgent)).click()
    told = page.locator(".desk-history__event")
    expect(told.nth(1)).to_contain_text(re.compile("Öppnat för första gången.*av Bertil"))
    expect(told.nth(2)).to_contain_text(re.compile(r"Fil hämtad.*bevis\.bin.*av Bertil"))
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
        comes_to_rest(page)
        if len(asked) == before:  # the answer before this had not been read when the time passed
            page.clock.fast_forward(HALF_A_MINUTE)
        until(page, lambda before=before: len(asked) == before + 1)
    page.clock.fast_forward("03:00")
    expect(page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    expect(news).to_be_hidden()
    assert page.title() == "Öppna nyckeln – Tipsmottagning"
    before = len(asked)
    page.clock.fast_forward("05:00")
    comes_to_rest(page)
    assert len(asked) == before


def test_an_urgent_tip_that_becomes_late_while_the_queue_is_open_is_an_alarm(desk):
    urgent = leave("Bråttom", urgent="1")
    desk.page.clock.install()
    desk.open_queue()
    expect(desk.page.locator("tbody .desk-badge--warning")).to_have_text("Bråttom")
    expect(desk.page.locator("#larm")).to_have_count(0)

    def later(route: Route) -> None:
        answer = genuine(route)
        now = (localtime() + timedelta(hours=3)).isoformat(timespec="minutes")
        route.fulfill(response=answer, json={**answer.json(), "now": now})

    desk.page.route("**/ko/nytt/**", later)
    desk.page.clock.fast_forward(HALF_A_MINUTE)

    alarm = desk.page.get_by_role("region", name="Ett tips har legat oläst längre än det får")
    expect(alarm).to_be_visible()
    assert alarm.get_by_role("link").all_inner_texts() == [reference_of(urgent)]
    expect(desk.page.locator("#besked")).to_contain_text("Ett tips har legat oläst längre")
