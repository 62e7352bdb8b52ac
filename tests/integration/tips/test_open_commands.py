"""Taking sealed tips to a machine without a network, and opening them there."""

import json
import os
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils.timezone import localdate

from tests.rings import handler_key
from tests.signed_notes import sealable_note
from tips.handling import events, steps
from tips.keeping import counting, intake
from tips.models import Event, Note, Tip
from tips.sealing import age, envelope
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
        assert [tip.id for tip in bundle.tips] == three
        assert len(bundle.tips[0].files) == 4
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
            return [tip.id for tip in bundle.tips]

    assert packed("--state", "read") == [three[1]]
    assert packed("--state", "read", "--state", "received") == three
    assert packed("--since", "2026-11-02") == three[1:]
    assert packed("--tip", reference) == [three[2]]
    said_aloud = reference.replace("-", " ").replace("0", "o").replace("1", "l")
    assert packed("--tip", said_aloud) == [three[2]]
    assert packed("--tip", three[0], "--tip", reference) == [three[0], three[2]]


def test_what_cannot_be_exported_is_said(three, tmp_path, subtests):
    for words, expected in [
        (["--since", "i går"], "i går är inget datum: skriv det som 2026-11-25."),
        (["--since", "2026-13-01"], "är inget datum"),
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
    assert "Tips nummer 1: en båt utan ljus." in (first / "tip.txt").read_text()
    assert (first / "kajen.jpg").read_bytes() == PHOTO
    assert "klartext" in text


def test_a_locked_key_asks_for_its_passphrase(bundle, tip_channel, tmp_path):
    locked = tmp_path / "nyckel.age"
    locked.write_text(age.lock(f"{tip_channel.identity}\n".encode(), "en lång lösenfras"))
    text = _cannot_open(bundle, locked, tmp_path / "oppnat", typed="en annan\n")
    assert text == f"Lösenfrasen till {locked} är fel."
    _open(bundle, locked, tmp_path / "oppnat", typed="en lång lösenfras\n")
    assert len(list((tmp_path / "oppnat").iterdir())) == 3


def test_a_damaged_tip_is_named_and_the_others_are_opened(bundle, three, identity_file, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "mapp")
    body = tmp_path / "mapp" / str(three[1]) / "body.age"
    octets = bytearray(body.read_bytes())
    octets[-1] ^= 1
    body.write_bytes(octets)
    (head,) = (tmp_path / "mapp" / str(three[2])).glob("head.*.age")
    head.unlink()

    text = _cannot_open(tmp_path / "mapp", identity_file, tmp_path / "oppnat")

    assert text.startswith("2 av 3 tips gick inte att öppna:")
    assert f"{reference_of(three[1])} är skadat eller ändrat" in text
    assert f"{reference_of(three[2])} saknar en fil" in text
    assert os.listdir(tmp_path / "oppnat") == [str(three[0])]


def _opened_notes(tip_id, key_file, tmp_path):
    """What tips_open writes of the notes on the tip, out of what tips_export has packed."""
    said("tips_export", tmp_path / "ut.zip", "--tip", tip_id)
    _open(tmp_path / "ut.zip", key_file, tmp_path / "oppnat")
    return (tmp_path / "oppnat" / str(tip_id) / "anteckningar.txt").read_text()


def test_notes_come_along_with_the_name_that_the_keyring_has_for_who_signed_them(
    three, tip_channel, identity_file, tmp_path
):
    identity_file.write_text(f"# sapo-root: {tip_channel.trust.by.pin}\n{tip_channel.identity}\n")
    _note(three[0], "Ringde hamnkontoret.", [tip_channel.identity.recipient])
    _note(three[0], "Tipset är ointressant.", [tip_channel.identity.recipient], handler_key(9))

    assert _opened_notes(three[0], identity_file, tmp_path) == (
        "== Provnyckel, 2026-11-25 14:15 ==\nRingde hamnkontoret.\n\n"
        "== Lita inte på den här anteckningen ==\n"
        "Den är inte undertecknad med en nyckel som är den uppgivna handläggarens.\n"
        "Tipset är ointressant.\n"
    )


def test_what_cannot_be_opened_is_said_in_one_line(
    three, identity_file, tip_channel, monkeypatch, subtests
):
    monkeypatch.chdir(tip_channel.root)
    said("tips_export", "ut.zip")
    for bundle, identity, out, expected in [
        ("finns-inte.zip", "nyckel.txt", "ut", "finns-inte.zip finns inte."),
        ("nyckel.txt", "nyckel.txt", "ut", "nyckel.txt är inget paket med tips"),
        (".", "nyckel.txt", "ut", "saknar en fil"),
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


# tips_rewrap


@pytest.fixture
def new_handler(tip_channel, tmp_path):
    """A second handler, who has just been added to the keyring."""
    identity = age.generate_identity()
    (tmp_path / "bo.txt").write_text(f"{identity}\n")
    tip_channel.trust.add("Bo Alm", identity.recipient)
    return tmp_path / "bo.txt"


def _rewrap(bundle, identity_file, tip_channel, out):
    return said(
        "tips_rewrap", bundle, "--identity", identity_file,
        "--keyring", tip_channel.keyring_path, "--out", out,
    )  # fmt: skip


def test_a_new_handler_opens_what_was_left_before_once_it_is_wrapped_anew(
    bundle, three, identity_file, new_handler, tip_channel, tmp_path
):
    assert "Fel nyckel" in _cannot_open(bundle, new_handler, tmp_path / "nej")

    text = _rewrap(bundle, identity_file, tip_channel, tmp_path / "om.zip")
    assert "3 tips omförseglade till nyckelring 2" in text
    assert "3 tips är nu förseglade till nyckelring 2" in said(
        "tips_rewrap", "--take-in", tmp_path / "om.zip"
    )

    said("tips_export", tmp_path / "efter.zip")
    _open(tmp_path / "efter.zip", new_handler, tmp_path / "bo")
    _open(tmp_path / "efter.zip", identity_file, tmp_path / "anna")
    assert (tmp_path / "bo" / str(three[0]) / "kajen.jpg").read_bytes() == PHOTO
    assert set(Tip.objects.values_list("keyring_serial", flat=True)) == {2}
    assert "De förseglade tipsen är de som togs emot" in said("tips_status", "--verify")


def test_another_tips_content_is_not_let_in_behind_a_header(
    bundle, three, identity_file, new_handler, tip_channel, tmp_path
):
    _rewrap(bundle, identity_file, tip_channel, tmp_path / "om.zip")
    body = tip_channel.vault.folder(three[0]) / "body.age"
    with body.open("rb") as source:
        header = age.split_header(source)
    other = age.seal(b"x" * 4096, [tip_channel.identity.recipient])
    stream = BytesIO(other)
    age.split_header(stream)
    body.write_bytes(header + stream.read())

    text = fault("tips_rewrap", "--take-in", tmp_path / "om.zip")

    assert text.startswith("1 tips har inte ändrats")
    assert reference_of(three[0]) in text


def test_what_was_wrapped_for_another_keyring_is_not_taken_in(
    bundle, identity_file, new_handler, tip_channel, tmp_path
):
    _rewrap(bundle, identity_file, tip_channel, tmp_path / "om.zip")
    tip_channel.trust.follow(removed=["tipsmottagare-2"])
    assert "en annan nyckelring" in fault("tips_rewrap", "--take-in", tmp_path / "om.zip")
    assert "är inte omförseglat" in fault("tips_rewrap", "--take-in", bundle)


# What the intake has signed


def _root(tip_channel):
    return tip_channel.trust.root.read_text().strip()


def _exported(tip_channel, *words):
    path = tip_channel.root / "ut.zip"
    said("tips_export", path, *words)
    return path


def test_a_tip_that_its_sender_has_listed_falsely_is_said_to_be_what_came_in(
    tip_channel, identity_file, monkeypatch, tmp_path
):
    real = envelope.make_body
    monkeypatch.setattr(envelope, "make_body", lambda *given, **more: real(*given[:-1], [], **more))
    intake.leave({"text": "Fel lista"}, [("b.jpg", "image/jpeg", PHOTO)])
    text = fault(
        "tips_open", _exported(tip_channel), "--identity", identity_file,
        "--root", _root(tip_channel), "--out", tmp_path / "ut",
    )  # fmt: skip
    assert "är det som kom in, men avsändarens innehåll eller lista över filer stämmer inte" in text


def test_a_tip_that_nobody_has_signed_is_said_to_be_so_and_whether_it_should_have_been(
    tip_channel, identity_file, monkeypatch, tmp_path
):
    monkeypatch.setattr(counting, "signing_key", lambda ring: None)
    intake.leave({"text": "Från tiden före"}, received_on=localdate() - timedelta(days=9))
    intake.leave({"text": "Påhittat"})
    text = said(
        "tips_open", _exported(tip_channel), "--identity", identity_file,
        "--root", _root(tip_channel), "--out", tmp_path / "ut",
    )  # fmt: skip
    assert text.count("Inte underskrivet av inlämningen.") == 1
    assert text.count("INTE underskrivet, fast inlämningen hade en nyckel när det kom") == 1


def _changed(path, change, without=()):
    """The bundle with another manifest, as a service can write it, and without some of its files."""
    goal = path.with_name("andrat.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(goal, "w") as out:
        for name in source.namelist():
            octets = source.read(name)
            if name == "manifest.json":
                manifest = json.loads(octets)
                for row in manifest["tips"]:
                    change(row)
                octets = json.dumps(manifest).encode()
            if not name.startswith(without or ("-",)):
                out.writestr(name, octets)
    return goal


def _without_arrival(row):
    """A tip that says it came early, without what was signed of it."""
    row["received_on"] = "2001-01-01"
    row["files"] = [file for file in row["files"] if file["name"] != "arrival"]


def test_a_bundle_that_leaves_out_a_signature_and_writes_an_early_day_is_not_believed(
    tip_channel, identity_file, tmp_path
):
    tip = intake.leave({"text": "Det som kom in"})
    path = _changed(_exported(tip_channel), _without_arrival, without=(f"{tip}/arrival",))
    text = _open(path, identity_file, tmp_path / "ut", "--root", _root(tip_channel))
    assert "INTE underskrivet, fast inlämningen hade en nyckel när det kom" in text


@pytest.mark.parametrize("has_arrival", [True, False])
def test_a_bundle_without_a_keyring_is_said_to_leave_nothing_to_test_by(
    tip_channel, identity_file, tmp_path, has_arrival
):
    tip = intake.leave({"text": "Det som kom in"})
    left_out = ("trust/",) if has_arrival else ("trust/", f"{tip}/arrival")
    path = _exported(tip_channel)
    path = _changed(path, (lambda row: None) if has_arrival else _without_arrival, left_out)
    text = _open(path, identity_file, tmp_path / "ut", "--root", _root(tip_channel))
    assert "Det går inte att pröva om det är det som kom in" in text
    assert "underskrivet" not in text.lower()
    assert (tmp_path / "ut" / str(tip) / "tip.txt").exists()


def _put_unsigned(tip_id, recipients):
    """A note as from before signatures, which a service has made up."""
    said_so = {"text": "Tipset är ointressant.", "author": "anna", "written": "2026-11-25T14:15"}
    note = Note(
        tip_id=tip_id, place=1, author="anna", written_on=date(2026, 11, 4), keyring_serial=1
    )
    note.sealed = age.seal(json.dumps(said_so).encode().ljust(1024), recipients)
    note.save()


def test_an_unsigned_note_on_a_tip_whose_arrival_is_signed_has_no_name(
    tip_channel, identity_file, monkeypatch, tmp_path
):
    signed = intake.leave({"text": "Underskrivet"})
    monkeypatch.setattr(counting, "signing_key", lambda ring: None)
    former = intake.leave({"text": "Från tiden före"}, received_on=localdate() - timedelta(days=9))
    for tip_id in (signed, former):
        _put_unsigned(tip_id, [tip_channel.identity.recipient])
    path = _exported(tip_channel)
    _open(path, identity_file, tmp_path / "ut", "--root", _root(tip_channel))

    late, early = (
        (tmp_path / "ut" / str(tip_id) / "anteckningar.txt").read_text()
        for tip_id in (signed, former)
    )
    assert late == (
        "== Lita inte på den här anteckningen ==\n"
        "Den är inte undertecknad, fast den borde vara det.\n"
        "Tipset är ointressant.\n"
    )
    assert "Lita inte på" not in early
    assert "anna" in early
