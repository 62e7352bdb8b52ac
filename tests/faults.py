"""What breaks: a table in docs/operations.md, and what the tests that are marked with a row of it have seen.

`./sapo test --long -m fault` prints it. A test says `record_property("rounds", …)`, how often it let the thing
break, `"seen"`, in words, and with the fixture `acknowledges`, what of it somebody was told is saved. Where nothing is, as for
who only reads, the table says –.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
_HEADS = ("fault", "rounds", "seen", "lost")


def rows() -> list[str]:
    """What can break, as the first column of the table names it."""
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.partition("\n## What breaks\n")[2].partition("\n## ")[0]
    of_faults = table.partition("| what breaks |")[2].partition("\n\n")[0]
    return re.findall(r"^\| ([^|]+?) \|", of_faults, re.MULTILINE)


def name_rows(items: list[pytest.Item]) -> None:
    """Lets the report of each test say which rows it shows."""
    for item in items:
        for marker in item.iter_markers("fault"):
            item.user_properties.extend(("fault", row) for row in marker.args)


def summary(reports: list[pytest.TestReport]) -> list[str]:
    """The table as text: a line for each row that a test has shown."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        said = dict(report.user_properties)
        for name, row in report.user_properties:
            if name == "fault":
                found[str(row)]["rounds"].append(int(str(said.get("rounds", 1))))
                for count in ("kept", "lost"):
                    found[str(row)][count] += [int(str(said[count]))] if count in said else []
                found[str(row)]["seen"] += (
                    [said["seen"]] if report.passed and "seen" in said else []
                )
                found[str(row)]["failed"] += [report.nodeid] if report.failed else []
    lines = [_HEADS]
    for row, of in sorted(found.items()):
        seen = "; ".join(map(str, of["seen"])) or "as the table says"
        seen = f"FAILED: {', '.join(of['failed'])}" if of["failed"] else seen
        lost, kept = sum(of["lost"]), sum(of["kept"])
        lost = f"{lost} of {lost + kept}" if lost + kept else "–"
        lines.append((row, str(sum(of["rounds"])), seen, lost))
    widths = [max(len(line[column]) for line in lines) for column in range(2)]
    return [
        f"{row:{widths[0]}}  {rounds:>{widths[1]}}  {lost:>9}  {seen}"
        for row, rounds, seen, lost in lines
    ]
