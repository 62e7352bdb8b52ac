"""Each tip comes in under the next number, signed: a crash leaves no gap, and loses no tip."""

import itertools
import os

import pytest
from django.db import OperationalError

from tests.rings import INTAKE_KEY, intake_key_in
from tips.keeping import arrival_state, counting, intake
from tips.keeping.arriving import Arriving
from tips.keeping.vault import Vault
from tips.models import Arrival, Tip
from tips.sealing import trust
from tips.sealing.arrivals import SignedArrival, check_signed, read_arrival
from tips.sealing.heads import entry_id
from tips.sealing.trust import NOTHING_BEFORE, SigningKey

from .sending import FORM, page_of, ripe_token, send

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


def arrivals():
    """All that have been entered, in order, each signed by the intake."""
    rows = Arrival.objects.order_by("epoch", "counter")
    return [read_arrival(bytes(row.message)) for row in rows]


def ways():
    return [each.way for each in arrivals()]


def state_file(channel):
    return channel.root / "intake" / "arrivals"


class Killed(BaseException):
    """The process is gone at this point: nothing is tidied up after it."""


@pytest.fixture
def killed_at(monkeypatch):
    """Sends a tip whose receiver dies when it calls this for the so-manieth time."""

    def kill(owner, name, time=1, *, before=True):
        real, calls = getattr(owner, name), []

        def die(*arguments, **named):
            calls.append(name)
            if len(calls) == time and before:
                raise Killed
            result = real(*arguments, **named)
            if len(calls) == time:
                raise Killed
            return result

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, die)
            # What would run in a process that lives on.
            patch.setattr(intake.Vault, "remove", lambda *_arguments: None)
            patch.setattr(Arriving, "__exit__", lambda self, *_raised: self._let_go())
            with pytest.raises(Killed):
                intake.leave({"text": "Avbrutet"})

    return kill


def test_tips_are_numbered_linked_and_signed_by_the_key_that_the_keyring_names(tip_channel):
    intake.leave({"text": "Ett"})
    intake.leave({"text": "Två"})

    epoch, one, two = arrivals()
    assert [each.counter for each in (epoch, one, two)] == [1, 2, 3]
    assert (epoch.way, epoch.previous) == ("epoch", NOTHING_BEFORE)
    assert (one.previous, two.previous) == (epoch.hash, one.hash)
    ring = tip_channel.trust.ring
    for row in Arrival.objects.all():
        signature = trust.Signature(bytes(row.ed25519), bytes(row.mldsa65))
        check_signed(SignedArrival(bytes(row.message), signature), {ring.serial: ring})
    assert two.key == INTAKE_KEY.public.id


def test_what_is_signed_is_what_lies_there_and_stands_beside_it(tip_channel):
    tip_id = intake.leave({"text": "Ett"}, [("a.txt", "text/plain", b"innehall")])

    _epoch, arrival = arrivals()
    assert arrival.tip == tip_id
    assert arrival.digest == bytes(Tip.objects.get().files_digest).hex()
    assert arrival.digest == tip_channel.vault.digest(tip_id).hex()
    payload = tip_channel.vault.heads_of(tip_id).payload
    assert arrival.head == trust.sha256_of(payload)
    assert entry_id(tip_channel.identity.recipient) in tip_channel.vault.heads_of(tip_id).headers
    row = Arrival.objects.get(tip_id=tip_id)
    beside = tip_channel.vault.arrival(tip_id)
    assert beside.message == bytes(row.message)
    assert beside.signature.mldsa65 == bytes(row.mldsa65)


def test_it_says_by_which_way_a_tip_came(client, tip_channel):
    intake.leave({"text": "Ett"})
    send(client)
    assert ways() == ["epoch", "command", "form"]


def test_the_same_form_sent_again_takes_no_number(client, tip_channel):
    token = ripe_token()
    send(client, {"token": token})
    send(client, {"token": token})
    assert ways() == ["epoch", "form"]


POINTS = [
    (Arriving, "settle", 1, True), (arrival_state.ArrivalState, "reserve", 2, True),
    (arrival_state.ArrivalState, "reserve", 2, False), (Arriving, "put_arrival", 1, True),
    (Arriving, "put_arrival", 1, False), (intake, "enter_number", 1, True),
    (intake, "enter_number", 1, False), (Arriving, "seal_into", 1, True),
    (Arriving, "seal_into", 1, False), (counting.Counting, "done", 1, True),
    (counting.Counting, "done", 1, False), (arrival_state.ArrivalState, "reserve", 1, False),
]  # fmt: skip


@pytest.mark.parametrize("point", POINTS, ids=lambda at: f"{at[1]} {at[2]} {at[3]}")
def test_wherever_it_dies_no_number_is_missing_and_no_tip_is_there_twice_or_half(
    tip_channel, killed_at, point
):
    owner, name, time, before = point
    killed_at(owner, name, time, before=before)
    after = intake.leave({"text": "Efter"})

    found = arrivals()
    assert [each.counter for each in found] == list(range(1, len(found) + 1))
    for earlier, later in itertools.pairwise(found):
        assert later.previous == earlier.hash
    assert found[0].way == "epoch"
    tips = [each.tip for each in found if each.way == "command"]
    assert tips[-1] == after
    assert set(tips) == set(Tip.objects.values_list("pk", flat=True))
    assert set(tips) == set(tip_channel.vault.tips())


