"""What a crash leaves behind, and how it is put right."""

import fcntl
import os
import threading
import time
from datetime import date
from itertools import chain, repeat

import pytest
from django.utils.timezone import localdate

from tips import exchange, intake
from tips.bundle import open_bundle
from tips.desk import events, steps
from tips.models import Event, Tip, Tombstone
from tips.reference import reference_of
from tips.vault import Vault

from .commands import fault, said

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

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
    (folder / "head.age").write_bytes(b"age-encryption.org/v1\n-> half")
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
        arriving.create("head.age").close()
        said("tips_janitor", "--grace", 0)
        assert (arriving.path / "head.age").exists()


def test_a_whole_tip_without_a_row_is_taken_in_once(tip_id, tip_channel, tmp_path):
    Tip.objects.filter(pk=tip_id).delete()

    assert "1 hela tips utan rad intagna" in said("tips_janitor", "--grace", 0)
    assert said("tips_janitor", "--grace", 0) == "Inget att städa.\n"

    tip = Tip.objects.get(pk=tip_id)
    assert (tip.received_on, tip.state) == (DAY, "received")
    assert _verbs(tip_id) == ["recovered"]
    said("tips_export", tmp_path / "ut.zip")
    with open_bundle(tmp_path / "ut.zip") as bundle:
        opened = bundle.open_tip(tip_id, tip_channel.identities, tmp_path / "oppnat")
    assert "En båt utan ljus." in (opened / "tip.txt").read_text()
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


