"""Each row of what breaks, in docs/operations.md, is shown by a test that carries its name."""

import re
from pathlib import Path

import pytest

from tests import faults

_TESTS = Path(__file__).resolve().parents[1]
_MARK = re.compile(r'mark\.fault\("([^"]+)"\)')


def _carried() -> set[str]:
    return {row for path in _TESTS.rglob("*.py") for row in _MARK.findall(path.read_text())}


def test_every_row_has_a_test_and_every_test_a_row():
    assert len(faults.rows()) > 15
    assert set(faults.rows()) == _carried()


def test_every_row_says_what_each_of_them_meets_and_how_it_heals():
    text = (_TESTS.parent / "docs" / "operations.md").read_text()
    for row in faults.rows():
        [line] = re.findall(rf"^\| {re.escape(row)} \|.*$", text, re.MULTILINE)
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        assert len(cells) == 6, row
        assert all(cells), row


def test_what_the_tests_have_seen_is_a_line_for_each_row():
    def report(row: str, outcome: str, **said: object) -> pytest.TestReport:
        properties = [("fault", row), *said.items()]
        return pytest.TestReport(f"test_{outcome}", ("", 0, ""), {}, outcome, None, "call",
                          user_properties=properties)  # type: ignore[arg-type]  # fmt: skip

    lines = faults.summary([
        report("disk full", "passed", rounds=3, kept=7, lost=0, seen="503"),
        report("disk full", "passed"),
        report("mail gone", "failed"),
    ])  # fmt: skip
    assert [line.split() for line in lines] == [
        ["fault", "rounds", "lost", "seen"],
        ["disk", "full", "4", "0", "of", "7", "503"],
        ["mail", "gone", "1", "–", "FAILED:", "test_failed"],
    ]
