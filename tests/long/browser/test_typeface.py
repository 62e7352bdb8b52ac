"""The typeface of the site: it is there, it moves nothing, and the tip channel asks for none."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.desk import HeldBack, comes_to_rest

SHIFTS = """window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))
        .observe({type: 'layout-shift', buffered: true});"""
FAMILY = "getComputedStyle(document.querySelector('h1')).fontFamily"
ARTICLE = "/verksamheten/samverkan/"


def _loaded(page: Page) -> list[str]:
    """The weights of the typeface's files that the page has fetched."""
    return page.evaluate(
        "[...document.fonts].filter(f => f.family.includes('Schibsted') && f.status == 'loaded')"
        ".map(f => f.style + ' ' + f.weight)"
    )


def test_pages_are_set_in_the_typeface_of_the_site(page: Page, live_server, site):
    for path in ("/", ARTICLE, "/en/verksamheten/", "/finns-inte/"):
        page.goto(live_server.url + path)
        page.evaluate("document.fonts.ready")
        assert page.evaluate(FAMILY).startswith('"Schibsted Grotesk", Stand-in'), path
        assert "normal 400 700" in _loaded(page), path


def test_a_typeface_that_is_late_moves_nothing(page: Page, live_server, site):
    page.add_init_script(SHIFTS)
    for width, path in ((360, "/"), (1440, ARTICLE)):
        page.set_viewport_size({"width": width, "height": 800})
        late = HeldBack(page, "**/*.woff2")
        page.goto(live_server.url + path, wait_until="commit")
        expect(page.get_by_role("contentinfo")).to_be_visible()
        comes_to_rest(page)
        late.let_come()
        page.evaluate("document.fonts.ready")
        comes_to_rest(page)
        assert page.evaluate("window.shift") == 0, path
        page.unroute_all()


def test_the_tip_channel_asks_for_no_typeface(page: Page, live_server, tip_channel: Any):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/tipsa/formular/", "/tipsmottagning/"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")  # the desk leads on to its login
        page.evaluate("document.fonts.ready")
    assert any("tips" in url and url.endswith(".css") for url in asked)
    assert not any("fonts" in url for url in asked)
