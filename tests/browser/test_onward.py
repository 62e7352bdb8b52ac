"""Which links a browser may follow before the click, as its own patterns read the rules."""

import json
from typing import Any

from playwright.sync_api import Page

from .conftest import PAGES

# Whether the rules take a link: each pattern is read as Chromium reads it there.
TAKEN = """([rules, links]) => {
  const fits = (pattern, url) => new URLPattern(pattern, location.href).test(url);
  const holds = (where, link) =>
    where.and ? where.and.every((each) => holds(each, link))
    : where.not ? !holds(where.not, link)
    : where.href_matches ? [where.href_matches].flat().some((each) => fits(each, link.href))
    : link.matches(where.selector_matches);
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
