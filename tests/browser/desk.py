"""Handlers in front of the desk, each in a browser of their own, and what lies on the server beneath it."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from django.utils.timezone import localdate
from PIL import Image
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from tests.rings import entries_for, handler_secret, secret_number, trust_in
from tips.handling import outgoing
from tips.handling.handlers import handler_now
from tips.keeping import intake
from tips.models import Arrival, Event, Tip
from tips.sealing import age, envelope, heads
from tips.sealing.keyring import KeyringEntry, parse_keyring
from tips.sealing.reference import reference_of
from tips.sealing.requests import spell_request
from tips.sealing.trust import SigningKey, to_text
from tips.sealing.trust_folder import texts_since

DESK = "/tipsmottagning/"
HALF_A_MINUTE = "00:31"  # after which the desk has asked for new tips once more
REST_OF_THE_QUEUE = re.compile(r"/api/ko/\?efter=")
FILE = [("bild.txt", "text/plain", b"som kom")]


@dataclass
class Watch:
    """What a page says that it should not: policies broken, faults, words in the console."""

    said: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self.hear(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append("a dialog"), dialog.dismiss()))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (event) => console.log('policy: ' + event.violatedDirective))"
        )

    def hear(self, text: str) -> None:
        # The browser's own words: on an answer that refuses something, on what was cleared when one
        # logged out, and on passkeys by RSA, which are not taken.
        own = (
            r"Failed to load resource: .* status of 4\d\d|Clear-Site-Data header on .*: Cleared"
            r"|publicKey\.pubKeyCredParams is missing at least one of the default algorithm"
        )
        if not re.match(own, text):
            self.said.append(text)

    def forget_what_was_not_loaded(self) -> None:
        self.said[:] = [text for text in self.said if "Failed to load resource" not in text]


@dataclass
class Desk:
    """A handler's browser."""

    page: Page
    server: str
    key_file: Path

    def come(self, path: str = "") -> None:
        self.page.goto(f"{self.server}{DESK}{path}")

    def give_key(self, path: Path | None = None) -> None:
        self.page.get_by_label("Nyckelfil").set_input_files(path or self.key_file)
        self.press("Öppna nyckeln")

    def unlock(self) -> None:
        """Opens the key where it is asked for, which is to log in."""
        self.give_key()
        expect(self.page.get_by_text("Inloggad:")).to_be_visible()

    def log_in(self, path: str = "") -> None:
        self.come(path)
        self.unlock()

    def open_queue(self) -> None:
        self.log_in()
        self.page.locator(".desk-queue__count").wait_for()

    def in_another_tab(self, key_file: Path | None = None) -> "Desk":
        return Desk(self.page.context.new_page(), self.server, key_file or self.key_file)

    def open_tip(self, tip: UUID) -> None:
        self.open_queue()
        self.open(tip)

    def open(self, tip: UUID) -> None:
        self.page.locator(".desk-table").get_by_role("link", name=reference_of(tip)).click()
        self.page.get_by_role("heading", name="Historik").wait_for()

    def back(self) -> None:
        self.page.get_by_role("link", name="Tillbaka till kön").first.click()
        self.page.locator(".desk-queue__count").wait_for()

    def lock(self) -> None:
        self.press("Lås")

    def lock_and_unlock(self) -> None:
        self.lock()
        self.unlock()
        self.page.locator(".desk-queue__count").wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def rows(self) -> list[str]:
        return self.page.locator(".desk-table tbody th").all_inner_texts()

    def row(self, tip: UUID) -> Locator:
        return self.page.locator(".desk-table tbody tr", has_text=reference_of(tip))

    @property
    def search(self) -> Locator:
        return self.page.get_by_label("Sök", exact=True)

    def choose_step(self, name: str) -> None:
        self.page.locator(f"input[name=steg][value={name}]").check()

    def take_step(self) -> None:
        self.page.get_by_role("button", name="Genomför").click()

    def save_note(self, text: str) -> None:
        self.page.get_by_label("Ny anteckning").fill(text)
        self.press("Spara anteckningen")

    def go(self, view: str) -> None:
        menu = self.page.get_by_role("navigation", name="Tipsmottagning")
        menu.get_by_role("link", name=view, exact=True).click()

    def when_numbers_are_kept(self) -> None:
        """When the browser has counted what has come in, and keeps it."""
        keys = "Object.keys(localStorage).join()"
        until(self.page, lambda: "sapo-arrivals" in self.page.evaluate(keys))


