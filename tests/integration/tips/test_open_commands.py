"""Taking sealed tips to a machine without a network, and opening them there."""

import os
import zipfile
from datetime import date

import pytest

from tests.rings import handler_key
from tests.signed_notes import sealable_note
from tips.handling import events, steps
from tips.keeping import intake
from tips.models import Event, Note
from tips.sealing import age
from tips.sealing.bundle import open_bundle
from tips.sealing.reference import reference_of

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

PHOTO = bytes(range(256)) * 300


@pytest.fixture
def identity_file(tip_channel):
    path = tip_channel.root / "nyckel.txt"
    path.write_text(f"# Provnyckel\n{tip_channel.identity}\n")
    return path


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


def _note(tip_id, text, recipients, key=None):
    """As a handler's browser signs and seals it, or as somebody else makes one up."""
    place = Note.objects.filter(tip_id=tip_id).count() + 1
    note = Note(
        tip_id=tip_id,
        place=place,
        author="tipsmottagare",
        written_on=date(2026, 11, 4),
        keyring_serial=1,
    )
    note.sealed = age.seal(sealable_note(tip_id, text, key, id=str(note.pk)), recipients)
    note.save()
    return note


# tips_export


def test_all_tips_are_packed_with_their_files_and_none_is_opened(three, tip_channel, tmp_path):
    text = said("tips_export", tmp_path / "ut.zip")

    assert "3 förseglade tips" in text
    with open_bundle(tmp_path / "ut.zip") as bundle:
        assert list(bundle.tips) == three
        assert len(bundle.tips[three[0]]) == 4
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
        with open_bundle(path) as bundle:
            return list(bundle.tips)

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


# tips_open


@pytest.fixture
def bundle(three, tmp_path):
    path = tmp_path / "ut.zip"
    said("tips_export", path)
    return path


def _open(bundle, identity_file, out, *more, **options):
    return said("tips_open", bundle, "--identity", identity_file, "--out", out, *more, **options)


def _cannot_open(bundle, identity_file, out, **options):
    return fault("tips_open", bundle, "--identity", identity_file, "--out", out, **options)


def test_each_tip_is_opened_into_a_folder_of_its_own(bundle, three, identity_file, tmp_path):
    text = _open(bundle, identity_file, tmp_path / "oppnat")
    for tip_id in three:
        assert f"{reference_of(tip_id)}  {tmp_path / 'oppnat' / str(tip_id)}" in text
    first = tmp_path / "oppnat" / str(three[0])
    assert "Tips nummer 1: en båt utan ljus." in (first / "tip.json").read_text()
    assert (first / "fil-1.jpg").read_bytes() == PHOTO
    assert "Inget är prövat" in text
    assert "klartext" in text


def test_a_locked_key_asks_for_its_passphrase(bundle, tip_channel, tmp_path):
    locked = tmp_path / "nyckel.age"
    locked.write_text(age.lock(f"{tip_channel.identity}\n".encode(), "en lång lösenfras"))
    text = _cannot_open(bundle, locked, tmp_path / "oppnat", typed="en annan\n")
    assert text == f"Lösenfrasen till {locked} är fel."
    _open(bundle, locked, tmp_path / "oppnat", typed="en lång lösenfras\n")
    assert len(list((tmp_path / "oppnat").iterdir())) == 3


def test_a_damaged_tip_is_named_and_the_others_are_opened(bundle, three, identity_file, tmp_path):
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        for name in source.namelist():
            octets = source.read(name)
            if name == f"{three[1]}/body.age":
                octets = octets[:-1] + bytes([octets[-1] ^ 1])
            if name != f"{three[2]}/body.age":
                out.writestr(name, octets)

    text = _cannot_open(tmp_path / "x.zip", identity_file, tmp_path / "oppnat")

    assert text.startswith("2 tips gick inte att öppna:")
    assert f"{reference_of(three[1])} är skadat eller ändrat" in text
    assert f"{reference_of(three[2])} saknar en fil" in text
    assert os.listdir(tmp_path / "oppnat") == [str(three[0])]


def test_notes_come_as_they_were_signed_and_are_said_not_to_be_judged(
    three, tip_channel, identity_file, tmp_path
):
    _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    _note(three[0], "Tipset är ointressant.", [tip_channel.identity.recipient], handler_key(9))
    said("tips_export", tmp_path / "ut.zip", "--tip", three[0])
    text = _open(tmp_path / "ut.zip", identity_file, tmp_path / "oppnat")

    notes = (tmp_path / "oppnat" / str(three[0]) / "anteckningar.json").read_text()
    assert notes.index("Ringde hamnkontoret.") < notes.index("Tipset är ointressant.")
    assert "vem som har skrivit anteckningarna, säger opener.html" in text


def test_a_key_for_other_tips_is_said(bundle, three, tmp_path):
    (tmp_path / "annan.txt").write_text(f"{age.generate_identity()}\n")
    text = _cannot_open(bundle, tmp_path / "annan.txt", tmp_path / "oppnat")
    assert text.startswith("3 tips gick inte att öppna:")
    assert text.count("är förseglat till andra nycklar än din, eller skadat") == 3


def test_what_cannot_be_opened_is_said_in_one_line(
    three, identity_file, tip_channel, monkeypatch, subtests
):
    monkeypatch.chdir(tip_channel.root)
    said("tips_export", "ut.zip")
    for bundle, identity, out, expected in [
        ("finns-inte.zip", "nyckel.txt", "ut", "finns-inte.zip finns inte."),
        ("nyckel.txt", "nyckel.txt", "ut", "nyckel.txt är inget paket med tips"),
        (".", "nyckel.txt", "ut", ". är en mapp."),
        ("ut.zip", "finns-inte.txt", "ut", "finns-inte.txt finns inte."),
        ("ut.zip", ".", "ut", ". är en mapp."),
        ("ut.zip", "ut.zip", "ut", "ut.zip är ingen textfil."),
        ("ut.zip", "trust/root", "ut", "trust/root är ingen nyckelfil"),
        ("ut.zip", "nyckel.txt", "trust/root", "trust/root är ingen mapp."),
        ("ut.zip", "nyckel.txt", "trust/root/ut", "är ingen mapp."),
        ("rad\nbrytning.zip", "nyckel.txt", "ut", "rad\ufffdbrytning.zip finns inte."),
    ]:  # fmt: skip
        with subtests.test(bundle=bundle):
            assert expected in _cannot_open(bundle, identity, out)
