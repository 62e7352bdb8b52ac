"""An urgent tip reaches whoever is on duty, by a command that is told nothing."""

import json
import stat
import sys
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from tests.acts import act_now
from tests.integration.tips.commands import fault, said
from tests.postgres import jobs
from tips.handling import alarm, janitor, steps
from tips.keeping import intake
from tips.keeping.folders import set_day
from tips.models import Tip, Tombstone

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

SILENCE, CALLED = "Inget att larma om.\n", "Jouren är larmad.\n"


class Duty:
    """The agency's own command, which writes down each time what it was given."""

    def __init__(self, folder, settings):
        self.calls, self._program = folder / "calls", folder / "call"
        self._settings = settings
        self.does("")

    def does(self, what):
        self._program.write_text(
            f"#!{sys.executable} -I\nimport json, os, sys, time\n"
            f"open({str(self.calls)!r}, 'a').write(json.dumps([sys.argv[1:], sys.stdin.read(),"
            " {name: text for name, text in os.environ.items() if name != 'LC_CTYPE'},"
            f" os.getcwd()]) + '\\n')\n{what}\n"
        )
        self._program.chmod(0o755)
        self._settings.TIPS_ALARM_COMMAND = [str(self._program), "--kanal", "tips"]

    @property
    def called(self):
        if not self.calls.exists():
            return []
        return [json.loads(line) for line in self.calls.read_text().splitlines()]


@pytest.fixture
def duty(tip_channel, settings, tmp_path):
    """An alarm that has run once, so that the intake knows that somebody listens."""
    duty = Duty(tmp_path, settings)
    assert said("tips_alarm") == SILENCE
    return duty


@pytest.fixture
def journal(monkeypatch):
    written = []
    monkeypatch.setattr("syslog.syslog", lambda level, words: written.append((level, words)))
    return written


@pytest.fixture
def later(monkeypatch):
    def later(seconds):
        at = time.time() + seconds
        monkeypatch.setattr(alarm.time, "time", lambda: at)

    return later


def _leave(urgent="1"):
    return intake.leave({"text": "En hemlig sak", "subject": "hot", "urgent": urgent})


def _marked(tip_channel):
    return set(tip_channel.vault.urgent())


def test_an_urgent_tip_calls_the_one_on_duty_once_and_says_nothing_of_it(duty):
    _leave(urgent="")
    assert said("tips_alarm") == SILENCE
    tip_id = _leave()

    assert said("tips_alarm") == CALLED
    assert said("tips_alarm") == SILENCE

    ((words, given, environment, folder),) = duty.called
    assert (words, given, folder) == (["--kanal", "tips"], "", "/")
    assert environment == {"PATH": alarm._ENVIRONMENT["PATH"]}
    assert str(tip_id) not in json.dumps(duty.called)


def test_tips_that_are_due_at_once_are_one_call_and_each_tip_has_its_own_clock(duty, later):
    _leave(), _leave()
    assert said("tips_alarm") == CALLED
    later(alarm.AGAIN_AFTER - 600)
    _leave()
    assert said("tips_alarm") == CALLED
    later(600)
    assert said("tips_alarm") == CALLED
    assert said("tips_alarm") == SILENCE
    assert len(duty.called) == 3


@pytest.mark.parametrize(
    ("seconds", "answer"), [(7_190, SILENCE), (7_200, CALLED), (-60, CALLED), (10**7, CALLED)]
)
def test_a_tip_that_nobody_reads_calls_again_after_two_hours(duty, later, seconds, answer):
    at = time.time()
    _leave()
    later(0)
    said("tips_alarm")
    later(at - time.time() + seconds + 5 if seconds > 0 else seconds)
    assert said("tips_alarm") == answer


@pytest.mark.parametrize("how", ["open", "spam"])
def test_who_has_read_it_is_not_called_and_the_mark_is_gone(duty, tip_channel, later, how):
    tip_id, other = _leave(), _leave()
    said("tips_alarm")
    if how == "open":
        steps.open_tip(tip_id, "anna")
    else:
        steps.take_in_new()
        act_now("tipsmottagare", "spam", tip_id, "trial")
    folder = tip_channel.vault.folder(tip_id)
    day = folder.stat().st_mtime

    assert said("tips_alarm") == SILENCE

    assert _marked(tip_channel) == {other}
    assert set(json.loads(tip_channel.vault.listener.read_text())) == {str(other)}
    assert folder.stat().st_mtime == day
    assert "hel" in said("tips_status", "--verify")


def test_a_tip_that_was_read_before_the_alarm_ran_calls_nobody(duty):
    steps.open_tip(_leave(), "anna")
    assert said("tips_alarm") == SILENCE
    assert duty.called == []


def test_the_janitor_takes_the_marks_away_too(duty, tip_channel):
    read, unread, purged = _leave(), _leave(), _leave()
    steps.open_tip(read, "anna")
    Tip.objects.filter(pk=purged).delete()
    Tombstone.objects.create(
        id=purged, received_on=date(2026, 11, 1), decision="2026-1", purged_on=date(2026, 11, 2),
        proposed_by="anna", approved_by="bo",
    )  # fmt: skip
    alarm.calm_the_read(tip_channel.vault)
    assert _marked(tip_channel) == {unread}
    steps.open_tip(unread, "anna")

    assert janitor.tidy_up(tip_channel.vault, 60).faults == []

    assert _marked(tip_channel) == set()


