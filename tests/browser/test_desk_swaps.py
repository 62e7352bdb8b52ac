"""A service of the desk that has been taken over passes no tip off as another, and no keyring."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, Route, expect

from tests.acts import act_now
from tests.rings import stands_in_keyring
from tips.desk import queue
from tips.handling import steps
from tips.models import Tip
from tips.sealing import fingerprint
from tips.sealing.reference import reference_of

from .desk import HALF_A_MINUTE, Desk, genuine, keyring_of_the_services_own, leave

OTHER = "Servern svarade med ett annat tips än det du bad om."


def _lie(page: Page, path: str, change: Callable[[Any], None], instead: str = "") -> None:
    """Changes what is genuinely answered to a path, or to another one that is asked in its place."""

    def answer(route: Route) -> None:
        url = route.request.url
        response = genuine(route, url=url.replace(path, instead) if instead else url)
        said = response.json()
        change(said)
        route.fulfill(response=response, json=said)

    page.route(f"**/api/{path}*", answer)


def _called(tip: UUID) -> Callable[[Any], None]:
    """Calls every tip in an answer by this one's reference."""

    def change(said: Any) -> None:
        for each in said.values() if isinstance(said, dict) else said:
            if isinstance(each, dict | list):
                change(each)
        if isinstance(said, dict) and ("id" in said or "actor" in said):
            said["reference"] = reference_of(tip)

    return change


@pytest.fixture
def two() -> tuple[UUID, UUID]:
    """A tip that is asked for, and one that is answered in its place."""
    asked, other = leave("Hamnen är bevakad"), leave("Köp billiga klockor")
    steps.take_in_new()
    return asked, other


def _alarm(desk: Desk) -> Locator:
    return desk.page.locator("#desk").get_by_role("alert")


def test_a_tip_that_is_answered_in_anothers_place_is_not_shown(desk, two):
    asked, other = two
    desk.open_queue()
    page = desk.page
    _lie(page, f"tips/{asked}/oppna/", _called(asked), instead=f"tips/{other}/oppna/")
    page.locator(".desk-table").get_by_role("link", name=reference_of(asked)).click()

    expect(_alarm(desk)).to_contain_text(OTHER)
    expect(_alarm(desk)).to_contain_text("Lita inte på det, och rapportera det")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tips {reference_of(asked)}")
    expect(page.get_by_text("Köp billiga klockor")).to_have_count(0)
    expect(page.get_by_role("button", name="Genomför")).to_have_count(0)
    expect(page.get_by_label("Ny anteckning")).to_have_count(0)


@pytest.mark.parametrize("is_overtaken", [False, True])
def test_a_step_is_not_answered_by_another_tip(desk, two, is_overtaken):
    asked, other = two
    desk.open_tip(asked)
    page = desk.page
    if is_overtaken:
        act_now("tipsmottagare", "hold", asked, "legal_matter")

    def change(said: Any) -> None:
        about = steps.find(other)
        said["tip"] |= {
            "id": str(other),
            "reference": reference_of(asked),
            "version": about.version,
        }

    _lie(page, "steg/", change)
    desk.choose_step("spam")
    page.locator(".desk-steps__needs:visible select").select_option(index=1)
    desk.take_step()

    expect(_alarm(desk)).to_contain_text(OTHER)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tips {reference_of(asked)}")
    page.unroute_all()
    # The next step is still one with the tip that is shown.
    with page.expect_request("**/steg/") as asking:
        desk.take_step()
    said = json.loads(json.loads(asking.value.post_data or "")["statement"])
    assert [each["tip"] for each in said["tips"]] == [str(asked)]


def test_the_desk_names_tips_by_their_ids_whatever_the_service_calls_them(desk, two):
    asked, other = two
    names = {reference_of(asked), reference_of(other)}
    page = desk.page
    page.clock.install()
    desk.come()
    lie = _called(UUID(int=0))
    for path in ("ko/", "ko/nytt/", f"tips/{asked}/oppna/", "steg/", "handelser/"):
        _lie(page, path, lie)
    desk.unlock()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert set(desk.rows()) == names
    for each in names:
        expect(page.get_by_label(f"Markera {each}")).to_be_visible()
    page.get_by_label("Sök", exact=True).fill(reference_of(asked))
    assert desk.rows() == [reference_of(asked)]

    urgent = leave("Det brinner", urgent="1")
    page.clock.fast_forward(HALF_A_MINUTE)
    news = page.get_by_role("region", name="Nya tips")
    expect(news.get_by_role("link")).to_have_text(reference_of(urgent))

    page.locator("tbody th a").click()
    page.get_by_role("heading", name="Historik").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tips {reference_of(asked)}")
    expect(page).to_have_title(re.compile(rf"Tips {reference_of(asked)} – Tipsmottagning$"))
    page.get_by_role("link", name="Händelser").click()
    table = page.get_by_role("region", name="Vad som har gjorts")
    expect(table.get_by_role("link", name=reference_of(other))).to_have_count(1)
    assert set(table.get_by_role("link").all_inner_texts()) == {*names, reference_of(urgent)}


