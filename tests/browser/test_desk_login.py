"""Handlers log in, protect their accounts and let colleagues in, in a browser."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tips.accounts import apps_with_codes

from sapo_site.accounts.brake import PER_NAME_AND_NETWORK
from tests.handlers import PASSWORD, change_factors, change_sessions, make_handler
from tests.integration.tips.commands import said
from tests.rings import stands_in_keyring
from tips.handling import steps
from tips.keeping import intake
from tips.models import DeskSession, Tip

from .desk import DESK, Watch
from .hostile_texts import hostile_texts

NEW_PASSWORD = "sju sorters kakor i en gammal roddbåt"
WRONG = "Användarnamnet eller lösenordet stämmer inte."
CODE = "Kod från appen"


@pytest.fixture(autouse=True)
def _people(handler: Any, tip_channel: Any) -> None:
    stands_in_keyring(tip_channel, "bertil")
    make_handler("bertil", name="Bertil By")


@dataclass
class Person:
    """Somebody in front of a browser, which may hold passkeys."""

    page: Page
    server: str

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server}{DESK}{path}")

    def give_password(self, username: str = "tipsmottagare", password: str = PASSWORD) -> None:
        self.page.get_by_label("Användarnamn").fill(username)
        self.page.get_by_label("Lösenord", exact=True).fill(password)
        self.press("Logga in")

    def log_in(self, username: str = "tipsmottagare", path: str = "") -> None:
        self.go(path)
        self.give_password(username)
        self.page.wait_for_url(f"{self.server}{DESK}{path}")

    def log_out(self) -> None:
        self.go("konto/")
        self.page.get_by_role("banner").get_by_role("button", name="Logga ut").click()
        expect(self.page.get_by_text("Du är utloggad.")).to_be_visible()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def is_at(self, path: str) -> None:
        self.page.wait_for_url(f"{self.server}{DESK}{path}")

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()

    def carries_passkeys(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def save_codes(self) -> list[str]:
        self.sees("Spara dina återställningskoder")
        codes = self.page.get_by_role("list", name="Tio återställningskoder")
        texts = codes.get_by_role("listitem").all_inner_texts()
        assert len(set(texts)) == 10
        self.press("Jag har sparat koderna")
        return texts

    def is_offered_more(self) -> None:
        """In one's own account, where another way in can be added."""
        self.log_in(path="konto/")
        self.page.get_by_text("Lägg till ett sätt att logga in").click()

    def add_app(self) -> bytes:
        """Adds an app with codes where it is offered, and returns its secret."""
        self.press("Lägg till app")
        secret = self.page.locator(".desk-secret").inner_text().replace(" ", "")
        octets = base64.b32decode(secret + "=" * (-len(secret) % 8))
        address = self.page.get_by_role("link", name="Öppna i en app").get_attribute("href") or ""
        assert address.startswith("otpauth://totp/")
        assert f"secret={secret}" in address
        self.page.get_by_label("Kod som appen visar nu").fill(code_now(octets))
        self.press("Lägg till appen")
        return octets


STEP = 59_000_000  # the half minute at which the clock of the server stands still


@pytest.fixture(autouse=True)
def _clock_of_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = STEP * apps_with_codes.SECONDS
    monkeypatch.setattr(apps_with_codes, "time", SimpleNamespace(time=lambda: now))


def code_now(secret: bytes) -> str:
    """The code that the app shows, as if none had been used yet."""
    change_factors(step=0)
    return apps_with_codes.code_at(secret, STEP)


@pytest.fixture
def person(page: Page, live_server: Any, watch: Watch) -> Person:
    return Person(page, live_server.url)


@pytest.fixture
def another(browser: Browser, live_server: Any) -> Iterator[Person]:
    """Somebody at another machine."""
    context = browser.new_context(locale="sv-SE")
    yield Person(context.new_page(), live_server.url)
    context.close()


# Ways in


# What browsers of 2024 lack.
OLDER = """
const keys = window.PublicKeyCredential ?? {};
delete keys.parseCreationOptionsFromJSON;
delete keys.parseRequestOptionsFromJSON;
delete keys.prototype?.toJSON;
"""


def test_an_older_browser_is_told_that_it_takes_no_passkeys_and_offered_an_app(person):
    person.page.add_init_script(OLDER)
    person.carries_passkeys()
    person.is_offered_more()
    expect(
        person.page.get_by_text("Lösennycklar går inte att använda i den här webbläsaren")
    ).to_be_visible()
    expect(person.page.get_by_role("button", name="Lägg till lösennyckel")).to_have_count(0)


