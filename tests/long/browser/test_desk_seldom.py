"""What handlers seldom meet at the desk: states that each need an arrangement of their own."""

from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk import key_file_as, leave
from tests.browser.test_desk_arrivals import _make_up_epochs, banner
from tests.browser.test_desk_notes import Server, _notes
from tests.rings import entry
from tips.desk import arrivals_api
from tips.handling import steps
from tips.models import Arrival, Note
from tips.sealing import age


@pytest.fixture
def server(handler, tip_channel) -> Server:
    tip = leave("En båt utan ljus.")
    steps.take_in_new()
    return Server(tip, tip_channel.trust)


def test_headers_that_the_key_does_not_open_are_counted_and_passed_by(desk, tip_channel):
    mine = leave("Min")
    other, trust = age.generate_identity(), tip_channel.trust
    trust.follow(added=[entry("annan", "Annan", other.recipient, 2)], removed=["tipsmottagare"])
    theirs = leave("Deras")
    again = entry("tipsmottagare-2", "Provnyckel", tip_channel.identity.recipient, 3)
    trust.follow(added=[replace(again, follows="tipsmottagare")])
    desk.key_file = key_file_as("tipsmottagare-2", desk)
    desk.open_queue()
    desk.page.get_by_role("link", name="Ge tillgång").click()
    desk.page.get_by_role("button", name="Lägg om omslagen").click()

    expect(desk.page.get_by_text("Klart. 2 omslag är omlagda.")).to_be_visible()
    expect(desk.page.get_by_text("2 omslag gick inte att lägga om")).to_be_visible()
    assert age.unseal(tip_channel.sealed(mine, "head.age", other), [other])
    with pytest.raises(age.WrongKey):
        age.unseal(tip_channel.sealed(theirs, "head.age"), tip_channel.identities)


def test_made_up_epochs_hide_no_number_behind_the_first_that_are_sent(desk, monkeypatch):
    monkeypatch.setattr(arrivals_api, "MOST", 5)
    leave("Ett")
    _make_up_epochs(Arrival.objects.get(counter=1))
    Arrival.objects.filter(tip_id=leave("Två")).update(counter=4)
    desk.open_queue()
    expect(banner(desk)).to_contain_text("Nummer 4 är inte underskrivet av inlämningen.")


def test_a_server_that_always_says_that_somebody_came_first_is_given_up_and_the_text_stays(
    desk, server
):
    desk.open_tip(server.tip)
    tried: list[str] = []

    def taken(route: Route) -> None:
        tried.append(route.request.post_data or "")
        route.fulfill(status=409, json={"notes": []})

    desk.page.route("**/anteckningar/", taken)
    desk.save_note("Står kvar.")

    expect(desk.page.get_by_role("alert")).to_contain_text("Servern svarar inte som den ska.")
    expect(desk.page.get_by_label("Ny anteckning")).to_have_value("Står kvar.")
    assert 2 <= len(tried) <= 10


def test_who_cannot_open_the_note_before_is_told_to_be_given_access(desk, tip_channel, server):
    stranger = [age.generate_identity().recipient]
    note = server.put_signed("Förseglad till andra.")
    Note.objects.filter(pk=note.said["id"]).update(sealed=age.seal(b"x" * 1024, stranger))
    desk.open_tip(server.tip)
    expect(_notes(desk)).to_contain_text("Förseglat till en annan nyckel än din.")
    desk.save_note("Vad stod det?")

    expect(desk.page.locator(".desk-tip__notes").get_by_role("alert")).to_contain_text(
        "lägga om omslagen"
    )
    assert Note.objects.count() == 1
