"""Several tips at once in the queue, and a search in the text of those that were opened."""

import re
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from tests.acts import act_now
from tests.rings import stands_in_keyring
from tips.handling import events, steps
from tips.models import Event, State, Tip
from tips.sealing.reference import reference_of

from .desk import HeldBack, colleague, leave, leave_many, until

LONG = "Jag såg en bil vid hamnen. " * 12


def _marks(page: Page) -> Locator:
    return page.locator("tbody").get_by_role("checkbox")


def _all_visible(page: Page) -> Locator:
    return page.get_by_label(re.compile("Markera alla synliga"))


def _question(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("skräp"))


def _spam(page: Page) -> Locator:
    return page.get_by_role("button", name="Markera som skräp …")


def _states(tips: list[UUID]) -> list[str]:
    return [Tip.objects.using("tips").get(pk=tip).state for tip in tips]


def test_ten_tips_are_marked_as_spam_in_three_clicks_and_each_has_an_event_of_its_own(desk):
    tips = [leave(f"Köp billiga klockor {n}") for n in range(10)]
    desk.open_queue()
    clicks = 0

    def click(place: Locator) -> None:
        nonlocal clicks
        clicks += 1
        place.click()

    click(_all_visible(desk.page))
    expect(desk.page.get_by_text("10 markerade")).to_be_visible()
    click(_spam(desk.page))
    expect(_question(desk.page)).to_contain_text("Markera som skräp: 10 tips?")
    expect(_question(desk.page)).to_contain_text("10 av dem har ingen öppnat.")
    click(_question(desk.page).get_by_role("button", name="Reklam"))

    expect(desk.page.locator("#besked")).to_have_text("Klart: Markerat som skräp, 10 tips.")
    expect(desk.page.get_by_text("Det finns inga tips att visa.")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_focused()
    assert clicks == 3
    assert _states(tips) == [State.SPAM] * 10
    marked = Event.objects.using("tips").filter(verb="spam")
    assert {event.tip_id for event in marked} == set(tips)
    assert {(event.actor, event.reason) for event in marked} == {("tipsmottagare", "advertising")}
    assert events.verify() is None


# The browser takes a breath before it goes on opening; here it takes none until it is let.
_HOLD_BREATH = """() => {
    const post = MessagePort.prototype.postMessage;
    window.held = [];
    MessagePort.prototype.postMessage = function (...said) { held.push(() => post.apply(this, said)); };
    window.letGoOn = () => {
        MessagePort.prototype.postMessage = post;
        for (const each of held) each();
    };
}"""


def test_tips_that_are_being_opened_while_others_become_spam_stand_in_the_queue_once(
    desk,
    monkeypatch,
):
    tips = leave_many(monkeypatch, at_a_time=3, days=[9, 8, 7, 6, 5])
    rest = HeldBack(desk.page)
    desk.open_queue()
    desk.page.evaluate(_HOLD_BREATH)
    rest.let_come()
    until(desk.page, lambda: desk.page.evaluate("held.length"))
    _all_visible(desk.page).click()
    _spam(desk.page).click()
    _question(desk.page).get_by_role("button", name="Reklam").click()
    expect(desk.page.locator("#besked")).to_have_text("Klart: Markerat som skräp, 3 tips.")

    desk.page.evaluate("letGoOn()")

    expect(desk.page.get_by_text("i kön har hämtats.")).to_be_hidden()
    expect(desk.page.locator("tbody tr")).to_have_count(2)
    assert set(desk.rows()) == set(map(reference_of, tips[3:]))


def test_only_what_is_shown_can_be_marked(desk):
    spam, kept = leave("Köp en klocka"), leave("Jag såg en bil")
    desk.open_queue()
    _all_visible(desk.page).check()
    expect(_marks(desk.page)).to_have_count(2)

    desk.search.fill("klocka")

    expect(desk.page.get_by_text("1 markerat")).to_be_visible()
    desk.search.fill("")
    expect(_marks(desk.page).and_(desk.page.locator(":checked"))).to_have_count(1)
    assert _all_visible(desk.page).evaluate("box => box.indeterminate")
    # The mark stands when one has looked at a tip.
    desk.open(kept)
    desk.back()
    expect(desk.page.get_by_text("1 markerat")).to_be_visible()
    expect(desk.row(spam).get_by_role("checkbox")).to_be_checked()
    _spam(desk.page).click()
    _question(desk.page).get_by_role("button", name="Reklam").click()
    expect(desk.page.locator("#besked")).to_have_text("Klart: Markerat som skräp, 1 tips.")
    assert desk.rows() == [reference_of(kept)]
    assert _states([spam, kept]) == [State.SPAM, State.READ]


def test_all_of_it_is_done_by_keyboard_and_what_is_called_off_changes_nothing(desk):
    tips = [leave("Ett", urgent="1"), leave("Två"), leave("Tre")]
    desk.open_queue()
    keys = desk.page.keyboard
    expect(_marks(desk.page)).to_have_count(3)
    _spam(desk.page).focus()
    keys.press("Enter")
    expect(desk.page.get_by_text("Markera först ett eller flera tips.")).to_be_visible()
    _all_visible(desk.page).focus()
    keys.press("Space")
    keys.press("Tab")
    expect(_spam(desk.page)).to_be_focused()
    _marks(desk.page).nth(1).focus()
    keys.press("Space")
    expect(desk.page.get_by_text("2 markerade")).to_be_visible()
    _spam(desk.page).focus()
    keys.press("Enter")
    expect(_question(desk.page).get_by_role("heading")).to_be_focused()
    keys.press("Escape")
    expect(_spam(desk.page)).to_be_focused()
    assert _states(tips) == [State.RECEIVED] * 3
    keys.press("Enter")
    keys.press("Enter")  # on the heading, it marks nothing
    expect(_question(desk.page)).to_contain_text("Ett är brådskande.")
    keys.press("Tab")
    keys.press("Enter")
    expect(desk.page.locator("#besked")).to_have_text("Klart: Markerat som skräp, 2 tips.")
    expect(_all_visible(desk.page)).to_be_focused()
    assert sorted(_states(tips)) == sorted([State.SPAM, State.SPAM, State.RECEIVED])


def test_what_a_colleague_has_changed_meanwhile_is_left_and_named(desk, browser, tip_channel):
    stands_in_keyring(tip_channel, "bertil")
    tips = [leave(f"Nummer {n}") for n in range(4)]
    desk.open_queue()
    with colleague(browser, desk, "bertil") as bertils:
        bertils.page.get_by_role("link", name=reference_of(tips[1])).first.click()
        bertils.page.get_by_role("heading", name="Historik").wait_for()
        bertils.choose_step("assign")
        bertils.page.get_by_label("Handläggare").last.select_option("bertil")
        bertils.take_step()
        expect(bertils.page.locator("#besked")).to_have_text("Klart: Tilldelat.")

        _all_visible(desk.page).check()
        _spam(desk.page).click()
        _question(desk.page).get_by_role("button", name="Obegripligt").click()

        told = desk.page.get_by_role("alert")
        expect(told).to_contain_text("Ett tips lämnades som det är; 3 är klara")
        expect(told).to_be_focused()
        expect(told.get_by_role("listitem")).to_contain_text(reference_of(tips[1]))
        expect(told).to_contain_text("någon annan hann före (Tilldelat)")
        assert desk.rows() == [reference_of(tips[1])]
        expect(desk.page.locator("tbody tr")).to_contain_text("Tilldelat")
        assert _states(tips) == [State.SPAM, State.ASSIGNED, State.SPAM, State.SPAM]
        assert Tip.objects.using("tips").get(pk=tips[1]).assigned_to == "bertil"

        # Both mark the same tips: each of them has one event, by whoever came first.
        more = [leave(f"Skräp {n}") for n in range(3)]
        for each in (desk, bertils):
            each.page.goto(f"{desk.server}/tipsmottagning/")
            each.unlock()
            _all_visible(each.page).check()
            _spam(each.page).click()
        for each in (desk, bertils):
            _question(each.page).get_by_role("button", name="Reklam").click()
            expect(each.page.locator("#besked")).to_contain_text("Klart:")
        left = bertils.page.get_by_role("alert").get_by_role("listitem")
        expect(left.filter(has_text="någon annan hann före (Skräp)")).to_have_count(4)
        marked = Event.objects.using("tips").filter(verb="spam", tip_id__in=more)
        assert marked.count() == 3
        assert events.verify() is None


def test_several_that_were_left_without_action_are_closed_by_a_button_that_says_so(desk):
    tips = [leave(f"Nummer {n}") for n in range(2)]
    for tip in tips:
        steps.open_tip(tip, "tipsmottagare")
        act_now("tipsmottagare", "no_action", tip, "known")
    desk.open_queue()
    _all_visible(desk.page).check()
    desk.page.get_by_role("button", name="Avsluta …").click()

    question = desk.page.get_by_role("dialog", name="Avsluta: 2 tips?")
    expect(question.get_by_role("button")).to_have_text(["Avsluta", "Avbryt"])
    question.get_by_role("button", name="Avsluta").click()

    expect(desk.page.locator("#besked")).to_have_text("Klart: Avslutat, 2 tips.")
    assert _states(tips) == [State.CLOSED] * 2


def test_a_line_that_breaks_leaves_a_list_of_what_was_not_done(desk, watch):
    tips = [leave(f"Nummer {n}", days=4 - n) for n in range(4)]
    desk.open_queue()
    desk.page.route("**/steg/", lambda route: route.abort())
    _all_visible(desk.page).check()
    _spam(desk.page).click()
    _question(desk.page).get_by_role("button", name="Reklam").click()

    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("4 tips lämnades som de är; 0 är klara")
    expect(told.get_by_role("listitem").first).to_contain_text("Servern svarar inte som den ska.")
    assert _states(tips) == [State.RECEIVED] * 4
    watch.said[:] = [line for line in watch.said if "ERR_FAILED" not in line]


def test_a_word_at_the_end_of_an_opened_tip_is_found_until_the_key_is_locked(desk):
    tip = leave(LONG + "Sist stod ordet ankarspel.", where="Vid Skeppsbron", files=[])
    leave("Något annat")
    desk.open_queue()
    search = desk.search
    search.fill("ankarspel")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()
    expect(desk.page.get_by_text("som du har öppnat här (0)")).to_be_visible()
    search.fill("")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))

    desk.page.locator("tbody").get_by_role("link", name=reference_of(tip)).click()
    desk.page.get_by_role("heading", name="Historik").wait_for()
    desk.back()
    expect(desk.page.get_by_text("som du har öppnat här (1)")).to_be_visible()
    asked.clear()
    search.fill("ANKARSPEL hamnen")

    expect(desk.page.locator("tbody tr")).to_have_count(1)
    assert desk.rows() == [reference_of(tip)]
    expect(desk.page.locator(".desk-table__excerpt").last).to_contain_text("ordet ankarspel")
    search.fill("skeppsbron")
    assert desk.rows() == [reference_of(tip)]
    assert asked == []  # nothing of what is looked for leaves the browser

    desk.lock()
    desk.unlock()
    desk.page.locator(".desk-queue__count").wait_for()
    search.fill("ankarspel")
    expect(desk.page.get_by_text("Inga tips stämmer")).to_be_visible()
