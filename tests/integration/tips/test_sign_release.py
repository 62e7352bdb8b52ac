"""A release is signed by two, each without a network, and then everybody who has the root can check it."""

from datetime import date
from functools import partial

import pytest

from sapo_site.script.release_folder import read_release
from sapo_site.script.releasing import manifest_of, sheet_named
from tests.rings import PEOPLE, SIGNER_KEYS
from tips.sealing import age, ceremony, fingerprint, trust

from .commands import signera, signera_fault

SHEET = b"sapo-sheet/1\nmade 20261202T010000Z\nbefore -\n"
PASSPHRASE = "fem ord som ingen gissar"


@pytest.fixture
def brought(tmp_path, monkeypatch):
    """A stick with a release on it, and each signer's key file beside."""
    monkeypatch.setattr(age, "lock", partial(age.lock, work_factor=1))
    for number, (key, person) in enumerate(zip(range(1, 5), PEOPLE, strict=True)):
        secret = trust.to_text(bytes([key]) * 32)
        text = f"# sapo-signer-key/1\n# name: {person.name}\n# id: {SIGNER_KEYS[number].public.id}\n{secret}\n"
        (tmp_path / f"{key}.age").write_text(age.lock(text.encode(), PASSPHRASE))
    folder = tmp_path / "sticka"
    folder.mkdir()
    by = ceremony.first_signers(PEOPLE[:3], date(2026, 11, 28))
    signed = None
    for key in SIGNER_KEYS[:3]:
        signed = ceremony.sign("signers", by.octets, signed, by.keys, key)
    (folder / "signers-1.json").write_bytes(by.octets)
    (folder / "signers-1.json.sig").write_bytes(signed)
    facts = {"number": "41", "version": "1.0", "commit": "c" * 40, "made": "2026-12-01", "previous": "0" * 64,
             "signers": by.hash, "sheet": sheet_named(SHEET)}  # fmt: skip
    (folder / "release.txt").write_bytes(manifest_of(facts, {}, {}))
    return folder, str(by.pin)


def _given(folder, key, *words):
    own = folder.parent / f"{key}.age"
    return ["skriv-under", "--mapp", folder, "--nyckel", own, "--jag-vet", *words]


def _sign(folder, key, *words):
    return signera(*_given(folder, key, *words), typed=f"{PASSPHRASE}\n41\n")


def _refused(folder, key, *words, number="41"):
    return signera_fault(*_given(folder, key, *words), typed=f"{PASSPHRASE}\n{number}\n")


def test_two_sign_and_whoever_has_the_root_can_check_it(brought):
    folder, root = brought
    octets = (folder / "release.txt").read_bytes()

    first = _sign(folder, 1)
    assert "En till ska skriva under." in signera_fault("prova", "--mapp", folder)
    second = _sign(folder, 3, "--egen", folder / "release.txt")

    assert "Release 41: underskriven av Sara Ett. En till ska skriva under." in first
    assert "Release 41, version 1.0, av 2026-12-01" in first
    for row in fingerprint.word_rows(trust.sha256_of(octets)):
        assert row in first
    sheet = f"20261202T010000Z {trust.sha256_of(SHEET)}"
    assert f"Bladet över vad vi har sagt: {sheet}" in first
    assert "Den kan läggas ut." in second
    assert "Den kan läggas ut." in signera("prova", "--mapp", folder)
    manifest, _chain = read_release(folder, root)
    assert manifest.number == 41
    assert manifest.said["sheet"] == sheet


def test_who_does_not_know_what_they_sign_signs_nothing(brought, tmp_path):
    folder, _root = brought
    (tmp_path / "egen.txt").write_bytes(
        (folder / "release.txt").read_bytes().replace(b"version 1.0", b"version 1.1")
    )
    for key, number, words, text in (
        (1, "40", (), "Det är inte numret"),
        (4, "41", (), "hör inte till någon av undertecknarna"),
        (1, "41", ("--egen", tmp_path / "egen.txt"), "Det du har byggt är något annat"),
    ):
        assert text in _refused(folder, key, *words, number=number)
    assert not (folder / "release.txt.sig").exists()


def test_a_signature_of_another_release_is_not_added_to(brought):
    folder, _root = brought
    _sign(folder, 1)
    (folder / "release.txt").write_bytes(
        (folder / "release.txt").read_bytes().replace(b"version 1.0", b"version 1.1")
    )
    assert "underskrifter av något annat" in _refused(folder, 2)


def test_signers_that_the_release_does_not_name_sign_nothing(brought):
    folder, _root = brought
    (folder / "signers-1.json").unlink()
    assert "ligger inte i" in _refused(folder, 1)


def test_what_is_no_release_is_said(brought):
    folder, _root = brought
    (folder / "release.txt").write_bytes(b"\xff\n")
    assert "går inte att läsa som en release" in _refused(folder, 1)
