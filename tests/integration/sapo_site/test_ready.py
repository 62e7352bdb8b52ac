"""Whoever watches is told whether a service can do its work: at once, truly, and never why."""

import threading

import pytest

from sapo_site.answering import views
from sapo_site.running import readiness as module
from sapo_site.running.readiness import Fitness
from tests.pace import until

READY = "/halsa/redo/"


@pytest.fixture
def finding(monkeypatch):
    """What is found, which the test may change, by a thread that looks again at once."""
    found: list[str] = []
    monkeypatch.setattr(module, "_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 5)
    monkeypatch.setattr(views, "fitness", Fitness(lambda: list(found)))
    return found


def test_a_word_and_a_status_are_all_that_anybody_is_told(client, finding, caplog):
    assert (client.get(READY).status_code, client.get(READY).content) == (200, b"redo")
    finding.append("form")
    until(lambda: client.get(READY).status_code == 503, 5)
    refused = client.get(READY)
    assert refused.content.decode() == "inte redo"
    assert "no-store" in refused["Cache-Control"]
    assert refused["Retry-After"] == "5"
    finding.clear()
    until(lambda: client.get(READY).status_code == 200, 5)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["Not ready: form", "Ready again"]  # in the journal, once each


def test_nobody_waits_for_what_hangs_and_it_is_not_ready_meanwhile(client, monkeypatch):
    may_answer = threading.Event()
    monkeypatch.setattr(module, "_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(module, "_TOO_OLD_SECONDS", 0.5)
    monkeypatch.setattr(
        views, "fitness", Fitness(lambda: [] if may_answer.wait(60) else ["nothing"])
    )
    assert client.get(READY).status_code == 503  # nothing is known yet
    may_answer.set()
    until(lambda: client.get(READY).status_code == 200, 20)
    may_answer.clear()
    until(lambda: client.get(READY).status_code == 503, 20)
    may_answer.set()


@pytest.mark.django_db(databases=["default", "tips"])
def test_the_form_says_open_only_while_its_service_is_ready(client, tip_channel, settings):
    assert client.get("/tipsa/formular/lage.json").status_code == 200
    assert "form" not in module.lacking()
    tip_channel.keyring_path.unlink()
    assert client.get("/tipsa/formular/lage.json").status_code == 503
    assert "form" in module.lacking()
