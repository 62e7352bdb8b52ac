"""What the desk shows without a key, in the document where tips are opened."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import Locator, Page, expect

from tests.handlers import PASSWORD, change_sessions, make_handler
from tips import exchange
from tips.desk import api
from tips.handling import purge, states, steps
from tips.models import Event, Tip, Tombstone
from tips.sealing import age, fingerprint
from tips.sealing.reference import reference_of
from tips.wording.texts import built_in_to_edit, texts_for

from .axe import violations
from .test_desk_app import DESK, Desk, _built, desk, leave, watch  # noqa: F401

VIEWS = {
    "Nycklar": "nycklar/", "Gallring": "gallring/", "Register": "register/",
    "Händelser": "handelser/", "Texter": "texter/",
}  # fmt: skip


def _menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Tipsmottagning")


def _go(page: Page, name: str) -> None:
    _menu(page).get_by_role("link", name=name, exact=True).click()


def _look(desk: Desk, path: str) -> None:  # noqa: F811
    """Goes to a view with no key, as from a bookmark."""
    if "/tipsmottagning/" not in desk.page.url:
        desk.log_in()
    desk.page.goto(f"{desk.server}{DESK}{path}")


def test_the_key_stays_open_while_one_looks_at_what_needs_none(desk):  # noqa: F811
    leave("Det som är öppnat")
    desk.open_queue()
    page = desk.page
    for name, path in VIEWS.items():
        _go(page, name)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_focused()
        expect(page).to_have_title(f"{heading.inner_text()} – Tipsmottagning")
        expect(page).to_have_url(f"{desk.server}{DESK}{path}")
        expect(_menu(page).locator("[aria-current=page]")).to_have_text(name)
        expect(page.get_by_text("Nyckeln är öppen", exact=True)).to_be_visible()
    page.go_back()
    for _name in list(VIEWS)[1:]:
        page.go_back()

    expect(page.get_by_role("heading", name="Kö")).to_be_focused()
    expect(page.locator("tbody")).to_contain_text("Det som är öppnat")
    expect(_menu(page).locator("[aria-current=page]")).to_have_text("Kö")
    assert len(page.context.pages) == 1


def test_each_view_is_shown_without_a_key_and_says_so_when_it_cannot_be(desk):  # noqa: F811
    desk.log_in()
    for name, path in VIEWS.items():
        desk.page.route(f"**/api/{path}*", lambda route: route.fulfill(status=404))
        _go(desk.page, name)
        alarm = desk.page.get_by_role("alert")
        expect(alarm).to_contain_text("Servern svarar inte som den ska.")
        desk.page.unroute_all()
        alarm.get_by_role("button", name="Försök igen").click()
        expect(desk.page.get_by_role("alert")).to_have_count(0)
        expect(desk.page.get_by_role("heading", level=1)).to_be_focused()
    _go(desk.page, "Kö")

    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_view_can_be_read_and_used_by_everybody(desk, watch, purgeable, scheme):  # noqa: F811
    _want(start_heading="Läs innan du tipsar")
    proposed = steps.open_tip(leave(), "bertil")
    steps.take_step(proposed.pk, "spam", proposed.version, "bertil", {"reason": "abuse"})
    purge.propose(proposed.pk, proposed.version + 1, "tipsmottagare", "RA-MS 2026:1")
    page = desk.page
    page.emulate_media(color_scheme=scheme)
    desk.log_in()
    faults = []
    for name in VIEWS:
        _go(page, name)
        page.locator("#desk").locator("table, .desk-purge, .desk-texts").first.wait_for()
        for button in page.get_by_role("button", name="Föreslå gallring").all():
            button.click()  # with a fault, too
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((name, width, "wider than the window"))
            found = violations(page)
            faults += [(name, width, one["id"], one["nodes"][0]["html"][:160]) for one in found]

    assert faults == []
    watch.said.clear()  # the machine itself breaks the policy when it measures


# The event log


def test_the_event_log_says_that_it_is_whole_and_leads_to_its_tips(desk):  # noqa: F811
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

    table.get_by_role("link", name=reference_of(tip)).first.click()
    expect(page.get_by_role("heading", name="Öppna nyckeln")).to_be_focused()
    desk.unlock()
    expect(page.get_by_role("heading", name=f"Tips {reference_of(tip)}")).to_be_visible()


def test_a_broken_event_log_is_shouted_about(desk):  # noqa: F811
    steps.open_tip(leave(), "bertil")
    Event.objects.using("tips").filter(seq=2).update(actor="annan")
    _look(desk, "handelser/")

    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Loggen är bruten.")
    expect(alarm).to_contain_text("Händelse 2 är ändrad.")
    expect(alarm).to_contain_text("Rapportera det innan du fortsätter.")


def test_a_long_event_log_is_turned_page_by_page_and_back(desk):  # noqa: F811
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
    expect(page.get_by_text("Sida 2 av 2")).to_be_visible()


# The keys


def test_the_keys_are_shown_with_the_words_of_their_keyring(desk, tip_channel):  # noqa: F811
    ring = tip_channel.trust.ring
    _look(desk, "nycklar/")
    page = desk.page

    expect(page.get_by_text("förseglas till de här nycklarna")).to_be_visible()
    facts = page.locator(".desk-facts")
    for row in fingerprint.word_rows(ring.hash):
        expect(facts).to_contain_text(row)
    expect(facts.locator(f"time[datetime='{ring.not_after}']")).to_be_visible()
    row = page.get_by_role("region", name="Vilka som kan öppna tips").locator("tbody tr")
    expect(row).to_contain_text("Provnyckel")
    expect(page.get_by_text("Alla tips som finns kvar kan öppnas")).to_be_visible()


def test_older_tips_lead_to_giving_access_with_the_key_that_is_open(desk, tip_channel):  # noqa: F811
    leave()
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    desk.open_queue()
    _go(desk.page, "Nycklar")

    expect(desk.page.get_by_text("1 tips kan vara förseglat till en äldre")).to_be_visible()
    desk.page.get_by_role("link", name="Ge tillgång till äldre tips").click()
    expect(desk.page.get_by_role("heading", name="Ge tillgång")).to_be_focused()

    change_sessions(proven=now() - timedelta(minutes=11))
    desk.page.get_by_role("button", name="Lägg om omslagen").click()
    again = desk.page.get_by_role("dialog", name="Visa igen att det är du")
    again.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Fortsätt").click()
    expect(desk.page.get_by_text("Klart. ")).to_be_visible()
    assert Tip.objects.using("tips").get().keyring_serial == 2


def test_a_question_is_gone_with_the_key_that_it_was_asked_for(desk, tip_channel):  # noqa: F811
    leave()
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    desk.page.clock.install()
    desk.open_queue()
    _go(desk.page, "Nycklar")
    desk.page.get_by_role("link", name="Ge tillgång till äldre tips").click()
    change_sessions(proven=now() - timedelta(minutes=11))
    desk.page.get_by_role("button", name="Lägg om omslagen").click()
    again = desk.page.get_by_role("dialog", name="Visa igen att det är du")
    again.get_by_label("Lösenord", exact=True).fill(PASSWORD)

    desk.page.clock.fast_forward("16:00")
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_focused()
    expect(desk.page.get_by_role("dialog", include_hidden=True)).to_have_count(0)
    expect(desk.page.get_by_text("eftersom inget hände på en kvart")).to_be_visible()


def test_without_a_keyring_the_keys_say_that_the_form_is_closed(desk, tip_channel):  # noqa: F811
    tip_channel.keyring_path.unlink()
    _look(desk, "nycklar/")

    expect(desk.page.get_by_text("Det finns ingen nyckelring.")).to_be_visible()
    expect(desk.page.get_by_text("Tipsformuläret är stängt")).to_be_visible()


# The register


def test_the_register_of_a_period_is_read_and_kept_as_a_table(desk):  # noqa: F811
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


def test_a_day_that_is_half_written_is_said_by_its_field(desk):  # noqa: F811
    _look(desk, "register/")
    day = desk.page.get_by_label("Till och med")
    day.press_sequentially("12")
    desk.page.get_by_role("button", name="Visa", exact=True).click()

    expect(desk.page.get_by_text("Skriv dagen som 2026-11-25.")).to_be_visible()
    expect(day).to_be_focused()
    expect(day).to_have_attribute("aria-invalid", "true")


# The texts of the tip page


def _want(**changed: str) -> None:
    exchange.write_texts("sv", built_in_to_edit("sv") | changed)


def test_one_handler_refuses_the_editors_texts_and_another_approves_them(desk, browser):  # noqa: F811
    _want(start_heading="Läs <b>innan</b> du tipsar")
    _look(desk, "texter/")
    swedish = desk.page.get_by_role("region", name="Svenska")
    expect(swedish).to_contain_text("Redaktionens texter väntar på godkännande.")
    expect(swedish.locator("del")).to_have_text("Innan ")
    expect(swedish.locator("ins")).to_have_text("Läs <b>innan</b> ")
    expect(swedish.get_by_role("heading", name="Oförändrad")).to_have_count(4)
    english = desk.page.get_by_role("region", name="English")
    expect(english).to_contain_text("Tipssidan visar de inbyggda texterna. Inget väntar.")
    expect(english.get_by_role("button")).to_have_count(0)
    # Markup may not be shown, and so there is only one answer.
    expect(swedish).to_contain_text("De här texterna går inte att visa:")
    said = swedish.get_by_role("listitem")
    expect(said).to_have_text(re.compile(r"^Före formuläret: rubrik: .* inga osynliga tecken\.$"))
    expect(swedish.get_by_role("button")).to_have_count(1)

    _want(start_heading="Läs innan du tipsar")
    desk.page.get_by_role("button", name="Säg nej till texterna (Svenska)").click()
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_have_text("Texterna har ändrats sedan du fick se dem. Läs dem igen.")
    expect(alarm).to_be_focused()
    desk.page.get_by_role("button", name="Säg nej till texterna (Svenska)").click()
    expect(desk.page.get_by_text("Du har sagt nej till texterna.")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Texter på tipssidan")).to_be_focused()
    expect(desk.page.get_by_role("button", name="Säg nej")).to_have_count(0)

    make_handler("bertil", name="Bertil By")
    other = Desk(browser.new_context(locale="sv-SE").new_page(), desk.server, desk.key_file)
    other.log_in("bertil")
    _go(other.page, "Texter")
    said_no = other.page.get_by_text("tipsmottagare sade nej till redaktionens texter den")
    expect(said_no).to_be_visible()
    other.page.get_by_role("button", name="Godkänn texterna (Svenska)").click()
    expect(other.page.get_by_text("Texterna är godkända. Tipssidan visar dem nu.")).to_be_visible()
    expect(other.page.get_by_text("texter som en tipsmottagare godkände den")).to_be_visible()
    assert texts_for("sv")["start_heading"] == "Läs innan du tipsar"
    other.page.context.close()


# Purging


@pytest.fixture
def purgeable(monkeypatch) -> UUID:
    """A tip marked as spam, which nobody can undo any more."""
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    tip = leave("Köp billiga klockor")
    steps.take_in_new()
    steps.take_step(tip, "spam", 1, "bertil", {"reason": "abuse"})
    return tip


def test_what_one_has_proposed_another_purges(desk, browser, purgeable):  # noqa: F811
    reference = reference_of(purgeable)
    desk.log_in()
    desk.unlock()
    _go(desk.page, "Gallring")
    propose = desk.page.get_by_role("button", name=f"Föreslå gallring av {reference}")
    decision = desk.page.get_by_label("Beslut som tillåter det")
    propose.click()
    expect(desk.page.get_by_text("Skriv beslutet som tillåter det.")).to_be_visible()
    expect(decision).to_be_focused()
    decision.fill("enligt beslut")
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

    make_handler("bertil", name="Bertil By")
    other = Desk(browser.new_context(locale="sv-SE").new_page(), desk.server, desk.key_file)
    other.log_in("bertil")
    _go(other.page, "Gallring")
    proposal = other.page.get_by_role("region", name=reference)
    expect(proposal).to_contain_text("RA-MS 2026:1")
    expect(proposal).to_contain_text("tipsmottagare")
    other.page.get_by_role("button", name=f"Godkänn och gallra {reference} för alltid").click()
    expect(other.page.get_by_text("Tipset är gallrat.")).to_be_visible()
    expect(other.page.get_by_text("Inget väntar.")).to_be_visible()
    stone = Tombstone.objects.using("tips").get(pk=purgeable)
    assert (stone.proposed_by, stone.approved_by) == ("tipsmottagare", "bertil")
    other.page.context.close()

    # Whoever proposed it, and has not heard of it, does nothing by what is still shown.
    desk.page.get_by_role("button", name=f"Återkalla förslaget för {reference}").click()
    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("Någon annan har ändrat tipset under tiden.")
    expect(alarm).to_be_focused()
    expect(desk.page.get_by_text("Inget väntar.")).to_be_visible()
    expect(desk.page.get_by_text("Nyckeln är öppen", exact=True)).to_be_visible()


def test_a_proposal_is_withdrawn_and_can_be_made_anew(desk, purgeable):  # noqa: F811
    tip = steps.find(purgeable)
    purge.propose(tip.pk, tip.version, "tipsmottagare", "RA-MS 2026:1")
    _look(desk, "gallring/")
    desk.page.get_by_role("button", name="Återkalla förslaget").click()

    expect(desk.page.get_by_text("Förslaget är återkallat.")).to_be_visible()
    expect(desk.page.get_by_label("Beslut som tillåter det")).to_be_empty()


def test_to_skip_to_the_content_keeps_what_is_typed_there(desk, purgeable):  # noqa: F811
    _look(desk, "gallring/")
    decision = desk.page.get_by_label("Beslut som tillåter det")
    decision.fill("RA-MS 2026:1")
    desk.page.get_by_role("link", name="Hoppa till innehållet").focus()
    desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_role("heading", name="Gallring")).to_be_focused()
    expect(decision).to_have_value("RA-MS 2026:1")
    expect(desk.page).to_have_url(f"{desk.server}{DESK}gallring/")


def test_of_a_tip_that_is_purged_here_nothing_opened_is_left(desk, purgeable):  # noqa: F811
    make_handler("bertil", name="Bertil By")
    tip = steps.find(purgeable)
    purge.propose(tip.pk, tip.version, "bertil", "RA-MS 2026:1")
    desk.open_queue()
    page = desk.page
    page.get_by_label("Visa även avslutade").check()
    page.locator(".desk-table").get_by_role("link", name=reference_of(tip.pk)).click()
    expect(page.get_by_text("Köp billiga klockor")).to_be_visible()
    page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(page.get_by_text("tips som du har öppnat här (1)")).to_be_visible()

    _go(page, "Gallring")
    page.get_by_role("button", name="Godkänn och gallra").click()
    expect(page.get_by_text("Tipset är gallrat.")).to_be_visible()
    leave("Ett annat tips")
    _go(page, "Kö")

    expect(page.locator("tbody")).to_contain_text("Ett annat tips")
    expect(page.get_by_text("tips som du har öppnat här (0)")).to_be_visible()


def test_what_may_not_be_purged_yet_says_why(desk):  # noqa: F811
    early, held = leave(), leave()
    steps.take_in_new()
    for tip in (early, held):
        steps.take_step(tip, "spam", 1, "bertil", {"reason": "abuse"})
    steps.take_step(held, "hold", 2, "bertil", {"reason": "legal_matter"})
    _look(desk, "gallring/")

    soon = desk.page.get_by_role("region", name=reference_of(early))
    expect(soon).to_contain_text("Det kan inte gallras före")
    exempt = desk.page.get_by_role("region", name=reference_of(held))
    expect(exempt).to_contain_text("Tipset är undantaget och kan inte gallras.")
    expect(desk.page.get_by_role("button", name="Föreslå")).to_have_count(0)


LIE = "Ring 08-123 45 67 och läs upp din kod."
FROM_THE_DESK = {"Sec-Fetch-Site": "same-origin", "X-Desk": "1"}


@pytest.mark.parametrize("status", [400, 409, 503])
def test_a_sentence_that_the_service_writes_in_a_refusal_is_not_shown_at_the_desk(
    desk,  # noqa: F811
    watch,  # noqa: F811
    status,
):
    lie = {"error": LIE, "day": LIE}
    said = "Servern svarar inte" if status == 409 else "Det gick inte. Läs in sidan på nytt"
    desk.log_in()
    for name, path in VIEWS.items():
        desk.page.route(f"**/api/{path}*", lambda route: route.fulfill(status=status, json=lie))
        _go(desk.page, name)
        expect(desk.page.get_by_role("alert")).to_contain_text(said)
        assert "08-123" not in desk.page.locator("body").inner_text()
        desk.page.unroute_all()
    watch.said[:] = [text for text in watch.said if "Failed to load resource" not in text]


@pytest.mark.parametrize("error", [LIE, "log-altered"])
def test_what_the_service_writes_of_a_broken_log_is_not_shown(desk, error):  # noqa: F811
    answer = {
        "rows": [], "page": {"number": 1, "count": 1}, "last": None, "older": 0,
        "broken": {"error": error, "seq": LIE},
    }  # fmt: skip
    desk.log_in()
    desk.page.route("**/api/handelser/*", lambda route: route.fulfill(json=answer))
    _go(desk.page, "Händelser")
    expect(desk.page.get_by_role("alert")).to_contain_text("Loggen är bruten.")
    assert "08-123" not in desk.page.locator("body").inner_text()


@pytest.mark.parametrize("error", [LIE, "keyring-expired"])
def test_what_the_service_writes_of_the_keyring_is_not_shown(desk, monkeypatch, error):  # noqa: F811
    fault = {"error": error, "day": LIE}
    monkeypatch.setattr(api, "_keyring", lambda: {"serial": 0, "hash": "", "fault": fault})
    desk.log_in()
    desk.page.route("**/api/nycklar/", lambda route: route.fulfill(json={"fault": fault}))
    for path in ("nycklar/", ""):
        _look(desk, path)
        expect(desk.page.get_by_text("Det gick inte. Läs in sidan på nytt")).to_be_visible()
        assert "08-123" not in desk.page.locator("body").inner_text()


def _hostile(desk: Desk, path: str, answer: dict[str, object]) -> Locator:  # noqa: F811
    """The view of what a service that has been taken over answers to one who is logged in."""
    desk.page.route(f"**/api/{path}*", lambda route: route.fulfill(json=answer))
    _look(desk, path)
    return desk.page.locator("#desk")


def test_what_the_service_writes_of_the_editors_texts_is_not_shown(desk):  # noqa: F811
    words = [{"text": "Godkänt", "differ": False}]
    wanted = {
        "digest": "0", "refused_by": "", "refused_on": "", "is_withdrawn": False,
        "can_be_shown": False, "faults": [LIE, [LIE, LIE], ["afterwards", LIE]],
    }  # fmt: skip
    row = {"key": LIE, "label": LIE, "differ": False, "shown": words, "wanted": words}
    language = {
        "code": "sv",
        "name": "Svenska",
        "approved_on": LIE,
        "rows": [row],
        "wanted": wanted,
    }
    desk.log_in()
    view = _hostile(desk, "texter/", {"languages": [language]})

    expect(view).to_contain_text("Vad som händer sedan: Okänt")
    assert "08-123" not in view.inner_text()


def test_what_the_service_writes_of_how_a_purge_is_decided_is_not_shown(desk, purgeable):  # noqa: F811
    desk.log_in()
    answer = desk.page.request.get(
        f"{desk.server}{DESK}api/gallring/", headers=FROM_THE_DESK
    ).json()
    view = _hostile(desk, "gallring/", {**answer, "decision_hint": LIE})

    expect(view).to_contain_text("Beslutets beteckning, till exempel RA-MS 2026:12")
    assert "08-123" not in view.inner_text()
