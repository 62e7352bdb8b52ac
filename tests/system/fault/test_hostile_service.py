"""A service on the form's host that has been taken over runs nothing in the browser of who leaves a tip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page

from tests.nginx import configured, lay_tip_form
from tests.rings import entries_for, trust_in
from tips.sealing import age

from .behind_nginx import PUBLIC, Answering, browser_that_finds, listeners, served
from .server import FORM

SHIELD = 'add_header Content-Security-Policy "script-src'
_MARK = (
    "document.documentElement.dataset.run = (document.documentElement.dataset.run ?? '') + '{} ';"
)
_WORKER = "onfetch = (event) => event.respondWith(new Response('taget', {headers: {'Content-Type': 'text/html'}}));"
_PAGE = f"""<!doctype html><title>x</title>
<script>{_MARK.format("inline")}</script>
<script src="/ond.js"></script>
<script src="/media/ond.js"></script>
<script src="/dokument/ond.js"></script>
<script src="/static/..%2fond.js"></script>
<script src="/static/%2e%2e/ond.js"></script>
<script src="/static//../ond.js"></script>
<script src="data:text/javascript,{_MARK.format("data")}"></script>
<script type="module">import "/ond.js"</script>
<script src="/static/egen.js"></script>
<img src="/saknas" onerror="{_MARK.format("attribute")}">
<svg onload="{_MARK.format("svg")}"></svg>
<iframe srcdoc="<script>{_MARK.format("frame").replace("document", "parent.document")}</script>"></iframe>
<object data="/ond.html"></object>
<a id="leda" href="javascript:{_MARK.format("address")}void 0">x</a>
"""
# All that a service may say to be let in, whatever it is asked for.
_SAYS = {
    "Content-Security-Policy": "script-src * 'unsafe-inline' 'unsafe-eval' data:; worker-src *",
    "Service-Worker-Allowed": "/",
    "Link": '</ond.js>; rel="modulepreload"',
    "Refresh": "0; url=https://annan.example/",
}


class _Hostile(Answering):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.endswith(".js"):
            kind, text = "text/javascript", _WORKER if path == "/sw.js" else _MARK.format(path)
        else:
            kind, text = "text/html", _PAGE
        self.answer(200, {**_SAYS, "Content-Type": kind}, text)


class _Form(_Hostile):
    """The tip form, as the intake answers it."""

    def do_GET(self) -> None:
        self.answer(200, {"Content-Type": "text/html"}, "<h1>Tipsa</h1>")


@contextmanager
def _visited(
    browser_type: BrowserType,
    without: tuple[str, ...],
    intake: type[BaseHTTPRequestHandler] = _Form,
    lay: Callable[[Path], None] = lambda var: None,
) -> Iterator[tuple[Page, str]]:
    """A visitor who has opened a page of the hostile service, at each kind of address that it answers."""
    with configured(*without) as server, browser_that_finds(browser_type, PUBLIC) as browser:
        for name, text in {
            "static/egen.js": _MARK.format("egen"),
            "static/stil.css": "p { color: red }",
            "static/stil.0123456789ab.css": "p { color: red }",
            "edition/current/sida/index.html": _PAGE,
            "static/tip-form/without-script.sv.html": "<h1>Tipsa</h1>",
        }.items():
            (server.var / name).parent.mkdir(parents=True, exist_ok=True)
            (server.var / name).write_text(text)
        lay(server.var)
        with (
            listeners(server, "intake", handler=intake),
            served(server, "public", handler=_Hostile),
        ):
            yield browser.new_page(), f"https://{PUBLIC}:{server.port}"


def _run_at(page: Page, address: str) -> set[str]:
    """What has run on the page: each leaves its name."""
    page.goto(address, wait_until="load")
    page.evaluate("document.querySelector('#leda')?.click()")
    page.wait_for_timeout(200)
    return set((page.evaluate("document.documentElement.dataset.run") or "").split())


def _registers(page: Page) -> bool:
    return bool(page.evaluate(
        "navigator.serviceWorker.register('/sw.js', {scope: '/'})"
        ".then(() => navigator.serviceWorker.ready).then(() => true, () => false)"
    ))  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/", "/sok/?q=x", "/dokument/x/", "/media/x.html", "/tillganglighet/meddelande/", "/sida/"],
)
def test_nothing_of_a_service_that_was_taken_over_runs_but_what_root_has_laid(browser_type, path):
    with _visited(browser_type, ()) as (page, host):
        assert _run_at(page, host + path) == {"egen"}
        assert page.url == host + path
        assert not _registers(page)
        # Nor does a file of root's let it in, whose window it may reach.
        for own in ("/static/egen.js", "/static/stil.css", "/static/stil.0123456789ab.css"):
            page.goto(host + own)
            assert not _registers(page)
        page.goto(host + FORM)
        assert page.inner_text("h1") == "Tipsa"


def test_without_the_line_in_nginx_it_would_answer_the_form_for_good(browser_type):
    """So that the test above can fail."""
    with _visited(browser_type, (SHIELD,)) as (page, host):
        assert {"egen", "inline", "/ond.js"} <= _run_at(page, host + "/")
        assert _registers(page)
        page.goto(host + FORM)
        assert page.inner_text("body") == "taget"


def _lay_the_form(var: Path) -> None:
    trust_in(var / "trust", entries_for([age.generate_identity().recipient]))
    lay_tip_form(var)


def test_of_an_intake_that_was_taken_over_nothing_runs_or_is_shown_where_a_tip_is_sealed(
    browser_type,
):
    with _visited(browser_type, (), intake=_Hostile, lay=_lay_the_form) as (page, host):
        # What it answers elsewhere runs nothing, and leaves nothing behind in the browser.
        for path in ("/tipsa/x/", "/tipsa/formular/lage.json", "/tipsa/formular/lamna/"):
            assert _run_at(page, host + path) <= {"egen"}
        # As a page of ours leads there: from elsewhere one meets root's page.
        page.goto(f"{host}/tipsa/formular/")
        page.evaluate("path => { location.href = path }", FORM)
        page.wait_for_url(host + FORM)
        page.wait_for_timeout(200)
        assert page.inner_text("#leda") == "x"
        assert page.evaluate("document.documentElement.dataset.run ?? ''") == ""
        octets = page.goto(f"{host}/tipsa/formular/").body()
        assert b"tip_form" in octets
        page.wait_for_selector("text=Formuläret är stängt just nu")
        # The keys were believed: it is the intake that says nothing of use.
        words = page.inner_text("[data-view=closed] .lead")
        assert words.startswith("Vi kan inte ta emot tips i formuläret just nu.")
        assert page.evaluate("document.documentElement.dataset.run ?? ''") == ""
        assert page.locator("form > fieldset").evaluate("e => e.disabled")
        assert not _registers(page)
        assert page.goto(f"{host}/tipsa/formular/").body() == octets
