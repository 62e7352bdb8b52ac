"""What is read off Lighthouse's report, and what becomes of a page that it cannot judge."""

import json
from contextlib import nullcontext

import pytest

from tools.bench import lighthouse
from tools.bench.load import Target
from tools.bench.servers import Failed


def _report(**scores: float | None) -> dict:
    categories = {
        name: {"score": scores.get(name.replace("-", "_"), 1),
               "auditRefs": [{"id": f"{name}-audit", "weight": 1}, {"id": "told", "weight": 0}]}
        for name in lighthouse._CATEGORIES
    }  # fmt: skip
    audits = {f"{name}-audit": {"score": each["score"]} for name, each in categories.items()}
    return {"categories": categories, "audits": {**audits, "told": {"score": 0}}}


def test_a_page_that_got_all_points_has_nothing_that_takes_them():
    report = _report()
    assert lighthouse.marks_in(report) == dict.fromkeys(lighthouse._CATEGORIES, 100)
    assert lighthouse.faults_in(report) == []


def test_what_takes_points_is_named_and_what_is_only_told_is_not():
    report = _report(seo=0.92)
    assert lighthouse.marks_in(report)["seo"] == 92
    assert lighthouse.faults_in(report) == ["seo-audit"]


def test_a_mark_that_could_not_be_given_counts_as_none():
    assert lighthouse.marks_in(_report(performance=None))["performance"] == 0


@pytest.fixture
def judged(monkeypatch, tmp_path) -> dict[str, object]:
    """Reports by the page's name; nothing is started or installed."""
    reports: dict[str, object] = {}

    def report(program, chromium, page, options):
        found = reports.get(page.name, _report())
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(lighthouse, "_installed", lambda folder, say: ["lighthouse"])
    monkeypatch.setattr(lighthouse, "program", lambda name, package: name)
    monkeypatch.setattr(lighthouse, "gunicorn", lambda *words, **options: nullcontext())
    monkeypatch.setattr(lighthouse, "_report", report)
    monkeypatch.setattr(Target, "length", lambda self: 1)
    return reports


class _Site:
    def demo_environment(self) -> dict[str, str]:
        return {}


def test_every_kind_of_page_is_judged_on_both_devices(judged, tmp_path):
    judged["article"] = _report(accessibility=0.97)
    [table], aims = lighthouse.tables(_Site(), tmp_path, quick=False, say=print)
    assert len(table.rows) == len(aims) == 2 * len(lighthouse.PAGES)
    unmet = [aim.text for aim in aims if not aim.is_met]
    assert unmet == ["article, mobile: lowest mark", "article, desktop: lowest mark"]


def test_a_page_that_lighthouse_cannot_judge_is_left_out_with_a_line(judged, tmp_path):
    judged["tip form"] = Failed("blev inte klar på 180 s")
    said = []
    [table], _aims = lighthouse.tables(_Site(), tmp_path, quick=True, say=said.append)
    assert {row[0] for row in table.rows} == {"start page", "article"}
    assert said[0] == "tip form, mobile: blev inte klar på 180 s. Utelämnas."


def test_a_report_of_a_fault_in_the_browser_is_refused(monkeypatch):
    said = json.dumps({"runtimeError": {"message": "Chrome did not start\nat line 1"}})
    monkeypatch.setattr(lighthouse, "_run", lambda *words: said)
    page = Target("article", type("Server", (), {"port": 1})(), "/", "")
    with pytest.raises(Failed, match=r"^Chrome did not start$"):
        lighthouse._report(["lighthouse"], "chromium", page, ())