def test_a_passkey_is_added_and_from_then_on_asked_for(person):
    person.carries_passkeys()
    person.is_offered_more()
    person.page.get_by_label("Vad ska den heta?").first.fill("Tjänstedatorn")
    person.press("Lägg till lösennyckel")
    person.save_codes()
    expect(person.page.get_by_text("Tjänstedatorn", exact=True)).to_be_visible()
    expect(person.page.get_by_text("10 av 10 återställningskoder är kvar.")).to_be_visible()
    person.log_out()

    person.give_password()
    person.sees("Visa att det är du")
    asked = "async () => (await fetch('/tipsmottagning/api/ko/', { headers: { 'X-Desk': '1' } })).status"
    assert person.page.evaluate(asked) == 401  # nothing is open yet
    ask, alarm = (
        person.page.get_by_role("button", name="Använd lösennyckel"),
        person.page.get_by_role("alert"),
    )
    expect(ask).to_be_focused()
    # One that is not here is said not to have come, and can be tried again.
    person.page.evaluate(
        """() => {
            window.kept = navigator.credentials.get.bind(navigator.credentials);
            const refuse = () => Promise.reject(new DOMException("", "NotAllowedError"));
            navigator.credentials.get = refuse;
        }"""
    )
    ask.press("Enter")
    expect(alarm).to_have_text("Det avbröts eller tog för lång tid. Försök igen.")
    expect(alarm).to_be_focused()
    person.page.evaluate("() => { navigator.credentials.get = window.kept; }")
    ask.press("Enter")

    person.is_at("")
    person.sees("Öppna nyckeln")


def test_where_a_second_factor_is_required_nothing_else_opens_before_there_is_one(person, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    person.go("gallring/")
    person.give_password()
    person.sees("Skydda ditt konto")
    for path in ("", "gallring/", "konto/"):
        person.go(path)
        person.page.wait_for_url(re.compile("/logga-in/"))
        person.sees("Skydda ditt konto")
    person.go("gallring/")

    person.add_app()
    person.save_codes()

    person.is_at("gallring/")
    person.sees("Gallring")
    person.go("konto/")
    person.press("Ta bort (Min app)")
    expect(person.page.get_by_role("alert")).to_contain_text("Lägg till en annan först")


def test_an_app_with_codes_is_enough_and_each_code_counts_once(person, another):
    person.is_offered_more()
    secret = person.add_app()
    person.save_codes()
    person.log_out()

    person.give_password()
    person.sees("Visa att det är du")
    change_sessions(began=timezone.now() - timedelta(minutes=11))
    person.page.get_by_label(CODE).fill("123456")
    person.press("Logga in")
    expect(person.page.get_by_role("alert")).to_contain_text("Det tog för lång tid")
    person.give_password()
    person.page.get_by_label(CODE).fill("000 000")
    person.press("Logga in")
    expect(person.page.get_by_role("alert")).to_be_focused()
    code = code_now(secret)
    person.page.get_by_label(CODE).fill(f"{code[:3]} {code[3:]}")
    person.press("Logga in")
    person.is_at("")

    another.go("")
    another.give_password()
    another.page.get_by_label(CODE).fill(code)
    another.press("Logga in")
    expect(another.page.get_by_role("alert")).to_be_visible()


def test_a_recovery_code_lets_in_once_and_not_twice(person, another):
    person.is_offered_more()
    person.add_app()
    code, *_others = person.save_codes()
    person.log_out()

    for each in (person, another):
        each.go("")
        each.give_password()
        each.page.get_by_text("Jag har varken lösennyckeln eller appen här").click()
        each.page.get_by_label("Återställningskod").fill(f" {code.lower()} ")
        each.page.locator("details").get_by_role("button", name="Logga in").click()
        if each is person:
            each.is_at("")
    expect(another.page.get_by_role("alert")).to_be_focused()

    person.go("konto/")
    expect(person.page.get_by_text("9 av 10 återställningskoder är kvar.")).to_be_visible()


# What goes wrong


def test_unknown_and_wrong_are_told_alike_and_who_guesses_is_told_to_wait(person, another):
    """And the right person comes in on a known device."""
    person.log_in()
    person.log_out()

    another.go("logga-in/")
    name, alarm = another.page.get_by_label("Användarnamn"), another.page.get_by_role("alert")
    another.press("Logga in")
    expect(another.page.get_by_text("Skriv ditt användarnamn.")).to_be_visible()
    expect(name).to_be_focused()
    for username in ("finns-inte", *["tipsmottagare"] * PER_NAME_AND_NETWORK):
        another.give_password(username, "gissat")
        expect(alarm).to_have_text(WRONG)
        expect(alarm).to_be_focused()
        expect(name).to_have_value(username)
        expect(another.page.get_by_label("Lösenord", exact=True)).to_be_empty()
    assert not another.page.context.cookies()
    another.give_password()
    expect(alarm).to_have_text("För många försök. Vänta en kvart och försök igen.")

    person.give_password()
    person.is_at("")


def test_a_session_that_has_ended_leads_to_the_login_which_says_so_and_back(person):
    page = person.page
    page.clock.install()
    person.log_in(path="konto/")
    person.sees("Mitt konto")
    page.get_by_label("Nuvarande lösenord").fill(PASSWORD)
    page.get_by_label("Nytt lösenord").fill(NEW_PASSWORD)
    change_sessions(seen=timezone.now() - timedelta(minutes=16))
    person.press("Byt lösenord")
    expect(page.get_by_role("status").filter(has_text="Du har loggats ut")).to_be_visible()
    person.give_password()
    person.is_at("konto/")
    person.sees("Mitt konto")

    # A page that nobody touches logs out by itself.
    page.clock.fast_forward("14:30")
    expect(page.get_by_role("alert")).to_contain_text("Du loggas ut om en minut")
    page.clock.fast_forward("01:00")
    page.wait_for_url(re.compile("/logga-in/"))
    expect(page.get_by_text("Du har loggats ut")).to_be_visible()
    assert DeskSession.objects.count() == 0


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/admin/", "/tipsmottagning/../admin/",
    "javascript:alert(1)", "\\\\evil", "/tipsmottagning/logga-in/", "%00",
)  # fmt: skip


