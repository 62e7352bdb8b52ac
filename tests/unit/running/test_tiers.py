"""What a tier runs: which rows, which tests keep a promise, what is passed over, what a change reaches."""

import os
import re
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from tests import __main__ as runner
from tests import changed, tiers
from tests.__main__ import IN_PROCESS, _spread, main
from tests.lacking import passed_over
from tests.long.machine import nspawn


def test_every_process_names_the_tests_alike(request):
    named = [item.nodeid for item in request.session.items]
    assert [name for name in named if re.search(r"\b0x[0-9a-f]{6}", name)] == []


def _drawn(
    monkeypatch,
    seed: str,
    *,
    is_long: bool = False,
    is_changed: bool = False,
    path: str = "tests/unit",
) -> list[str]:
    """The rows that are left of two tables, of which the second keeps a promise."""
    monkeypatch.setenv("SAPO_TEST_SEED", seed)
    items = [
        Mock(
            nodeid=f"tests/unit/test_it.py::{name}[{number}]",
            get_closest_marker=lambda _marker, name=name: name == "test_kept" or None,
        )
        for name in ("test_many", "test_kept")
        for number in range(20)
    ]
    config = SimpleNamespace(
        getoption={"--long": is_long, "--changed": is_changed}.get, args=[path], hook=Mock()
    )
    tiers.draw_rows(items, config)
    return [item.nodeid.partition("::")[2] for item in items]


def test_of_a_table_five_rows_are_drawn_and_a_promise_keeps_all_of_its_own(monkeypatch):
    first = _drawn(monkeypatch, "1")
    assert sum(name.startswith("test_many") for name in first) == tiers.ROWS
    assert sum(name.startswith("test_kept") for name in first) == 20
    assert _drawn(monkeypatch, "1") == first
    assert _drawn(monkeypatch, "2") != first
    assert len(_drawn(monkeypatch, "1", is_long=True)) == 40
    assert len(_drawn(monkeypatch, "1", path=__file__)) == 40
    assert _drawn(monkeypatch, "1", path=__file__, is_changed=True) == first


def test_what_is_passed_over_is_said_with_what_would_help():
    reasons = ["Skipped: Kräver Debians paket age."] * 2 + ["Kräver Debians paket nginx-light."]
    assert passed_over([*reasons, "Skipped: Något annat."]) == [
        "Överhoppade: 1 test. Något annat.",
        "Överhoppade tester i brist på age (2), nginx-light (1)."
        " Installera: apt-get install age nginx-light",
    ]
    assert passed_over([]) == []


@pytest.mark.parametrize(
    ("file", "reaches", "not_reached"),
    [
        ("docs/operations.md", "tests/architecture", "tests/unit/tips/test_age.py"),
        ("tests/unit/tips/test_age.py", "tests/unit/tips/test_age.py", "tests/unit/tips/test_texts.py"),
        ("sapo_site/operating/backup/walks.py", "tests/unit/sapo_site/test_backup_walks.py",
         "tests/integration/tips/test_form.py"),
        ("tips/form/views.py", "tests/integration/tips/test_form.py",
         "tests/unit/pages/test_dating.py"),
        ("tips/opener/tip/tip.js", "tests/unit/tips/test_opener_parts.py",
         "tests/integration/pages/test_search.py"),
    ],
    ids=lambda value: value,
)  # fmt: skip
def test_a_change_reaches_what_imports_it_or_asks_for_it_by_address(file, reaches, not_reached):
    reached = changed.reached_by([file], IN_PROCESS)
    assert reaches in reached
    assert not_reached not in reached


@pytest.mark.parametrize(
    "file",
    ["tests/conftest.py", "sapo_site/settings/base.py", "tips/migrations/0001_initial.py",
     "templates/base.html", "requirements.txt", "pages/public/reading/views.py", "sapo_site/urls.py", "sapo"],
)  # fmt: skip
def test_what_everything_hangs_on_or_nobody_imports_reaches_everything(file):
    assert changed.reached_by([file], IN_PROCESS) is None


@pytest.mark.parametrize(
    ("words", "spread"),
    [(["-n", "0"], []), (["--pdb"], []), ([__file__], []), ([f"{__file__}::test_x"], []),
     ([*IN_PROCESS], ["-n", "3", "--dist", "worksteal"]),
     (["-k", "tips"], ["-n", "3", "--dist", "worksteal"]),
     (["tests/browser"], ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"])],
)  # fmt: skip
def test_all_cores_are_used_unless_somebody_says_otherwise_or_asks_for_one_file(
    words, spread, monkeypatch
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2})
    assert _spread(words) == spread


def test_a_run_that_costs_a_tenth_more_than_it_may_fails_where_ci_asks(monkeypatch, capsys):
    monkeypatch.setattr(runner.pace, "times_slower", lambda: 2.0)
    monkeypatch.setenv("CI", "1")
    assert runner._price(2 * 60 * 10.9) == []
    assert runner._price(2 * 60 * 11.1) == [1]
    assert "11,1 kärnminuter av 10" in capsys.readouterr().out


def test_a_whole_machine_is_passed_over_with_a_line_where_none_can_be_started(monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["--machine"]) == 0
    said = "Testerna av en hel maskin hoppas över: the tests do not run as root.\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("program", ["mmdebstrap", "systemd-nspawn", "pasta"])
def test_the_line_names_the_program_that_is_missing(monkeypatch, program):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        nspawn.shutil, "which", lambda name: None if name == program else f"/usr/bin/{name}"
    )
    assert nspawn.why_not() == f"{program} is not installed"


def test_two_tiers_at_once_are_asked_about(capsys):
    assert main(["--browser", "--long"]) == 1
    assert capsys.readouterr().err == "Välj en av --browser och --long.\n"


def test_a_word_that_is_also_a_folders_name_leaves_the_tier_as_it_is(monkeypatch):
    asked = []
    monkeypatch.setattr(runner, "_pytest", lambda *words, **_more: asked.append(words) or 0)
    assert main(["--browser", "-k", "tips"]) == 0
    assert asked == [("tests/browser", "-k", "tips")]
