"""Readers of the form are told at once, and at little cost, when no tip can be taken in."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.db.utils import ConnectionHandler

from tests.postgres import installed
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
        for path in (FORM, "/en/tipsa/formular/utan-skript/"):
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


@pytest.fixture
def as_the_intake(monkeypatch):
    """A PostgreSQL of its own that may be hurt, asked as the intake asks it."""
    with installed() as server:
        own = {
            "ENGINE": "django.db.backends.postgresql", "NAME": "sapo_tips",
            "USER": "sapo-intake", "HOST": str(server.folder), "OPTIONS": {"connect_timeout": 2},
        }  # fmt: skip
        handler = ConnectionHandler({"default": own, "tips": own})
        monkeypatch.setattr(module, "connections", handler)
        monkeypatch.setattr(module, "_LONGEST", "200ms")
        yield server


@pytest.mark.fault("database hangs")
@pytest.mark.fault("database read-only")
def test_whatever_is_wrong_with_postgresql_is_found_out_soon(as_the_intake):
    server = as_the_intake
    assert module._answers()
    with server.connect("sapo-intake", "sapo_tips") as intake:  # nor does a tip wait longer
        assert intake.execute("SHOW statement_timeout").fetchone() == ("10s",)
    with server.connect("postgres", "sapo_tips") as owner:
        assert owner.execute("SELECT count(*) FROM tips_tip").fetchone() == (0,)
        for table in ("tips_tip", "tips_arrival"):
            owner.execute(f'REVOKE INSERT ON {table} FROM "sapo-intake"')
            assert not module._answers()
            owner.execute(f'GRANT INSERT ON {table} TO "sapo-intake"')
            assert module._answers()
        owner.execute('ALTER ROLE "sapo-intake" SET default_transaction_read_only = on')
        assert not module._answers()
        owner.execute('ALTER ROLE "sapo-intake" RESET default_transaction_read_only')
        with owner.transaction():
            owner.execute("LOCK TABLE tips_tip IN ACCESS EXCLUSIVE MODE")
            assert not module._answers()

    master = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(master, signal.SIGSTOP)  # it does not answer, and does not say so
    try:
        assert not module._answers()
    finally:
        os.kill(master, signal.SIGCONT)
    server.stop()
    assert not module._answers()
    server.start()
    assert module._answers()
