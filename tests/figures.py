"""Writes what the accessibility statement says of the last automatic test.

`./sapo test --long --figures tests/long/browser/test_engines.py` writes it; it is part of the release: look at it and
commit it. The tests note what they have tried as a property, so that it comes along from every process.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sapo_site.accessibility.last_run import FIGURES

# The name of the property: engines, page, ways and findings of one test.
NOTED = "accessibility"


class Figures:
    """Collects what was noted, and writes it when the run is through."""

    def __init__(self, path: Path = FIGURES) -> None:
        self.path = path
        self.noted: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.noted += [row for name, row in report.user_properties if name == NOTED]

    def pytest_sessionfinish(self) -> None:
        if not self.noted:
            return
        figures = {
            "on": date.today().isoformat(),
            "engines": ", ".join(sorted({name for row in self.noted for name in row["engines"]})),
            "pages": len({row["page"] for row in self.noted}),
            "states": max(row["ways"] for row in self.noted),
            "findings": sum(row["findings"] for row in self.noted),
        }
        self.path.write_text(json.dumps(figures, indent=2) + "\n")
