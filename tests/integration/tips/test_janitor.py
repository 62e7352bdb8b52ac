"""What a crash leaves behind, and how it is put right."""

import fcntl
import io
import os
import uuid
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from tips.handling import events, janitor, steps
from tips.keeping import intake
from tips.keeping.vault import Vault
from tips.models import Event, Tip, Tombstone
from tips.sealing.reference import reference_of

from .commands import fault, said
from .sending import opened

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DAY = date(2026, 11, 20)


@pytest.fixture
def tip_id(tip_channel):
    return intake.leave({"text": "En båt utan ljus."}, received_on=DAY)


@pytest.fixture
def half(tip_channel):
    """What a process leaves that dies while a tip comes in."""
    tip_channel.vault.begin().discard()
    folder = tip_channel.root / "tips" / "incoming" / ("ab" * 16)
    folder.mkdir()
    (folder / "heads").write_bytes(b"sapo-heads/1\nanna-ek 16")
    return folder


def _verbs(tip_id):
    return list(Event.objects.filter(tip_id=tip_id).values_list("verb", flat=True))


def test_a_half_tip_is_removed_when_it_is_old_enough(half):
    assert said("tips_janitor") == "Inget att städa.\n"
    assert half.exists()
    assert said("tips_janitor", "--grace", 0) == "1 halva tips borttagna\n"
    assert not half.exists()


def test_a_tip_that_is_still_coming_in_is_left_alone(tip_channel):
    with tip_channel.vault.begin() as arriving:
        arriving.create("heads").close()
        said("tips_janitor", "--grace", 0)
        assert (arriving.path / "heads").exists()


def test_a_whole_tip_without_a_row_is_taken_in_once(tip_id, tip_channel):
    Tip.objects.filter(pk=tip_id).delete()

    assert "1 hela tips utan rad intagna" in said("tips_janitor", "--grace", 0)
    assert said("tips_janitor", "--grace", 0) == "Inget att städa.\n"

    tip = Tip.objects.get(pk=tip_id)
    assert (tip.received_on, tip.state) == (DAY, "received")
    assert _verbs(tip_id) == ["recovered"]
    assert opened(tip_channel, tip_id)["fields"]["text"] == "En båt utan ljus."
    assert "hel" in said("tips_status", "--verify")


def test_a_tip_that_is_just_being_entered_is_not_taken_for_an_orphan(tip_channel):
    """Between the folder and the row; a process of its own holds the folder meanwhile."""
    tip_id = intake.leave({"text": "På väg in."}, received_on=DAY)
    row = Tip.objects.get(pk=tip_id)
    Tip.objects.filter(pk=tip_id).delete()
    folder = os.open(tip_channel.vault.folder(tip_id), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)

    def enter(*_):
        fcntl.flock(folder, fcntl.LOCK_UN)
        Tip.objects.bulk_create([row])

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(Vault, "held", _held_until(enter))
        said("tips_janitor", "--grace", 0)
    os.close(folder)

    assert _verbs(tip_id) == ["received"]


def _held_until(done):
    real = Vault.held

    def held(self, tip_id):
        done()
        return real(self, tip_id)

    return held


