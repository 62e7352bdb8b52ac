"""A service of the desk that has been taken over runs nothing in the browser in which a key is open."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserType, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.nginx import configured, lay_static_files
from tests.rings import handler_secret
from tips.sealing import age
from tips.sealing.trust import to_text

from .behind_nginx import DESK, Answering, browser_that_finds, served

API = "include /etc/nginx/snippets/sapo-desk-api.conf;"
_MARK = "top.document.documentElement.dataset.run = (top.document.documentElement.dataset.run ?? '') + '{} ';"
_PAGE = f"""<!doctype html><title>x</title><script>{_MARK.format("inline")}</script>
<script src="/tipsmottagning/api/ond.js"></script>
<script src="data:text/javascript,{_MARK.format("data")}"></script>
<img src="https://annan.example/x.png" onerror="{_MARK.format("attribute")}">
<svg onload="{_MARK.format("svg")}"></svg>
<meta http-equiv="refresh" content="0; url=https://annan.example/">
<form method="post" action="https://annan.example/"><input name="key"></form>
<iframe srcdoc="<script>{_MARK.format("frame")}</script>"></iframe>"""
_NAME = f'<img src=x onerror="{_MARK.format("name")}"> Anna'
_COMING_IN = {
    "utmaning/": json.dumps({"keyring": 1, "nonce": "A" * 43, "time": "2026-12-01T14:15:07Z"}),
    "logga-in/": json.dumps({"user": "anna"}), "logga-ut/": "{}", "nyckelring/": json.dumps({"files": {}}),
}  # fmt: skip
# How the desk stands, as far as its script needs it, and markup wherever a word may stand.
_STANDS = {
    "user": "anna", "handlers": [{"username": "anna", "name": _NAME}], "now": "2026-11-28T12:00+01:00",
    "keyring": {"serial": 1, "hash": _PAGE, "fault": _PAGE},
    "alarm": {"urgent_hours": 2, "normal_hours": 48, "overdue": 0}, "states": ["received", _PAGE],
    "closed": [], "with_many": [], "in_queue": 0, "since": 0, "tips": [], "next": "", "gone": [],
    "is_all": True,
}  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": "script-src * 'unsafe-inline' data:; worker-src *",
    "Refresh": "0; url=https://annan.example/",
    "Link": '<https://annan.example/x.js>; rel="modulepreload", <https://annan.example/x.css>; rel=preload; as=style',
    "Service-Worker-Allowed": "/",
    "Set-Cookie": "desk=x; Path=/",
    "WWW-Authenticate": 'Basic realm="Skriv din lösenfras"',
    "Reporting-Endpoints": 'default="https://annan.example/"',
    "X-Accel-Redirect": "/static/egen.js",
}
_ELSEWHERE = {"Location": "https://annan.example/"}
_HTML, _SCRIPT = {"Content-Type": "text/html"}, {"Content-Type": "application/javascript"}
_DATA = {"Content-Type": "application/json"}
_LIE = "Ring 08-123 45 67 och läs upp din kod."
_REFUSED = json.dumps({"error": _LIE, "day": _LIE, "text": _LIE})
# Status, headers and content of what it answers with, whatever it is asked.
HOSTILE: tuple[tuple[int, dict[str, str], str], ...] = (
    (200, _HTML, _PAGE), (200, _SCRIPT, _MARK.format("script")), (200, {"Content-Type": "image/svg+xml"}, _PAGE),
    (200, {"Content-Type": "application/xhtml+xml"}, _PAGE), (200, _DATA, _PAGE), (200, _DATA, json.dumps({"error": _PAGE})),
    (400, _DATA, json.dumps({"error": _PAGE})), (401, _HTML, _PAGE),
    (409, _DATA, json.dumps({"error": _PAGE})), (400, _DATA, _REFUSED), (403, _DATA, _REFUSED), (409, _DATA, _REFUSED),
    (429, _DATA, _REFUSED), (503, _DATA, _REFUSED), (503, _DATA, json.dumps({"error": "keyring-expired", "day": _LIE})),
    (500, _HTML, _PAGE), (502, _HTML, _PAGE),
    (301, _ELSEWHERE, _PAGE), (302, _ELSEWHERE, _PAGE), (303, _ELSEWHERE, _PAGE), (307, _ELSEWHERE, _PAGE),
    (308, {"Location": f"https://{DESK}/tipsmottagning/api/ond.html"}, _PAGE),
)  # fmt: skip


class _Service(Answering):
    says: ClassVar[tuple[int, dict[str, str], str]]

    def do_GET(self) -> None:
        self.answer(*self.says)


class _LetsIn(_Service):
    """Until the key is open it answers as a desk does: else there is no key that could be taken."""

    def do_GET(self) -> None:
        address = urlsplit(self.path).path.removeprefix("/tipsmottagning/api/")
        self.answer(*((200, _DATA, _COMING_IN[address]) if address in _COMING_IN else self.says))


@contextmanager
def _desk(browser_type: BrowserType, without: tuple[str, ...] = ()) -> Iterator[tuple[Page, str]]:
    """A browser at the desk, whose pages are those that a release lays."""
    _Service.says = (200, _DATA, json.dumps(_STANDS))
    with configured(*without) as server, browser_that_finds(browser_type, DESK) as browser:
        lay_static_files(server.var)
        with served(server, "desk", handler=_LetsIn):
            yield browser.new_page(locale="sv-SE"), f"https://{DESK}:{server.port}"


def _ran(page: Page) -> str | None:
    page.wait_for_timeout(200)
    found: str | None = page.evaluate("document.documentElement.dataset.run ?? null")
    return found


@pytest.fixture
def asked() -> list[str]:
    return []


def _open_key(page: Page, host: str) -> None:
    said = f"# sapo-handler: anna\n# sapo-signing-key: {to_text(handler_secret())}\n# sapo-root: 1:{'0' * 64}\n"
    page.goto(f"{host}/tipsmottagning/")
    key = f"{said}{age.generate_identity()}".encode()
    page.get_by_label("Nyckelfil").set_input_files(
        {"name": "anna.txt", "mimeType": "text/plain", "buffer": key}
    )
    page.get_by_role("button", name="Öppna nyckeln").click()
    expect(page.get_by_text("Inloggad:")).to_be_visible()


def test_nothing_that_the_desks_service_answers_runs_or_leads_elsewhere_and_the_key_stays_open(
    browser_type, asked
):
    with _desk(browser_type) as (page, host):
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append("a dialog"))
        _open_key(page, host)
        assert _ran(page) is None
        again = page.get_by_role("button", name="Hämta kön på nytt")
        for status, headers, text in HOSTILE:
            _Service.says = (200, _DATA, json.dumps(_STANDS))
            page.get_by_role("link", name="Ge tillgång").or_(page.locator("h1")).first.wait_for()
            _Service.says = (status, {**_HEADERS, **headers}, text)
            with page.expect_response("**/api/**"):
                again.click()
            assert _LIE not in page.locator("body").inner_text()
            assert (_ran(page), page.url) == (None, f"{host}/tipsmottagning/"), (status, headers)
            assert not page.evaluate(
                "navigator.serviceWorker.register('/tipsmottagning/api/ond.js', {scope: '/'})"
                ".then(() => true, () => false)"
            )
            _Service.says = (200, _DATA, json.dumps(_STANDS))
            if status == 401:  # who is logged out opens the key anew
                _open_key(page, host)
                continue
            expect(page.get_by_text("Inloggad:")).to_be_visible()
            retry = page.get_by_role("button", name="Försök igen").or_(again).first
            retry.click()
            again.wait_for()
        assert {urlsplit(each).netloc for each in asked} == {urlsplit(host).netloc}


def test_what_the_desks_service_answers_is_no_page_for_one_who_is_led_to_it(browser_type, asked):
    with _desk(browser_type) as (page, host):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{host}/tipsmottagning/")
        for status, headers, text in HOSTILE:
            _Service.says = (status, {**_HEADERS, **headers}, text)
            for path in ("ko/", "ond.html", "ond.js"):
                # Chromium saves what is no page; what refuses has no content there.
                with suppress(PlaywrightError):
                    page.goto(f"{host}/tipsmottagning/api/{path}")
                assert _ran(page) is None, (status, headers)
        assert {urlsplit(each).netloc for each in asked} == {urlsplit(host).netloc}


def test_without_the_line_in_nginx_its_script_would_run_beside_the_key(browser_type):
    """So that the tests above can fail."""
    with _desk(browser_type, (API,)) as (page, host):
        _Service.says = (200, _HTML, f"<script>{_MARK.format('inline')}</script>")
        page.goto(f"{host}/tipsmottagning/api/ko/")
        assert _ran(page) == "inline "
