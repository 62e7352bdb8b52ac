"""Opening bundles offline: what was left comes out whole, and nothing that was slipped in."""

import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables import every_row
from tips.sealing import age, bundle, envelope
from tips.sealing.bundle import BundleError
from tips.sealing.packing import BundlePacker

RECEIVED = datetime(2026, 11, 25, 13, 20, tzinfo=UTC)
HANDLER, OTHER = age.generate_identity(), age.generate_identity()
FIELDS = {"text": "En bil står utanför.", "subject": "hot", "urgent": "1"}


@dataclass
class Left:
    """A tip as the intake seals it, with what a test wants to have otherwise."""

    files: dict[str, bytes] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=lambda: dict(FIELDS))
    notes: list[dict[str, str]] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    body_id: UUID | None = None
    identity: age.Identity = HANDLER

    def sealed(self) -> dict[str, bytes]:
        """The name of each sealed file of the tip, and its octets."""
        found, attachments = {}, []
        for name, content in self.files.items():
            file_id, out = uuid4(), io.BytesIO()
            writer = age.SealedWriter(out, [self.identity.recipient])
            writer.write(content)
            for block in envelope.padding(len(content)):
                writer.write(block)
            writer.close()
            found[f"{file_id}.age"] = out.getvalue()
            attachments.append(
                envelope.Attachment(
                    id=file_id,
                    name=name,
                    type="application/octet-stream",
                    size=len(content),
                    sealed_size=writer.sealed_size,
                    sha256=writer.payload_sha256.hex(),
                )
            )
        body = envelope.make_body(self.body_id or self.id, RECEIVED, "sv", self.fields, attachments)
        found["body.age"] = age.seal(body, [self.identity.recipient])
        for note in self.notes:
            octets = json.dumps(note).encode()
            found[f"notes/{uuid4()}.age"] = age.seal(octets, [self.identity.recipient])
        return found


def pack(path: Path, *tips: tuple[UUID, dict[str, bytes]]) -> Path:
    with path.open("wb") as out, BundlePacker(out, made_on=date(2026, 11, 26)) as packer:
        for tip_id, files in tips:
            packer.add_tip(
                tip_id,
                [(name, io.BytesIO(octets)) for name, octets in files.items()],
                state="read",
                received_on="2026-11-25",
                register_no="2026-1234",
            )
    return path


@pytest.fixture
def packed(tmp_path) -> Callable[..., Path]:
    return lambda *tips: pack(tmp_path / "tips.zip", *((tip.id, tip.sealed()) for tip in tips))


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


def open_tip(path: Path, tip_id: UUID, out: Path, *identities: age.Identity) -> Path:
    with bundle.open_bundle(path) as opened:
        return opened.open_tip(tip_id, identities or (HANDLER,), out)


def refusal(path: Path, tip_id: UUID, out: Path, *identities: age.Identity) -> BundleError:
    """Why the tip could not be opened, having made sure that nothing was left behind."""
    there = os.listdir(out) if out.exists() else []
    with pytest.raises(BundleError) as caught:
        open_tip(path, tip_id, out, *identities)
    assert (os.listdir(out) if out.exists() else []) == there
    return caught.value


# Opening


def read(folder: Path, name: str = "tip.json") -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def test_a_tip_comes_out_with_its_files(packed, out):
    tip = Left({"bild på bilen.jpg": b"\xff\xd8bild", "tom.txt": b""})

    folder = open_tip(packed(tip), tip.id, out)

    assert folder == out / str(tip.id)
    assert sorted(os.listdir(folder)) == ["fil-1.jpg", "fil-2.txt", "tip.json"]
    assert (folder / "fil-1.jpg").read_bytes() == b"\xff\xd8bild"
    assert (folder / "fil-2.txt").read_bytes() == b""
    said = read(folder)
    assert (said["id"], said["received"]) == (str(tip.id), "2026-11-25T14:15")
    assert said["fields"] == FIELDS
    assert [(file["name"], file["saved_as"]) for file in said["attachments"]] == [
        ("bild på bilen.jpg", "fil-1.jpg"), ("tom.txt", "fil-2.txt"),
    ]  # fmt: skip
    assert "En bil står utanför." in (folder / "tip.json").read_text("utf-8")


def test_what_a_tipster_wrote_cannot_steer_a_terminal(packed, out):
    text = "\x1b[2J\x9b2J\u202egnp.exe \u2066å"
    tip = Left(fields={"text": text})
    folder = open_tip(packed(tip), tip.id, out)
    written = (folder / "tip.json").read_text("utf-8")
    assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(written)
    assert "å" in written
    assert read(folder)["fields"]["text"] == text


