"""Taking sealed tips to another machine and opening them there: what may be wrong, and what is rare."""

import hashlib
import json
import os
import socket
import stat
import zipfile

import pytest
from django.db import connections

from tests.integration.tips.commands import fault, said
from tests.integration.tips.test_open_commands import (
    PHOTO,
    _cannot_open,
    _changed,
    _exported,
    _note,
    _open,
    _opened_notes,
    _rewrap,
    _root,
)
from tips.keeping import intake
from tips.management.bundle_faults import JUDGED
from tips.models import Tip
from tips.sealing import age
from tips.sealing.bundle import open_bundle
from tips.sealing.bundle_arrivals import Judge
from tips.sealing.reference import reference_of
from tips.sealing.signers import Pin

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


def test_where_there_are_many_tips_it_is_said_how_far_the_work_has_come(
    three, tip_channel, tmp_path, monkeypatch
):
    monkeypatch.setattr("tips.management.console.SAID_EVERY", 1)
    text = said("tips_export", tmp_path / "ut.zip")
    assert text.splitlines()[:2] == ["1 av 3 tips", "2 av 3 tips"]
    assert "3 av 3 tips" not in text, "then it is done, and what came of it is said"


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


def test_an_export_that_finds_nothing_writes_nothing(three, tmp_path):
    text = fault("tips_export", tmp_path / "ut.zip", "--since", "2027-01-01")
    assert text == "Inga tips stämmer in på det. Ingen fil har skrivits."
    assert not (tmp_path / "ut.zip").exists()


def test_a_tip_whose_files_are_lost_is_named_and_the_others_packed(three, tip_channel, tmp_path):
    (tip_channel.vault.folder(three[0]) / "body.age").unlink()
    assert reference_of(three[0]) in fault("tips_export", tmp_path / "ut.zip")
    with open_bundle(tmp_path / "ut.zip") as bundle:
        assert [tip.id for tip in bundle.tips] == three[1:]


def test_opening_asks_neither_the_database_nor_the_network(
    bundle, identity_file, tmp_path, monkeypatch, django_db_blocker
):
    def refuse(*_, **__):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(connections["tips"], "cursor", refuse)
    monkeypatch.setattr(connections["default"], "cursor", refuse)
    _open(bundle, identity_file, tmp_path / "oppnat")


@pytest.mark.parametrize("root", ["", f"# sapo-root: 1:{'0' * 64}\n"])
def test_without_a_keyring_that_the_key_file_believes_no_note_has_a_name(
    three, tip_channel, identity_file, tmp_path, root
):
    identity_file.write_text(f"{root}{tip_channel.identity}\n")
    _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    notes = _opened_notes(three[0], identity_file, tmp_path)
    assert "Nyckelringen går inte att lita på" in notes
    assert "Ringde hamnkontoret." in notes
    assert "Provnyckel" not in notes


def test_the_root_on_paper_serves_where_the_key_file_says_none(
    three, tip_channel, identity_file, tmp_path
):
    _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    said("tips_export", tmp_path / "ut.zip", "--tip", three[0])
    root = str(tip_channel.trust.by.pin)
    _open(tmp_path / "ut.zip", identity_file, tmp_path / "oppnat", "--root", root)
    notes = (tmp_path / "oppnat" / str(three[0]) / "anteckningar.txt").read_text()
    assert notes == "== Provnyckel, 2026-11-25 14:15 ==\nRingde hamnkontoret.\n"


def test_a_tip_comes_out_where_there_is_no_keyring_any_more(
    three, tip_channel, identity_file, tmp_path
):
    _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    tip_channel.keyring_path.unlink()
    assert "Ringde hamnkontoret." in _opened_notes(three[0], identity_file, tmp_path)


def test_an_empty_bundle_holds_no_tips(tip_channel, identity_file, tmp_path):
    (tmp_path / "mapp").mkdir()
    manifest = {"format": "sapo-tips/1", "made_on": "2026-11-25", "tips": []}
    (tmp_path / "mapp" / "manifest.json").write_text(json.dumps(manifest))
    text = _cannot_open(tmp_path / "mapp", identity_file, tmp_path / "oppnat")
    assert "innehåller inga tips" in text


def test_what_is_taken_in_twice_is_changed_once(
    bundle, identity_file, new_handler, tip_channel, tmp_path
):
    _rewrap(bundle, identity_file, tip_channel, tmp_path / "om.zip")
    said("tips_rewrap", "--take-in", tmp_path / "om.zip")
    versions = list(Tip.objects.values_list("pk", "version"))
    assert "3 tips var redan intagna" in said("tips_rewrap", "--take-in", tmp_path / "om.zip")
    assert list(Tip.objects.values_list("pk", "version")) == versions


