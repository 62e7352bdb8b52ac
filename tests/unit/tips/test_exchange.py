"""What crosses between the website and the tip channel."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from tests.tables import every_row
from tips import exchange

# Of the language and the text below.
DIGEST = "c953f1d0b1f540089abbe06ffab4ed677763217b9bd35175976564c552c0c6e6"


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


def test_counts_come_back_as_they_were_written():
    assert exchange.read_counts() is None
    counts = {date(2026, 11, 25): 3, date(2026, 11, 24): 0}
    exchange.write_counts(counts)
    assert exchange.read_counts() == counts


def test_files_are_written_as_the_two_sides_have_agreed(folder):
    exchange.write_texts("sv", {"start_lead": "Läs det här."})
    exchange.write_counts({date(2026, 11, 25): 3})
    exchange.write_approved("sv", {"start_lead": "Läs det här."}, date(2026, 11, 26))
    exchange.write_refused("sv", "ab12", date(2026, 11, 27))
    assert json.loads((folder / "tip_texts" / "sv.json").read_text()) == {
        "format": "sapo-tip-texts/2",
        "language": "sv",
        "digest": DIGEST,
        "texts": {"start_lead": "Läs det här."},
    }
    assert json.loads((folder / "approved_tip_texts_sv.json").read_text()) == {
        "format": "sapo-approved-tip-texts/1",
        "approved_on": "2026-11-26",
        "language": "sv",
        "digest": DIGEST,
        "texts": {"start_lead": "Läs det här."},
    }
    assert json.loads((folder / "refused_tip_texts_sv.json").read_text()) == {
        "format": "sapo-refused-tip-texts/1",
        "language": "sv",
        "digest": "ab12",
        "refused_on": "2026-11-27",
    }
    assert json.loads((folder / "tip_counts.json").read_text()) == {
        "format": "sapo-tip-counts/1", "days": {"2026-11-25": 3},
    }  # fmt: skip


def test_what_is_approved_is_bound_to_its_language_and_to_every_letter():
    texts = {"start_lead": "Läs det här."}
    digests = {
        exchange.digest_of_texts(language, {key: text})
        for language in ("sv", "en")
        for key in ("start_lead", "anonymity")
        for text in ("Läs det här.", "Läs det här", "läs det här.", "")
    }
    assert len(digests) == 16
    assert exchange.digest_of_texts("sv", texts) == DIGEST


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
    exchange.write_texts("sv", {"urgent": "Ring 112."})

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tips.exchange.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        exchange.write_texts("sv", {"urgent": "Ring."})
    assert exchange.read_texts("sv") == {"urgent": "Ring 112."}
    assert [path.name for path in (folder / "tip_texts").iterdir()] == ["sv.json"]
