"""The content version is followed by a thread that nothing ends for good."""

import threading
from collections.abc import Callable, Iterator
from unittest.mock import MagicMock

import pytest
from django.db import DatabaseError

from pages.public.store import watch as watching
from pages.public.store.watch import Watch
from tests.pace import until


@pytest.fixture
def withdrawn() -> list[str]:
    return []


@pytest.fixture
def mistakes() -> list[str]:
    return []


@pytest.fixture
def ended() -> list[str]:
    """The databases for which the waiting was ended."""
    return []


@pytest.fixture
def versions(monkeypatch, withdrawn, mistakes, ended) -> Iterator[list[str | Exception]]:
    """What the database answers; the last one again and again."""
    answers: list[str | Exception] = ["1"]

    def current() -> str:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(watching.ContentVersion, "current", current)
    monkeypatch.setattr(watching, "connections", MagicMock())
    monkeypatch.setattr(watching, "_withdrawn_since", lambda day: frozenset(withdrawn))
    monkeypatch.setattr(watching, "mistakes", lambda: frozenset(mistakes))
    monkeypatch.setattr(watching.waiting, "end", lambda alias: ended.append(alias))
    monkeypatch.setattr(watching, "_EVERY_SECONDS", 0.01)
    yield answers
    monkeypatch.setattr(watching, "_SLEEPS_AFTER_SECONDS", 0)
    for thread in threading.enumerate():
        if thread.name == "content version":
            thread.join()


def test_the_first_reader_waits_for_the_version_and_the_next_ones_do_not(versions):
    watch = Watch()
    assert watch.current() == "1"
    versions[:] = ["2"]
    until(lambda: watch.current() == "2")


def test_a_fault_of_any_kind_leaves_the_last_version_and_is_not_the_end(versions):
    watch = Watch()
    watch.current()
    versions[:] = [RuntimeError("något oväntat"), OSError(), "2"]
    until(lambda: watch.current() == "2")


def test_a_process_that_was_silent_asks_before_it_answers(versions, monkeypatch):
    monkeypatch.setattr(watching, "_SLEEPS_AFTER_SECONDS", 0.05)
    watch = Watch()
    watch.current()
    until(lambda: not any(each.name == "content version" for each in threading.enumerate()))
    versions[:] = ["2"]
    assert watch.current() == "2"


def test_that_the_database_is_gone_and_back_is_said_once_each(versions, caplog):
    watch = Watch()
    watch.current()
    assert not watch.is_blind
    versions[:] = [DatabaseError(), DatabaseError(), DatabaseError()]
    until(lambda: watch.is_blind)
    versions[:] = ["2"]
    until(lambda: not watch.is_blind)
    assert [record.message for record in caplog.records] == [
        "The database does not answer: pages stand as they were",
        "The database answers again",
    ]


def test_what_others_have_withdrawn_is_known_with_the_version(versions, withdrawn):
    watch = Watch()
    watch.current()
    withdrawn.append("/verksamheten/samverkan/")
    versions[:] = ["2"]
    until(lambda: watch.current() == "2")
    assert watch.withdrawn == {"/verksamheten/samverkan/"}


def test_what_was_published_by_mistake_is_another_set_only_when_one_comes_or_goes(
    versions, mistakes
):
    watch = Watch()
    watch.current()
    known = watch.mistakes
    versions[:] = ["2"]
    until(lambda: watch.current() == "2")
    assert watch.mistakes is known
    mistakes.append("/verksamheten/fel/")
    versions[:] = ["3"]
    until(lambda: watch.current() == "3")
    assert watch.mistakes == watch.withdrawn == {"/verksamheten/fel/"}


def test_a_database_that_is_gone_lets_nobody_wait(versions, ended):
    watch = Watch()
    watch.current()
    versions[:] = [DatabaseError()]
    until(lambda: bool(ended))


def test_a_database_that_hangs_is_known_to_be_gone_and_lets_nobody_wait(
    versions, ended, monkeypatch, caplog
):
    monkeypatch.setattr(watching, "_PATIENCE_SECONDS", 0.1)
    goes_on = threading.Event()

    def hang() -> str:
        goes_on.wait(60)
        return "2"

    monkeypatch.setattr(watching.ContentVersion, "current", hang)
    watch = Watch()
    assert watch.current() == watch.current() == ""
    assert watch.is_blind
    until(lambda: len(ended) > 1)
    goes_on.set()
    until(lambda: not watch.is_blind and watch.current() == "2")
    assert len(caplog.records) == 2


# In step with the edition


@pytest.fixture
def shows(settings, tmp_path) -> Callable[[str], None]:
    """Makes the edition of a version current."""
    settings.EDITION_URL, settings.EDITION_DIR = "https://www.example.se", tmp_path

    def show(version: str) -> None:
        (tmp_path / "next").symlink_to(f"{version}.0")
        (tmp_path / "next").replace(tmp_path / "current")

    return show


def test_a_process_goes_over_with_the_edition_though_it_has_not_asked_yet(versions, shows):
    shows("1")
    watch = Watch()
    assert watch.current() == "1"
    shows("2")
    assert watch.current() == "2"


def test_a_process_that_knows_first_waits_for_the_edition(versions, shows):
    shows("1")
    watch = Watch()
    watch.current()
    versions[:] = ["2"]
    until(lambda: watch._version == "2")
    assert watch.current() == "1"
    shows("2")
    assert watch.current() == "2"


def test_an_edition_that_does_not_follow_holds_nobody_up(versions, shows, monkeypatch):
    monkeypatch.setattr(watching, "_STEP_SECONDS", 0.05)
    shows("1")
    watch = Watch()
    watch.current()
    versions[:] = ["2"]
    until(lambda: watch.current() == "2")


def test_what_was_made_between_a_change_and_its_edition_waits_for_it_and_no_longer(
    versions, shows, monkeypatch
):
    monkeypatch.setattr(watching, "_STEP_SECONDS", 60)
    shows("1")
    watch = Watch()
    watch.current()
    threading.Timer(0.05, shows, ["2"]).start()
    assert watch.wait_for("2") == "2"
    monkeypatch.setattr(watching, "_LOOK_SECONDS", "whoever waits now fails")
    assert watch.wait_for("1") == "2"  # what began before the change
