"""What a browser leaves of a tip on the disk of the one who left it."""

import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from tests.system.fault.leaks import leaks_in
from tips.form import limits

from .conftest import CHROMIUM

FORM = "/tipsa/formular/"
PLAIN = f"{FORM}utan-skript/skriv/"
# Chromium writes what is in its tabs a few seconds after it has changed.
LONGEST_WAIT = 40
# Chromium keeps no form that was sent in its profile if a password was in it.
FORGETTING = '<input type="password" value="-" autocomplete="one-time-code" hidden>'
AFTER_THE_HIT = 5


class Everyday:
    """A browser as people have it, with a profile on the disk that is written all the time."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self.profile = profile
        self.marker = f"Kz{secrets.token_hex(12)}"
        # Started as people do: what a test's tool adds could turn off what is looked for.
        self._program = subprocess.Popen(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", f"--user-data-dir={profile}",
                "--remote-debugging-port=0", "about:blank",
            ],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port()}")
        self.context = browser.contexts[0]
        self.opens_a_tab()

    def opens_a_tab(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)

    def _port(self) -> str:
        told = self.profile / "DevToolsActivePort"
        for _try in range(300):
            if told.exists() and (lines := told.read_text().split()):
                return lines[0]
            time.sleep(0.1)
        raise TimeoutError("the browser has not started")

    def traces(self) -> list[str]:
        """The files of the profile that hold what was typed, in whatever form."""
        found = leaks_in(self.marker, [self.profile])
        return sorted({str(Path(name).relative_to(self.profile).parent) for name in found})

    def offers_to_save_a_password(self) -> bool:
        counts = self.context.browser.new_browser_cdp_session().send(
            "Browser.getHistograms", {"query": "PasswordBubble.DisplayDisposition"}
        )
        return bool(counts["histograms"])

    def kill(self) -> None:
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGKILL)
            self._program.wait()


@pytest.fixture
def everyday(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[], Everyday]]:
    browsers: list[Everyday] = []

    def opened() -> Everyday:
        browsers.append(Everyday(playwright, tmp_path / f"profile-{len(browsers)}"))
        return browsers[-1]

    yield opened
    for browser in browsers:
        browser.kill()


def given(browser: Everyday, *, instead_of: str, words: str = "") -> Everyday:
    """The same browser, which gets the form with other words in its markup, or without them."""

    def exchanged(route: Route) -> None:
        answer = route.fetch()
        page = answer.text()
        assert instead_of in page
        route.fulfill(response=answer, body=page.replace(instead_of, words))

    browser.context.route(re.compile(f"{FORM}(utan-skript/skriv/)?$"), lambda route: (
        exchanged(route) if route.request.method == "GET" else route.continue_()
    ))  # fmt: skip
    return browser


def fill_in(browser: Everyday, url: str, form: str = FORM) -> None:
    page = browser.page
    page.goto(f"{url}{form}")
    expect(page.get_by_role("button", name="Skicka tipset")).to_be_visible()
    typed = f"{browser.marker} vid grindarna"
    controls = page.locator("form :is(textarea, [type=text]):not([name=website])").all()
    assert len(controls) > 4
    for control in controls:
        control.press_sequentially(typed)
    file = browser.profile.with_name(f"{browser.marker}.txt")
    file.write_text(typed)
    page.get_by_label("Filer").set_input_files(file)


def wait_for_the_disk(unprotected: Everyday, page: Page) -> None:
    """Waits until the other browser has left its traces, and then somewhat longer."""
    wait_for(page, unprotected.traces)


def wait_for(page: Page, happened: Callable[[], object]) -> None:
    for _second in range(LONGEST_WAIT):
        page.wait_for_timeout(1_000)
        if happened():
            break
    page.wait_for_timeout(AFTER_THE_HIT * 1_000)


def test_a_profile_on_the_disk_holds_nothing_that_was_typed(everyday, live_server, tip_channel):
    ours, unprotected = everyday(), given(everyday(), instead_of='autocomplete="off"')
    for browser in (ours, unprotected):
        fill_in(browser, live_server.url)

    wait_for_the_disk(unprotected, ours.page)
    ours.kill()
    unprotected.kill()

    # Else this browser would prove nothing.
    assert unprotected.traces() == ["Default/Sessions"]
    assert ours.traces() == []


def thanked(browser: Everyday) -> None:
    _send(browser.page)
    expect(browser.page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")


def sent_back(browser: Everyday) -> None:
    browser.page.get_by_label("När hände det?").fill(browser.marker * limits.MAX_FIELD_LENGTH)
    _send(browser.page)
    expect(browser.page.get_by_role("heading", name="Tipset är inte skickat än")).to_be_visible()
    expect(browser.page.get_by_label("Vad vill du berätta?")).to_have_value(
        re.compile(browser.marker)
    )


def _send(page: Page) -> None:
    page.get_by_role("button", name="Skicka tipset").click()


def test_a_profile_on_the_disk_holds_nothing_of_what_was_sent(everyday, live_server, channel):
    """Sealed or without script, taken in or sent back; nor does it offer to save a password."""
    other = '<input type="password" value="hemligt-nog">'
    ours, unprotected = everyday(), given(everyday(), instead_of=FORGETTING)
    offering = given(everyday(), instead_of=FORGETTING, words=other)
    for form in (FORM, PLAIN):
        for end in (thanked, sent_back):
            fill_in(ours, live_server.url, form)
            end(ours)
            ours.opens_a_tab()
    for browser, end in ((unprotected, sent_back), (offering, thanked)):
        fill_in(browser, live_server.url, PLAIN)
        end(browser)

    wait_for(ours.page, lambda: unprotected.traces() and offering.offers_to_save_a_password())

    # Else this browser would prove nothing.
    assert offering.offers_to_save_a_password()
    assert not ours.offers_to_save_a_password()
    ours.kill()
    unprotected.kill()
    assert unprotected.traces() == ["Default/Sessions"]
    assert ours.traces() == []
