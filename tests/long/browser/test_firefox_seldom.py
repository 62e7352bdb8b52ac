"""A tip in Debian's Firefox: what is left of it on the disk, and a fault at any seam."""

import secrets
from contextlib import suppress

import pytest

from tests.browser import test_firefox
from tests.browser.seams import FAIL, SEAMS
from tests.browser.test_firefox import (
    CLOSED,
    CONTENT,
    FILES,
    FORM,
    MARK,
    NAME,
    PLAIN,
    READY,
    SEND,
    SUMMARY,
    TEXT,
    UNREADY,
    _assert_unsaid,
    _is_thanked,
    _open_form,
)
from tests.firefox import Firefox, wait

pytestmark = pytest.mark.usefixtures("channel")
opened = test_firefox.opened
WHEN, CONTACT = "#id_when", "#id_contact"

# Of those that are tried in Chromium, one of each kind: sums, files, sending, words, keys, figures.
CHOSEN = [
    "crypto.subtle.digest", "Blob.prototype.arrayBuffer", "XMLHttpRequest.prototype.send",
    "TextEncoder.prototype.encode", "crypto.getRandomValues", "DataView.prototype.setUint32",
]  # fmt: skip


@pytest.mark.parametrize("at", ["load", "press"])
def test_a_fault_in_firefox_lets_nothing_out_and_leaves_words_and_numbers(
    opened, line, channel, tmp_path, at
):
    assert set(CHOSEN) < set(SEAMS)
    film = tmp_path / NAME
    film.write_bytes(CONTENT)
    firefox = opened()
    for seam in CHOSEN:
        firefox.open_a_tab()
        with firefox.running_first(f"() => ({FAIL})({[seam, at]!r})"):
            firefox.open(f"{line.url}{FORM}")
        if at == "press":
            firefox.waits_for(READY)
        with suppress(TimeoutError):  # where even the words for it fail, the first ones stand
            firefox.waits_for(READY, CLOSED, seconds=3)
        if firefox.shows(READY):
            firefox.type(TEXT, MARK)
            firefox.choose(FILES, film)
            firefox.tells("window.failNow = true")
            firefox.click(READY)
            firefox.waits_for(SUMMARY, words="Tipset är inte skickat än")
            assert firefox.shows(SUMMARY, "010-568 70 00"), seam
            assert firefox.tells(f"document.querySelector('{TEXT}').value") == MARK, seam
        else:
            told = CLOSED if firefox.shows(CLOSED) else UNREADY
            assert firefox.shows(told, "010-568 70 00"), seam
            assert firefox.all("form > fieldset[disabled]"), seam
    _assert_unsaid(line)


# What is left on the disk


def test_a_profile_of_firefox_holds_nothing_that_was_typed_or_sent(opened, live_server, channel):
    firefox = opened()
    firefox.stands_in_for("www.smhi.se")
    typed = secrets.token_hex(8)
    ours = firefox.tab
    unprotected = _unprotected_tab(firefox, live_server.url)

    def assert_nothing_is_kept() -> None:
        """Not when what has been typed later, where nothing is held back, lies on the disk."""
        later = secrets.token_hex(8)
        firefox.turn_to(unprotected)
        firefox.type(TEXT, later)
        wait(lambda: firefox.traces_of(later))
        firefox.turn_to(ours)
        assert firefox.traces_of(typed) == []

    firefox.turn_to(ours)
    _open_form(firefox, live_server.url)
    _fill_in(firefox, typed)
    assert_nothing_is_kept()
    firefox.click(READY)
    _is_thanked(firefox)
    firefox.open(f"{live_server.url}{PLAIN}")
    _fill_in(firefox, typed)
    assert_nothing_is_kept()
    firefox.click(SEND)
    _is_thanked(firefox)
    _open_form(firefox, live_server.url)
    _fill_in(firefox, typed)
    firefox.click(".quick-exit__link")
    wait(lambda: firefox.address == "https://www.smhi.se/")
    assert_nothing_is_kept()

    firefox.leave()
    assert firefox.traces_of(typed) == []


def _unprotected_tab(firefox: Firefox, url: str) -> str:
    """Another tab, with the form as it would be without what holds a browser back."""
    firefox.open_a_tab()
    _open_form(firefox, url)
    firefox.tells(
        "for (const e of document.querySelectorAll('[autocomplete]')) e.removeAttribute('autocomplete')"
    )
    return firefox.tab


def _fill_in(firefox: Firefox, typed: str) -> None:
    for control in (TEXT, WHEN, CONTACT):
        firefox.type(control, typed)
    file = firefox.profile.with_name(f"{typed}.txt")
    file.write_text(typed)
    firefox.choose(FILES, file)
