"""`tips_status --verify`: a tip inserted, exchanged, deleted or signed by another is named."""

import io
import os
import re
import shutil
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from tips.handling import steps
from tips.keeping import counting, intake
from tips.keeping.vault import vault_now
from tips.models import Arrival, Event, Tip
from tips.sealing import arrivals
from tips.sealing.arrivals import SignedArrival, read_arrival
from tips.sealing.reference import reference_of
from tips.sealing.trust import SigningKey

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture
def three(tip_channel):
    """Three tips that are in the log, in the order in which they came."""
    made = [intake.leave({"text": text}) for text in ("Ett", "Två", "Tre")]
    steps.take_in_new()
    return made


def _verify(*words):
    return said("tips_status", "--verify", *words)


def _named():
    return fault("tips_status", "--verify")


def _arrival(tip_id):
    return Arrival.objects.filter(tip_id=tip_id)


def test_what_came_in_and_was_left_alone_is_whole(three):
    text = _verify()
    assert "Ankomsterna är hela: 4 nummer." in text
    newest = next(line for line in text.splitlines() if re.match("Senaste ankomsten: .*/4:", line))
    assert newest in said("tips_status")
    assert "Ankomsterna är hela" in _verify("--expect-arrival", newest.rpartition(" ")[2].upper())


def test_the_last_arrival_alone_is_said_as_it_is_expected_later(three):
    last = read_arrival(bytes(_arrival(three[2]).get().message))
    words = said("tips_status", "--arrival")
    assert words == f"Senaste ankomsten: {last.epoch}/4:{last.hash}\n"
    for expected in words.split()[-1], f"4:{last.hash}":
        assert "Ankomsterna är hela" in _verify("--expect-arrival", expected)


def test_what_the_intake_has_not_signed_is_not_the_last_arrival(three):
    row = _arrival(three[2]).get()
    for epoch, message in ("f" * 32, b"{}"), ("e" * 32, row.message):
        Arrival.objects.create(
            epoch=epoch, counter=9, message=message, ed25519=row.ed25519, mldsa65=row.mldsa65
        )
    last = read_arrival(bytes(row.message))
    words = f"Senaste ankomsten: {last.epoch}/4:{last.hash}\n"
    assert said("tips_status", "--arrival") == words
    assert words in said("tips_status")


def test_copies_of_what_was_signed_cost_no_signatures(three, monkeypatch):
    row = _arrival(three[2]).get()
    for at in range(9):
        Arrival.objects.create(
            epoch=f"f{at:031x}", counter=4, message=row.message, ed25519=row.ed25519, mldsa65=b""
        )
    checked, real = [], arrivals.check_signed
    monkeypatch.setattr(arrivals, "check_signed", lambda *given: checked.append(1) or real(*given))
    assert "/4:" in said("tips_status", "--arrival")
    assert len(checked) == 1


def test_before_the_intake_has_signed_there_is_no_last_arrival_to_say(tip_channel):
    assert said("tips_status", "--arrival") == ""
    assert "Senaste ankomsten" not in said("tips_status")


def test_without_a_keyring_it_is_said_why_the_last_arrival_is_not(three, tip_channel):
    (tip_channel.trust.path / "keyring.json").unlink()
    assert "Nyckelringen finns inte" in fault("tips_status", "--arrival")
    assert "Senaste ankomsten" not in said("tips_status")


def test_the_last_arrival_is_said_alone(tip_channel):
    assert fault("tips_status", "--arrival", "--verify") == "--arrival hör inte ihop med annat."


def test_an_arrival_that_stands_on_paper_and_not_here_is_named(three, subtests):
    last = read_arrival(bytes(_arrival(three[2]).get().message))
    for expected in ["4:" + "a" * 64, "9:", "x", "0" * 32 + "/4:{hash}"]:
        with subtests.test(expected=expected):
            expected = expected.replace("{hash}", last.hash)
            text = fault("tips_status", "--verify", "--expect-arrival", expected)
            assert "den väntade finns inte" in text


def test_a_tip_deleted_with_row_folder_and_arrival_leaves_a_gap_that_is_named(three, tip_channel):
    """Also where whoever did it has made the event log anew."""
    _forget(three[1], tip_channel)
    assert _named() == "Ankomsterna är inte hela. Nummer 3 saknas: 1 som har kommit in."


def test_the_last_tip_deleted_the_same_way_is_named_by_the_paper(three, tip_channel):
    newest = said("tips_status").partition("Senaste ankomsten: ")[2].splitlines()[0]
    _forget(three[2], tip_channel)
    assert "den väntade finns inte" in fault("tips_status", "--verify", "--expect-arrival", newest)


def test_a_tip_whose_arrival_is_left_behind_is_named(three, tip_channel):
    _forget(three[1], tip_channel, with_arrival=False)
    assert "Tipset med nummer 3 är borta, och har inte gallrats." in _named()


def test_a_tip_that_the_desk_or_the_database_made_up_is_named(three):
    """Sealed to the handlers as any other, by somebody who is not the intake."""
    forged = intake.leave({"text": "Påhittat"})
    _arrival(forged).delete()
    (vault_now().folder(forged) / "arrival").unlink()
    steps.take_in_new()
    assert "Här finns ett tips som inlämningen inte har skrivit under." in _named()
    assert str(forged) in _named()