def until(page: Page, happened: Callable[[], Any]) -> None:
    """Lets the page go on until something has happened outside it."""
    for _try in range(1_000):
        if happened():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it never happened")


def comes_to_rest(page: Page) -> None:
    """Waits until the page has nothing more to do that was begun before."""
    page.wait_for_function(
        """() => new Promise((done) => {
            const rest = (turns) => turns === 0 ? done(true)
                : requestIdleCallback(() => setTimeout(rest, 15, turns - 1), { timeout: 200 });
            rest(5);
        })"""
    )


@contextmanager
def colleague(
    browser: Browser, desk: Desk, name: str, key_file: Path | None = None
) -> Iterator[Desk]:
    """Another handler in front of the queue, at a machine of their own."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    key_file = key_file or key_file_as(name, desk)
    heard, other = Watch(), Desk(context.new_page(), desk.server, key_file)
    heard.follow(other.page)
    other.page.clock.install()
    other.open_queue()
    yield other
    context.close()
    assert heard.said == []


def identity_file(
    folder: Path,
    identity: object,
    name: str = "identity.txt",
    handler: str = "tipsmottagare",
    number: int = 1,
) -> Path:
    """The key file of a handler, whose entry has this id and number (`tests.rings`)."""
    path = folder / name
    secret, root = to_text(handler_secret(number)), (folder / "trust" / "root").read_text()
    path.write_text(
        f"# en provnyckel\n# sapo-handler: {handler}\n# sapo-signing-key: {secret}\n"
        f"# sapo-root: {root}{identity}\n"
    )
    return path


def key_file_as(name: str, desk: Desk) -> Path:
    """A key file that opens what this desk's opens, of another who stands in the keyring."""
    path, whose = desk.key_file.with_name(f"{name}.txt"), handler_now(name)
    assert whose is not None
    secret = to_text(handler_secret(secret_number(whose)))
    text = re.sub("sapo-handler: .*", f"sapo-handler: {name}", desk.key_file.read_text())
    path.write_text(re.sub("sapo-signing-key: .*", f"sapo-signing-key: {secret}", text))
    return path


# What lies there


def leave(text: str = "Jag såg något.", days: int = 0, files: Any = (), **fields: str) -> UUID:
    on = localdate() - timedelta(days=days) if days else None
    return intake.leave({"text": text, "subject": "annat", **fields}, files, received_on=on)


def leave_many(monkeypatch: pytest.MonkeyPatch, *, at_a_time: int, days: list[int]) -> list[UUID]:
    """So many tips, the newest first as they come in the queue, which is handed out in lots."""
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", at_a_time)
    left = [(day, leave(f"Nummer {n} i raden", days=day)) for n, day in enumerate(days)]
    return [tip for _day, tip in sorted(left, key=lambda each: (each[0], -each[1].int))]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "#113158").save(out, "PNG")
    return out.getvalue()


def forget(channel: Any, tip: UUID) -> None:
    """Takes a tip away without a trace, as the owner of the server would."""
    shutil.rmtree(channel.vault.folder(tip))
    for model in (Tip, Arrival, Event):
        name = "pk" if model is Tip else "tip_id"
        model.objects.filter(**{name: tip}).delete()


