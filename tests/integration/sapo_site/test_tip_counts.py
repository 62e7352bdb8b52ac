"""What editors see of the tips themselves: how many came each day."""

import html
import os
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from sapo_site.tips_per_day import DAYS, last_days
from tests.conftest import _user
from tips.exchange import counts_file, write_counts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def exchange_dir(settings, tmp_path):
    settings.EXCHANGE_DIR = tmp_path / "exchange"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    now = timezone.now().replace(year=2026, month=11, day=25, hour=12)
    monkeypatch.setattr(timezone, "now", lambda: now)


def _told(counts: dict[date, int], on: date = TODAY) -> None:
    """The tip channel told these counts on that day."""
    write_counts(counts)
    noon = timezone.now().timestamp() - (TODAY - on) / timedelta(seconds=1)
    os.utime(counts_file(), (noon, noon))


def _report(client) -> str:
    words = html.unescape(client.get("/admin/reports/tips-per-day/").content.decode())
    found = re.search(r'<section id="tips-per-day".*?</section>', words, re.DOTALL)
    return found[0] if found else ""


def _rows(panel: str) -> list[list[str]]:
    """The words of the table, cell by cell."""
    rows = re.findall(r"<tr>(.*?)</tr>", panel, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(cell.split()) for cell in row] for row in cells]


def test_those_who_edit_see_how_many_tips_came_each_day(client, request, home, subtests):
    _told({TODAY: 3, date(2026, 11, 23): 1, date(2026, 11, 1): 99})
    for who in ["editor", "chief_editor", "admin"]:
        with subtests.test(who=who):
            client.force_login(request.getfixturevalue(who))
            report = _report(client)
            assert "Tips per dag" in report
            heads, *rows = _rows(report)
            assert heads == ["Dag", "Antal tips", ""]
            assert rows[:4] == [
                ["onsdag 25 november", "3", "▪▪▪"],
                ["tisdag 24 november", "0", ""],
                ["måndag 23 november", "1", "▪"],
                ["söndag 22 november", "0", ""],
            ]
            assert len(rows) == DAYS
            assert rows[-1][0] == "torsdag 12 november"
            assert "99" not in report


def test_the_report_says_nothing_but_days_and_numbers(client, editor, home):
    _told({TODAY: 3})
    client.force_login(editor)
    report = _report(client)
    assert not re.search(r"\d\d[:.]\d\d", report)
    assert "href" not in re.sub(r'href="#[^"]*"', "", report)


def test_a_day_that_has_not_been_counted_is_not_called_empty(client, editor, home):
    _told({date(2026, 11, 22): 2}, on=date(2026, 11, 23))
    client.force_login(editor)
    report = _report(client)
    assert [row[1] for row in _rows(report)[1:5]] == ["–", "–", "0", "2"]
    assert "Ett streck betyder att dagen inte är räknad än." in report


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"format": "x", "days": {}}'])
def test_without_a_count_to_trust_the_report_says_so_in_a_sentence(
    client, editor, home, settings, content
):
    if content is not None:
        settings.EXCHANGE_DIR.mkdir()
        counts_file().write_bytes(content)
    client.force_login(editor)
    report = _report(client)
    assert "Tipskanalen har inte lämnat någon räkning än." in report
    assert "<table" not in report


def test_no_tips_at_all_is_shown_as_zeros():
    _told({})
    assert [(day.count, day.bar) for day in last_days()] == [(0, "")] * DAYS


def test_a_rush_of_tips_keeps_the_bars_within_the_report():
    _told({TODAY: 30_000, date(2026, 11, 24): 15_000, date(2026, 11, 23): 1})
    assert [len(day.bar) for day in last_days()[:4]] == [30, 15, 1, 0]


def test_others_who_may_log_in_do_not_see_it(client, home, roles):
    _told({TODAY: 3})
    group = Group.objects.create(name="Bara bilder")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(_user("fotograf", "Bara bilder"))
    assert "Tips per dag" not in client.get("/admin/").content.decode()
    response = client.get("/admin/reports/tips-per-day/", follow=True)
    assert "Tips per dag" not in html.unescape(response.content.decode())
