"""Handlers write to each other on a tip, and a server that lies about what they wrote."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.acts import lay_note
from tests.rings import entry, handler_key, handler_secret
from tests.signed_notes import SignedNote, read_note, sealable_note
from tips.desk import queue
from tips.handling import steps
from tips.models import Note, Tip
from tips.sealing import age
from tips.sealing.trust import NOTHING_BEFORE, SigningKey, to_text

from .desk import (
    Desk,
    HeldBack,
    bundle_of,
    colleague,
    forget,
    genuine,
    give_bundle,
    identity_file,
    leave,
    open_in_bundle,
)
from .test_desk_arrivals import banner

BERTIL = handler_key(2)


@pytest.fixture
def bertils_identity(tip_channel: Any) -> age.Identity:
    """The key of a second handler, who is in the keyring."""
    identity = age.generate_identity()
    tip_channel.trust.follow(added=[entry("bertil", "Bertil Bo", identity.recipient, 2)])
    return identity


@pytest.fixture
def bertil(
    browser: Browser, desk: Desk, tip_channel: Any, bertils_identity: age.Identity, server: Any
) -> Iterator[Desk]:
    """Another handler, at a browser of their own."""
    key = identity_file(tip_channel.root, bertils_identity, "bertil.txt", "bertil", 2)
    with colleague(browser, desk, "bertil", key) as bertil:
        yield bertil


@dataclass
class Server:
    """Whoever runs the desk's service: lays notes there that no browser has sent."""

    tip: UUID
    trust: Any

    def put(
        self, plain: bytes, account: str = "tipsmottagare", note_id: UUID | None = None
    ) -> Note:
        sealed = age.seal(plain.ljust(1024), self.trust.ring.recipients)
        return lay_note(self.tip, sealed, account, note_id)

    def put_signed(
        self, text: str, key: SigningKey | None = None, account: str = "tipsmottagare", **said: Any
    ) -> SignedNote:
        said = {"author": account, "id": str(uuid4()), "keyring": self.trust.ring.serial, **said}
        place = Note.objects.filter(tip_id=self.tip).count() + 1
        tip = said.pop("tip", self.tip)
        plain = sealable_note(tip, text, key, **{"place": place, **said})
        self.put(plain, account, UUID(said["id"]))
        return read_note(plain)

    def put_unsigned(self, text: str, account: str = "tipsmottagare") -> Note:
        said = {"text": text, "author": account, "written": "2026-11-25T14:15"}
        return self.put(json.dumps(said).encode(), account)


@pytest.fixture
def server(handler: Any, tip_channel: Any) -> Server:
    tip = leave("En båt utan ljus.")
    steps.take_in_new()
    return Server(tip, tip_channel.trust)


def _notes(desk: Desk) -> Locator:
    return desk.page.locator(".desk-notes__note")


def _is_untrue(note: Locator, text: str, *faults: str) -> None:
    """Red, without a name, each fault in a sentence, and the text folded."""
    box = note.locator(".desk-notice--danger")
    expect(box).to_contain_text("Lita inte på den här anteckningen")
    expect(box.locator("li")).to_have_text(list(faults))
    for name in ("Provnyckel", "Bertil", "tipsmottagare"):
        expect(note).not_to_contain_text(name)
    expect(note.get_by_text(text)).to_be_hidden()


def _is_whole(note: Locator, name: str, text: str) -> None:
    expect(note.locator("strong")).to_have_text(name)
    expect(note.get_by_text(text)).to_be_visible()
    expect(note.locator(".desk-notice, .desk-badge")).to_have_count(0)


KEY = "Den är inte undertecknad med en nyckel som är den uppgivna handläggarens."

DAMAGED = "Den är skadad, utbytt eller inte undertecknad."

# What is proved


def test_a_note_that_the_server_seals_in_anothers_name_is_red_and_has_none(desk, server):
    server.put_signed("Tipset är ointressant.", handler_key(9))
    desk.open_tip(server.tip)

    note = _notes(desk)
    _is_untrue(note, "Tipset är ointressant.", KEY)
    note.get_by_text("Visa texten ändå").click()
    expect(note.get_by_text("Tipset är ointressant.")).to_be_visible()


def test_names_of_an_answer_are_not_read_and_what_it_says_of_recipients_neither(
    desk, tip_channel, bertils_identity, server
):
    """The service names the handlers otherwise, and one more to seal to."""
    stranger = age.generate_identity()
    server.put_signed("Skriven av Bertil.", BERTIL, "bertil")

    def lie(route: Route) -> None:
        answer = genuine(route)
        said = answer.json()
        said["handlers"] = [{"username": "bertil", "name": "Server Serversson"}]
        recipients = [*map(str, tip_channel.trust.ring.recipients), str(stranger.recipient)]
        said["keyring"] |= {"recipients": recipients}
        said["recipients"] = recipients
        route.fulfill(response=answer, json=said)

    desk.come()
    desk.page.route("**/api/ko/*", lie)
    desk.unlock()
    desk.open(server.tip)
    _is_whole(_notes(desk), "Bertil Bo", "Skriven av Bertil.")
    desk.save_note("Till er två.")

    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    _is_whole(_notes(desk).last, "Provnyckel", "Till er två.")
    expect(desk.page.locator("#desk")).not_to_contain_text("Serversson")
    sealed = bytes(Note.objects.get(tip_id=server.tip, place=2).sealed)
    for identity in (tip_channel.identity, bertils_identity):
        assert b"Till er" in age.unseal(sealed, [identity])
    with pytest.raises(age.WrongKey):
        age.unseal(sealed, [stranger])


