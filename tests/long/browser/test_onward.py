"""Which links a browser may follow before the click, and that it does and keeps what was left."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_started
from playwright.sync_api import Page

from tests.browser.conftest import CHROMIUM, PAGES
from tests.chromium import Tab, chromium

# Whether the rules take a link that is pointed at: each pattern is read as Chromium reads it there.
TAKEN = """([rules, links]) => {
  const fits = (pattern, url) => new URLPattern(pattern, location.href).test(url);
  const holds = (where, link) =>
    where.and ? where.and.every((each) => holds(each, link))
    : where.not ? !holds(where.not, link)
    : where.href_matches ? [where.href_matches].flat().some((each) => fits(each, link.href))
    : where.selector_matches === ":hover" || link.matches(where.selector_matches);
  const made = links && links.map((href) => Object.assign(document.createElement("a"), {href}));
  return (made || [...document.links]).map((link) => [
    link.getAttribute("href"), rules.prerender.some((rule) => holds(rule.where, link)),
  ]);
}"""
NEVER = [
    "/tipsa/", "/tipsa", "/tipsa/formular/", "/en/tipsa/", "/en/tipsa/formular/", "/%74ipsa/", "/./tipsa/",
    "/en/%74ipsa/", "/verksamheten/../tipsa/", "/tipsa/?x", "/tipsa/#x", "/sok/", "/sok/?q=spion", "/en/sok/",
    "/sok", "/admin/", "/admin/login/", "/tipsmottagning/", "/nyheter/?sida=2", "/nyheter.rss", "/nyheter.json",
    "/dokument/1/rad.pdf", "/media/x.jpg", "/nyheter/x/kalender.ics", "#innehall", "https://polisen.se/",
    "//polisen.se/", "mailto:press@sakerhetspolisen.se", "tel:+46105687000",
]  # fmt: skip
ALWAYS = [
    "/",
    "/en/",
    "/verksamheten/",
    "/verksamheten/samarbete/",
    "/nyheter/#senaste",
    "/amnen/a-b/",
]


def taken(page: Page, url: str, links: list[str] | None = None) -> dict[str, bool]:
    answer = page.goto(url)
    named = json.loads(answer.header_value("speculation-rules"))  # a string of a structured field
    rules: Any = page.request.get(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + named)
    return dict(page.evaluate(TAKEN, [rules.json(), links]))


def test_nothing_is_fetched_from_the_tip_channel_the_search_or_files_before_a_click(
    page: Page, live_server, site
):
    said = taken(page, f"{live_server.url}/", [*NEVER, *ALWAYS])
    assert [link for link in NEVER if said[link]] == []
    assert [link for link in ALWAYS if not said[link]] == []


def test_pages_that_other_pages_lead_to_are(page: Page, live_server, site):
    links: dict[str, bool] = {}
    for path in PAGES:
        answer = page.request.get(live_server.url + path)
        if "speculation-rules" in answer.headers:
            links |= taken(page, live_server.url + path)
    assert {"/tipsa/", "/sok/"} & links.keys()
    assert not any(is_taken for link, is_taken in links.items() if "tipsa" in link or "." in link)
    assert sum(links.values()) > 10


# What Playwright's browser does not do: it neither draws ahead nor keeps.

WATCH = "addEventListener('pageshow', (event) => { window.kept = event.persisted; });"
LEAD_TO = """(() => {
  const link = Object.assign(document.createElement("a"), {href: %s, textContent: "Vidare"});
  document.querySelector("main").prepend(link);
})()"""
ACTIVATED = "performance.getEntriesByType('navigation')[0].activationStart"
WHY_NOT = "JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)"


@pytest.fixture
def tab() -> Iterator[Tab]:
    assert CHROMIUM
    with chromium(CHROMIUM) as browser:
        yield Tab(browser, script=WATCH)


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every address that the server is asked for."""
    paths: list[str] = []

    def note(environ: dict[str, str], **_: object) -> None:
        paths.append(environ["PATH_INFO"])

    request_started.connect(note)
    yield paths
    request_started.disconnect(note)


def point_at(tab: Tab, url: str, to: str) -> tuple[float, float]:
    tab.open(url)
    tab.tells(LEAD_TO % json.dumps(to))
    tab.rest(0.5)  # the rules come after the page
    place = tab.find(to)
    tab.point(place)
    return place


def test_every_kind_of_page_is_drawn_before_the_click_and_kept_when_going_back(
    page, tab, live_server, site
):
    urls = [live_server.url + path for path in PAGES]
    pages = [url for url in urls if "speculation-rules" in page.request.get(url).headers]
    assert len(pages) > 8
    for this, following in zip(pages, [*pages[1:], pages[0]], strict=True):
        place = point_at(tab, this, following)
        tab.wait(lambda following=following: following in tab.ahead)
        tab.click(place)
        tab.wait(lambda following=following: tab.tells("location.href") == following)
        assert tab.tells(ACTIVATED) > 0, f"{following} was fetched after the click"
        tab.go_back()
        tab.rest(0.5)
        assert tab.tells("window.kept"), f"{this} was not kept: {tab.tells(WHY_NOT)}"


def test_nothing_is_asked_of_the_tip_pages_or_the_search_by_pointing(tab, live_server, site, asked):
    # Nor by having a link in sight.
    tab.open(f"{live_server.url}/")
    tab.find(f"{live_server.url}/verksamheten/")
    tab.rest(1)
    assert "/vidare.json" in asked
    assert "/verksamheten/" not in asked
    for path in ("/tipsa/", "/en/tipsa/", "/sok/", "/nyheter.rss"):
        point_at(tab, f"{live_server.url}/", live_server.url + path)
        tab.rest(1)
        assert tab.ahead == [], path
        assert path not in asked
    assert "/" in asked
