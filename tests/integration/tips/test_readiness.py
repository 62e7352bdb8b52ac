"""Readers of the form are told at once, and at little cost, when no tip can be taken in."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tips.keeping import readiness as module
from tips.keeping.readiness import Readiness

from .sending import FORM, page_of, send

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture
def clock(monkeypatch):
    """The time, which stands still unless it is set."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


@pytest.mark.fault("database gone")
def test_the_form_is_shown_closed_while_its_database_is_gone(
    client, tip_channel, tmp_path, clock, caplog
):
    assert client.get(FORM).status_code == 203
    nowhere = str(tmp_path) if connections["tips"].vendor == "sqlite" else "finns_inte"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections["tips"].settings_dict, "NAME", nowhere)
        assert client.get(FORM).status_code == 203  # as it was a moment ago
        clock.now += 5.1
        for path in (FORM, "/en/tipsa/formular/utan-skript/skriv/"):
            response = client.get(path)
            assert response.status_code == 503
            assert "<form" not in page_of(response)
            assert "114 14" in page_of(response)
        assert client.get("/tipsa/").status_code == 200
    assert client.get(FORM).status_code == 503
    clock.now += 5.1
    assert client.get(FORM).status_code == 203
    assert [record.getMessage() for record in caplog.records] == ["The form is closed: database"]


def test_a_tip_is_taken_in_although_the_form_was_found_closed(client, tip_channel, monkeypatch):
    """Whoever has written it should not be turned away for what was true some seconds ago."""
    monkeypatch.setattr("tips.keeping.readiness.readiness._is_there", False)
    assert send(client).status_code == 200


class Database:
    """Answers what and when it is told to, and counts how often it is asked."""

    def __init__(self):
        self.is_there = True
        self.may_answer = threading.Event()
        self.asked = 0

    def answers(self):
        self.asked += 1
        self.may_answer.wait(10)
        return self.is_there


def test_however_many_want_to_know_the_database_is_asked_once(monkeypatch):
    database, readiness = Database(), Readiness()
    monkeypatch.setattr(module, "_answers", database.answers)
    with ThreadPoolExecutor(20) as threads:
        answers = [threads.submit(readiness.is_database_there) for _ in range(20)]
        database.may_answer.set()
        assert all(answer.result() for answer in answers)
    assert database.asked == 1


def test_while_it_is_gone_only_one_waits_and_the_others_are_told_at_once(monkeypatch, clock):
    database, readiness = Database(), Readiness()
    monkeypatch.setattr(module, "_answers", database.answers)
    database.is_there = False
    database.may_answer.set()
    assert not readiness.is_database_there()
    clock.now += 5.1
    database.may_answer.clear()
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(readiness.is_database_there)
        while database.asked < 2:
            pass
        assert [readiness.is_database_there() for _ in range(100)] == [False] * 100
        database.is_there = True
        database.may_answer.set()
        assert waits.result()
    assert readiness.is_database_there()
    assert database.asked == 2
