"""Taking sealed tips to another machine and opening them there: what may be wrong, and what is rare."""

import json
import os
import socket
import stat
import zipfile

import pytest
from django.db import connections

from tests.integration.tips.commands import fault, said
from tests.integration.tips.test_open_commands import _cannot_open, _open
from tips.sealing.bundle import open_bundle
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
    with open_bundle(tmp_path / "ut.zip") as bundle:
        assert len(bundle.tips) == 3


def test_an_export_that_finds_nothing_writes_nothing(tip_channel, tmp_path):
    text = fault("tips_export", tmp_path / "ut.zip")
    assert text == "Det finns inga tips. Ingen fil har skrivits."
    assert not (tmp_path / "ut.zip").exists()


def test_a_tip_whose_files_are_lost_is_named_and_the_others_packed(three, tip_channel, tmp_path):
    (tip_channel.vault.folder(three[0]) / "body.age").unlink()
    assert reference_of(three[0]) in fault("tips_export", tmp_path / "ut.zip")
    with open_bundle(tmp_path / "ut.zip") as bundle:
        assert list(bundle.tips) == three[1:]


def test_opening_asks_neither_the_database_nor_the_network(
    bundle, identity_file, tmp_path, monkeypatch, django_db_blocker
):
    def refuse(*_, **__):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(connections["tips"], "cursor", refuse)
    monkeypatch.setattr(connections["default"], "cursor", refuse)
    _open(bundle, identity_file, tmp_path / "oppnat")


def test_an_empty_bundle_holds_no_tips(tip_channel, identity_file, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": "sapo-tips/1", "tips": []}))
    text = _cannot_open(tmp_path / "x.zip", identity_file, tmp_path / "oppnat")
    assert "innehåller inga tips" in text