def test_a_tip_that_was_whole_when_it_died_is_entered_with_the_number_it_was_signed_with(
    tip_channel, killed_at
):
    killed_at(Arriving, "seal_into", before=False)
    assert not Tip.objects.exists()
    intake.check_ready()  # as the next who reads the form does
    assert ways() == ["epoch", "command"]
    assert Tip.objects.get().pk == arrivals()[1].tip


def test_a_number_of_a_tip_that_came_to_nothing_is_given_again(tip_channel, monkeypatch):
    intake.leave({"text": "Ett"})
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "free_bytes", lambda self: 10**12)
        patch.setattr(Arriving, "seal_into", _fails(OSError(5, "Input/output error")))
        with pytest.raises(intake.Closed):
            intake.leave({"text": "Två"})
    intake.leave({"text": "Tre"})
    assert ways() == ["epoch", "command", "command"]
    assert [each.counter for each in arrivals()] == [1, 2, 3]


@pytest.mark.parametrize("damage", [b"", b"\0" * 512, os.urandom(512)], ids=["", "zeros", "noise"])
def test_who_has_lost_count_begins_anew_and_takes_the_tip_in(tip_channel, damage):
    intake.leave({"text": "Ett"})
    state_file(tip_channel).write_bytes(damage)
    intake.leave({"text": "Två"})
    epochs = {each.epoch for each in arrivals()}
    assert len(epochs) == 2
    assert sorted(ways()) == ["command", "command", "epoch", "epoch"]


def test_a_mark_that_was_lost_is_looked_up_and_loses_no_count(tip_channel):
    for text in ("Ett", "Två"):
        intake.leave({"text": text})
    state_file(tip_channel).write_bytes(state_file(tip_channel).read_bytes()[:-1])
    intake.leave({"text": "Tre"})
    assert [each.counter for each in arrivals()] == [1, 2, 3, 4]


def test_a_number_that_somebody_else_has_entered_begins_a_new_epoch(tip_channel):
    intake.leave({"text": "Ett"})
    epoch = arrivals()[0].epoch
    Arrival.objects.create(epoch=epoch, counter=3, message=b"", ed25519=b"", mldsa65=b"")
    intake.leave({"text": "Två"})
    own = [read_arrival(bytes(row.message)) for row in Arrival.objects.exclude(message=b"")]
    anew = next(each for each in own if each.way == "epoch" and each.epoch != epoch)
    assert anew.previous in {each.hash for each in own if each.epoch == epoch}
    assert Tip.objects.count() == 2


def test_a_tip_that_somebody_else_has_entered_closes_the_form_to_no_other(tip_channel, killed_at):
    killed_at(Arriving, "seal_into", before=False)
    (cut_off,) = tip_channel.vault.tips()
    Arrival.objects.create(epoch="", counter=1, tip_id=cut_off, message=b"")
    intake.leave({"text": "Efter"})
    own = [read_arrival(bytes(row.message)) for row in Arrival.objects.exclude(message=b"")]
    assert [each.way for each in own] == ["epoch", "command"]
    assert Tip.objects.filter(pk=cut_off).exists()


def test_after_a_restored_database_the_next_tip_goes_on_from_the_right_number(tip_channel):
    for text in ("Ett", "Två", "Tre"):
        intake.leave({"text": text})
    Arrival.objects.filter(counter__gt=2).delete()
    Tip.objects.exclude(pk=arrivals()[1].tip).delete()
    intake.leave({"text": "Fyra"})
    assert [each.counter for each in arrivals()] == [1, 2, 5]


def test_without_a_database_no_number_is_lost_and_the_form_is_closed(tip_channel, monkeypatch):
    intake.leave({"text": "Ett"})
    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.query.QuerySet.bulk_create", _fails(OperationalError()))
        for text in ("Två", "Tre"):
            with pytest.raises(intake.Closed):
                intake.leave({"text": text})
    intake.leave({"text": "Fyra"})
    assert ways() == ["epoch", "command", "command"]


def _fails(error):
    def fail(*_arguments, **_named):
        raise error

    return fail


# The key


@pytest.mark.parametrize("key", [None, "skräp", bytes(32)])
def test_an_intake_without_the_key_that_the_keyring_names_closes_the_form(
    client, tip_channel, settings, key
):
    path = settings.TIPS_INTAKE_KEY
    path.unlink()
    if key is not None:
        path.write_text(key if isinstance(key, str) else trust.to_text(key))
    response = client.get(FORM)
    assert response.status_code == 503
    assert "114 14" in page_of(response)


def test_a_second_key_takes_over_when_the_keyring_names_both(tip_channel, settings):
    intake.leave({"text": "Ett"})
    other = SigningKey(bytes(32), "intake")
    entry = intake_key_in(settings.TIPS_INTAKE_KEY)
    also = type(entry)(other.public, entry.since)
    tip_channel.trust.follow(intake=[entry, also])
    settings.TIPS_INTAKE_KEY.write_text(trust.to_text(bytes(32)))
    intake.leave({"text": "Två"})
    assert [each.key for each in arrivals()][1:] == [INTAKE_KEY.public.id, other.public.id]