def test_nobody_approves_a_purge_of_another_tip_than_the_one_that_is_named(
    desk, two, tip_channel, monkeypatch
):
    asked, other = two
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    stands_in_keyring(tip_channel, "bertil")
    act_now("bertil", "spam", asked, "abuse")
    act_now("bertil", "propose_purge", asked, "RA-MS 2026:1")
    desk.log_in()
    page = desk.page
    _lie(page, "gallring/", _called(other))
    page.get_by_role("link", name="Gallring").click()
    proposal = page.get_by_role("region", name="1 tips")
    expect(proposal.get_by_role("link")).to_have_text([reference_of(asked)])
    # And where the service exchanges the tip itself, the proposal is of another.
    _lie(page, "gallring/", lambda said: said["proposed"][0].update(id=str(other)))
    page.get_by_role("link", name="Händelser").click()
    page.get_by_role("link", name="Gallring").click()
    expect(page.get_by_role("alert")).to_contain_text("Förslaget är inte undertecknat")
    expect(page.get_by_role("button", name="Godkänn")).to_have_count(0)
    assert Tip.objects.using("tips").count() == 2


def test_nobody_approves_what_was_withdrawn_or_is_followed_by_what_nobody_has_signed(
    desk, two, tip_channel, monkeypatch
):
    """The service shows a proposal again that was signed once, and took back what came after."""
    asked, _other = two
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    stands_in_keyring(tip_channel, "bertil")
    act_now("bertil", "spam", asked, "abuse")
    proposed = act_now("bertil", "propose_purge", asked, "RA-MS 2026:1")
    act_now("bertil", "withdraw_purge", asked)
    signed = queue.statements_on(asked)
    page, statement = desk.page, ""

    def shown_again(said: Any) -> None:
        row = next(each for each in said["due"] if each["id"] == str(asked))
        row |= {"purge_proposed_by": "bertil", "proposal": proposed.purge_proposal}
        row |= {"decision": "RA-MS 2026:1", "statement": statement or row["statement"]}
        said.update(proposed=[row], proposals=signed, due=[])

    _lie(page, "gallring/", shown_again)
    desk.log_in("gallring/")
    for statement in ("", "0" * 64, proposed.statement):
        page.get_by_role("link", name="Händelser").click()
        page.get_by_role("link", name="Gallring").click()
        proposal = page.get_by_role("region", name="1 tips")
        approve = proposal.get_by_role("button", name="Godkänn")
        if statement == proposed.statement:
            expect(approve).to_be_visible()  # nobody can tell that something came after
        else:
            expect(proposal.get_by_role("alert")).to_contain_text("Förslaget är inte undertecknat")
            expect(approve).to_have_count(0)


@pytest.mark.parametrize(
    "lie",
    [
        {"notes": None},
        {"notes": [{"id": "1", "author": "bertil", "written_on": "2026-12-01", "sealed": "%"}]},
        {"statements": None},
    ],
    ids=["no notes", "a note of no octets", "no statements"],
)
def test_an_answer_out_of_form_leaves_a_history_of_which_nothing_is_signed(
    desk, two, tip_channel, lie
):
    asked, _other = two
    stands_in_keyring(tip_channel, "bertil")
    act_now("bertil", "hold", asked, "archive")
    desk.log_in()
    _lie(desk.page, f"tips/{asked}/oppna/", lambda said: said.update(lie))
    desk.page.get_by_role("table").get_by_role("link", name=reference_of(asked)).click()

    history = desk.page.get_by_role("region", name="Historik")
    expect(history.get_by_text("Inte undertecknat av den som nämns")).to_have_count(1)
    expect(desk.page.get_by_text("Servern visar något annat än det som har")).to_be_visible()
    expect(desk.page.get_by_text("Hamnen är bevakad")).to_be_visible()
    desk.back()
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_visible()


# The keyring, in the view of keys


def _keys(desk: Desk) -> Locator:
    desk.log_in("nycklar/")
    return desk.page.locator("#desk")


def test_the_keys_are_those_of_the_keyring_that_is_signed_whatever_the_service_says(
    desk,
    tip_channel,
):
    lie = {"entries": [{"name": "Ond Ondsson"}]}
    _lie(desk.page, "ko/", lambda said: said["keyring"].update(serial=9, **lie))
    shown = _keys(desk)
    expect(shown.locator(".desk-words li")).to_have_text(
        fingerprint.word_rows(tip_channel.trust.ring.hash)
    )
    expect(shown.locator(".desk-access__names li")).to_have_text("Provnyckel")


def test_a_keyring_of_the_services_own_is_not_shown_among_the_keys(desk, tip_channel, monkeypatch):
    keyring_of_the_services_own(tip_channel, monkeypatch)
    shown = _keys(desk)
    box = shown.locator(".desk-notice--danger")
    expect(box).to_contain_text("Nyckelringen går inte att lita på")
    expect(box).to_contain_text("stämmer inte överens om vilka som får skriva under")
    expect(box).to_contain_text("Ring en av undertecknarna")
    expect(shown.locator(".desk-access__names, .desk-words")).to_have_count(0)


def test_the_keys_are_asked_for_by_the_root_of_the_key_file_too(desk, tip_channel):
    """With a key file of another root no keyring is shown as one to compare with the paper."""
    text = desk.key_file.read_text()
    pin = str(tip_channel.trust.by.pin)
    assert pin in text
    desk.key_file.write_text(text.replace(pin, f"1:{'0' * 64}"))

    box = _keys(desk).locator(".desk-notice--danger")
    expect(box).to_contain_text("stämmer inte överens om vilka som får skriva under")
