"""A tip in Debian's Firefox: sealed, sent, failing, without script, and what is left of it on the disk."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.firefox import Firefox, wait
from tests.integration.tips.sending import EVERY_ANSWER, control_of, only_tip
from tests.lacking import need
from tests.recording import Line, spellings
from tips.questions import QUESTIONS

from .seams import FAIL, SEAMS

pytestmark = pytest.mark.usefixtures("channel")
FORM = "/tipsa/formular/"
PLAIN = f"{FORM}utan-skript/"
TEXT, WHEN, CONTACT, FILES = "#id_text", "#id_when", "#id_contact", "form [type=file]"
READY, SEND = "#skicka button", "form button[type=submit]"
SUMMARY, CLOSED, UNREADY = "#fel", "[data-view=closed]", "#forbereds"
THANKS = "h1"
MARK, NAME = "Gråkombi vid grindarna 7f3c", "hemlig-bild-9a52.mov"
CONTENT = f"{MARK} i filen ".encode() * 100

Opened = Callable[..., Firefox]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens Firefox, which is ended afterwards."""
    program = need("firefox-esr")
    browsers: list[Firefox] = []

    def opened(**preferences: Any) -> Firefox:
        browsers.append(Firefox(program, tmp_path / "profile", preferences))
        return browsers[-1]

    yield opened
    for browser in browsers:
        browser.kill()


def _open_form(firefox: Firefox, url: str) -> None:
    firefox.open(f"{url}{FORM}")
    firefox.waits_for(READY)


def _is_thanked(firefox: Firefox) -> None:
    firefox.waits_for(THANKS, words="Tack för ditt tips")


def test_firefox_seals_a_tip_that_opens_with_the_key_of_a_handler(opened, line, channel, tmp_path):
    film = tmp_path / NAME
    film.write_bytes(CONTENT)
    firefox = opened()
    _open_form(firefox, line.url)
    answers = {**EVERY_ANSWER, "text": MARK}
    for question in QUESTIONS:
        if question.kind == "text":
            firefox.type(control_of(question), answers[question.name])
        else:
            firefox.click(control_of(question))
    firefox.choose(FILES, film)
    firefox.click(READY)

    _is_thanked(firefox)
    tip = only_tip(channel)
    assert tip["way"] == "browser"
    assert tip["fields"] == answers
    assert tip["files"] == {NAME: CONTENT}
    assert line.sent.count(b"POST /tipsa/formular/lamna/") == 1
    _assert_unsaid(line)


def _assert_unsaid(line: Line) -> None:
    for text in (MARK, NAME):
        assert not [spelt for spelt in spellings(text) if spelt in line.sent], text


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
            told = CLOSED if firefox.shows(CLOSED, "Formuläret är stängt just nu") else UNREADY
            assert firefox.shows(told, "010-568 70 00"), seam
            assert firefox.all("form > fieldset[disabled]"), seam
    _assert_unsaid(line)


def test_firefox_with_scripts_off_comes_to_the_form_without_script(opened, live_server, channel):
    firefox = opened(**{"javascript.enabled": False})
    firefox.open(f"{live_server.url}{FORM}", until="none")
    wait(lambda: firefox.address == f"{live_server.url}{PLAIN}")
    firefox.waits_for(".tips__seal", words="Tipset förseglas först när det har kommit fram")
    firefox.type(TEXT, MARK)
    firefox.click(SEND)

    _is_thanked(firefox)
    tip = only_tip(channel)
    assert (tip["way"], tip["fields"]) == ("form", {"text": MARK})


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
