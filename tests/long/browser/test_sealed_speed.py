"""What sealing costs a tipster whose browser compiles no script, as Tor Browser's "Safer" does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM
from tests.rings import entry, letters
from tips.form import limits
from tips.opener import build
from tips.sealing import age

READERS = 15
TEXT_SECONDS, LARGE_SECONDS = 3, 30  # of the processor
MB = 1024 * 1024


@pytest.fixture
def slow_page(
    playwright: Any, live_server: Any, tip_channel: Any, monkeypatch: Any
) -> Iterator[Page]:
    """The open form, in a browser that compiles nothing, for an office of fifteen."""
    build.build()
    monkeypatch.setattr(limits, "MIN_TOKEN_SECONDS", 0)
    tip_channel.trust.follow(
        added=[
            entry(
                f"nr-{letters(number)}",
                f"Nr {letters(number)}",
                age.generate_identity().recipient,
                number,
            )
            for number in range(2, READERS + 1)
        ]
    )
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--js-flags=--jitless"]
    )
    try:
        page = browser.new_page(base_url=live_server.url)
        page.goto("/tipsa/formular/")
        yield page
    finally:
        browser.close()


def _seconds_to_leave(page: Page, files: list[Any]) -> float:
    """The seconds of the processor that the page works from the press until it thanks."""
    page.goto("/tipsa/formular/")
    send = page.get_by_role("button", name="Skicka tipset")
    expect(send).to_be_visible()
    page.get_by_label("Vad vill du berätta?").fill("En grå kombi vid grindarna")
    page.get_by_label("Filer").set_input_files(files)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _worked(session)
    send.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips", timeout=120_000)
    return _worked(session) - before


def _worked(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def test_a_text_and_the_largest_file_are_sealed_in_time_where_nothing_is_compiled(slow_page):
    film = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(25 * MB)}
    assert _seconds_to_leave(slow_page, []) <= TEXT_SECONDS
    assert _seconds_to_leave(slow_page, [film]) <= LARGE_SECONDS