def test_a_second_janitor_waits_for_the_first(tip_channel, tip_id, monkeypatch):
    folder = os.open(tip_channel.root / "tips", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    lock, asked = fcntl.flock, []

    def let_go(handle, how):
        if not asked:
            with pytest.raises(BlockingIOError):
                lock(handle, how | fcntl.LOCK_NB)
            os.close(folder)
        asked.append(how)
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", let_go)
    said("tips_janitor")
    assert asked[0] == fcntl.LOCK_EX


def test_a_folder_that_holds_no_whole_tip_is_a_fault_that_people_see(tip_channel, tip_id):
    Tip.objects.filter(pk=tip_id).delete()
    (tip_channel.vault.folder(tip_id) / "body.age").write_bytes(b"age")
    assert "1 tips är inte hela och har ingen rad i databasen" in fault(
        "tips_janitor", "--grace", 0
    )
    assert tip_channel.vault.folder(tip_id).exists()
    assert not Tip.objects.exists()


@pytest.mark.parametrize("serial", [0, 2**31, 2**64 - 1])
def test_a_folder_with_the_number_of_no_keyring_is_named_and_holds_up_no_other(
    tip_channel, tip_id, serial
):
    other = intake.leave({"text": "En annan båt."})
    Tip.objects.all().delete()
    echo = tip_channel.vault.folder(tip_id) / "echo"
    echo.write_bytes(b"\xff" * 32 + serial.to_bytes(8, "big"))
    assert janitor.tidy_up(tip_channel.vault, 0).faults == [janitor.TipFault("orphan", tip_id)]
    assert list(Tip.objects.values_list("pk", flat=True)) == [other]


def _tombstone(tip_id):
    Tombstone.objects.create(
        id=tip_id, received_on=DAY, decision="RA-MS 2026:12", purged_on=localdate(), proposed_by="anna", approved_by="bo"
    )  # fmt: skip


def test_a_purge_that_was_cut_off_is_finished(tip_channel, tip_id):
    Tip.objects.all().delete()
    _tombstone(tip_id)
    assert "1 avbrutna gallringar avslutade" in said("tips_janitor", "--grace", 0)
    assert list(tip_channel.vault.tips()) == []
    assert not Tip.objects.exists()


def test_a_tip_that_has_its_row_is_not_taken_for_a_remnant_of_a_purge(tip_channel, tip_id):
    _tombstone(tip_id)
    said("tips_janitor", "--grace", 0)
    assert list(tip_channel.vault.tips()) == [tip_id]
    assert Tip.objects.filter(pk=tip_id).exists()


def test_a_row_whose_files_are_gone_is_a_fault(tip_channel, tip_id):
    other = intake.leave({"text": "Ett annat."})
    tip_channel.vault.remove(tip_id)
    (tip_channel.vault.folder(other) / "heads").unlink()
    assert _faults() == {
        "1 tips saknar sin mapp: läs in en säkerhetskopia.",
        "1 tips har inte de filer som togs emot: läs in en säkerhetskopia.",
    }
    assert Tip.objects.count() == 2


def _faults(*words):
    """All lines with which the janitor ends in failure."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("tips_janitor", *words, stdout=io.StringIO(), stderr=out)
    return {*out.getvalue().splitlines(), str(caught.value)}


def test_which_tips_they_are_is_said_only_when_asked_for(tip_channel, tip_id):
    """What a job says at night is mailed, and mail is read by others."""
    tip_channel.vault.remove(tip_id)
    other = intake.leave({"text": "Ett annat."})
    tip_channel.vault.remove(other)

    text = fault("tips_janitor")

    assert text == "2 tips saknar sin mapp: läs in en säkerhetskopia."
    text = fault("tips_janitor", "--ids")
    for each in (tip_id, other):
        assert f"{reference_of(each)} ({each})" in text


# What is sealed in the files


@pytest.fixture
def with_photo(tip_channel):
    return intake.leave({"text": "Bilden visar bryggan."}, [("brygga.jpg", "image/jpeg", b"bild")])


@pytest.fixture
def all_due(monkeypatch):
    """The round of the day in which it is every tip's turn."""
    monkeypatch.setattr(janitor, "ROUNDS", 1)


def _photo(folder):
    return next(folder.glob("*-*.age"))


def _change_the_last_octet(path):
    *others, last = path.read_bytes()
    path.write_bytes(bytes([*others, last ^ 1]))


def test_a_tip_that_lacks_what_was_received_is_a_fault(with_photo, tip_channel, all_due, subtests):
    said("tips_janitor")
    for damage in [
        lambda folder: _photo(folder).unlink(),
        lambda folder: _photo(folder).write_bytes((folder / "body.age").read_bytes()),
        lambda folder: (folder / "heads").write_bytes(b"age-encryption.org/v1\n"),
        lambda folder: (folder / "heads").write_bytes(b"sapo-heads/1\n\n"),
        lambda folder: _change_the_last_octet(folder / "heads"),
        lambda folder: (folder / "heads").write_bytes((folder / "body.age").read_bytes()),
    ]:  # fmt: skip
        with subtests.test(damage=damage):
            folder = tip_channel.vault.folder(with_photo)
            whole = {path: path.read_bytes() for path in folder.iterdir()}
            damage(folder)
            assert "1 tips har inte de filer som togs emot" in fault("tips_janitor")
            for path, octets in whole.items():
                path.write_bytes(octets)


def test_a_tip_that_was_taken_in_after_a_crash_is_held_to_what_lay_there(
    with_photo, tip_channel, all_due
):
    Tip.objects.all().delete()
    said("tips_janitor", "--grace", 0)
    said("tips_janitor")
    _photo(tip_channel.vault.folder(with_photo)).unlink()
    assert "1 tips har inte de filer som togs emot" in fault("tips_janitor")


def test_every_tip_is_read_through_once_a_day():
    for tip_id in [uuid.uuid4() for _ in range(20)]:
        rounds = range(0, 24 * 60 * 60, janitor.ROUND_SECONDS)
        assert [janitor.is_due(tip_id, now) for now in rounds].count(True) == 1


# One bad folder and all the others


def test_a_bad_folder_keeps_no_other_from_being_seen_to(tip_channel, half):
    names = ["0" * 8, "8" * 8, "f" * 8]
    tips = tip_channel.root / "tips"
    for name in names:  # files where folders should be
        (tips / "sealed" / f"{name}-0000-4000-8000-000000000000").write_bytes(b"")
        (tips / "incoming" / name).write_bytes(b"")
        os.utime(tips / "incoming" / name, (0, 0))
    orphan = intake.leave({"text": "Ett helt tips."})
    Tip.objects.all().delete()
    bad = intake.leave({"text": "Ett vars mapp är en fil."})
    tip_channel.vault.remove(bad)
    tip_channel.vault.folder(bad).write_bytes(b"")

    faults = _faults("--grace", "0")

    assert "4 tips har en mapp som inte går att läsa eller ändra." in faults
    assert "1 halva tips eller annat i mappen incoming går inte att ta bort." in faults
    assert not half.exists()
    assert Tip.objects.filter(pk=orphan).exists()


def test_new_tips_get_their_first_event(tip_id):
    assert "1 nya tips loggade" in said("tips_janitor")
    assert _verbs(tip_id) == ["received"]
    assert events.verify() is None


def test_nothing_at_all_is_nothing_to_tidy(tip_channel):
    assert said("tips_janitor") == "Inget att städa.\n"


def test_what_the_janitor_cannot_take_is_said(tip_channel, subtests):
    for words, expected in [
        (["--grace", "-1"], "--grace kan inte vara mindre än 0"),
        (["--grace", "länge"], "--grace"),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert expected in fault("tips_janitor", *words)


def test_step_by_step_the_log_stays_whole(tip_id, tip_channel):
    """The janitor between two steps of a handler changes nothing."""
    steps.open_tip(tip_id, "tipsmottagare")
    said("tips_janitor", "--grace", 0)
    assert _verbs(tip_id) == ["received", "open"]
    assert events.verify() is None
