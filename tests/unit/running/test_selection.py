"""Which tests run, in how many processes, and when one has the machine for itself."""

import fcntl
import os
import re
import threading
from pathlib import Path

import pytest

from tests import turns
from tests.__main__ import _spread, main
from tests.machine import nspawn


def test_every_process_names_the_tests_alike(request):
    named = [item.nodeid for item in request.session.items]
    assert [name for name in named if re.search(r"\b0x[0-9a-f]{6}", name)] == []


@pytest.mark.parametrize(
    "arguments",
    [["-n", "0"], ["-n3"], ["--numprocesses=2"], ["--pdb"], ["-s"], ["-p", "no:xdist"],
     ["--collect-only"], [__file__], [f"{__file__}::test_x"]],
    ids=" ".join,
)  # fmt: skip
def test_who_says_it_otherwise_or_asks_for_one_file_is_obeyed(arguments):
    assert _spread(arguments) == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["-x"], ["--next"], ["-m", "tips"], ["tests/unit", "tests/fault"]],
)
def test_else_all_cores_are_used_while_one_more_waits(arguments, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2})
    assert _spread(arguments)[:2] == ["-n", "4"]


def test_beside_a_database_server_all_cores_are_used(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2})
    assert _spread(["--services"])[:2] == ["-n", "3"]


def test_a_whole_machine_is_asked_for_by_its_word_alone(request):
    assert [
        item for item in request.session.items if item.nodeid.startswith("tests/machine/")
    ] == []


def test_a_whole_machine_is_passed_over_with_a_line_where_none_can_be_started(monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["--machine"]) == 0
    said = "The tests of a whole machine are passed over: the tests do not run as root.\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("program", ["mmdebstrap", "systemd-nspawn", "pasta"])
def test_the_line_names_the_program_that_is_missing(monkeypatch, program):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        nspawn.shutil, "which", lambda name: None if name == program else f"/usr/bin/{name}"
    )
    assert nspawn.why_not() == f"{program} is not installed"


def _is_held(path: Path) -> bool:
    try:
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def test_who_is_alone_waits_for_the_others_and_they_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "RUN", tmp_path)
    said: list[str] = []
    may_end = threading.Event()

    def alone() -> None:
        with turns.taken(is_alone=True):
            said.append("alone")
            may_end.wait(10)
            said.append("ended")

    def another() -> None:
        with turns.taken(is_alone=False):
            said.append("another")

    with turns.taken(is_alone=False), turns.taken(is_alone=False):  # many may be in
        one = threading.Thread(target=alone)
        one.start()
        while not _is_held(tmp_path / "door"):
            one.join(0.01)
        other = threading.Thread(target=another)
        other.start()
        other.join(0.2)
        said.append("first")
    one.join(0.2)
    may_end.set()
    one.join(10)
    other.join(10)

    assert said == ["first", "alone", "ended", "another"]
