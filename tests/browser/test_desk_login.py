"""Handlers log in by opening their keys: what is signed, what is refused, and what ends it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.rings import handler_key, stands_in_keyring
from tips.models import DeskSession
from tips.sealing import age, trust

from .desk import Desk, comes_to_rest, genuine, identity_file, key_file_as, leave, until
from .hostile_texts import hostile_texts

NOT_LET_IN = "Det gick inte att släppa in dig"


def _alarm(desk: Desk) -> Any:
    return desk.page.get_by_role("alert")


def _is_refused(desk: Desk) -> None:
    expect(_alarm(desk)).to_contain_text(NOT_LET_IN)
    expect(_alarm(desk)).to_be_focused()
    expect(desk.page.get_by_role("heading", name="Öppna nyckeln")).to_be_visible()
    assert not DeskSession.objects.exists()


def test_who_opens_the_key_is_in_and_what_was_signed_names_the_host_of_the_browser(desk):
    with desk.page.expect_request("**/api/logga-in/") as sent:
        desk.open_queue()

    body = sent.value.post_data_json
    octets = body["login"].encode()
    said = trust.read(octets)
    assert said["host"] == desk.page.evaluate("location.host")
    assert (said["format"], said["handler"]) == ("sapo-login/1", "tipsmottagare")
    assert body.keys() == {"login", "ed25519", "mldsa65"}
    assert handler_key(1).public.holds(trust.signature_in(body), "login", octets)
    assert DeskSession.objects.get().handler == "tipsmottagare"


def test_what_was_signed_names_the_browsers_host_whatever_the_service_answers(desk):
    def ask_for_another(route: Route) -> None:
        answer = genuine(route)
        asked = {**answer.json(), "host": "annan.example", "handler": "bertil"}
        route.fulfill(response=answer, json=asked)

    desk.page.route("**/api/utmaning/", ask_for_another)
    sent: list[Any] = []
    desk.page.on("request", lambda request: "logga-in" in request.url and sent.append(request))
    desk.come()
    desk.give_key()
    # What is no challenge is not signed.
    expect(_alarm(desk)).to_contain_text("Servern svarar inte som den ska.")
    assert sent == []


def test_a_wrong_passphrase_is_said_here_and_asks_the_server_nothing(desk, tip_channel):
    locked = desk.key_file.with_name("forseglad.txt")
    locked.write_text(age.lock(desk.key_file.read_bytes(), "rätt häst", 10))
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.come()
    desk.page.get_by_label("Nyckelfil").set_input_files(locked)
    desk.page.get_by_label("Lösenfras").fill("fel häst")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Lösenfrasen stämmer inte.")).to_be_visible()
    assert not [url for url in asked if "/api/" in url]

    desk.page.get_by_label("Lösenfras").fill("rätt häst")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_focused()


def test_a_key_that_the_keyring_has_not_is_refused_alike_whatever_is_wrong_with_it(
    desk, tip_channel
):
    stands_in_keyring(tip_channel, "bertil")
    folder, identity = tip_channel.root, tip_channel.identity
    desk.come()
    for handler, number in (("okand", 1), ("tipsmottagare", 2), ("bertil", 1), ("bertil", 9)):
        desk.give_key(identity_file(folder, identity, f"{handler}-{number}.txt", handler, number))
        _is_refused(desk)
    desk.give_key(identity_file(folder, identity, "bertils.txt", "bertil", 2))
    expect(desk.page.get_by_role("heading", name="Kö")).to_be_focused()


def test_a_keyring_without_the_entry_ends_the_session_at_the_next_request(desk, tip_channel):
    leave("Läst av den som har gått")
    stands_in_keyring(tip_channel, "bertil")
    desk.key_file = key_file_as("bertil", desk)
    desk.open_queue()
    comes_to_rest(desk.page)
    tip_channel.trust.follow(removed=["bertil"])
    desk.go("Händelser")

    expect(_alarm(desk)).to_contain_text("din plats i nyckelringen är ändrad")
    assert "den som har gått" not in desk.page.content()
    desk.give_key()
    expect(_alarm(desk)).to_contain_text(NOT_LET_IN)


def test_a_session_that_the_server_has_ended_ends_by_itself_within_half_a_minute(desk):
    leave("Inte för den som går förbi")
    desk.page.clock.install()
    desk.open_queue()
    DeskSession.objects.all().delete()
    desk.page.clock.fast_forward("00:31")

    expect(_alarm(desk)).to_contain_text("Inloggningen är avslutad")
    assert "går förbi" not in desk.page.content()


def test_a_clock_that_is_a_day_off_on_either_side_lets_in_all_the_same(desk, tip_channel):
    """What is signed is the server's own time: the browser's is not asked."""
    leave("Läses i otid")
    for hours in (-24, 24):
        desk.page.clock.set_fixed_time(timezone.now() + timedelta(hours=hours))
        desk.open_queue()
        expect(desk.page.locator("tbody")).to_contain_text("Läses i otid")
        expect(desk.page.get_by_text("Nyckelring 1 gäller")).to_be_visible()


def test_where_passkeys_are_required_an_entry_without_one_does_not_come_in(desk, settings):
    settings.TIPS_PASSKEYS_REQUIRED = True
    desk.come()
    desk.give_key()
    _is_refused(desk)


# What a service that has been taken over answers


def _hostile_answers() -> Iterator[tuple[int, str, str]]:
    for n, text in enumerate(hostile_texts()[::18]):
        kind = ("text/html", "application/json", "text/javascript")[n % 3]
        yield 400, kind, text
        hostile = {"nonce": text, "keyring": text, "time": text, "error": text, "user": text}
        yield (200, 400, 403)[n % 3], "application/json", json.dumps(hostile)
    yield 400, "application/json", json.dumps({"error": {"toString": "x"}})


def test_a_service_that_answers_with_pages_and_programs_runs_nothing_where_one_logs_in(desk, watch):
    desk.page.add_init_script("window.alert = (number) => console.log(`ran ${number}`)")
    said: list[tuple[int, str, str]] = []

    def answer(route: Route) -> None:
        route.fulfill(status=said[0][0], content_type=said[0][1], body=said[0][2])

    desk.come()
    for place in ("utmaning/", "logga-in/", "nyckelring/**"):
        desk.page.route(f"**/api/{place}", answer)
        said = list(_hostile_answers())
        while said:
            desk.give_key()
            expect(_alarm(desk)).to_be_focused()
            expect(desk.page.locator("main [aria-disabled]")).to_have_count(0)
            strange = desk.page.locator("main script, main img, main iframe, main svg")
            assert strange.count() == 0
            del said[0]
            if place == "nyckelring/**":
                break  # whatever it is, it names no passkeys
        desk.page.unroute_all()
    watch.forget_what_was_not_loaded()


def test_a_sentence_that_the_service_writes_in_a_refusal_is_not_shown_where_one_logs_in(
    desk, watch
):
    lie = "Ring 08-123 45 67 och läs upp din lösenfras."
    answers = iter(
        [{"error": lie}, {"error": lie, "day": lie}, {"error": "day-too-early", "day": lie}]
    )
    desk.page.route("**/api/logga-in/", lambda route: route.fulfill(status=400, json=next(answers)))
    desk.come()
    for _each in range(3):
        desk.give_key()
        expect(_alarm(desk)).to_have_text("Det gick inte. Läs in sidan på nytt och försök igen.")
        expect(desk.page.locator("main [aria-disabled]")).to_have_count(0)
        assert "08-123" not in desk.page.locator("body").inner_text()
    watch.forget_what_was_not_loaded()


# For everybody


def test_without_script_the_page_says_that_it_needs_it(without_script: Page, desk):
    """Also the one where passkeys are made, and how tips are opened without it."""
    for path, heading in (
        ("nyckel/", "Sidan kräver JavaScript"),
        ("", "Tipsmottagningen kräver JavaScript"),
    ):
        without_script.goto(f"{desk.server}/tipsmottagning/{path}")
        without_script.get_by_role("heading", name=heading).wait_for()
        assert without_script.locator("input").count() == 0
    assert "tips_export" in without_script.locator("main").inner_text()


def test_nothing_is_kept_in_the_browser_of_the_login_but_a_cookie_that_no_script_reads(
    desk, context: BrowserContext
):
    desk.log_in("nycklar/")
    until(desk.page, lambda: desk.page.locator(".desk-words").count())
    kept = desk.page.evaluate(
        "async () => [Object.keys(localStorage).filter((name) => !name.startsWith('sapo-')).length,"
        " sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    (cookie,) = [each for each in context.cookies() if each["name"] != "csrftoken"]
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("desk", True, "Strict")
