"""What the desk shows of other things than what tips contain, in the document where they are opened."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acts import act_now
from tests.desk_refusals import NO_KEYRING
from tests.rings import stands_in_keyring
from tips.desk import api
from tips.handling import states, steps
from tips.models import Event, Tip, Tombstone
from tips.sealing.reference import reference_of

from .desk import DESK, Desk, key_file_as, leave

LIE = "Ring 08-123 45 67 och läs upp din kod."
VIEWS = {
    "Nycklar": "nycklar/", "Gallring": "gallring/", "Register": "register/",
    "Händelser": "handelser/", "Stoppa": "stopp/",
}  # fmt: skip


def _menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Tipsmottagning")


def _bertil(browser: Browser, desk: Desk) -> Desk:
    """Another handler, who is logged in."""
    page = browser.new_context(locale="sv-SE").new_page()
    other = Desk(page, desk.server, key_file_as("bertil", desk))
    other.log_in()
    return other


def _is_answered(page: Page, path: str, **answer: Any) -> None:
    page.route(f"**/api/{path}", lambda route: route.fulfill(**answer))


def _look(desk: Desk, path: str) -> None:
    """Goes to a view as from a bookmark."""
    desk.log_in(path)


def test_the_key_stays_open_while_one_looks_at_other_views(desk):
    leave("Det som är öppnat")
    desk.open_queue()
    page = desk.page
    for name, path in VIEWS.items():
        desk.go(name)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_focused()
        expect(page).to_have_title(f"{heading.inner_text()} – Tipsmottagning")
        expect(page).to_have_url(f"{desk.server}{DESK}{path}")
        expect(_menu(page).locator("[aria-current=page]")).to_have_text(name)
        expect(page.get_by_text("Inloggad: Provnyckel")).to_be_visible()
    page.go_back()
    for _name in list(VIEWS)[1:]:
        page.go_back()

    expect(page.get_by_role("heading", name="Kö")).to_be_focused()
    expect(page.locator("tbody")).to_contain_text("Det som är öppnat")
    expect(_menu(page).locator("[aria-current=page]")).to_have_text("Kö")
    assert len(page.context.pages) == 1


def test_each_view_says_so_when_it_cannot_be_shown(desk):
    desk.log_in()
    for name, path in VIEWS.items():
        path = path.replace("nycklar/", "ko/")
        desk.page.route(f"**/api/{path}*", lambda route: route.fulfill(status=404))
        desk.go(name)
        alarm = desk.page.get_by_role("alert")
        expect(alarm).to_contain_text("Servern svarar inte som den ska.")
        desk.page.unroute_all()
        alarm.get_by_role("button", name="Försök igen").click()
        expect(desk.page.get_by_role("alert")).to_have_count(0)
        expect(desk.page.get_by_role("heading", level=1)).to_be_focused()


# The event log


def test_the_event_log_says_that_it_is_whole_and_leads_to_its_tips(desk):
    tip = leave()
    steps.open_tip(tip, "<img src=x>")
    _look(desk, "handelser/")
    page = desk.page

    expect(page.get_by_text("Loggen är hel och stämmer med alla tips.")).to_be_visible()
    expect(page.get_by_text("Kontrollsumma för händelse 2, den senaste:")).to_be_visible()
    table = page.get_by_role("region", name="Vad som har gjorts, det senaste först")
    assert table.get_by_role("row").all_inner_texts()[0].split("\t") == [
        "Nummer", "Dag", "Tips", "Steg", "Av", "Status",
    ]  # fmt: skip
    opened, arrived = table.locator("tbody tr").all_inner_texts()
    assert "Öppnat för första gången\t<img src=x>\tMottaget → Läst" in opened
    assert "\tSystemet\t" in arrived
    page.set_viewport_size({"width": 390, "height": 844})
    assert table.evaluate("(region) => region.scrollWidth <= region.clientWidth")

    table.get_by_role("link", name=reference_of(tip)).first.click()
    expect(page.get_by_role("heading", name=f"Tips {reference_of(tip)}")).to_be_visible()


def test_a_broken_event_log_is_shouted_about_in_words_of_the_pages_own(desk):
    steps.open_tip(leave(), "bertil")
    Event.objects.using("tips").filter(seq=2).update(actor="annan")
    _look(desk, "handelser/")
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Loggen är bruten.")
    expect(alarm).to_contain_text("Händelse 2 är ändrad.")
    expect(alarm).to_contain_text("Rapportera det innan du fortsätter.")

    for error in (LIE, "log-altered"):
        answer = {
            "rows": [], "statements": [], "page": {"number": 1, "count": 1}, "last": None,
            "broken": {"error": error, "seq": LIE},
        }  # fmt: skip
        desk.page.unroute_all()
        _is_answered(desk.page, "handelser/*", json=answer)
        desk.page.reload()
        desk.unlock()
        expect(alarm).to_contain_text("Loggen är bruten.")
        expect(alarm).not_to_contain_text("Händelse 2")
        assert "08-123" not in desk.page.locator("body").inner_text()


def test_a_long_event_log_is_turned_page_by_page_and_back(desk):
    tip = steps.open_tip(leave(), "bertil")
    for _round in range(26):
        for name, reason in (("hold", "archive"), ("release", "over")):
            steps.change_tip(steps.find(tip.pk), states.STEPS[name], actor="anna", reason=reason)
    _look(desk, "handelser/")
    page = desk.page
    expect(page.get_by_text("Sida 1 av 2")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(50)

    page.get_by_role("link", name="Nästa").click()
    expect(page.get_by_text("Sida 2 av 2")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    expect(page.get_by_text("Sida 1 av 2")).to_be_visible()

    page.goto(re.sub(r"\?.*|$", "?sida=99", page.url, count=1))
    desk.unlock()
    expect(page.get_by_text("Sida 2 av 2")).to_be_visible()


# The keys


def test_without_a_keyring_nobody_comes_in_and_is_told_why(desk, tip_channel, watch):
    _look(desk, "nycklar/")
    expect(desk.page.get_by_text("Tips som lämnas från och med nu kan öppnas av")).to_be_visible()
    tip_channel.keyring_path.unlink()
    desk.page.reload()
    desk.give_key()
    expect(desk.page.get_by_role("alert")).to_contain_text(NO_KEYRING)
    watch.forget_what_was_not_loaded()


# The register


def test_the_register_of_a_period_is_read_and_kept_as_a_table(desk):
    leave(days=40)
    within = leave(days=3)
    steps.take_in_new()
    _look(desk, "register/")
    page = desk.page
    rows = page.get_by_role("region", name="2 tips").locator("tbody tr")
    expect(rows).to_have_count(2)

    first = localdate() - timedelta(days=5)
    page.get_by_label("Från och med").fill(first.isoformat())
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_role("heading", name="Register")).to_be_focused()
    expect(page.get_by_role("rowheader")).to_have_text(reference_of(within))
    expect(page.get_by_label("Från och med")).to_have_value(first.isoformat())
    with page.expect_download() as saving:
        page.get_by_role("button", name="Ladda ner som tabell (csv)").click()
    file = saving.value
    assert file.suggested_filename == f"register-{localdate()}.csv"
    text = Path(file.path()).read_text("utf-8-sig")
    assert text.startswith("Mottaget;Tips;Status;Diarienummer\n")
    assert [line.split(";")[1] for line in text.splitlines()[1:]] == [reference_of(within)]
    expect(page.get_by_text("Registret är sparat av webbläsaren.")).to_be_visible()

    page.go_back()
    expect(rows).to_have_count(2)
    page.get_by_label("Till och med").fill("2020-01-01")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Inga tips under den tiden.")).to_be_visible()
    expect(page.get_by_role("button", name="Ladda ner")).to_have_count(0)
    day = page.get_by_label("Till och med")
    day.fill("")
    day.press_sequentially("12")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_text("Skriv dagen som 2026-11-25.")).to_be_visible()
    expect(day).to_be_focused()
    expect(day).to_have_attribute("aria-invalid", "true")


# Purging


@pytest.fixture
def purgeable(monkeypatch) -> UUID:
    """A tip marked as spam, which nobody can undo any more."""
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    tip = leave("Köp billiga klockor")
    steps.take_in_new()
    act_now("tipsmottagare", "spam", tip, "abuse")
    return tip


def test_what_one_has_proposed_another_purges(desk, browser, purgeable, tip_channel):
    reference = reference_of(purgeable)
    stands_in_keyring(tip_channel, "bertil")
    desk.log_in()
    desk.go("Gallring")
    propose = desk.page.get_by_role("button", name="Föreslå gallring av de markerade")
    decision = desk.page.get_by_label("Beslut som tillåter det")
    propose.click()
    expect(desk.page.get_by_text("Skriv beslutet som tillåter det.")).to_be_visible()
    expect(decision).to_be_focused()
    decision.fill("enligt beslut")
    propose.click()
    expect(desk.page.get_by_text("Markera först ett eller flera tips.")).to_be_visible()
    desk.page.get_by_label(reference).check()
    propose.click()
    expect(desk.page.get_by_role("alert")).to_be_focused()
    expect(decision).to_have_attribute("aria-invalid", "true")
    expect(decision).to_have_value("enligt beslut")
    decision.fill("RA-MS 2026:1")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Föreslaget. En annan handläggare måste")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Gallring")).to_be_focused()
    expect(desk.page.get_by_text("Du har föreslagit det.")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Godkänn och gallra")).to_have_count(0)

    other = _bertil(browser, desk)
    other.go("Gallring")
    proposal = other.page.get_by_role("region", name="1 tips")
    expect(proposal).to_contain_text(reference)
    expect(proposal).to_contain_text("RA-MS 2026:1")
    expect(proposal).to_contain_text("Provnyckel")
    approve = other.page.get_by_role("button", name="Godkänn och gallra 1 tips för alltid")
    approve.focus()
    keys = other.page.keyboard
    keys.press("Enter")
    question = other.page.get_by_role("dialog", name="Gallra 1 tips?")
    expect(question).to_contain_text(reference)
    expect(question).to_contain_text("Det går inte att ångra.")
    keys.press("Enter")  # on the heading, it purges nothing
    keys.press("Escape")
    expect(question).to_have_count(0)
    expect(approve).to_be_focused()
    expect(approve).to_be_enabled()  # what was called off has ended: only then is a press one again
    assert Tip.objects.using("tips").filter(pk=purgeable).exists()
    keys.press("Enter")
    expect(question).to_be_visible()
    keys.press("Tab")
    keys.press("Enter")
    expect(other.page.get_by_text("Tipset är gallrat.")).to_be_visible()
    expect(other.page.get_by_text("Inget väntar.")).to_be_visible()
    stone = Tombstone.objects.using("tips").get(pk=purgeable)
    assert (stone.proposed_by, stone.approved_by) == ("tipsmottagare", "bertil")
    other.page.context.close()

    # Whoever proposed it, and has not heard of it, does nothing by what is still shown.
    desk.page.get_by_role("button", name="Återkalla förslaget").click()
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Någon annan har ändrat tipset under tiden.")
    expect(alarm).to_be_focused()
    expect(desk.page.get_by_text("Inget väntar.")).to_be_visible()
    expect(desk.page.get_by_text("Inloggad: Provnyckel")).to_be_visible()


def test_of_a_tip_that_is_purged_here_nothing_opened_is_left(desk, purgeable, tip_channel):
    stands_in_keyring(tip_channel, "bertil")
    tip = act_now("bertil", "propose_purge", purgeable, "RA-MS 2026:1")
    desk.open_queue()
    page = desk.page
    page.get_by_label("Visa även avslutade").check()
    page.locator(".desk-table").get_by_role("link", name=reference_of(tip.pk)).click()
    expect(page.get_by_text("Köp billiga klockor")).to_be_visible()
    page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(page.get_by_text("tips som du har öppnat här (1)")).to_be_visible()

    desk.go("Gallring")
    page.get_by_role("button", name="Godkänn och gallra").click()
    page.get_by_role("button", name="Gallra för alltid").click()
    expect(page.get_by_text("Tipset är gallrat.")).to_be_visible()
    # Whoever goes back to it is told so, and not to try again.
    page.go_back()
    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("Tipset är gallrat.")
    expect(page.get_by_role("button", name="Försök igen")).to_have_count(0)
    leave("Ett annat tips")
    desk.go("Kö")

    expect(page.locator("tbody")).to_contain_text("Ett annat tips")
    expect(page.get_by_text("tips som du har öppnat här (0)")).to_be_visible()


def test_what_may_not_be_purged_yet_says_why_and_a_proposal_is_withdrawn(desk, monkeypatch):
    early, held = leave(), leave()
    steps.take_in_new()
    for tip in (early, held):
        act_now("tipsmottagare", "spam", tip, "abuse")
    act_now("tipsmottagare", "hold", held, "legal_matter")
    _look(desk, "gallring/")
    page, decision = desk.page, desk.page.get_by_label("Beslut som tillåter det")
    soon = page.get_by_role("listitem").filter(has_text=reference_of(early))
    expect(soon).to_contain_text("Det kan inte gallras före")
    exempt = page.get_by_role("listitem").filter(has_text=reference_of(held))
    expect(exempt).to_contain_text("Tipset är undantaget och kan inte gallras.")
    expect(page.get_by_role("button", name="Föreslå")).to_have_count(0)

    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    act_now("tipsmottagare", "propose_purge", early, "RA-MS 2026:1")
    page.reload()
    desk.unlock()
    page.get_by_role("button", name="Återkalla förslaget").click()
    expect(page.get_by_text("Förslaget är återkallat.")).to_be_visible()
    expect(decision).to_be_empty()
    # To skip to the content keeps what is typed there.
    decision.fill("RA-MS 2026:1")
    page.get_by_role("link", name="Hoppa till innehållet").press("Enter")
    expect(page.get_by_role("heading", name="Gallring")).to_be_focused()
    expect(decision).to_have_value("RA-MS 2026:1")
    expect(page).to_have_url(f"{desk.server}{DESK}gallring/")


# What a service that has been taken over writes


def test_a_sentence_that_the_service_writes_in_a_refusal_is_not_shown_at_the_desk(desk, watch):
    lie = {"error": LIE, "day": LIE}
    desk.log_in()
    for status in (400, 409, 503):
        said = "Servern svarar inte" if status == 409 else "Det gick inte. Läs in sidan på nytt"
        for name, path in VIEWS.items():
            path = path.replace("nycklar/", "ko/")
            _is_answered(desk.page, f"{path}*", status=status, json=lie)
            desk.go(name)
            expect(desk.page.get_by_role("alert")).to_contain_text(said)
            assert "08-123" not in desk.page.locator("body").inner_text()
            desk.page.unroute_all()
    watch.forget_what_was_not_loaded()


def test_what_the_service_writes_of_the_keyring_is_not_shown(desk, monkeypatch):
    for error in (LIE, "keyring-expired"):
        fault = {"error": error, "day": LIE}
        ring = {"serial": 0, "hash": "", "fault": fault}
        monkeypatch.setattr(api, "_keyring", lambda ring=ring: ring)
        desk.page.unroute_all()
        for path in ("nycklar/", ""):
            _look(desk, path)
            expect(desk.page.get_by_text("Det gick inte. Läs in sidan på nytt")).to_be_visible()
            assert "08-123" not in desk.page.locator("body").inner_text()
