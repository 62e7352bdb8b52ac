"""A service of the desk that has been taken over passes no tip off as another."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, Route, expect

from tests.handlers import make_handler
from tips.handling import purge, steps
from tips.models import Tip
from tips.sealing.reference import reference_of

from .test_desk_app import Desk, _built, desk, leave, watch  # noqa: F401

pytestmark = [pytest.mark.tips_browser, pytest.mark.plain]

OTHER = "Servern svarade med ett annat tips än det du bad om."
# What the browser adds by itself, and is not let through here.
OWN = {"Sec-Fetch-Site": "same-origin"}


def _lie(page: Page, path: str, change: Callable[[Any], None], instead: str = "") -> None:
    """Changes what is genuinely answered to a path, or to another one that is asked in its place."""

    def answer(route: Route) -> None:
        url = route.request.url
        response = route.fetch(
            url=url.replace(path, instead) if instead else url,
            headers=route.request.all_headers() | OWN,
        )
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


def _alarm(desk: Desk) -> Locator:  # noqa: F811
    return desk.page.locator("#desk").get_by_role("alert")


def test_a_tip_that_is_answered_in_anothers_place_is_not_shown(desk, two):  # noqa: F811
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
def test_a_step_is_not_answered_by_another_tip(desk, two, is_overtaken):  # noqa: F811
    asked, other = two
    desk.open_tip(asked)
    page = desk.page
    if is_overtaken:
        steps.take_step(asked, "hold", 2, "bertil", {"reason": "legal_matter"})

    def change(said: Any) -> None:
        about = steps.find(other)
        said["tip"] |= {
            "id": str(other),
            "reference": reference_of(asked),
            "version": about.version,
        }

    _lie(page, f"tips/{asked}/steg/", change)
    desk.choose_step("spam")
    page.locator(".desk-steps__needs:visible select").select_option(index=1)
    desk.take_step()

    expect(_alarm(desk)).to_contain_text(OTHER)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tips {reference_of(asked)}")
    page.unroute_all()
    # The next step is still one with the tip that is shown.
    with page.expect_request("**/steg/") as asking:
        desk.take_step()
    assert str(asked) in asking.value.url


def test_the_desk_names_tips_by_their_ids_whatever_the_service_calls_them(desk, two):  # noqa: F811
    asked, other = two
    names = {reference_of(asked), reference_of(other)}
    desk.log_in()
    page = desk.page
    lie = _called(UUID(int=0))
    for path in ("ko/", "ko/nytt/", f"tips/{asked}/oppna/", f"tips/{asked}/steg/", "handelser/"):
        _lie(page, path, lie)
    desk.unlock()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert set(desk.rows()) == names
    for each in names:
        expect(page.get_by_label(f"Markera {each}")).to_be_visible()
    page.get_by_label("Sök", exact=True).fill(reference_of(asked))
    assert desk.rows() == [reference_of(asked)]

    page.locator("tbody th a").click()
    page.get_by_role("heading", name="Historik").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tips {reference_of(asked)}")
    expect(page).to_have_title(f"Tips {reference_of(asked)} – Tipsmottagning")
    page.get_by_role("link", name="Händelser").click()
    table = page.get_by_role("region", name="Vad som har gjorts")
    expect(table.get_by_role("link", name=reference_of(other))).to_have_count(1)
    assert set(table.get_by_role("link").all_inner_texts()) == names


def test_news_are_named_by_their_ids_whatever_the_service_calls_them(desk):  # noqa: F811
    desk.page.clock.install()
    desk.open_queue()
    urgent = leave("Det brinner", urgent="1")
    _lie(desk.page, "ko/nytt/", _called(UUID(int=0)))
    desk.page.clock.fast_forward(30_000)

    news = desk.page.get_by_role("region", name="Nya tips")
    expect(news.get_by_role("link")).to_have_text(reference_of(urgent))


def test_nobody_approves_a_purge_of_another_tip_than_the_one_that_is_named(
    desk,  # noqa: F811
    two,
    monkeypatch,
):
    asked, other = two
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: localdate())
    make_handler("bertil", name="Bertil By")
    steps.take_step(asked, "spam", 1, "bertil", {"reason": "abuse"})
    purge.propose(asked, 2, "bertil", "RA-MS 2026:1")
    desk.log_in()
    page = desk.page
    _lie(page, "gallring/", _called(other))
    page.get_by_role("link", name="Gallring").click()
    page.get_by_role("region", name=reference_of(asked)).wait_for()

    expect(page.get_by_text(reference_of(other))).to_have_count(0)
    name = f"Godkänn och gallra {reference_of(asked)} för alltid"
    expect(page.get_by_role("button", name=name)).to_be_visible()
    expect(page.get_by_role("button", name=f"förslaget för {reference_of(asked)}")).to_be_visible()
    assert Tip.objects.using("tips").count() == 2
