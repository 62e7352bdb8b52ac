"""A service of the desk that has been taken over writes no words of its own in the desk's page."""

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import zip_longest
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Route, expect

from tests.acts import act_now
from tests.browser.desk import DESK, Desk, comes_to_rest, genuine, leave
from tests.rings import stands_in_keyring
from tips.handling import steps

LIE = "Ring 08-123 45 67 och läs upp din kod."
# What is shown as it is answered, by the end of its place in an answer.
SHOWN_AS_IT_IS = (
    # What people are called: nobody but the service knows those who are not in the keyring.
    ".handlers[].name", ".handlers[].username", ".user", ".actor",
    ".assigned_to", ".proposed_by", ".purge_proposed_by", ".refused_by",
)  # fmt: skip
# What the keyring and the intake have signed proves itself.
SIGNED = ("nyckelring/", "ankomster/")
VIEWS = {
    "Händelser": "handelser/", "Gallring": "gallring/", "Register": "register/",
}  # fmt: skip


def _leaves(answer: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each text or number that may not be shown as it is: its place, and where to exchange it."""
    in_row = place.endswith("rows[]") and isinstance(answer, list)
    for at, value in answer.items() if isinstance(answer, dict) else enumerate(answer):
        is_own = isinstance(answer, dict) and (
            (at == "reason" and answer.get("verb") == "assign")  # to whom a tip was given
            or (at == "choices" and answer.get("name") == "assignee")
        )
        inner = f"{place}.{at}" if isinstance(answer, dict) or in_row else f"{place}[]"
        if isinstance(value, dict | list):
            yield from () if is_own else _leaves(value, inner)
        elif value.__class__ in (str, int) and not is_own and not _is_shown_as_it_is(inner):
            yield inner, answer, at


def _is_shown_as_it_is(place: str) -> bool:
    return place == ".name" or place.endswith(SHOWN_AS_IT_IS)  # one's own account is the answer


def _lying(answer: Any, place: str) -> Any:
    """The answer with the lie in each such place."""
    lying = deepcopy(answer)
    for found, where, at in list(_leaves(lying)):
        if found == place:
            where[at] = LIE
    return lying


class Taken:
    """The service between the desk and its data, which lies in one place of each answer at a time."""

    def __init__(self, desk: Desk) -> None:
        self.page = desk.page
        self.answers: dict[str, Any] = {}
        self.lies: dict[str, str] = {}
        self.page.route("**/api/**", self._answer)

    def _answer(self, route: Route) -> None:
        path = route.request.url.partition("/api/")[2].partition("?")[0]
        response = genuine(route)
        if "json" not in response.headers.get("content-type", "") or path in SIGNED:
            route.fulfill(response=response)  # what is signed proves itself
            return
        answer = self.answers[path] = response.json()
        route.fulfill(json=_lying(answer, self.lies[path]) if path in self.lies else answer)

    def places(self) -> dict[str, list[str]]:
        """Of each answer the places where it may lie."""
        return {
            path: sorted({at for at, _in, _n in _leaves(answer)})
            for path, answer in self.answers.items()
        }

    def rounds(self) -> Iterator[None]:
        """The next lie of every answer, as long as one is left."""
        for lies in zip_longest(
            *([(path, at) for at in ats] for path, ats in self.places().items())
        ):
            self.lies = dict(filter(None, lies))
            yield


def _shown(page: Any) -> str:
    """All that stands in the page, and what is said of it to those who do not see it."""
    return str(
        page.evaluate(
            "document.body.innerText + document.title + [...document.querySelectorAll('body *')]"
            ".flatMap((one) => [one.title, one.ariaLabel, one.placeholder, one.innerText]).join(' ')"
        )
    )


@pytest.fixture
def handled(tip_channel: Any, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A tip that may be purged, one that is proposed for it, and one that is open."""
    stands_in_keyring(tip_channel, "bertil")
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda tip: tip.received_on)
    for _each in range(2):
        tip = steps.open_tip(leave("Köp klockor"), "bertil")
        act_now("bertil", "spam", tip.pk, "abuse")
    act_now("tipsmottagare", "propose_purge", tip.pk, "RA-MS 2026:1")
    tip = steps.open_tip(leave("En kombi vid hamnen"), "bertil")
    act_now("bertil", "register", tip.pk, "SÄPO 2026-12")
    return act_now("bertil", "forward", tip.pk, "polisen").pk


def test_no_place_in_what_is_answered_to_a_view_is_one_for_words_of_the_services(
    desk, watch, handled
):
    desk.log_in()
    taken, page, shown = Taken(desk), desk.page, []

    def look(name: str, path: str) -> None:
        with page.expect_response(f"**/api/{path}*"):
            desk.go(name)
        comes_to_rest(page)
        if "08-123" in _shown(page):
            shown.append((path, taken.lies[path]))

    for name, path in VIEWS.items():
        look(name, path)
        page.locator("#desk :is(table, .desk-purge)").first.wait_for()
    taken.answers = {path: taken.answers[path] for path in VIEWS.values()}
    assert all(taken.places().values())
    for _round in taken.rounds():
        for name, path in VIEWS.items():
            if path in taken.lies:
                look(name, path)
        if len(taken.lies) == 1:
            desk.go("Kö")  # else one would stay where one is
    assert shown == []
    watch.said.clear()  # that a view cannot be shown is no words


def test_no_place_in_what_is_answered_of_the_queue_and_a_tip_is_one_for_words_of_the_services(
    desk, watch, handled
):
    desk.open_queue()
    taken = Taken(desk)
    page = desk.page
    home = page.get_by_role("navigation", name="Tipsmottagning").get_by_role("link", name="Kö")
    tip = f"{DESK}tips/{handled}/"

    def look() -> str:
        with page.expect_response("**/api/ko/*"):
            home.click()
        comes_to_rest(page)
        said = _shown(page)
        # As a link to it would: the key stays open.
        with page.expect_response("**/oppna/"):
            page.evaluate(
                "(to) => { const link = document.createElement('a'); link.href = to;"
                " document.body.append(link); link.click(); link.remove(); }",
                tip,
            )
        comes_to_rest(page)
        return said + _shown(page)

    look()
    expect(page.get_by_role("heading", name="Historik")).to_be_visible()
    expect(page.locator(".desk-facts")).to_contain_text("SÄPO 2026-12")
    shown = []
    assert {re.sub(r"[0-9a-f-]{36}", "…", path) for path in taken.places()} == {
        "ko/", "tips/…/oppna/",
    }  # fmt: skip
    for _round in taken.rounds():
        if "08-123" in look():
            shown.append(taken.lies)

    assert shown == []
    watch.said.clear()
