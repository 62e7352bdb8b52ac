"""What crosses from the tip channel to the website."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from tests.tables import every_row
from tips import exchange


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


def test_counts_come_back_as_they_were_written():
    assert exchange.read_counts() is None
    counts = {date(2026, 11, 25): 3, date(2026, 11, 24): 0}
    exchange.write_counts(counts)
    assert exchange.read_counts() == counts


def test_the_file_is_written_as_the_two_sides_have_agreed(folder):
    exchange.write_counts({date(2026, 11, 25): 3})
    assert json.loads((folder / "tip_counts.json").read_text()) == {
        "format": "sapo-tip-counts/1", "days": {"2026-11-25": 3},
    }  # fmt: skip


def test_the_other_side_may_read_what_is_written(folder):
    exchange.write_counts({})
    mode = (folder / "tip_counts.json").stat().st_mode
    assert mode & stat.S_IRGRP


@every_row(
    "days", ["[]", "null", '{"2026-11-25": "3"}', '{"2026-11-25": -1}', '{"2026-11-25": true}',
             '{"igår": 3}', '{"2026-11-25": 1e400}'],
)  # fmt: skip
def test_counts_that_are_none_count_as_missing(folder, days):
    folder.mkdir(exist_ok=True)
    (folder / "tip_counts.json").write_text(f'{{"format": "sapo-tip-counts/1", "days": {days}}}')
    assert exchange.read_counts() is None


def test_a_write_that_fails_leaves_the_old_file_and_no_part(folder, monkeypatch):
    counts = {date(2026, 11, 25): 3}
    exchange.write_counts(counts)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tips.exchange.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        exchange.write_counts({})
    assert exchange.read_counts() == counts
    assert [path.name for path in folder.iterdir()] == ["tip_counts.json"]
