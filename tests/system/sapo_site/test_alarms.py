"""Each alarm that ships rings when it should, and not before, and says in the runbook what to do."""

import json
import re
import subprocess

import pytest

from tests.lacking import need
from tests.postgres import ROOT, section

RULES = ROOT / "deploy" / "alerts.yml"
NAMES = re.findall(r"^      - alert: (\w+)$", RULES.read_text(), re.MULTILINE)
_DAY = 24 * 60 * 60
# At four o'clock after a beginning in 1970, minute by minute: the series with which it is quiet, and
# with which it rings. None: the series is not there.
_HOURS, _MINUTES = 4, 240
_NOW = f"0+60x{_MINUTES}"
# Several series with their values: " | " stands between.
_OF_ANSWERS = " | ".join(f'sapo_requests_total{{host="www",status="{status}"}}' for status in "25")
_OF_WAITS = " | ".join(
    [f'sapo_answer_seconds_bucket{{host="www",le="{most}"}}' for most in ("3", "10", "+Inf")]
    + ['sapo_answer_seconds_count{host="www"}']
)


def _waits(within: int, of: int = 100) -> str:
    """So many answers of each minute's come within three seconds."""
    return " | ".join(f"0+{count}x{_MINUTES}" for count in (within, of, of, of))


ALARMS: dict[str, list[tuple[str, str | None, str | None]]] = {
    "SapoFiguresOld": [
        ("sapo_figures_timestamp_seconds", _NOW, f"0x{_MINUTES}"),
        ("sapo_figures_timestamp_seconds", _NOW, None),
    ],
    "SapoNotReady": [('sapo_ready{role="intake"}', f"1x{_MINUTES}", f"1x{_MINUTES - 10} 0x9")],
    "SapoDueNotPublished": [("sapo_due_not_published", f"0x{_MINUTES}", f"0x{_MINUTES - 10} 1x9")],
    "SapoWebsiteUnknown": [("sapo_due_not_published", f"0x{_MINUTES}", None)],
    "SapoEditionNotWhole": [
        ("sapo_edition_is_whole", f"1x{_MINUTES - 20} 0x19", f"1x{_MINUTES - 40} 0x39"),
    ],
    "SapoRecordsBehind": [
        ("sapo_records_waiting_seconds", f"120x{_MINUTES}", f"0x{_MINUTES - 10} 1000x9"),
    ],
    "SapoMailsWait": [
        ("sapo_mails_waiting", f"0x{_MINUTES - 30} 5x29", f"0x{_MINUTES - 70} 5x69"),
    ],
    "SapoUnitFailed": [("sapo_failed_units", f"0x{_MINUTES}", f"0x{_MINUTES - 15} 1x14")],
    "SapoBackupOld": [
        ("sapo_last_good_backup_timestamp_seconds", _NOW, f"0x{_MINUTES}"),
        ("sapo_last_good_backup_timestamp_seconds", _NOW, None),
    ],
    "SapoMirrorOld": [
        ('sapo_sent_to_mirror_timestamp_seconds{mirror="m1.example.se"}', _NOW, f"0+60x{_MINUTES - 22} {(_MINUTES - 22) * 60}x21"),
    ],
    "SapoCertificateEnds": [
        ("sapo_certificate_ends_timestamp_seconds", f"{15 * _DAY}x{_MINUTES}", f"{14 * _DAY}x{_MINUTES}"),
        ("sapo_certificate_ends_timestamp_seconds", f"{15 * _DAY}x{_MINUTES}", None),
    ],
    "SapoDiskFull": [("sapo_disk_free_gigabytes", f"2x{_MINUTES}", f"2x{_MINUTES - 10} 1x9")],
    # Of a hundred answers a minute: one fails, five do. One a minute in all, of which each fails: too few to tell.
    "SapoAnswersFail": [
        (_OF_ANSWERS, f"0+99x{_MINUTES} | 0+1x{_MINUTES}", f"0+95x{_MINUTES} | 0+5x{_MINUTES}"),
        (_OF_ANSWERS, f"0x{_MINUTES} | 0+1x{_MINUTES}", f"0x{_MINUTES} | 0+2x{_MINUTES}"),
    ],
    "SapoAnswersSlow": [(_OF_WAITS, _waits(95), _waits(85)), (_OF_WAITS, _waits(0, 1), _waits(0, 4))],
    "SapoAnswersUncounted": [('sapo_requests_total{host="www",status="2"}', _NOW, None)],
}  # fmt: skip


def test_every_alarm_is_tried():
    assert sorted(ALARMS) == sorted(NAMES)


def test_an_alarm_rings_when_it_should_and_is_quiet_before(tmp_path):
    tests = [
        _asked(name, series, values, rings=rings)
        for name, cases in ALARMS.items()
        for series, quiet, loud in cases
        for values, rings in ((quiet, False), (loud, True))
    ]
    file = tmp_path / "tests.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "tests": tests}))
    done = subprocess.run(
        [need("promtool"), "test", "rules", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _asked(name: str, series: str, values: str | None, *, rings: bool) -> dict:
    """How many of the alarm ring at the end, by Prometheus's own series of those that do."""
    asked = f'count(ALERTS{{alertname="{name}",alertstate="firing"}})'
    return {
        "interval": "1m",
        "input_series": [
            {"series": each, "values": of_each}
            for each, of_each in zip(series.split(" | "), values.split(" | "), strict=True)
        ]
        if values
        else [],
        "promql_expr_test": [
            {
                "expr": asked,
                "eval_time": f"{_HOURS}h",
                "exp_samples": [{"labels": "{}", "value": 1}] if rings else [],
            }
        ],
    }


def test_every_alarm_has_its_line_in_the_runbook_and_every_line_its_alarm():
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|$", section("Alarms"), re.MULTILINE)
    assert sorted(name for name, _means, _do in rows) == sorted(NAMES)
    assert all(means.strip() and do.strip() for _name, means, do in rows)


@pytest.mark.parametrize("name", NAMES)
def test_an_alarm_asks_for_figures_that_are_written(name):
    rule = RULES.read_text().partition(f"alert: {name}\n")[2].partition("- alert")[0]
    written = "".join(
        (ROOT / path).read_text()
        for path in (
            "sapo_site/operating/node_figures.py",
            "sapo_site/management/commands/site_figures.py",
            "deploy/requests.mtail",
        )
    )
    asked = set(re.findall(r"sapo_\w+?(?=_bucket|_count\b|\b)", rule))
    assert asked
    assert all(figure in written for figure in asked)