def test_notes_that_were_moved_repeated_removed_or_reordered_are_named(
    desk, server, bertils_identity, monkeypatch
):
    one = server.put_signed("Första")
    two = server.put_signed("Andra", BERTIL, "bertil", previous=one.hash)
    server.put_signed("Tredje", previous=two.hash)
    other = Server(leave("Ett annat tips."), server.trust)
    steps.take_in_new()
    other.put_signed("Om ett annat")
    first, second, third = queue.notes_on(Tip.objects.get(pk=server.tip))
    (stranger,) = queue.notes_on(Tip.objects.get(pk=other.tip))
    order = "Den står inte på sin plats, eller visas två gånger."
    gone, away = "Anteckning 2 saknas.", "Den är flyttad hit från ett annat tips."
    copied = {**first, "id": str(uuid4())}
    answers: list[tuple[list[dict[str, Any]], list[list[str]]]] = [
        ([first, second, third], [[], [], []]),
        ([first, third], [[], [gone]]),
        ([second, third], [["Anteckning 1 saknas."], []]),
        ([first, third, second], [[], [gone], [order]]),
        ([first, second, first], [[], [], [order]]),
        ([first, second, copied], [[], [], ["Den är en kopia av en annan anteckning."]]),
        ([first, stranger, third], [[], [away], ["Den följer inte på anteckningen före: där har något bytts ut."]]),
        ([first, {**second, "author": "tipsmottagare"}], [[], ["Servern säger att någon annan har skrivit den."]]),
    ]  # fmt: skip
    monkeypatch.setattr(queue, "notes_on", lambda _tip: answers[0][0])
    desk.open_tip(server.tip)
    while answers:
        given, faults = answers[0]
        expect(_notes(desk)).to_have_count(len(given))
        for at, said in enumerate(faults):
            expect(_notes(desk).nth(at).locator(".desk-notice li")).to_have_text(said)
        answers.pop(0)
        if answers:
            desk.back()
            desk.open(server.tip)


def test_an_unsigned_note_is_red_and_shows_nothing_of_what_it_says(desk, server):
    server.put_unsigned("Tipset är ointressant.")
    desk.open_tip(server.tip)
    _is_untrue(_notes(desk).first, "Tipset är ointressant.", DAMAGED)
    expect(_notes(desk).first).not_to_contain_text("ointressant")


def test_a_note_of_one_who_has_left_counts_until_they_left_and_not_after(
    desk, tip_channel, bertils_identity, server
):
    before = server.put_signed("Medan jag var kvar.", BERTIL, "bertil")
    tip_channel.trust.follow(removed=["bertil"])
    server.put_signed("Fast jag har slutat.", BERTIL, "bertil", previous=before.hash)
    desk.open_tip(server.tip)

    # It was sealed to them as well, and by the old keyring.
    _is_whole(_notes(desk).first, "Bertil Bo", "Medan jag var kvar.")
    gone = "Den som har undertecknat den hade lämnat nyckelringen."
    _is_untrue(_notes(desk).last, "Fast jag har slutat.", gone)


def test_the_one_file_judges_notes_by_the_keyring_that_came_along(
    offline, desk, tip_channel, bertils_identity, server
):
    one = server.put_signed("Sann.", BERTIL, "bertil")
    server.put_signed("Falsk.", handler_key(9), previous=one.hash)
    server.put_unsigned("Tipset är ointressant.")
    give_bundle(offline, tip_channel, bundle_of(tip_channel))
    open_in_bundle(offline, server.tip)

    found = offline.locator(".desk-notes__note")
    _is_whole(found.first, "Bertil Bo", "Sann.")
    _is_untrue(found.nth(1), "Falsk.", KEY)
    _is_untrue(found.last, "Tipset är ointressant.", DAMAGED)


# Writing