def exchange(channel: Any, tip: UUID, text: str, days: int = 0, **fields: str) -> None:
    """Seals another content to the handlers, under the same id, in all the same places."""
    ring, now = channel.trust.ring, timezone.now() - timedelta(days=days, minutes=1)
    folder, fields = channel.vault.folder(tip), {"text": text, **fields}
    sealed = heads.seal_heads(envelope.make_head(tip, now, fields, []), ring)
    (folder / "heads").write_bytes(heads.front_of(sealed.headers) + sealed.payload)
    body = envelope.make_body(tip, now, "sv", fields, [])
    (folder / "body.age").write_bytes(age.seal(body, ring.recipients))
    Tip.objects.filter(pk=tip).update(files_digest=channel.vault.digest(tip))


def keyring_of_the_services_own(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service says that another ring holds, signed by signers that it has made itself."""
    own = trust_in(
        channel.root / "egen", entries_for([age.generate_identity().recipient]),
        signers=[SigningKey(bytes([number]) * 32, "signer") for number in (51, 52, 53)],
    )  # fmt: skip
    monkeypatch.setattr("tips.desk.api.keyring_now", lambda: own.ring)
    monkeypatch.setattr(
        "tips.desk.api.trust_folder.texts_since", lambda _folder, seen: texts_since(own.path, seen)
    )


# What goes between the browser and the server


class HeldBack:
    """What the desk asks for: it comes when the test lets it."""

    def __init__(self, page: Page, address: Any = REST_OF_THE_QUEUE) -> None:
        self._page, self._address = page, address
        self.asked: list[Route] = []
        self._is_over = False
        page.route(address, lambda route: self._take(route))

    def _take(self, route: Route) -> None:
        self.asked.append(route)
        if self._is_over:
            route.continue_()

    def wait(self) -> None:
        until(self._page, lambda: self.asked)

    def let_one_come(self) -> None:
        self.wait()
        self.asked.pop(0).continue_()

    def let_come(self) -> None:
        self.wait()
        self._is_over = True
        for route in list(self.asked):
            route.continue_()


def genuine(route: Route, **instead: Any) -> APIResponse:
    """What the service answers, which is asked as the browser itself would."""
    headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
    return route.fetch(headers=headers, **instead)


# The one file, without a network


def bundle_of(channel: Any, *tips: UUID) -> Path:
    """What is handed out to be opened elsewhere: these tips, or all."""
    path = channel.root / "ut.zip"
    chosen = Tip.objects.filter(pk__in=tips) if tips else Tip.objects.all()
    with path.open("wb") as out:
        outgoing.write_bundle(list(chosen), channel.vault, out)
    return path


def give_bundle(page: Page, channel: Any, path: Path) -> None:
    page.get_by_label("Förseglade tips (zip)").set_input_files(path)
    page.get_by_label("Nyckelfil").set_input_files(identity_file(channel.root, channel.identity))
    page.get_by_role("button", name="Öppna nyckeln").click()


def open_in_bundle(page: Page, tip: UUID) -> None:
    page.get_by_role("button", name=reference_of(tip)).click()


def is_folded(page: Page, text: str) -> None:
    """Neither text nor files are there before somebody asks for them, and then one stands by them."""
    names = page.get_by_text("bild.txt")
    expect(page.locator(".desk-fields")).to_have_count(0)
    expect(names).to_have_count(0)
    page.get_by_role("button", name="Visa ändå").click()
    expect(page.locator(".desk-fields")).to_contain_text(text)
    expect(names.first).to_be_visible()
    expect(page.locator(":focus")).to_contain_text(text)


# Passkeys


def carries_passkeys(page: Page) -> None:
    """The machine has an authenticator, whose person is there and verified."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def request_file(folder: Path, entry: KeyringEntry | None = None) -> Path:
    """What the signers' program has made for the handler whose desk it is, to take to the ceremony."""
    ring = parse_keyring((folder / "trust" / "keyring.json").read_bytes())
    path = folder / "tipsmottagare.request"
    own = next(each for each in ring.entries if each.id == "tipsmottagare")
    path.write_bytes(spell_request(entry or own))
    return path
