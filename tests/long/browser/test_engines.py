"""What five programs find in every kind of page of the demo: in each state, at two widths, in both schemes,
with script and without.

By default one page of each kind in one of these ways; with `--long` all pages in all ways.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.demo_sites import DemoSites
from tests.long.engines import faults_in, invalid_in
from tests.shown import SHOWN, Shown, one_of_each_kind

WIDTHS, SCHEMES = (360, 1440), ("light", "dark")
WAYS = list(product((True, False), WIDTHS, SCHEMES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shown" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("--long")
        chosen = SHOWN if is_full else one_of_each_kind()
        rows = [(shown, _ways(shown, place, is_full)) for place, shown in enumerate(chosen)]
        metafunc.parametrize(("shown", "ways"), rows, ids=[shown.name for shown in chosen])


def _ways(shown: Shown, place: int, is_full: bool) -> list[tuple[bool, int, str]]:
    """All ways in which the page can be seen, or the next in turn."""
    ways = [way for way in WAYS if way[0] or not shown.needs_script]
    return ways if is_full else [ways[place % len(ways)]]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSites]:
    with DemoSites(tmp_path_factory.mktemp("sites")) as sites:
        yield sites


def test_no_engine_finds_a_fault(browser: Browser, sites: DemoSites, shown: Shown, ways):
    faults = []
    for has_script in {has_script for has_script, _width, _scheme in ways}:
        with opened(browser, has_script) as page:
            shown.open(page, sites)
            with script_for_engines(page, has_script):
                for _script, width, scheme in [way for way in ways if way[0] is has_script]:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.emulate_media(color_scheme=scheme)
                    found = faults_in(page)
                    faults += [(shown.name, has_script, width, scheme, each) for each in found]
    assert faults == []


@contextmanager
def opened(browser: Browser, has_script: bool) -> Iterator[Page]:
    """A browser in which nothing moves: a colour on its way from one to another is none of ours."""
    context = browser.new_context(
        java_script_enabled=has_script, locale="sv-SE", reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    if not has_script:
        keep_without_script(context)
    yield context.new_page()
    context.close()


def keep_without_script(context: BrowserContext) -> None:
    """Style sheets go on as without script when the engines, which need it, have come in."""

    def answer(route: Route) -> None:
        response = route.fetch()
        text = re.sub(r"\(scripting: ?enabled\)", "not all", response.text())
        route.fulfill(response=response, body=text)

    context.route("**/*.css", answer)


@contextmanager
def script_for_engines(page: Page, has_script: bool) -> Iterator[None]:
    """Lets script run in a page that was read and laid out without."""
    if has_script:
        yield
        return
    session = page.context.new_cdp_session(page)
    for is_off in (True, False):  # it does nothing when told what it believes to be so already
        session.send("Emulation.setScriptExecutionDisabled", {"value": is_off})
    yield


def test_all_html_is_valid(
    browser: Browser, sites: DemoSites, request: pytest.FixtureRequest, tmp_path: Path
):
    for shown in SHOWN if request.config.getoption("--long") else one_of_each_kind():
        with opened(browser, has_script=True) as page:
            (tmp_path / f"{shown.name}.html").write_bytes(sent(page, shown, sites))

    assert invalid_in(tmp_path) == []


def sent(page: Page, shown: Shown, sites: DemoSites) -> bytes:
    """The document that the page was made of, as the server sent it."""
    documents = []
    page.on("response", lambda response: documents.append(response)
            if response.request.is_navigation_request() else None)  # fmt: skip
    shown.open(page, sites)
    return documents[-1].body()


# That they would find one


FAULTY = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>Fel</title><style>
@layer colours { p { color: light-dark(#777777, #ffffff); background-color: light-dark(#888888, #000000); } }
@container (min-width: 1px) { p { margin: 0; } }
</style><main><h1>Fel</h1><img src="x.png"><p>Grått på grått</p></main>"""


def test_each_engine_finds_a_fault_that_is_there(page: Page):
    page.set_content(FAULTY)
    assert {fault.engine for fault in faults_in(page)} == {
        "axe-core", "IBM Equal Access", "HTML_CodeSniffer", "Alfa",
    }  # fmt: skip


@pytest.mark.parametrize(("scheme", "is_fault"), [("light", True), ("dark", False)])
def test_alfa_reads_the_colours_of_a_scheme_in_sheets_of_layers(page: Page, scheme, is_fault):
    page.emulate_media(color_scheme=scheme)
    page.set_content(FAULTY)
    found = {fault.rule for fault in faults_in(page) if fault.engine == "Alfa"}
    assert ("sia-r69" in found) is is_fault


def test_the_validator_finds_an_error_that_is_there(tmp_path: Path):
    document = '<!doctype html><html lang="sv"><title>Fel</title><img src="x.png"></html>'
    (tmp_path / "faulty.html").write_text(document)
    [(name, _line, told)] = invalid_in(tmp_path)
    assert name == "faulty"
    assert "alt" in told