def test_tips_of_a_bundle_are_opened_one_by_one_into_one_folder(packed, out):
    one, other = Left(), Left({"x": b"y"})

    with bundle.open_bundle(packed(one, other)) as opened:
        assert list(opened.tips) == [one.id, other.id]
        for tip in opened.tips:
            opened.open_tip(tip, [OTHER, HANDLER], out)

    assert set(os.listdir(out)) == {str(one.id), str(other.id)}


@every_row("size", [0, 1, 4095, 4096, 4097, 65_536, 65_537, 1_000_000])
def test_the_filling_of_a_file_is_cut_off(packed, out, size):
    content = (b"\x01\x00" * size)[:size]  # ends with zeros of its own
    tip = Left({"fil.bin": content})

    folder = open_tip(packed(tip), tip.id, out)

    assert (folder / "fil-1.bin").read_bytes() == content


@every_row("kind", ["hybrid", "x25519"])
def test_both_kinds_of_keys_open(packed, out, kind):
    key = age.generate_identity(kind)
    tip = Left({"a": b"b"}, identity=key)

    assert open_tip(packed(tip), tip.id, out, key).is_dir()


def test_only_its_owner_may_read_what_comes_out(packed, out):
    tip = Left({"bild.jpg": b"bild"}, notes=[{"text": "Ringt."}])

    folder = open_tip(packed(tip), tip.id, out)

    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_notes_come_as_they_were_sealed_and_one_for_others_does_not_hide_the_tip(tmp_path, out):
    tip = Left(notes=[{"text": "Ringt."}])
    files = tip.sealed()
    files[f"notes/{uuid4()}.age"] = age.seal(b'{"text": "x"}', [OTHER.recipient])
    files[f"notes/{uuid4()}.age"] = b"age-encryption.org/v1"

    folder = open_tip(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert read(folder, "anteckningar.json") == [
        {"text": "Ringt."}, "låst för en annan nyckel", "skadad",
    ]  # fmt: skip


# Names of files


def test_names_are_ours_and_keep_the_ending_alone(packed, out, tmp_path):
    names = ["../../ute.txt", "/etc/ute.TXT", "tip.json", "utan", ".exe/x", "a.b c"]
    tip = Left({name: name.encode() for name in names})

    folder = open_tip(packed(tip), tip.id, out)

    assert sorted(path.name for path in folder.iterdir()) == [
        "fil-1.txt", "fil-2.txt", "fil-3.json", "fil-4", "fil-5", "fil-6", "tip.json",
    ]  # fmt: skip
    assert sorted(os.listdir(tmp_path)) == ["out", "tips.zip"]
    assert (folder / "fil-3.json").read_bytes() == b"tip.json"
    assert [file["name"] for file in read(folder)["attachments"]] == names


@given(names=st.lists(st.text(max_size=30), max_size=6, unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_names_all_files_come_out_in_the_folder(tmp_path, names):
    work = tmp_path / uuid4().hex
    work.mkdir()
    tip = Left({name: name.encode("utf-8", "replace") for name in names})

    folder = open_tip(pack(work / "tips.zip", (tip.id, tip.sealed())), tip.id, work / "out")

    found = [path.read_bytes() for path in folder.iterdir() if path.name != "tip.json"]
    assert sorted(found) == sorted(tip.files.values())
    assert sorted(os.listdir(work)) == ["out", "tips.zip"]


# Refusals


def test_a_key_that_opens_nothing_is_told(packed, out):
    tip = Left()
    fault = refusal(packed(tip), tip.id, out, OTHER)

    assert fault.code == "wrong_key"
    assert str(fault) == f"{tip.id}/body.age is sealed to other keys"


def test_what_came_out_before_is_never_overwritten(packed, out, tmp_path):
    tip = Left()
    (open_tip(packed(tip), tip.id, out) / "tip.json").write_text("mina anteckningar")

    assert refusal(packed(tip), tip.id, out).code == "exists"
    assert (out / str(tip.id) / "tip.json").read_text() == "mina anteckningar"

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / str(tip.id)).rename(tmp_path / "moved")
    (out / str(tip.id)).symlink_to(elsewhere)
    assert refusal(packed(tip), tip.id, out).code == "exists"
    assert not list(elsewhere.iterdir())


def test_a_file_that_is_missing_is_named(tmp_path, out):
    tip = Left({"bild.jpg": b"bild"})
    sealed = tip.sealed()
    for gone in sealed:
        files = {name: octets for name, octets in sealed.items() if name != gone}
        fault = refusal(pack(tmp_path / "x.zip", (tip.id, files)), tip.id, out)
        assert (fault.code, str(fault)) == ("missing_file", f"{tip.id}/{gone} is missing")


def test_content_of_another_tip_and_a_changed_bit_are_refused(tmp_path, packed, out):
    other = Left(body_id=uuid4())
    assert "belongs to another tip" in str(refusal(packed(other), other.id, out))
    tip = Left({"bild.jpg": b"bild"})
    files = tip.sealed()
    for name, octets in files.items():
        changed = {**files, name: octets[:-1] + bytes([octets[-1] ^ 1])}
        assert refusal(pack(tmp_path / "x.zip", (tip.id, changed)), tip.id, out).code == "damaged"


def test_a_tip_with_more_files_than_a_form_could_take_is_refused(packed, out):
    tip = Left({str(number): b"" for number in range(101)})

    assert "too many files" in str(refusal(packed(tip), tip.id, out))


def test_nothing_is_left_when_the_disk_is_full(packed, out, monkeypatch):
    tip = Left({"a": b"ett", "b": b"tva"})
    path = packed(tip)
    written = []
    create = bundle._create

    def no_room(target):
        written.append(target)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return create(target)

    monkeypatch.setattr(bundle, "_create", no_room)
    with pytest.raises(OSError, match="No space"):
        open_tip(path, tip.id, out)

    assert len(written) == 3
    assert os.listdir(out) == []


def test_no_fault_repeats_what_was_sealed(tmp_path, out):
    tip = Left()
    files = tip.sealed()
    files["body.age"] = age.seal(b'{"format": "sapo-tip/1", "hemligt" hemligt', [HANDLER.recipient])

    fault = refusal(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert fault.code == "damaged"
    assert "hemligt" not in str(fault)


# Bundles that come from anybody


@pytest.fixture
def sound(tmp_path) -> tuple[Path, UUID]:
    tip = Left({"bild.jpg": b"bild"})
    return pack(tmp_path / "sound.zip", (tip.id, tip.sealed())), tip.id


def code_of(path: Path) -> str:
    with pytest.raises(BundleError) as caught, bundle.open_bundle(path):
        pass
    return caught.value.code


@every_row("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_may_ask_for_much_memory_is_refused(sound, tmp_path, method):
    with (
        zipfile.ZipFile(sound[0]) as archive,
        zipfile.ZipFile(tmp_path / "x.zip", "w", method) as out,
    ):
        for name in archive.namelist():
            out.writestr(name, archive.read(name))

    assert code_of(tmp_path / "x.zip") == "not_a_bundle"


@every_row(
    "octets",
    [
        b"", b"{", b"\xff", b"[]", b"null", b"{}", b"[" * 100_000, b'{"format": "sapo-tips/2", "tips": []}',
        b'{"format": "sapo-tips/1"}', b'{"format": "sapo-tips/1", "tips": {"id": 1}}',
        b'{"format": "sapo-tips/1", "tips": [1]}', b'{"format": "sapo-tips/1", "tips": [{"id": "../x", "files": []}]}',
        b'{"format": "sapo-tips/1", "tips": [{"id": 1, "files": []}]}', b" " * (16 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_a_manifest_of_another_form_is_refused(tmp_path, octets):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("manifest.json", octets)
    assert code_of(tmp_path / "x.zip") in ("not_a_bundle", "damaged")


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 inget paket")
    assert code_of(tmp_path / "x.zip") == "not_a_bundle"
    with zipfile.ZipFile(tmp_path / "x.zip", "w"):
        pass
    assert code_of(tmp_path / "x.zip") == "not_a_bundle"


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_zip_file_changed_anywhere_opens_or_gives_a_bundle_error(sound, tmp_path, data):
    path, tip_id = sound
    octets = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(octets) - 1))
    octets[at] ^= data.draw(st.integers(1, 255))
    changed, out = tmp_path / "changed.zip", tmp_path / uuid4().hex
    changed.write_bytes(octets[: data.draw(st.integers(at + 1, len(octets)))])

    try:
        folder = open_tip(changed, tip_id, out)
    except (BundleError, KeyError):
        return
    assert (folder / "fil-1.jpg").read_bytes() == b"bild"