def test_the_login_leads_nowhere_but_within_the_desk(person):
    for address in ELSEWHERE:
        person.page.context.clear_cookies()
        person.go(f"logga-in/?nasta={address}")
        person.give_password()
        person.is_at("")
    # One who is logged in is led on at once.
    person.go("logga-in/?nasta=/tipsmottagning/register/")
    person.is_at("register/")


def test_a_service_that_answers_with_pages_and_programs_runs_nothing_where_one_logs_in(
    person,
    watch,
):
    person.page.add_init_script("window.alert = (number) => console.log(`ran ${number}`)")
    texts = hostile_texts()[::18]

    def answers() -> Iterator[tuple[int, str, str]]:
        for n, text in enumerate(texts):
            kind = ("text/html", "application/json", "text/javascript")[n % 3]
            yield 400, kind, text
            hostile = {"step": text, "error": text, "ways": [text], "webauthn": text, "codes": text}
            yield (200, 400, 403)[n % 3], "application/json", json.dumps(hostile)
        yield 400, "application/json", json.dumps({"error": {"toString": "x"}})
        yield 200, "application/json", json.dumps({"step": "second", "ways": ["webauthn", "totp"]})

    said = list(answers())
    last = said[-1]
    person.page.route(
        "**/api/logga-in/",
        lambda route: route.fulfill(status=said[0][0], content_type=said[0][1], body=said[0][2]),
    )
    person.go("logga-in/")
    while said:  # each kind, on and on in the same page, until an answer leads on
        leads_on = said[0][0] == 200 and said[0] is not last
        with (
            person.page.expect_navigation(url=re.compile(r"/logga-in/\?"))
            if leads_on
            else nullcontext()
        ):
            person.give_password()
        expect(person.page.locator("main [aria-disabled]")).to_have_count(0)
        assert person.page.locator("main script, main img, main iframe, main svg").count() == 0
        del said[0]
    person.sees("Visa att det är du")
    watch.forget_what_was_not_loaded()


def test_a_sentence_that_the_service_writes_in_a_refusal_is_not_shown_where_one_logs_in(
    person,
    watch,
):
    lie = "Ring 08-123 45 67 och läs upp din kod."
    answers = iter(
        [{"error": lie}, {"error": lie, "day": lie}, {"error": "day-too-early", "day": lie}]
    )
    person.page.route(
        "**/api/logga-in/", lambda route: route.fulfill(status=400, json=next(answers))
    )
    person.go("logga-in/")
    for _each in range(3):
        person.give_password()
        expect(person.page.get_by_role("alert")).to_have_text(
            "Det gick inte. Läs in sidan på nytt och försök igen."
        )
        expect(person.page.locator("main [aria-disabled]")).to_have_count(0)
        assert "08-123" not in person.page.locator("body").inner_text()
    watch.forget_what_was_not_loaded()


# Colleagues, and what is asked again