def test_content_exchanged_with_its_digest_in_the_row_and_a_log_made_anew_is_named(
    three, tip_channel
):
    other = tip_channel.vault.folder(three[2])
    for name in ("heads", "body.age"):
        shutil.copy(other / name, tip_channel.vault.folder(three[1]) / name)
    digest = tip_channel.vault.digest(three[1])
    Tip.objects.filter(pk=three[1]).update(files_digest=digest)
    _log_anew()
    assert "Tipset med nummer 3 är inte det som kom in." in _named()


def test_a_tip_put_back_with_another_day_is_named(three):
    Tip.objects.filter(pk=three[1]).update(received_on="2020-01-01")
    assert "Tipset med nummer 3 är inte det som kom in." in _named()


@pytest.mark.parametrize("half", ["ed25519", "mldsa65"])
def test_half_a_signature_is_none(three, half):
    row = _arrival(three[1]).get()
    spoilt = bytearray(getattr(row, half))
    spoilt[9] ^= 1
    _arrival(three[1]).update(**{half: bytes(spoilt)})
    assert "Nummer 3 är inte underskrivet av inlämningen." in _named()


def test_a_number_signed_by_another_key_is_named(three):
    row = _arrival(three[2]).get()
    found = replace(read_arrival(bytes(row.message)), key=(key := _other_key()).public.id)
    signed = SignedArrival.of(found, key)
    _arrival(three[2]).update(
        message=signed.message, ed25519=signed.signature.ed25519, mldsa65=signed.signature.mldsa65
    )
    assert "Nummer 4 är inte underskrivet av inlämningen." in _named()


def test_a_number_moved_to_another_place_is_named(three):
    _arrival(three[2]).update(counter=5)
    assert "Nummer 4 saknas" in _named()


def test_a_database_restored_from_the_day_before_says_how_many_are_missing(three, tip_channel):
    for tip_id in three[1:]:
        _forget(tip_id, tip_channel)
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    assert "Nummer 3–4 saknas: 2 som har kommit in." in _named()


def test_counting_that_has_begun_anew_is_said(three, tip_channel):
    os.unlink(tip_channel.root / "intake" / "arrivals")
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    assert "Inlämningen har börjat på en ny nummerserie: är det väntat?" in _verify()


def test_the_last_tips_deleted_behind_a_number_that_somebody_entered_are_named(three, tip_channel):
    """What the intake then begins follows on the last of them, and says so."""
    epoch = _arrival(three[2]).get().epoch
    Arrival.objects.create(epoch=epoch, counter=5, message=b"{}", ed25519=b"", mldsa65=b"")
    intake.leave({"text": "Fyra"})
    Arrival.objects.filter(message=b"{}").delete()
    steps.take_in_new()
    assert "Inlämningen har börjat på en ny nummerserie: är det väntat?" in _verify()
    for each in three[1:]:
        _forget(each, tip_channel)
    assert "Det som en ny nummerserie följer på är borta" in _named()


def test_counting_that_was_cut_off_where_it_begins_is_whole(three, tip_channel, monkeypatch):
    os.unlink(tip_channel.root / "intake" / "arrivals")
    with monkeypatch.context() as patch:
        patch.setattr(counting, "enter_number", _away)
        with pytest.raises(intake.Closed):
            intake.leave({"text": "Fyra"})
    intake.check_ready()
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    assert "Ankomsterna är hela: 6 nummer." in _verify()


def test_every_fault_is_named_and_none_because_of_another(three, tip_channel):
    more = [intake.leave({"text": text}) for text in ("Fyra", "Fem", "Sex")]
    steps.take_in_new()
    for tip_id in more:
        steps.open_tip(tip_id, "tipsmottagare")
    gone = Event.objects.get(tip_id=three[1]).seq
    Event.objects.filter(tip_id=more[0], verb="open").update(actor="annan")
    Tip.objects.filter(pk=more[1]).update(assigned_to="annan")
    (tip_channel.vault.folder(more[2]) / "heads").unlink()
    _arrival(three[0]).update(ed25519=bytes(64))
    Tip.objects.filter(pk=three[1]).delete()
    shutil.rmtree(tip_channel.vault.folder(three[1]))

    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("tips_status", "--verify", stdout=out)

    told = [line.partition(" Tips ")[0] for line in out.getvalue().splitlines()]
    assert told == [
        "Händelseloggen är bruten. Händelse 7 är ändrad.",
        f"Händelseloggen är bruten. Tipset i händelse {gone} är borta utan att vara gallrat.",
        "Händelseloggen är bruten. Tipset i händelse 8 är inte som loggen säger.",
        f"Det förseglade innehållet i tips {reference_of(more[2])} ({more[2]}) är inte det som togs emot.",
        "Ankomsterna är inte hela. Nummer 2 är inte underskrivet av inlämningen.",
        "Ankomsterna är inte hela. Tipset med nummer 3 är borta, och har inte gallrats.",
        "Ankomsterna är inte hela. Tipset med nummer 7 är inte det som kom in.",
    ]
    assert str(caught.value).endswith(" Det är 7 fel i allt: vart och ett står ovan.")


def _away(_signed):
    raise OperationalError


def _forget(tip_id, channel, *, with_arrival=True):
    """As whoever owns database and disk would."""
    shutil.rmtree(channel.vault.folder(tip_id))
    Tip.objects.filter(pk=tip_id).delete()
    if with_arrival:
        _arrival(tip_id).delete()
    _log_anew()


def _log_anew():
    """A log in which all has always been as it is."""
    Event.objects.all().delete()
    Tip.objects.update(version=0)
    steps.take_in_new()


def _other_key():
    return SigningKey(bytes([7]) * 32, "intake")
