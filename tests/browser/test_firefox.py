"""A tip in Debian's Firefox: sealed, sent, failing, without script, and what is left of it on the disk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.firefox import Firefox, wait
from tests.integration.tips.sending import EVERY_ANSWER, control_of, only_tip
from tests.lacking import need
from tests.recording import Line, spellings
from tips.questions import QUESTIONS

pytestmark = pytest.mark.usefixtures("channel")
FORM = "/tipsa/formular/"
PLAIN = f"{FORM}utan-skript/skriv/"
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
