"""What those who run the desk do without a browser: every time of the notice, and every point of the self-test."""

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from tests.integration.tips.commands import said
from tests.integration.tips.test_desk_commands import STOCKHOLM, _failing
from tests.postgres import jobs
from tests.rewrapping import rewrap_header
from tips.keeping import intake
from tips.keeping.sealed_files import HEAD
from tips.management.commands import tips_notice
from tips.models import Tip
from tips.sealing import age, heads
from tips.sealing.reference import reference_of

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


def test_headers_for_a_new_keyring_leave_the_content_as_it_was_received(with_photo, tip_channel):
    another = age.generate_identity().recipient
    for file in tip_channel.vault.files(with_photo):
        source = io.BytesIO(tip_channel.sealed(with_photo, file.name))
        header = rewrap_header(age.split_header(source), tip_channel.identities, [another])
        if file.name == HEAD:
            header = heads.front_of({heads.entry_id(another): header})
        tip_channel.vault.replace_header(with_photo, file.name, header)
    assert "De förseglade tipsen är de som togs emot." in said("tips_status", "--verify")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Stockholm", "America/New_York"])
@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 3, 29), date(2026, 7, 15)])
def test_as_its_timer_runs_it_each_time_is_used_once_whatever_the_machines_zone(
    unread, reachable, monkeypatch, zone, day
):
    """In winter, in summer and on the day on which the clocks change."""
    when, *command = jobs()["tips-notice"]
    assert command == ["desk", "tips_notice"]
    minutes = int(when.removeprefix("*:0/"))
    now = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    told = []
    for _run in range(24 * 60 // minutes):
        here = now.astimezone(STOCKHOLM)
        monkeypatch.setattr(tips_notice, "localtime", lambda here=here: here)
        before = len(mail.outbox)
        said("tips_notice")
        if len(mail.outbox) > before:
            told.append(here.strftime("%H:%M"))
        now += timedelta(minutes=minutes)
    assert sorted(told) == ["07:40", "12:40", "16:40"]
    assert len(mail.outbox) == 3 * 2


def test_a_tip_that_comes_between_two_runs_does_not_show_when(tip_channel, reachable, at):
    at(7, 45)
    assert said("tips_notice") == "Alla tips är lästa. Inget mejl.\n"
    intake.leave({"text": "Kom strax före åtta."})
    at(8, 5)
    said("tips_notice")
    assert mail.outbox == []


def test_every_notice_is_the_same_to_the_byte(unread, reachable, at):
    at(8, 0)
    said("tips_notice")
    for number in range(5):
        intake.leave({"text": f"Tips {number}", "urgent": "1"})
    at(13, 0)
    said("tips_notice")
    said_each_time = {(message.subject, message.body) for message in mail.outbox}
    assert len(mail.outbox) == 4
    assert len(said_each_time) == 1
    everything = "".join(str(message.message()) for message in mail.outbox)
    for tip_id in Tip.objects.values_list("pk", flat=True):
        assert reference_of(tip_id) not in everything
        assert str(tip_id) not in everything


@pytest.mark.parametrize(
    ("left", "told"), [(61, 0), (60, 2), (30, 2), (14, 2), (8, 0), (7, 2), (6, 2), (0, 2), (-1, 2)]
)
def test_handlers_are_told_in_time_that_the_keyring_goes_out_of_date(
    tip_channel, reachable, at, left, told
):
    last = date(2026, 11, 25) + timedelta(days=left)
    made_on = last - timedelta(days=150)
    tip_channel.trust.put(
        replace(tip_channel.trust.ring, made_on=made_on, not_after=last, file=b"")
    )

    for hour in (8, 13, 17):
        at(hour, 0)
        said("tips_notice")

    subject = "Nyckelringen går snart ut" if left >= 0 else "Nyckelringen har gått ut"
    assert [mailed.subject for mailed in mail.outbox] == [subject] * told
    assert all(f"till och med {last}" in mailed.body for mailed in mail.outbox)


def test_the_stamp_says_which_time_was_used_and_nothing_of_tips(unread, reachable, at, tip_channel):
    at(8, 7)
    said("tips_notice")
    assert (tip_channel.root / "tips" / "notice-slot").read_text() == "2026-11-25 08\n"


def test_a_folder_that_others_come_into_fails(sound):
    (sound.root / "tips" / "sealed").chmod(0o775)
    (failed,) = _failing()
    assert failed.startswith("Andra konton kommer in i")


def test_too_little_room_fails(sound, settings):
    settings.TIPS_RESERVE_BYTES = 2**62
    (failed,) = _failing()
    assert "är ledigt" in failed


def test_a_database_that_does_not_answer_fails(sound, monkeypatch):
    from django.db import OperationalError

    def gone(*_, **__):
        raise OperationalError("no such table: tips_tip")

    monkeypatch.setattr(Tip.objects, "using", gone)
    assert any(line.startswith("Databasen går inte att använda") for line in _failing())


@pytest.mark.parametrize("roles", [["intake"], ["desk"], ["intake", "desk"]], ids=",".join)
@pytest.mark.parametrize("leak", ["ADMINS", "watcher"])
def test_what_the_intake_refuses_to_start_with_fails_in_every_role(
    sound, settings, roles, leak, monkeypatch
):
    settings.ROLES = frozenset(roles)
    assert "Inget i programmet sänder eller skriver" in said("tips_selftest")
    if leak == "ADMINS":
        settings.ADMINS = [("Drift", "drift@example.se")]
    else:
        monkeypatch.setitem(sys.modules, "newrelic", object())
    (failed,) = _failing()
    assert failed.startswith("Mottagningen vägrar att starta:")
