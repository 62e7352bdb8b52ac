"""Every kind of page that the demo shows, in every state that a person can meet: one table."""

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Response, expect

from .demo_sites import BAD, MISTAKEN, ORDINARY, OUTDATED, DemoSites

TOO_SOON = 3_100  # the tip form takes nothing that comes within three seconds
FORM, MESSAGE = "/tipsa/formular/", "/tillganglighet/meddelande/"
CMS, DESK = "/admin/login/", "/tipsmottagning/logga-in/"
ARTICLE = "/verksamheten/kontraspionage/"


@dataclass
class Visitor:
    """A browser's page, and the site that it is on."""

    page: Page
    site: str
    folder: Path

    def go(self, path: str) -> Response | None:
        return self.page.goto(f"{self.site}{path}")

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def sees(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


Act = Callable[[Visitor], object]


@dataclass(frozen=True)
class Shown:
    """A page in a state: its address, or how one gets there."""

    kind: str
    name: str
    visit: str | Act
    day: str = ORDINARY
    needs_script: bool = False

    def open(self, page: Page, sites: DemoSites) -> None:
        visitor = Visitor(page, sites.url(self.day), sites.folder / self.day)
        if callable(self.visit):
            self.visit(visitor)
        else:
            visitor.go(self.visit)


def _without_notice(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.press("Jag förstår")
    expect(visitor.page.get_by_role("button", name="Jag förstår")).to_have_count(0)


def _suggestions(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.page.get_by_role("searchbox").first.fill("k")
    visitor.page.get_by_role("combobox").press_sequentially("ontra")
    expect(visitor.page.get_by_role("option").first).to_be_visible()


def _message_with_faults(visitor: Visitor) -> None:
    visitor.go(MESSAGE)
    visitor.press("Skicka meddelandet")
    expect(visitor.page.locator(".error-summary")).to_be_visible()


def _message_received(visitor: Visitor) -> None:
    visitor.go(MESSAGE)
    visitor.page.get_by_label("Något på webbplatsen fungerar inte").check()
    visitor.page.get_by_label("Vad vill du berätta?").fill("Menyn går inte att öppna.")
    visitor.press("Skicka meddelandet")
    visitor.sees(re.compile("^Tack"))


def _form_at(path: str) -> Act:
    """The tip form, when it can be sent: where there is script it is prepared first."""

    def visit(visitor: Visitor) -> None:
        visitor.go(path)
        expect(visitor.page.locator("form button[type=submit]")).to_be_visible()

    return visit


def _tip_with_faults(visitor: Visitor) -> None:
    visitor.go(FORM)
    visitor.page.get_by_label("När hände det?").fill("å" * 2_001)
    _send(visitor)
    expect(visitor.page.locator(".error-summary")).to_be_visible()


def _tip_received(visitor: Visitor) -> None:
    visitor.go(FORM)
    visitor.page.get_by_label("Vad vill du berätta?").fill("En grå kombi står vid grindarna.")
    _send(visitor)
    visitor.sees("Tack för ditt tips")


def _send(visitor: Visitor) -> None:
    visitor.page.wait_for_timeout(TOO_SOON)
    visitor.press("Skicka tipset")


def _sent_from_elsewhere(address: str) -> Act:
    """A page of another site that sends a form here."""

    def send(visitor: Visitor) -> None:
        form = (
            f'<form method="post" action="{visitor.site}{address}"><button>Skicka</button></form>'
        )
        visitor.page.set_content(form)
        visitor.press("Skicka")
        visitor.page.wait_for_url(f"{visitor.site}{address}")

    return send


def _refused_by(login: str) -> Act:
    def log_in(visitor: Visitor) -> None:
        visitor.go(login)
        _give_password(visitor, "redaktor", "fel lösenord")
        expect(visitor.page.get_by_role("alert")).to_be_visible()

    return log_in


def _give_password(visitor: Visitor, name: str, password: str) -> None:
    visitor.page.locator("[name=username]").fill(name)
    visitor.page.locator("[name=password]").fill(password)
    visitor.page.locator("[name=password]").press("Enter")


def _preview_of(slug: str) -> Act:
    def preview(visitor: Visitor) -> None:
        accounts = json.loads((visitor.folder / "demo-accounts.json").read_text())
        editor = next(each for each in accounts if each["username"] == "redaktor")
        with sqlite3.connect(visitor.folder / "db.sqlite3") as database:
            question = "SELECT id FROM wagtailcore_page WHERE slug = ? ORDER BY id"
            (key,) = database.execute(question, [slug]).fetchone()
        visitor.go(CMS)
        _give_password(visitor, editor["username"], editor["password"])
        visitor.page.wait_for_url(f"{visitor.site}/admin/")
        visitor.go(f"/admin/pages/{key}/view_draft/")

    return preview


SHOWN = (
    Shown("start", "start", "/"),
    Shown("start", "start, notice closed", _without_notice),
    Shown("start", "start, suggestions", _suggestions, needs_script=True),
    Shown("start", "English start", "/en/"),
    Shown("section", "section", "/verksamheten/"),
    Shown("section", "section in a section", "/verksamheten/kontraterrorism/"),
    Shown("section", "English section", "/en/threats-to-sweden/"),
    Shown("article", "article", ARTICLE),
    Shown("article", "contact", "/om-webbplatsen/kontakt/"),
    Shown("article", "questions and answers", "/jobba-hos-oss/fragor-och-svar/"),
    Shown("article", "laws", "/sakerhetsskydd/lagar-forordningar-och-foreskrifter/"),
    Shown("article", "forms to fetch", "/sakerhetsskydd/blanketter-och-mallar/"),
    Shown("article", "figures", "/om-sakerhetspolisen/siffror/"),
    Shown("article", "easy to read", "/om-sakerhetspolisen/lattlast/"),
    Shown("article", "cookies", "/om-webbplatsen/kakor/"),
    Shown("article", "feeds", "/om-webbplatsen/floden/"),
    Shown("article", "English article", "/en/what-we-do/counter-espionage/"),
    Shown("cooperation", "cooperation", "/om-sakerhetspolisen/samarbete-med-andra/"),
    Shown("cooperation", "English cooperation", "/en/about-us/cooperation-with-others/"),
    Shown("threat level", "threat level", "/hoten-mot-sverige/terrorhotniva/"),
    Shown("threat level", "English level", "/en/threats-to-sweden/terrorist-threat-level/"),
    Shown("news", "news", "/nyheter/"),
    Shown("news", "news, page 2", "/nyheter/?sida=2"),
    Shown("news item", "news item", "/nyheter/2026-05-19-lockande-jobb-kan-vara-spioneri/"),
    Shown(
        "news item", "press invitation", "/nyheter/2026-02-24-pressinbjudan-arsboken-presenteras/"
    ),
    Shown("news", "topics", "/amnen/"),
    Shown("news", "topic", "/amnen/kontraterrorism/"),
    Shown("search", "search, hits", "/sok/?q=terrorism"),
    Shown("search", "search, nothing asked", "/sok/"),
    Shown("search", "search, mended", "/sok/?q=terorism"),
    Shown("search", "search, none", "/sok/?q=qqxxzz"),
    Shown("search", "English search", "/en/sok/?q=terrorism"),
    Shown("article", "statement", "/om-webbplatsen/tillganglighet/"),
    Shown("article", "English statement", "/en/about-this-website/accessibility/"),
    Shown("search", "what we have said", "/kontrollera/?adress=/verksamheten/"),
    Shown("message", "message", MESSAGE),
    Shown("message", "message with faults", _message_with_faults),
    Shown("message", "message received", _message_received),
    Shown("error", "404", "/finns-inte/"),
    Shown("error", "English 404", "/en/nothing/"),
    Shown("error", "410, out of date", OUTDATED),
    Shown("error", "410, by mistake", MISTAKEN),
    Shown("error", "403, tip", _sent_from_elsewhere(f"{FORM}utan-skript/skriv/")),
    Shown("error", "403, CMS", _sent_from_elsewhere(CMS)),
    Shown("bad day", "messages of each level", ARTICLE, BAD),
    Shown("tips", "tip start", "/tipsa/"),
    Shown("tips", "English tip start", "/en/tipsa/"),
    Shown("tip form", "tip form", _form_at(FORM)),
    Shown("tip form", "English tip form", _form_at("/en/tipsa/formular/")),
    Shown("tip form", "before the tip form without script", f"{FORM}utan-skript/"),
    Shown("tip form", "tip form without script", f"{FORM}utan-skript/skriv/"),
    Shown("tip form", "tip with faults", _tip_with_faults),
    Shown("tip form", "tip received", _tip_received),
    Shown("tip form", "tip form closed", FORM, BAD),
    Shown("CMS login", "CMS login", CMS),
    Shown("CMS login", "CMS login, refused", _refused_by(CMS)),
    # Without script they hold one sentence, which is gone when the engines come in.
    Shown("desk login", "desk login", DESK, needs_script=True),
    Shown("desk login", "desk login, refused", _refused_by(DESK), needs_script=True),
    Shown("desk login", "desk, first time", "/tipsmottagning/ny/", needs_script=True),
    Shown("article", "preview", _preview_of("kontraspionage")),
)


def one_of_each_kind() -> list[Shown]:
    """The first of each kind in the table."""
    return list({shown.kind: shown for shown in reversed(SHOWN)}.values())[::-1]