def test_notes_are_wrapped_anew_and_one_for_others_holds_nothing_up(
    three, identity_file, new_handler, tip_channel, tmp_path
):
    ours = _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    stranger = age.generate_identity()
    theirs = _note(three[1], "För andra ögon.", [stranger.recipient])
    said("tips_export", tmp_path / "ut2.zip")

    _rewrap(tmp_path / "ut2.zip", identity_file, tip_channel, tmp_path / "om.zip")
    said("tips_rewrap", "--take-in", tmp_path / "om.zip")

    (bo,) = age.parse_identity_file(new_handler.read_text())
    ours.refresh_from_db()
    assert "hamnkontoret" in age.unseal(bytes(ours.sealed), [bo]).decode()
    assert ours.keyring_serial == 2
    theirs.refresh_from_db()
    assert "andra ögon" in age.unseal(bytes(theirs.sealed), [stranger]).decode()
    assert theirs.keyring_serial == 1


def test_a_tip_that_has_been_purged_meanwhile_is_passed_over(
    bundle, three, identity_file, new_handler, tip_channel, tmp_path
):
    _rewrap(bundle, identity_file, tip_channel, tmp_path / "om.zip")
    Tip.objects.filter(pk=three[0]).delete()
    text = said("tips_rewrap", "--take-in", tmp_path / "om.zip")
    assert "1 tips har gallrats sedan dess" in text
    assert "2 tips är nu förseglade" in text


def test_the_wrong_key_wraps_nothing(bundle, new_handler, tip_channel, tmp_path):
    text = fault(
        "tips_rewrap", bundle, "--identity", new_handler,
        "--keyring", tip_channel.keyring_path, "--out", tmp_path / "om.zip",
    )  # fmt: skip
    assert "är förseglat till andra nycklar" in text
    assert not (tmp_path / "om.zip").exists()


def test_what_belongs_together_is_said(tip_channel, monkeypatch, subtests):
    monkeypatch.chdir(tip_channel.root)
    for words, expected in [
        ([], "Ange PAKET"), (["ut.zip"], "Ange PAKET"),
        (["--take-in", "om.zip", "--out", "x.zip"], "--take-in anges ensamt"),
        (["--take-in", "finns-inte.zip"], "finns-inte.zip finns inte"),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert expected in fault("tips_rewrap", *words)


def test_a_tip_is_opened_with_what_the_intake_has_signed_of_it(
    tip_channel, identity_file, three, tmp_path
):
    path = _exported(tip_channel)
    text = said(
        "tips_open", path, "--identity", identity_file, "--out", tmp_path / "ut",
        "--root", _root(tip_channel),
    )  # fmt: skip
    assert text.count("Inlagt på servern, och det är samma tips som inlämningen skrev under.") == 3


def test_the_root_of_the_key_file_is_enough(tip_channel, identity_file, three, tmp_path):
    with identity_file.open("a") as file:
        file.write(f"# sapo-root: {_root(tip_channel)}\n")
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    path = _exported(tip_channel)
    tip_channel.trust.root.unlink()
    text = said("tips_open", path, "--identity", identity_file, "--out", tmp_path / "ut")
    assert text.count("det är samma tips som inlämningen skrev under") == 3


@pytest.mark.parametrize("root", [None, f"1:{'0' * 64}"])
def test_without_a_root_that_fits_it_is_said_that_nothing_can_be_checked(
    tip_channel, identity_file, three, tmp_path, root
):
    words = ["--root", root] if root else []
    path = _exported(tip_channel)
    text = said("tips_open", path, "--identity", identity_file, "--out", tmp_path / "ut", *words)
    assert text.count("Det går inte att pröva om det är det som kom in") == 3


@pytest.mark.parametrize("what", ["heads", "body.age", "photo", "arrival"])
def test_what_was_exchanged_on_the_server_is_said_when_it_is_opened(
    tip_channel, identity_file, three, tmp_path, what
):
    vault = tip_channel.vault
    photo = next(
        file.name for file in vault.files(three[0]) if file.name not in ("head.age", "body.age")
    )
    name = photo if what == "photo" else what
    other = intake.leave({"text": "Annat"}, [("b.jpg", "image/jpeg", PHOTO)])
    theirs = next(
        file.name for file in vault.files(other) if file.name not in ("head.age", "body.age")
    )
    source = vault.folder(other) / (theirs if what == "photo" else name)
    (vault.folder(three[0]) / name).write_bytes(source.read_bytes())
    path = _exported(tip_channel, "--tip", three[0])

    with open_bundle(path) as found:
        judge = Judge(found, Pin.of(_root(tip_channel)))
        assert judge.judge(found.tips[0]).code == "forged"


@pytest.mark.parametrize("octets", [b"x", b"\n", b"{}\n{}\n", b"\xff\n{}"], ids=repr)
def test_a_signature_that_is_none_is_said_to_be_forged_and_hides_no_tip(
    tip_channel, identity_file, tmp_path, octets
):
    tip = intake.leave({"text": "Det som kom in"})

    def exchange(row):
        (file,) = [file for file in row["files"] if file["name"] == "arrival"]
        file |= {"size": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}

    path = _changed(_exported(tip_channel), exchange, without=(f"{tip}/arrival",))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{tip}/arrival", octets)
    text = _open(path, identity_file, tmp_path / "ut", "--root", _root(tip_channel))

    assert JUDGED["forged"] in text
    assert (tmp_path / "ut" / str(tip) / "tip.txt").exists()
