"""What tests/integration/pages/test_due.py says, in more cases."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from pages.content.models import Alert, ThreatLevelDecision
from pages.management import at_each_moment
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.submissions import Result, open_submission_of, send
from tests.factories import AlertFactory, ThreatLevelDecisionFactory
from tests.integration.pages import test_due as first
from tests.integration.pages.test_due import MINUTE, NINE, stored, version
from tests.newsroom import approved_by_two

clock, at, _names = first.clock, first.at, first._names
article, passing = first.article, first.passing

pytestmark = pytest.mark.django_db


def test_what_is_late_is_told_to_whoever_watches(at, clock, article, editor, chief_editor, capsys):
    def told(moment):
        clock(moment)
        call_command("site_figures")
        return capsys.readouterr().out

    approved_by_two(editor, chief_editor, version(article))
    assert "sapo_due_not_published 0\n" in told(NINE + MINUTE)  # the job may be doing it
    assert "sapo_due_not_published 1\n" in told(NINE + 3 * MINUTE)
    at(NINE + 4 * MINUTE)
    assert "sapo_due_not_published 0\n" in told(NINE + 5 * MINUTE)


def test_an_emergency_overtakes_what_was_scheduled(at, clock, article, editor, chief_editor):
    approved_by_two(editor, chief_editor, version(article, title="Planerat"))
    put_out_in_emergency(
        chief_editor, [version(article, None, title="Bråttom")], "Fara för människors liv"
    )
    assert at(NINE) == ["Publicerades inte: ”Planerat”"]
    assert stored(article).title == "Bråttom"


def test_the_last_of_two_schedules_counts(at, clock, article, editor, chief_editor):
    approved_by_two(editor, chief_editor, version(article, title="Först"))
    approved_by_two(editor, chief_editor, version(article, NINE + MINUTE, title="Sedan"))
    assert at(NINE) == ["Publicerades inte: ”Först”"]
    assert at(NINE + MINUTE) == ["Publicerad: ”Sedan”"]
    assert stored(article).title == "Sedan"


def test_a_later_version_starts_although_the_former_has_ended(
    at, clock, article, editor, chief_editor
):
    approved_by_two(editor, chief_editor, version(article, None, expire_at=NINE))
    later = version(article, NINE + MINUTE, title="Åter", expire_at=None)
    approved_by_two(editor, chief_editor, later)
    assert at(NINE) == []
    assert not stored(article).live
    assert at(NINE + MINUTE) == ["Publicerad: ”Åter”"]
    assert stored(article).live


def test_messages_keep_times_of_their_own(at, clock, home, editor, chief_editor):
    alert = AlertFactory(live=False, starts_at=NINE, ends_at=NINE + MINUTE)
    assert approved_by_two(editor, chief_editor, alert.save_revision()).result is Result.PUBLISHED
    at(NINE + 2 * MINUTE)
    assert Alert.objects.get().live


def test_the_search_follows_a_level_when_it_comes_into_force(at, clock, home, monkeypatch):
    ThreatLevelDecisionFactory(decided_at=NINE)
    assert ThreatLevelDecision.objects.public().exists()
    followed = []
    monkeypatch.setattr(
        "pages.management.at_each_moment.follow_threat_level",
        lambda: followed.append(timezone.now()),
    )
    for moment in (NINE - MINUTE, NINE, NINE + 5 * MINUTE):
        at(moment)
    assert followed == [NINE]


def test_what_is_approved_while_it_waits_goes_out_in_its_second(
    passing, article, editor, chief_editor
):
    starts = NINE + timedelta(seconds=30)

    def approve():
        approved_by_two(editor, chief_editor, version(article, starts))

    just_before = NINE + timedelta(seconds=29.5)
    assert passing(NINE, NINE + MINUTE, {just_before: approve}) == [starts]
    assert stored(article).live


def test_the_search_follows_a_level_in_its_second(passing, home, monkeypatch):
    comes = NINE + MINUTE
    ThreatLevelDecisionFactory(decided_at=comes)
    followed = []
    monkeypatch.setattr(at_each_moment, "follow_threat_level", lambda: followed.append(True))
    assert passing(NINE, NINE + 2 * MINUTE) == [comes]
    assert followed == [True]


def test_what_fails_is_tried_again_for_some_seconds_and_then_each_minute(
    passing, article, editor, chief_editor, monkeypatch
):
    approved_by_two(editor, chief_editor, version(article))
    with monkeypatch.context() as broken:
        broken.setattr("pages.newsroom.due._publish", _fails)
        tries = passing(NINE - MINUTE, NINE + MINUTE)
    assert 1 < len(tries) <= 6
    assert passing(NINE + MINUTE, NINE + 2.1 * MINUTE) == [NINE + 2 * MINUTE]
    assert stored(article).live


def _fails(_approvals):
    raise OSError("disk")


def test_the_only_chief_asks_the_editors(at, clock, article, editor, chief_editor):
    send(chief_editor, [version(article, None)])
    at(timezone.now() + timedelta(days=3))
    assert mail.outbox[0].to == ["rolf@example.org"]


def test_the_time_of_an_earlier_version_makes_nothing_late(
    at, clock, article, editor, chief_editor
):
    approved_by_two(editor, chief_editor, version(article))
    at(NINE)
    send(editor, [version(article, NINE, title="Nytt")])
    assert at(NINE + 2 * MINUTE) == []
    assert open_submission_of(article) is not None