def test_a_second_janitor_waits_for_the_first(tip_channel, tip_id):
    folder = os.open(tip_channel.root / "tips", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    threading.Timer(0.3, os.close, [folder]).start()
    started = time.monotonic()
    said("tips_janitor")
    assert time.monotonic() - started >= 0.25


def test_a_folder_that_holds_no_whole_tip_is_a_fault_that_people_see(tip_channel, tip_id):
    Tip.objects.filter(pk=tip_id).delete()
    (tip_channel.vault.folder(tip_id) / "body.age").write_bytes(b"age")
    assert str(tip_id) in fault("tips_janitor", "--grace", 0)
    assert tip_channel.vault.folder(tip_id).exists()
    assert not Tip.objects.exists()


def test_a_tip_set_aside_comes_back_when_the_database_has_it(tip_channel, tip_id):
    tip_channel.vault.set_aside(tip_id)
    assert "1 ovissa tips återförda" in said("tips_janitor")
    assert list(tip_channel.vault.tips()) == [tip_id]


def test_a_tip_set_aside_is_removed_when_the_database_does_not_have_it(tip_channel, tip_id):
    tip_channel.vault.set_aside(tip_id)
    Tip.objects.all().delete()
    assert "1 ovissa tips borttagna" in said("tips_janitor")
    assert list((tip_channel.root / "tips" / "incoming").iterdir()) == []
    assert list(tip_channel.vault.tips()) == []
    assert not Tip.objects.exists()


def test_a_purge_that_was_cut_off_is_finished(tip_channel, tip_id):
    Tip.objects.all().delete()
    Tombstone.objects.create(
        id=tip_id,
        received_on=DAY,
        decision="RA-MS 2026:12",
        purged_on=localdate(),
        proposed_by="anna",
        approved_by="bo",
    )
    assert "1 avbrutna gallringar avslutade" in said("tips_janitor", "--grace", 0)
    assert list(tip_channel.vault.tips()) == []
    assert not Tip.objects.exists()


def test_a_tip_that_has_its_row_is_not_taken_for_a_remnant_of_a_purge(tip_channel, tip_id):
    Tombstone.objects.create(
        id=tip_id,
        received_on=DAY,
        decision="RA-MS 2026:12",
        purged_on=localdate(),
        proposed_by="anna",
        approved_by="bo",
    )
    said("tips_janitor", "--grace", 0)
    assert list(tip_channel.vault.tips()) == [tip_id]
    assert Tip.objects.filter(pk=tip_id).exists()


def test_a_row_whose_files_are_gone_is_a_fault(tip_channel, tip_id):
    other = intake.leave({"text": "Ett annat."})
    tip_channel.vault.remove(tip_id)
    (tip_channel.vault.folder(other) / "head.age").unlink()

    text = fault("tips_janitor")

    named = reference_of(max(tip_id, other))
    assert text.startswith(f"Tips {named}")
    assert "läs in en säkerhetskopia" in text
    assert Tip.objects.count() == 2


def test_new_tips_get_their_first_event(tip_id):
    assert "1 nya tips loggade" in said("tips_janitor")
    assert _verbs(tip_id) == ["received"]
    assert events.verify() is None


def test_editors_are_told_how_many_came_each_day_and_nothing_else(tip_id):
    intake.leave({"text": "Ett till."}, received_on=DAY)
    Tombstone.objects.create(
        id=intake.leave({"text": "Snart gallrat."}, received_on=DAY),
        received_on=DAY,
        decision="RA-MS 2026:12",
        purged_on=localdate(),
        proposed_by="anna",
        approved_by="bo",
    )
    Tip.objects.filter(pk__in=Tombstone.objects.values("pk")).delete()
    intake.leave({"text": "I dag."})

    said("tips_janitor")

    assert exchange.read_counts() == {DAY: 3, localdate(): 1}
    content = exchange.counts_file().read_text()
    assert not [
        tip_id for tip_id in Tip.objects.values_list("pk", flat=True) if str(tip_id) in content
    ]


def test_nothing_at_all_is_nothing_to_tidy(tip_channel):
    assert said("tips_janitor") == "Inget att städa.\n"
    assert exchange.read_counts() == {}


# Again and again


@pytest.fixture
def rounds(monkeypatch):
    """The parent lives for so many looks at it."""

    def set_rounds(count):
        parents = chain(repeat(1, count), repeat(2))
        monkeypatch.setattr("os.getppid", lambda: next(parents))

    monkeypatch.setattr("tips.management.commands.tips_janitor.close_old_connections", lambda: None)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return set_rounds


def test_the_janitor_beside_a_server_ends_when_its_parent_does(tip_id, rounds):
    rounds(3)
    said("tips_janitor", "--every", 60, "--parent", 1)
    assert _verbs(tip_id) == ["received"]


def test_a_fault_does_not_end_it(tip_channel, tip_id, rounds, monkeypatch):
    tip_channel.vault.remove(tip_id)
    tidied = []
    monkeypatch.setattr(Vault, "sweep", lambda self, older_than: tidied.append(older_than) or 0)
    rounds(4)
    text = said("tips_janitor", "--every", 1, "--parent", 1)
    assert len(tidied) == 2
    assert text.count("läs in en säkerhetskopia") == 2


def test_a_round_that_fails_altogether_does_not_end_it_either(tip_channel, rounds, monkeypatch):
    tries = []

    def fail(self, older_than):
        tries.append(older_than)
        raise OSError(5, "Input/output error", "/data/tips")

    monkeypatch.setattr(Vault, "sweep", fail)
    rounds(4)
    text = said("tips_janitor", "--every", 1, "--parent", 1)
    assert len(tries) == 2
    assert "/data/tips går inte att läsa eller skriva, disken svarar inte." in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--grace", "-1"], "--grace kan inte vara mindre än 0"),
        (["--every", "0"], "--every ska vara minst 1"),
        (["--parent", "1"], "--parent hör ihop med --every"),
        (["--grace", "länge"], "--grace"),
    ],
)
def test_what_the_janitor_cannot_take_is_said(tip_channel, words, expected):
    assert expected in fault("tips_janitor", *words)


def test_step_by_step_the_log_stays_whole(tip_id, tip_channel):
    """The janitor between two steps of a handler changes nothing."""
    steps.open_tip(tip_id, "tipsmottagare")
    said("tips_janitor", "--grace", 0)
    assert _verbs(tip_id) == ["received", "open"]
    assert events.verify() is None
