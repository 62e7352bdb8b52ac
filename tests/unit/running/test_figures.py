"""The figures of a run of the engines, as the accessibility statement says them."""

import json
from types import SimpleNamespace

from tests.figures import NOTED, Figures


def _report(when: str = "call", **row: object) -> SimpleNamespace:
    return SimpleNamespace(when=when, user_properties=[(NOTED, row), ("other", 1)])


def test_pages_are_counted_once_and_what_was_found_is_added_up(tmp_path):
    figures = Figures(tmp_path / "last_run.json")
    for page, ways, findings in (("start", 8, 0), ("search", 8, 2), ("suggestions", 4, 1)):
        row = {"engines": ["axe-core 4", "Alfa 0.1"], "page": page, "ways": ways}
        figures.pytest_runtest_logreport(_report(findings=findings, **row))
    figures.pytest_runtest_logreport(_report("teardown", findings=9, **row))
    figures.pytest_sessionfinish()

    written = json.loads((tmp_path / "last_run.json").read_text())
    del written["on"]
    assert written == {"engines": "Alfa 0.1, axe-core 4", "pages": 3, "states": 8, "findings": 3}


def test_a_run_in_which_no_page_was_tried_leaves_the_figures_as_they_are(tmp_path):
    Figures(tmp_path / "last_run.json").pytest_sessionfinish()
    assert not (tmp_path / "last_run.json").exists()
