"""When each file here last ran whole, with all its rounds: kept in last_run.tsv, shown at the start of --long."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from tests.tiers import ROOT

HERE = Path(__file__).parent
RECORD = HERE / "last_run.tsv"
SHOWN = 5

_ran: dict[str, list[pytest.TestReport]] = defaultdict(list)


def _record() -> dict[str, dict[str, str]]:
    files = sorted(path.relative_to(ROOT).as_posix() for path in HERE.rglob("test_*.py"))
    with RECORD.open(newline="") as record:
        kept = {row["file"]: row for row in csv.DictReader(record, delimiter="\t")}
    return {file: kept.get(file, {"file": file, "date": ""}) for file in files}


def pytest_report_header(config: pytest.Config) -> list[str]:
    if not config.getoption("--long"):
        return []
    oldest = sorted(_record().values(), key=lambda row: row["date"])[:SHOWN]
    told = (
        f"{row['file'].removeprefix('tests/long/')} {row['date'] or 'aldrig'}" for row in oldest
    )
    return [f"Kördes senast, äldst först: {', '.join(told)}"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    file = report.nodeid.partition("::")[0]
    if (ROOT / file).is_relative_to(HERE):
        _ran[file].append(report)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A file with a test that failed, or was passed over for want of something, has not run."""
    is_first = not hasattr(session.config, "workerinput")
    was_whole = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if not (is_first and was_whole and session.config.getoption("--long")):
        return
    record = _record()
    for file, reports in _ran.items():
        if all(each.passed for each in reports):
            tests = sum(each.when == "call" for each in reports)
            seconds = round(sum(each.duration for each in reports))
            record[file] |= {"date": f"{date.today()}", "tests": tests, "seconds": seconds}
    with RECORD.open("w", newline="") as kept:
        rows = csv.DictWriter(
            kept, ["file", "date", "tests", "seconds"], delimiter="\t", lineterminator="\n"
        )
        rows.writeheader()
        rows.writerows(row for row in record.values() if row["date"])