def test_two_who_write_at_once_are_both_kept_and_linked(desk, bertil, tip_channel, server):
    desk.open_tip(server.tip)
    bertil.open(server.tip)
    history = bertil.page.get_by_role("region", name="Historik").get_by_role("listitem")
    bertil.page.get_by_label("Ny anteckning").fill("Jag ringer hamnen.")

    desk.save_note("Jag tar det här.")
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    answered: list[int] = []
    bertil.page.on("response", lambda answer: answered.append(answer.status))
    bertil.page.get_by_role("button", name="Spara anteckningen").click()

    expect(bertil.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    assert answered == [409, 200]
    _is_whole(_notes(bertil).first, "Provnyckel", "Jag tar det här.")
    _is_whole(_notes(bertil).last, "Bertil Bo", "Jag ringer hamnen.")
    expect(bertil.page.get_by_label("Ny anteckning")).to_be_empty()
    # The history shows them at once, as it does when it is read anew.
    written = history.filter(has_text="Anteckning skriven")
    expect(written.first).to_contain_text("Provnyckel")
    expect(written.last).to_contain_text("Bertil Bo")
    expect(bertil.page.get_by_role("button", name="Spara anteckningen")).to_be_focused()
    shown = history.all_inner_texts()
    bertil.page.reload()
    bertil.unlock()
    expect(history.first).to_be_visible()
    assert history.all_inner_texts() == shown
    kept = [
        read_note(age.unseal(bytes(note.sealed), tip_channel.identities))
        for note in Note.objects.filter(tip_id=server.tip).order_by("place")
    ]
    assert kept[0].said["previous"] == NOTHING_BEFORE
    assert kept[1].said["previous"] == kept[0].hash


def test_what_is_written_while_a_note_is_saved_is_not_lost(desk, server):
    """Nothing is taken down that would go away with what is saved."""
    desk.open_tip(server.tip)
    held = HeldBack(desk.page, "**/anteckningar/")
    desk.save_note("Då ringer jag hamnen.")
    held.wait()
    text = desk.page.get_by_label("Ny anteckning")
    expect(text).not_to_be_editable()
    text.press_sequentially("Och tullen.")
    expect(text).to_have_value("Då ringer jag hamnen.")

    held.let_come()
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    expect(text).to_be_editable()
    expect(text).to_have_value("")


def test_a_note_tells_another_browser_of_tips_that_are_gone(desk, bertil, tip_channel, server):
    lost = leave("Den sista.")
    desk.open_queue()
    expect(desk.row(lost)).to_be_visible()
    desk.when_numbers_are_kept()
    desk.open(server.tip)
    desk.save_note("Jag tar det här.")
    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    forget(tip_channel, lost)

    bertil.lock_and_unlock()
    expect(banner(bertil)).to_have_count(0)
    bertil.open(server.tip)
    _is_whole(_notes(bertil), "Provnyckel", "Jag tar det här.")
    bertil.page.get_by_role("link", name="Tillbaka till kön").first.click()
    expect(banner(bertil)).to_contain_text("Nummer 3 har funnits och är borta.")


def test_a_note_is_sealed_anew_where_the_keyring_has_changed_meanwhile(desk, tip_channel, server):
    desk.open_tip(server.tip)
    newcomer = age.generate_identity()
    tip_channel.trust.add("Nina Ny", newcomer.recipient)

    desk.save_note("Också till den nya.")

    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    note = read_note(age.unseal(bytes(Note.objects.get().sealed), [newcomer]))
    assert (note.said["keyring"], note.said["root"]) == (2, 1)
    _is_whole(_notes(desk), "Provnyckel", "Också till den nya.")


def test_whom_the_service_lets_in_with_another_key_than_the_keyrings_writes_nothing(
    desk, bertils_identity, server
):
    desk.log_in()
    secret = to_text(handler_secret(2))
    text = re.sub("sapo-signing-key: .*", f"sapo-signing-key: {secret}", desk.key_file.read_text())
    desk.key_file.write_text(text)
    desk.page.route("**/api/logga-in/", lambda route: route.fulfill(json={"user": "tipsmottagare"}))
    desk.open_queue()  # by the session that is there
    desk.open(server.tip)
    desk.save_note("Blir kvar här.")

    alarm = desk.page.locator(".desk-tip__notes").get_by_role("alert")
    expect(alarm).to_contain_text("Nyckelringen har inte din nyckel för tipsmottagare.")
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("Blir kvar här.")
    assert not Note.objects.exists()


# A later keyring than the server gives


def test_a_note_that_names_a_later_keyring_is_asked_about_before_anything_is_sealed(
    desk, tip_channel, bertils_identity, server
):
    server.put_signed("Läs den nya ringen.", BERTIL, "bertil", keyring=9)
    desk.open_tip(server.tip)
    box = desk.page.locator(".desk-notice--warning")
    expect(box).to_contain_text(
        "Bertil Bo har undertecknat en anteckning under nyckelring 9, "
        "men servern lämnar ut nyckelring 2"
    )
    expect(box.locator(".desk-words li")).to_have_count(3)
    desk.save_note("Till vem?")
    alarm = desk.page.locator(".desk-tip__notes").get_by_role("alert")
    expect(alarm).to_contain_text("Svara först på frågan om nyckelringen")
    assert Note.objects.count() == 1
    desk.go("Nycklar")
    expect(desk.page.get_by_text("har undertecknat en anteckning under")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Lägg om omslagen")).to_have_count(0)
    desk.back()
    desk.open(server.tip)
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("Till vem?")

    desk.page.get_by_role("button", name="Jag har jämfört: försegla till nyckelring 2").click()
    expect(box).to_have_count(0)
    desk.page.get_by_role("button", name="Spara anteckningen").click()

    expect(desk.page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    _is_whole(_notes(desk).last, "Provnyckel", "Till vem?")