def test_a_colleague_is_let_in_by_two_and_then_logs_in_alone(person, another, settings):
    words = ("--who", "disa-dal", "Disa Dal", "", "--by", "tipsmottagare", "bertil")
    told = said("tips_desk", "enrol", *words, typed=f"{PASSWORD}\n" * 2)
    code = told.split()[1]
    person.log_in()
    settings.SECOND_FACTOR_REQUIRED = True
    another.go("ny/")
    another.page.get_by_label("Användarnamn").fill("disa-dal")
    another.page.get_by_label("Engångskod").fill(code)
    another.page.get_by_label("Eget lösenord").fill("hemligt")
    another.press("Fortsätt")
    expect(another.page.get_by_role("alert")).to_be_focused()  # too easy to guess
    another.page.get_by_label("Eget lösenord").fill(NEW_PASSWORD)
    another.press("Fortsätt")
    another.sees("Skydda ditt konto")
    secret = another.add_app()
    another.save_codes()
    another.is_at("")
    another.log_out()

    another.give_password("disa-dal", NEW_PASSWORD)
    another.page.get_by_label(CODE).fill(code_now(secret))
    another.press("Logga in")
    another.is_at("")


def test_before_a_purge_is_proposed_it_is_asked_again_and_then_the_form_goes_on(
    person, monkeypatch
):
    tip = intake.leave({"text": "Skräp", "subject": "annat"}, ())
    steps.take_in_new()
    steps.take_step(tip, "spam", 1, "bertil", {"reason": "abuse"})
    monkeypatch.setattr("tips.handling.states.purgeable_from", lambda _tip: timezone.localdate())
    person.log_in(path="gallring/")
    change_sessions(proven=timezone.now() - timedelta(minutes=11))

    person.page.get_by_label("Beslut som tillåter det").fill("RA-MS 2026:1")
    person.page.get_by_role("button", name="Föreslå gallring").click()
    again = person.page.get_by_role("dialog", name="Visa igen att det är du")
    assert Tip.objects.using("tips").get(pk=tip).purge_proposed_by == ""
    again.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Fortsätt").click()

    expect(person.page.get_by_text("Föreslaget.")).to_be_visible()
    assert Tip.objects.using("tips").get(pk=tip).purge_proposed_by == "tipsmottagare"


# One's own account


def test_the_password_is_changed_and_other_logins_end(person, another):
    another.log_in(path="konto/")
    person.log_in(path="konto/")
    expect(person.page.get_by_text("Den här inloggningen")).to_be_visible()
    person.page.get_by_label("Nuvarande lösenord").fill(PASSWORD)
    person.page.get_by_label("Nytt lösenord").fill(NEW_PASSWORD)
    person.press("Byt lösenord")
    expect(person.page.get_by_text("Lösenordet är bytt.")).to_be_visible()

    another.page.reload()
    another.page.wait_for_url(re.compile("/logga-in/"))
    another.give_password(password=NEW_PASSWORD)
    another.is_at("konto/")
    person.page.reload()
    ending = person.page.get_by_role("button", name="Avsluta")
    expect(ending).to_have_count(1)
    ending.click()
    expect(person.page.get_by_text("Inloggningen är avslutad.")).to_be_visible()
    assert DeskSession.objects.count() == 1


# For everybody


def test_one_logs_in_by_keyboard_and_a_password_manager_knows_the_fields(person):
    person.go("logga-in/")
    keys = person.page.keyboard
    expect(person.page.get_by_label("Användarnamn")).to_be_focused()
    keys.type("tipsmottagare")
    keys.press("Tab")
    keys.type(PASSWORD)
    for name, hint in (("username", "username"), ("password", "current-password")):
        assert person.page.locator(f"[name={name}]").get_attribute("autocomplete") == hint
    assert person.page.locator("[name=password]").get_attribute("type") == "password"
    keys.press("Enter")

    person.is_at("")


def test_without_script_the_page_says_that_it_needs_it(without_script, live_server):
    """Also the one in which keys are opened, and how tips are opened without it."""
    for path in ("logga-in/", ""):
        without_script.goto(f"{live_server.url}{DESK}{path}")
        heading = "Tipsmottagningen kräver JavaScript"
        without_script.get_by_role("heading", name=heading).wait_for()
        assert without_script.locator("input").count() == 0
    assert "tips_open" in without_script.locator("main").inner_text()


def test_nothing_is_kept_in_the_browser_but_two_cookies_that_no_script_reads(
    person, context: BrowserContext
):
    person.log_in(path="konto/")
    person.sees("Mitt konto")

    kept = person.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    cookies = {each["name"]: each for each in context.cookies()}
    assert cookies.keys() - {"csrftoken"} == {"desk", "device-desk"}
    for name in ("desk", "device-desk"):
        assert cookies[name]["httpOnly"]
        assert cookies[name]["sameSite"] == "Strict"
