"""The crisis page lies on top of the website: nginx shows it, and no service takes part."""

import base64
import hashlib
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sapo_site.answering import emergency_page
from sapo_site.answering.error_page import policy_of_unframed_pages
from tests.nginx import Nginx, nginx

from .behind_nginx import EDITORIAL, PUBLIC, ask, listeners

PAGES = (
    "/",
    "/verksamheten/",
    "/en/",
    "/finns-inte/",
    "/?utm_source=brev",
    "/verksamheten/?sida=2",
)
MESSAGE = "Håll er borta från Stora torget.\n\nVi berättar mer <här> klockan 15."


@pytest.fixture
def server(front: Nginx, settings: Any) -> Iterator[Nginx]:
    settings.EDITION_DIR = front.var / "edition"
    page = settings.EDITION_DIR / "current" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("startsidan")
    with nginx(front):
        yield front


def _told(*words: str, **options: object) -> str:
    said = StringIO()
    call_command("emergency", *words, stdout=said, **options)
    return said.getvalue().strip()


def test_whoever_comes_from_elsewhere_meets_it_at_once_and_not_once_it_is_taken_away(server):
    with listeners(server, "public", "intake", "editorial"):
        assert ask(server, "/")[:2] == (200, "startsidan")
        for _again in range(2):
            assert _told("on", MESSAGE).startswith("Krissidan visas sedan ")
            for path in PAGES:
                status, page, headers = ask(server, path)
                assert (status, headers["Retry-After"]) == (503, "300"), path
                assert "<p>Håll er borta från Stora torget.</p>" in page
                assert "<p>Vi berättar mer &lt;här&gt; klockan 15.</p>" in page
                assert headers["Cache-Control"] == "no-store"
            assert _told("off") == "Krissidan är borttagen."
            assert ask(server, "/")[:2] == (200, "startsidan")


def test_who_goes_on_from_it_reads_what_was_asked_for_and_so_do_programs(server):
    _told("on")
    here = {"Referer": f"https://{PUBLIC}:{server.port}/verksamheten/"}
    with listeners(server, "public", "intake", "editorial"):
        assert ask(server, "/", headers=here)[:2] == (200, "startsidan")
        for elsewhere in ("https://example.org/", f"https://{PUBLIC}.example.org/", "x"):
            assert ask(server, "/", headers={"Referer": elsewhere})[0] == 503
        for path in (
            "/terrorhotniva.json",
            "/meddelanden.atom",
            "/robots.txt",
            "/sok/?q=hamn",
            "/halsa/",
        ):
            assert ask(server, path)[:2] == (200, "public "), path
        assert ask(server, "/tipsa/formular/utan-skript/skriv/")[1].startswith("intake ")
        assert ask(server, "/", host=EDITORIAL)[1].startswith("editorial")
        assert ask(server, "/emergency.html")[:2] == (200, "public "), "a page like any other"


def test_it_stands_without_any_service_and_says_whom_to_call_in_both_languages(server):
    _told("on", english="Keep away from Stora torget.")
    status, page, headers = ask(server, "/")
    assert status == 503
    assert len(page.encode()) < emergency_page.LARGEST_PAGE
    assert emergency_page._NO_MESSAGE in page
    assert "Keep away from Stora torget." in page.partition('<section lang="en">')[2]
    assert set(re.findall(r'href="([^"]*)"', page)) == {
        "", "/tipsa/", "/en/tipsa/", "tel:112", "tel:11414", "tel:+46105687000",
    }  # fmt: skip
    [style] = re.findall(r"<style>(.*?)</style>", page)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in headers["Content-Security-Policy"]
    given, ours = (
        {each.strip() for each in policy.split(";")}
        for policy in (headers["Content-Security-Policy"], policy_of_unframed_pages())
    )
    assert given == ours


def test_whether_it_stands_is_said_by_status(server):
    assert _told("status") == "Krissidan visas inte."
    assert _told("off") == "Krissidan visades inte."
    _told("on", "Ett stycke.\n\nOch ett till.")
    assert "<p>Ett stycke.</p><p>Och ett till.</p>" in ask(server, "/")[1]
    assert "Krissidan visas sedan" in _told("status")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nej"], "Skriv on, off eller status"),
        (["off", "Text"], "Ett meddelande hör till on"),
        (["on", "å" * 7000], "Meddelandet är för långt: sidan blir "),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_shown(server, words, says):
    with pytest.raises(CommandError, match=says):
        _told(*words)
    assert not emergency_page.is_shown()


def test_the_command_needs_no_database(server, django_db_blocker):
    with django_db_blocker.block():
        _told("on")
    assert emergency_page.is_shown()
