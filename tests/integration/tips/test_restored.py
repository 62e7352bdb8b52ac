"""`tips_restored`: after a backup was restored a new epoch follows on its end, and no more may go."""

import dataclasses
import os
import shutil

import pytest
from django.db import OperationalError

from tests.rings import OF_NO_USE, over_since
from tips.handling import steps
from tips.keeping import counting, intake
from tips.models import Arrival, Event, Tip
from tips.sealing.arrivals import SignedArrival, read_arrival
from tips.sealing.trust import Signature

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture
def restored(tip_channel):
    """Four numbers, of which the backup has two: what was said last of it is returned."""
    tips = []
    for text in ("Ett", "Två", "Tre"):
        tips.append(intake.leave({"text": text}))
        steps.take_in_new()
    for tip_id in tips[1:]:
        _forget(tip_id, tip_channel)
    return _last()


def _last():
    return said("tips_status", "--arrival").split()[-1]


def _forget(tip_id, channel):
    shutil.rmtree(channel.vault.folder(tip_id))
    for model, name in (Tip, "pk"), (Arrival, "tip_id"), (Event, "tip_id"):
        model.objects.filter(**{name: tip_id}).delete()


def _verify():
    return said("tips_status", "--verify")


def _state(channel):
    return channel.root / "intake" / "arrivals"


def _beside(channel, tip_id):
    return channel.vault.folder(tip_id) / "arrival"


def _newest_epoch():
    return read_arrival(bytes(Arrival.objects.filter(counter=1).order_by("-epoch")[0].message))


NEW = "Inlämningen har börjat på en ny nummerserie, efter nummer 2."
NONE = "Databasen slutar där inlämningen har slutat räkna."


def test_after_a_backup_a_new_epoch_follows_on_its_end_and_is_no_fault(restored):
    """It comes after the former one, also on the same day."""
    former = Arrival.objects.order_by("counter").last()
    words = said("tips_restored", restored)
    assert NEW in words
    assert "säger journalen, journalctl --unit sapo-job@tips-arrival" in words
    first = _newest_epoch()
    assert first.epoch > former.epoch
    assert first.previous == restored.partition(":")[2]
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    assert "Ankomsterna är hela: 4 nummer." in _verify()
    assert "Inlämningen har börjat på en ny nummerserie: är det väntat?" in _verify()


CUT = "Det som en ny nummerserie följer på är borta"


def test_another_tip_deleted_behind_the_restore_is_named(restored, tip_channel):
    said("tips_restored", restored)
    _forget(Tip.objects.get().pk, tip_channel)
    assert CUT in fault("tips_status", "--verify")
    Arrival.objects.filter(epoch=restored.partition("/")[0]).delete()
    assert CUT in fault("tips_status", "--verify")


def test_a_last_number_that_is_another_than_was_said_is_named(restored):
    epoch = restored.partition("/")[0]
    said("tips_restored", f"{epoch}/2:{'a' * 64}")
    assert CUT in fault("tips_status", "--verify")


def test_where_nothing_is_missing_nothing_is_begun_anew(tip_channel):
    intake.leave({"text": "Ett"})
    assert NONE in said("tips_restored", _last())
    assert Arrival.objects.filter(counter=1).count() == 1


@pytest.mark.parametrize("has_lost_count", [False, True])
def test_what_a_database_that_went_away_left_undone_is_done_the_next_time(
    restored, tip_channel, monkeypatch, has_lost_count
):
    if has_lost_count:
        _state(tip_channel).unlink()

    def away(_signed):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(counting, "enter_number", away)
        assert "nås inte" in fault("tips_restored", restored)
    assert NEW in said("tips_restored", restored)
    assert "Ankomsterna är hela" in _verify()


def test_once_a_tip_has_come_after_the_restore_the_gap_stands(restored):
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    assert NONE in said("tips_restored", restored)
    assert "Nummer 3–4 saknas: 2 som har kommit in." in fault("tips_status", "--verify")


def test_what_is_no_arrival_of_an_epoch_is_refused_with_where_to_find_it(restored, subtests):
    for words in ["", "2", f"2:{'a' * 64}", f"{'0' * 32}/0:{'a' * 64}"]:
        with subtests.test(words=words):
            assert "tips_status --arrival" in fault("tips_restored", words)


def test_the_last_arrival_is_taken_as_the_whole_line_that_says_it(restored):
    line = said("tips_status", "--arrival").strip()
    assert line.startswith("Senaste ankomsten: ")
    assert NEW in said("tips_restored", line)


def test_who_may_not_count_is_told_why_and_as_whom_to_run_it(restored, settings):
    settings.TIPS_INTAKE_KEY.unlink()
    words = fault("tips_restored", restored)
    assert "inlämningens nyckel finns inte, eller går inte att läsa." in words
    assert "deploy/manage --as intake" in words


def test_a_keyring_by_which_nothing_is_signed_is_named(tip_channel):
    tip_channel.trust.put(dataclasses.replace(tip_channel.trust.ring, **over_since(OF_NO_USE)))
    words = fault("tips_restored", f"{'0' * 32}/1:{'a' * 64}")
    assert "Nyckelringen har gått ut." in words


