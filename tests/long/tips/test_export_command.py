"""Taking sealed tips to another machine: what may be wrong, and what is rare."""

import os
import stat

import pytest

from tests.integration.tips.commands import fault, said, tips_in
from tips.sealing.reference import reference_of

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


def test_an_export_is_nobody_elses_and_leaves_nothing_beside_it(three, tmp_path):
    said("tips_export", tmp_path / "ut.zip")
    assert stat.S_IMODE((tmp_path / "ut.zip").stat().st_mode) == 0o600
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_an_export_never_takes_the_place_of_a_file(three, tmp_path):
    (tmp_path / "ut.zip").write_text("viktigt")
    assert "finns redan" in fault("tips_export", tmp_path / "ut.zip")
    assert (tmp_path / "ut.zip").read_text() == "viktigt"


def test_an_export_on_a_disk_without_links_is_put_in_place_all_the_same(
    three, tmp_path, monkeypatch
):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    said("tips_export", tmp_path / "ut.zip")
    assert len(tips_in(tmp_path / "ut.zip")) == 3


def test_an_export_that_finds_nothing_writes_nothing(tip_channel, tmp_path):
    text = fault("tips_export", tmp_path / "ut.zip")
    assert text == "Det finns inga tips. Ingen fil har skrivits."
    assert not (tmp_path / "ut.zip").exists()


def test_a_tip_whose_files_are_lost_is_named_and_the_others_packed(three, tip_channel, tmp_path):
    (tip_channel.vault.folder(three[0]) / "body.age").unlink()
    assert reference_of(three[0]) in fault("tips_export", tmp_path / "ut.zip")
    assert [tip["id"] for tip in tips_in(tmp_path / "ut.zip")] == [*map(str, three[1:])]