def test_a_tip_without_a_row_yet_is_called_for_all_the_same(duty):
    tip_id = _leave()
    Tip.objects.filter(pk=tip_id).delete()
    assert said("tips_alarm") == CALLED


def test_a_command_that_fails_is_run_again_and_the_journal_says_so(duty, journal):
    duty.does("print('x' * 300 + '\\nIngen linje till jouren'); sys.exit(3)")
    _leave()
    words = "Jourlarmet gick inte fram: kommandot slutade med 3 (Ingen linje till jouren)."

    assert fault("tips_alarm") == words
    assert fault("tips_alarm") == words
    assert [told for _level, told in journal] == [words, words]
    duty.does("")
    assert said("tips_alarm") == CALLED
    assert len(duty.called) == 3
    assert len(journal) == 2


def _is_alive(process):
    try:
        return process.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_command_that_hangs_is_killed_with_all_that_it_has_started(
    duty, journal, monkeypatch, tmp_path
):
    pid = tmp_path / "child"
    duty.does(
        f"import subprocess; open({str(pid)!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid));"
        " time.sleep(600)"
    )
    monkeypatch.setattr(alarm, "PATIENCE", 1)
    _leave()

    assert "blev inte klart på 1 sekunder" in fault("tips_alarm")

    child = Path("/proc", pid.read_text(), "stat")
    looks = 0
    while _is_alive(child):  # a killed process may take a moment to end
        looks += 1
        assert looks < 10_000
        time.sleep(0.01)
    assert len(journal) == 1


def test_a_command_that_is_not_there_is_said_not_to_start(duty, journal, settings):
    settings.TIPS_ALARM_COMMAND = ["/finns/inte"]
    _leave()
    assert "kommandot går inte att starta (No such file" in fault("tips_alarm")
    assert len(journal) == 1


def test_no_shell_reads_the_command(duty, settings, tmp_path):
    settings.TIPS_ALARM_COMMAND = ["/bin/echo", f"$(touch {tmp_path}/made); touch {tmp_path}/made"]
    _leave()
    assert said("tips_alarm") == CALLED
    assert not (tmp_path / "made").exists()


def test_the_alarm_can_be_tried_and_a_trial_is_no_alarm(duty, tip_channel):
    assert said("tips_alarm", "--try") == CALLED
    _leave()
    assert said("tips_alarm") == CALLED
    assert len(duty.called) == 2


def test_without_a_command_nothing_is_marked_and_nobody_called(duty, tip_channel, settings):
    _leave()
    assert len(_marked(tip_channel)) == 1
    settings.TIPS_ALARM_COMMAND = []

    assert said("tips_alarm") == "Inget jourlarm: SAPO_TIPS_ALARM är tom.\n"

    assert _marked(tip_channel) == set()
    _leave()
    assert _marked(tip_channel) == set()
    assert "SAPO_TIPS_ALARM är tom" in fault("tips_alarm", "--try")
    assert "Jourlarm vid brådskande tips: nej" in said("tips_status")


def test_an_alarm_that_nobody_runs_is_told_from_one_that_is_run(duty, tip_channel):
    assert "Jourlarm vid brådskande tips: ja\n" in said("tips_status")
    set_day(tip_channel.vault.listener, localdate() - timedelta(days=1))
    not_run = "Jourlarm vid brådskande tips: ja, men tips_alarm har inte körts i dag\n"
    assert not_run in said("tips_status")
    tip_channel.vault.listener.unlink()
    assert not_run in said("tips_status")


def test_a_tip_is_marked_by_an_empty_file_that_says_no_more_than_the_day(duty, tip_channel):
    urgent, other = _leave(), _leave(urgent="")
    folder = tip_channel.vault.folder(urgent)
    mark = folder / "urgent"
    day = Tip.objects.get(pk=urgent).received_on
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()

    assert mark.read_bytes() == b""
    assert stat.S_IMODE(mark.stat().st_mode) == 0o640
    assert mark.stat().st_mtime == folder.stat().st_mtime == midnight
    assert not (tip_channel.vault.folder(other) / "urgent").exists()
    assert tip_channel.vault.listener.stat().st_mtime % 86_400 == 0


def test_a_memory_that_a_crash_has_cut_off_is_rather_one_call_too_many(duty, tip_channel, subtests):
    for text in ["", "{", "[]", '{"x": "y"}', "null", '{"a": null}']:
        with subtests.test(text=text):
            tip_channel.vault.listener.write_text(text)
            _leave()
            assert said("tips_alarm") == CALLED
            assert said("tips_alarm") == SILENCE
            called = json.loads(tip_channel.vault.listener.read_text())
            assert set(called) == set(map(str, _marked(tip_channel)))


def test_a_mark_of_a_folder_that_is_gone_stops_nothing(duty, tip_channel):
    tip_channel.vault.calm(uuid.uuid4())


def test_the_one_on_duty_is_called_within_five_minutes():
    when, *command = jobs()["tips-alarm"]
    assert command == ["desk", "tips_alarm"]
    every = when.removeprefix("*:0/")
    assert int(every) * 60 + 2 * alarm.PATIENCE < 5 * 60