def test_an_intake_that_has_lost_count_and_taken_a_tip_in_begins_once_more_after_the_backup(
    restored, tip_channel
):
    _state(tip_channel).unlink()
    intake.leave({"text": "Fyra"})
    steps.take_in_new()
    ends = _last()
    assert NEW in said("tips_restored", restored)
    assert _newest_epoch().previous == ends.partition(":")[2]
    assert "2 nya nummerserier: är det väntat?" in _verify()


@pytest.mark.parametrize("has_lost_count", [False, True])
def test_what_the_vault_has_of_what_the_database_lacks_is_entered_and_is_whole(
    tip_channel, has_lost_count
):
    """A backup's files are younger than its database."""
    tips = []
    for text in ("Ett", "Två", "Tre"):
        tips.append(intake.leave({"text": text}))
        steps.take_in_new()
    for model, name in (Tip, "pk"), (Arrival, "tip_id"), (Event, "tip_id"):
        model.objects.filter(**{f"{name}__in": tips[1:]}).delete()
    if has_lost_count:
        _state(tip_channel).unlink()
        assert "ny nummerserie, efter nummer 4." in said("tips_restored", _last())
    else:
        assert NONE in said("tips_restored", _last())
    said("tips_janitor")

    assert set(Tip.objects.values_list("pk", flat=True)) == set(tips)
    assert f"Ankomsterna är hela: {4 + has_lost_count} nummer." in _verify()


def test_a_tip_of_a_later_epoch_that_lies_in_the_vault_is_entered_as_well(tip_channel):
    """The count was lost after the backup, and its database too; the tip is whole and signed."""
    intake.leave({"text": "Ett"})
    steps.take_in_new()
    backup = _last()
    _state(tip_channel).unlink()
    later = intake.leave({"text": "Två"})
    steps.take_in_new()
    assert _last() > backup
    for model, name in (Tip, "pk"), (Arrival, "tip_id"), (Event, "tip_id"):
        model.objects.filter(**{name: later}).delete()
    Arrival.objects.exclude(epoch=backup.partition("/")[0]).delete()

    said("tips_restored", backup)
    said("tips_janitor")

    assert Arrival.objects.filter(tip_id=later).exists()
    # Of the series itself the database has lost the first number, and that is said; of the tip nothing is wrong.
    assert "Nummer 1" in fault("tips_status", "--verify")
    assert str(later) not in fault("tips_status", "--verify")


@pytest.mark.parametrize("number", [3, 2**53 - 1])
@pytest.mark.parametrize("has_lost_count", [False, True])
def test_a_number_that_nobody_signed_is_neither_entered_nor_said(
    tip_channel, number, has_lost_count
):
    tip = intake.leave({"text": "Ett"})
    steps.take_in_new()
    found = read_arrival(tip_channel.vault.arrival(tip).message)
    forged = dataclasses.replace(found, counter=number, previous="ee" * 32)
    junk = Signature(b"\1" * 64, b"\2" * 3309)
    _beside(tip_channel, tip).write_bytes(SignedArrival(forged.octets, junk).file)
    last = _last()
    if has_lost_count:
        _state(tip_channel).unlink()
        assert NEW in said("tips_restored", last)
    else:
        assert NONE in said("tips_restored", last)
    assert "Ankomsterna är hela" in _verify()


def test_what_was_signed_of_another_tip_is_entered_for_none(tip_channel):
    intake.leave({"text": "Ett"})
    last = _last()
    second, third = (intake.leave({"text": text}) for text in ("Två", "Tre"))
    _beside(tip_channel, second).replace(_beside(tip_channel, third))
    Arrival.objects.filter(tip_id__in=[second, third]).delete()
    said("tips_restored", last)
    assert not Arrival.objects.filter(counter__gt=2).exists()


@pytest.mark.parametrize("name", ["arrival", "echo", "body.age"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_beside_a_tip_keeps_nobody_waiting(tip_channel, name, make):
    intake.leave({"text": "Ett"})
    last = _last()
    tip = intake.leave({"text": "Två"})
    Arrival.objects.filter(tip_id=tip).delete()
    path = _beside(tip_channel, tip).with_name(name)
    path.unlink()
    make(path)
    said("tips_restored", last)
    assert not Arrival.objects.filter(tip_id=tip).exists()


@pytest.mark.parametrize("content", [b"{}", SignedArrival(b"{}", Signature(b"", b"")).file])
def test_a_tip_that_is_laid_in_the_vault_unsigned_is_entered_under_no_number(tip_channel, content):
    intake.leave({"text": "Ett"})
    last = _last()
    stranger = intake.leave({"text": "Två"})
    (tip_channel.vault.folder(stranger) / "arrival").write_bytes(content)
    Arrival.objects.filter(tip_id=stranger).delete()
    said("tips_restored", last)
    assert not Arrival.objects.filter(tip_id=stranger).exists()
