"""Taking sealed tips to a machine without a network, where opener.html opens them."""

import zipfile
from datetime import date
from uuid import UUID

import pytest

from tips.handling import events, steps
from tips.keeping import intake
from tips.models import Event
from tips.sealing.reference import reference_of

from .commands import fault, said, tips_in

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

PHOTO = bytes(range(256)) * 300


@pytest.fixture
def three(tip_channel):
    """Three tips, a day apart; the first has a photo."""
    return [
        intake.leave(
            {"text": f"Tips nummer {day}: en båt utan ljus.", "subject": "spionage"},
            [("../kajen.jpg", "image/jpeg", PHOTO)] if day == 1 else [],
            received_on=date(2026, 11, day),
        )
        for day in (1, 2, 3)
    ]


def test_all_tips_are_packed_with_their_files_and_none_is_opened(three, tip_channel, tmp_path):
    text = said("tips_export", tmp_path / "ut.zip")

    assert "3 förseglade tips" in text
    assert [tip["id"] for tip in tips_in(tmp_path / "ut.zip")] == [*map(str, three)]
    assert len(tips_in(tmp_path / "ut.zip")[0]["files"]) == 4
    assert b"utan ljus" not in (tmp_path / "ut.zip").read_bytes()
    taken_out = Event.objects.filter(verb="export", actor="tips_export")
    assert set(taken_out.values_list("tip_id", flat=True)) == set(three)
    assert events.verify() is None
    with zipfile.ZipFile(tmp_path / "ut.zip") as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_only_the_tips_that_were_asked_for_are_packed(three, tmp_path):
    steps.open_tip(three[1], "tipsmottagare")
    reference = reference_of(three[2]).lower()

    def packed(*words):
        path = tmp_path / f"{len(list(tmp_path.glob('*.zip')))}.zip"
        said("tips_export", path, *words)
        return [UUID(tip["id"]) for tip in tips_in(path)]

    assert packed("--tip", reference) == [three[2]]
    said_aloud = reference.replace("-", " ").replace("0", "o").replace("1", "l")
    assert packed("--tip", said_aloud) == [three[2]]
    assert packed("--tip", three[0], "--tip", reference) == [three[0], three[2]]


def test_what_cannot_be_exported_is_said(three, tmp_path, subtests):
    for words, expected in [
        (["--tip", "7F3K-9Q2M"], "Det finns inget tips 7F3K-9Q2M"),
        (["--tip", "\x1b[2J"], "Det finns inget tips \ufffd[2J"),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert expected in fault("tips_export", tmp_path / "ut.zip", *words)
            assert not (tmp_path / "ut.zip").exists()
