"""Stopping a handler in the desk: two sign the same octets, and a third is put out."""

import json

from playwright.sync_api import expect

from tests.rings import stands_in_keyring
from tests.stops import by_handlers, by_signer, stop_text
from tips.handling.handlers import is_handler
from tips.models import LaidStop

from .desk import colleague

UNFIT = "Servern har lämnat ett stopp som inte räknas"
SIGNED = "Underskrivet. Stoppet gäller när två har skrivit under"


def _proposes(desk, name, reason):
    desk.go("Stoppa")
    desk.page.get_by_label("Handläggare", exact=True).select_option(
        label=f"{name.title()} ({name})"
    )
    desk.page.get_by_label("Skäl").select_option(label=reason)
    desk.press("Skriv under som den första")
    expect(desk.page.get_by_text(SIGNED)).to_be_visible()


def test_two_handlers_stop_a_third_whose_desk_is_open(desk, browser, tip_channel):
    stands_in_keyring(tip_channel, "bertil", "cecilia")
    desk.open_queue()
    with (
        colleague(browser, desk, "bertil") as bertil,
        colleague(browser, desk, "cecilia") as cecilia,
    ):
        _proposes(desk, "cecilia", "nyckeln är borta, eller hos någon annan")
        expect(
            desk.page.get_by_text("Du har skrivit under. En annan handläggare måste")
        ).to_be_visible()
        assert is_handler("cecilia")

        bertil.go("Stoppa")
        waiting = bertil.page.get_by_role("region", name="Cecilia")
        for seen in ("Cecilia (cecilia)", "nyckeln är borta, eller hos någon annan", "Provnyckel"):
            expect(waiting).to_contain_text(seen)
        bertil.press("Skriv under också, och stoppa Cecilia")
        expect(bertil.page.get_by_text(SIGNED)).to_be_visible()
        expect(bertil.page.get_by_role("region", name="Cecilia")).to_contain_text(
            "Bertil, Provnyckel"
        )
        expect(bertil.page.get_by_text("Inget väntar.")).to_be_visible()

        cecilia.go("Nycklar")
        expect(
            cecilia.page.get_by_text("din plats i nyckelringen är ändrad eller stoppad")
        ).to_be_visible()
        cecilia.give_key()
        expect(
            cecilia.page.get_by_text("Nyckeln står inte i nyckelringen eller är stoppad")
        ).to_be_visible()

    desk.go("Stoppa")
    expect(desk.page.get_by_role("region", name="Cecilia")).to_contain_text("Stoppad till och med")


def test_what_a_signer_has_signed_is_shown_under_the_signers_name(desk, tip_channel):
    stands_in_keyring(tip_channel, "bertil")
    octets = stop_text("bertil")
    LaidStop.objects.create(by="account x", text=octets, signatures=by_signer(octets))
    desk.log_in("stopp/")
    expect(desk.page.get_by_role("region", name="Bertil")).to_contain_text("Sara Ett")
    expect(desk.page.get_by_role("button", name="Skriv under också")).to_have_count(0)


def test_the_second_signs_nothing_that_the_server_has_changed(desk, tip_channel):
    """Another name or reason than the first has signed, or a stop that nobody has, is not shown."""
    stands_in_keyring(tip_channel, "bertil", "cecilia")
    signed, sent = stop_text("cecilia", reason="left"), []
    file = by_handlers(signed, "bertil").decode()
    texts = [stop_text("cecilia", reason="other"), stop_text("tipsmottagare"), b"[]\n"]
    rows = [{"text": text.decode(), "signatures": file} for text in texts]
    rows += [{"text": signed.decode(), "signatures": "{}"}, {"text": signed.decode()}, {}]
    desk.page.on(
        "request", lambda request: sent.append(request.method) if "stopp/" in request.url else None
    )
    desk.page.route("**/api/stopp/", lambda route: route.fulfill(body=json.dumps({"stops": rows})))
    desk.log_in("stopp/")
    expect(desk.page.get_by_text(UNFIT)).to_be_visible()
    expect(desk.page.get_by_text("Inget väntar.")).to_be_visible()
    expect(desk.page.get_by_text("Ingen är stoppad.")).to_be_visible()
    assert set(sent) == {"GET"}


def test_nobody_is_proposed_without_a_name_and_a_reason(desk, tip_channel):
    stands_in_keyring(tip_channel, "bertil", "cecilia")
    desk.log_in("stopp/")
    people = desk.page.get_by_label("Handläggare", exact=True)
    expect(people.locator("option")).to_have_text(["", "Bertil (bertil)", "Cecilia (cecilia)"])
    desk.press("Skriv under som den första")
    expect(desk.page.get_by_text("Välj vem som ska stoppas, och varför.").first).to_be_visible()
    assert not LaidStop.objects.exists()


def test_two_alone_cannot_stop_each_other_and_are_told_what_to_do_instead(desk, tip_channel):
    stands_in_keyring(tip_channel, "bertil")
    desk.log_in("stopp/")
    expect(desk.page.get_by_text("det kräver två handläggare utöver den")).to_be_visible()
    expect(desk.page.get_by_text("signera.pyz stoppa")).to_be_visible()
    expect(desk.page.get_by_label("Handläggare", exact=True)).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Skriv under")).to_have_count(0)
