"""Opening bundles offline: what was left comes out whole, and nothing that was slipped in."""

import io
import json
import os
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables import every_row
from tips.form import limits
from tips.sealing import age, bundle, envelope
from tips.sealing.manifest import LARGEST_FILE, MAX_ATTACHMENTS, BundleError
from tips.sealing.packing import BundlePacker
from tips.sealing.reference import reference_of

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
    head_id: UUID | None = None
    body_id: UUID | None = None
    head_received: datetime = RECEIVED
    listed: Callable[[envelope.Attachment], envelope.Attachment] = lambda file: file
    filling: Callable[[int], Iterator[bytes]] = envelope.padding
    identity: age.Identity = HANDLER

    def sealed(self) -> dict[str, bytes]:
        """The name of each sealed file of the tip, and its octets."""
        found, attachments = {}, []
        for name, content in self.files.items():
            file_id, out = uuid4(), io.BytesIO()
            writer = age.SealedWriter(out, [self.identity.recipient])
            writer.write(content)
            for block in self.filling(len(content)):
                writer.write(block)
            writer.close()
            found[f"{file_id}.age"] = out.getvalue()
            attachments.append(
                self.listed(
                    envelope.Attachment(
                        id=file_id,
                        name=name,
                        type="application/octet-stream",
                        size=len(content),
                        sealed_size=writer.sealed_size,
                        sha256=writer.payload_sha256.hex(),
                    )
                )
            )
        head = envelope.make_head(
            self.head_id or self.id, self.head_received, self.fields, attachments
        )
        body = envelope.make_body(self.body_id or self.id, RECEIVED, "sv", self.fields, attachments)
        found["head.age"] = age.seal(head, [self.identity.recipient])
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
        return opened.open_tip(tip_id, identities or [HANDLER], out)


def refusal(path: Path, tip_id: UUID, out: Path, *identities: age.Identity) -> BundleError:
    """Why the tip could not be opened, having made sure that nothing was left behind."""
    there = os.listdir(out) if out.exists() else []
    with pytest.raises(BundleError) as caught:
        open_tip(path, tip_id, out, *identities)
    assert (os.listdir(out) if out.exists() else []) == there
    return caught.value


# Opening


def test_a_tip_comes_out_with_its_files(packed, out):
    tip = Left({"bild på bilen.jpg": b"\xff\xd8bild", "tom.txt": b""})

    folder = open_tip(packed(tip), tip.id, out)

    assert folder == out / str(tip.id)
    assert sorted(os.listdir(folder)) == ["bild på bilen.jpg", "tip.txt", "tom.txt"]
    assert (folder / "bild på bilen.jpg").read_bytes() == b"\xff\xd8bild"
    assert (folder / "tom.txt").read_bytes() == b""
    text = (folder / "tip.txt").read_text("utf-8")
    assert text.startswith(f"Tips {reference_of(tip.id)}\n\nInkom: 2026-11-25 14:15\n")
    assert "Ämne: Hot mot demokratin eller mot personer som vi skyddar\n" in text
    assert "En bil står utanför." in text
    assert "bild på bilen.jpg (6 byte)\n" in text


def test_a_folder_opens_as_the_zip_file_does(packed, out, tmp_path):
    tip = Left({"bild.jpg": b"bild"})
    with zipfile.ZipFile(packed(tip)) as archive:
        archive.extractall(tmp_path / "unpacked")
    (tmp_path / "unpacked" / ".DS_Store").write_bytes(b"from a Mac")

    folder = open_tip(tmp_path / "unpacked", tip.id, out)

    assert (folder / "bild.jpg").read_bytes() == b"bild"


def _for_each(tip: Left, *identities: age.Identity) -> dict[str, bytes]:
    """The tip's files as they go out now: with a head for each of these keys."""
    files = tip.sealed()
    plain = age.unseal(files.pop("head.age"), [tip.identity])
    headers, payload = age.seal_to_each(plain, [each.recipient for each in identities])
    return {**{f"head.mottagare-{n}.age": h + payload for n, h in enumerate(headers)}, **files}


@every_row("place", [0, 1, 2])
def test_of_the_heads_the_one_that_the_key_opens_is_read(tmp_path, out, place):
    tip, identities = Left(), [OTHER, age.generate_identity()]
    identities.insert(place, HANDLER)
    path = pack(tmp_path / "tips.zip", (tip.id, _for_each(tip, *identities)))

    folder = open_tip(path, tip.id, out)

    assert "En bil står utanför." in (folder / "tip.txt").read_text("utf-8")


def test_heads_without_one_for_the_key_are_sealed_to_others(tmp_path, out):
    tip = Left()
    path = pack(tmp_path / "tips.zip", (tip.id, _for_each(tip, OTHER, age.generate_identity())))

    assert refusal(path, tip.id, out).code == "wrong_key"


def test_heads_that_do_not_say_the_same_are_damaged(tmp_path, out):
    """Whoever made one for some of the readers would show them another tip."""
    tip = Left()
    files = _for_each(tip, HANDLER, OTHER)
    exchanged = envelope.make_head(tip.id, RECEIVED, {"text": "Något annat."}, [])
    files["head.mottagare-1.age"] = age.seal(exchanged, [OTHER.recipient])
    path = pack(tmp_path / "tips.zip", (tip.id, files))

    assert refusal(path, tip.id, out).code == "damaged"


def test_a_bundle_lists_its_tips_without_a_key(packed):
    one, other = Left(), Left()

    with bundle.open_bundle(packed(one, other)) as opened:
        assert [tip.id for tip in opened.tips] == [one.id, other.id]
        assert opened.made_on == "2026-11-26"
        assert opened.tips[0].state == "read"
        assert opened.tips[0].received_on == "2026-11-25"
        assert opened.tips[0].register_no == "2026-1234"


def test_tips_of_a_bundle_are_opened_one_by_one_into_one_folder(packed, out):
    one, other = Left(), Left({"x": b"y"})
    path = packed(one, other)

    with bundle.open_bundle(path) as opened:
        for tip in opened.tips:
            opened.open_tip(tip.id, [OTHER, HANDLER], out)

    assert set(os.listdir(out)) == {str(one.id), str(other.id)}


@every_row("size", [0, 1, 4095, 4096, 4097, 65_536, 65_537, 1_000_000])
def test_the_filling_of_a_file_is_cut_off(packed, out, size):
    content = (b"\x01\x00" * size)[:size]  # ends with zeros of its own
    tip = Left({"fil.bin": content})

    folder = open_tip(packed(tip), tip.id, out)

    assert (folder / "fil.bin").read_bytes() == content


@every_row("kind", ["hybrid", "x25519"])
def test_both_kinds_of_keys_open(packed, out, kind):
    key = age.generate_identity(kind)
    tip = Left({"a": b"b"}, identity=key)

    assert open_tip(packed(tip), tip.id, out, key).is_dir()


def test_a_tip_that_was_wrapped_for_another_handler_opens_for_that_one(tmp_path, out):
    tip = Left({"bild.jpg": b"bild"})
    rewrapped = {}
    for name, octets in tip.sealed().items():
        source = io.BytesIO(octets)
        header = age.rewrap_header(
            age.split_header(source),
            [HANDLER],
            [OTHER.recipient, age.generate_identity().recipient],
        )
        rewrapped[name] = header + source.read()
    path = pack(tmp_path / "tips.zip", (tip.id, rewrapped))

    assert refusal(path, tip.id, out, HANDLER).code == "wrong_key"
    assert (open_tip(path, tip.id, out, OTHER) / "bild.jpg").read_bytes() == b"bild"


def test_only_its_owner_may_read_what_comes_out(packed, out):
    tip = Left({"bild.jpg": b"bild"}, notes=[{"text": "Ringt."}])

    folder = open_tip(packed(tip), tip.id, out)

    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_notes_of_handlers_come_in_a_file_of_their_own(packed, out):
    tip = Left(notes=[{"text": "Ringt.", "author": "anna", "written": "2026-11-26 14:05"}])

    folder = open_tip(packed(tip), tip.id, out)

    assert (folder / "anteckningar.txt").read_text(
        "utf-8"
    ) == "== anna, 2026-11-26 14:05, från tiden före signaturer ==\nRingt.\n"


def test_a_note_sealed_to_others_does_not_hide_the_tip(tmp_path, out):
    tip = Left()
    files = tip.sealed()
    files[f"notes/{uuid4()}.age"] = age.seal(b'{"text": "x"}', [OTHER.recipient])

    folder = open_tip(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert "låst för en annan nyckel" in (folder / "anteckningar.txt").read_text("utf-8")


def test_a_bundle_can_hold_whatever_the_form_takes():
    largest = envelope.padded_size(limits.MAX_FILE_BYTES) * 1.001 + 64 * 1024

    assert largest < LARGEST_FILE
    assert limits.MAX_FILES <= MAX_ATTACHMENTS


# Names of files


def test_names_lead_nowhere_else_and_are_never_the_same(packed, out, tmp_path):
    names = ["../../ute.txt", "/etc/ute.txt", "tip.txt", "Anteckningar.TXT"]
    tip = Left({name: name.encode() for name in names})

    folder = open_tip(packed(tip), tip.id, out)

    assert {path.name for path in folder.iterdir()} == {
        "ute.txt", "ute (2).txt", "tip (2).txt", "Anteckningar (2).TXT", "tip.txt",
    }  # fmt: skip
    assert sorted(os.listdir(tmp_path)) == ["out", "tips.zip"]
    assert os.listdir(out) == [str(tip.id)]
    assert (folder / "tip (2).txt").read_bytes() == b"tip.txt"
    assert "En bil står utanför." in (folder / "tip.txt").read_text("utf-8")


@given(names=st.lists(st.text(max_size=30), max_size=6, unique=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_names_all_files_come_out_in_the_folder(tmp_path, names):
    work = tmp_path / uuid4().hex
    work.mkdir()
    tip = Left({name: name.encode("utf-8", "replace") for name in names})

    folder = open_tip(pack(work / "tips.zip", (tip.id, tip.sealed())), tip.id, work / "out")

    found = [path.read_bytes() for path in folder.iterdir() if path.name != "tip.txt"]
    assert sorted(found) == sorted(tip.files.values())
    assert sorted(os.listdir(work)) == ["out", "tips.zip"]


# Refusals


def test_a_wrong_key_is_told_from_damage(packed, out):
    tip = Left()
    fault = refusal(packed(tip), tip.id, out, OTHER)

    assert fault.code == "wrong_key"
    assert str(fault) == f"{tip.id}/head.age is sealed to other keys"


def test_a_tip_that_is_not_there_is_told(packed, out):
    assert refusal(packed(Left()), uuid4(), out).code == "unknown_tip"


def test_what_came_out_before_is_never_overwritten(packed, out):
    tip = Left()
    path = packed(tip)
    (open_tip(path, tip.id, out) / "tip.txt").write_text("mina anteckningar")

    assert refusal(path, tip.id, out).code == "exists"
    assert (out / str(tip.id) / "tip.txt").read_text() == "mina anteckningar"


def test_a_link_in_the_place_of_the_folder_is_not_followed(packed, out, tmp_path):
    tip = Left()
    out.mkdir()
    (out / str(tip.id)).symlink_to(tmp_path / "elsewhere")

    assert refusal(packed(tip), tip.id, out).code == "exists"
    assert not (tmp_path / "elsewhere").exists()


@every_row("name", ["head.age", "body.age", "attachment"])
def test_a_file_that_is_missing_is_named(tmp_path, out, name):
    tip = Left({"bild.jpg": b"bild"})
    files = tip.sealed()
    name = next(iter(files)) if name == "attachment" else name
    del files[name]

    fault = refusal(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert fault.code == "missing_file"
    assert str(fault) == f"{tip.id}/{name} is missing"


def test_a_file_that_the_manifest_lists_but_is_gone_is_missing(packed, out, tmp_path):
    tip = Left({"bild.jpg": b"bild"})
    with zipfile.ZipFile(packed(tip)) as archive:
        archive.extractall(tmp_path / "unpacked")
    for path in (tmp_path / "unpacked" / str(tip.id)).iterdir():
        path.rename(tmp_path / "aside")

        assert refusal(tmp_path / "unpacked", tip.id, out).code == "missing_file"

        (tmp_path / "aside").rename(path)
    assert open_tip(tmp_path / "unpacked", tip.id, out)


def test_a_changed_bit_in_any_file_is_damage_and_not_a_wrong_key(packed, out, tmp_path):
    tip = Left({"bild.jpg": b"bild"}, notes=[{"text": "Ringt."}])
    with zipfile.ZipFile(packed(tip)) as archive:
        archive.extractall(tmp_path / "unpacked")
    for path in sorted((tmp_path / "unpacked" / str(tip.id)).rglob("*.age")):
        octets = path.read_bytes()
        for place in (5, 60, 1000, 1600, len(octets) // 2, len(octets) - 1):
            changed = bytearray(octets)
            changed[place] ^= 1
            path.write_bytes(changed)
            fault = refusal(tmp_path / "unpacked", tip.id, out)
            assert (fault.code, place) == ("damaged", place)
        for other in (octets[:-1], octets + b"\0", b""):
            path.write_bytes(other)
            assert refusal(tmp_path / "unpacked", tip.id, out).code == "damaged"
        path.write_bytes(octets)
    assert open_tip(tmp_path / "unpacked", tip.id, out)


@every_row("place", ["head_id", "body_id"])
def test_parts_of_another_tip_are_refused(packed, out, place):
    tip = Left(**{place: uuid4()})

    fault = refusal(packed(tip), tip.id, out)

    assert fault.code == "damaged"
    assert "belongs to another tip" in str(fault)


def test_a_head_from_another_hour_is_refused(packed, out):
    tip = Left(head_received=datetime(2026, 11, 25, 17, tzinfo=UTC))

    assert "not of one tip" in str(refusal(packed(tip), tip.id, out))


@every_row(
    "changes",
    [{"sha256": "00" * 32}, {"sealed_size": 1}, {"size": 10_000}, {"size": 2}, {"id": uuid4()}],
)
def test_a_file_that_is_not_the_one_the_tip_was_left_with_is_refused(packed, out, changes):
    tip = Left({"bild.jpg": b"bild"}, listed=lambda file: replace(file, **changes))

    assert refusal(packed(tip), tip.id, out).code in ("damaged", "missing_file")


def test_two_files_that_changed_places_are_refused(tmp_path, out):
    tip = Left({"a": b"ett", "b": b"tva"})
    files = tip.sealed()
    one, other = list(files)[:2]
    files[one], files[other] = files[other], files[one]

    fault = refusal(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert fault.code == "damaged"
    assert "not the file that the tip was left with" in str(fault)


def test_a_file_slipped_in_beside_those_of_the_tip_is_refused(tmp_path, out):
    tip = Left()
    files = tip.sealed()
    files[f"{uuid4()}.age"] = age.seal(b"virus", [HANDLER.recipient])

    fault = refusal(pack(tmp_path / "tips.zip", (tip.id, files)), tip.id, out)

    assert "does not name" in str(fault)


def test_a_filling_that_holds_something_is_refused(packed, out):
    tip = Left({"a": b"b"}, filling=lambda size: iter([b"\0" * 5000 + b"x"]))

    assert "longer than the tip says" in str(refusal(packed(tip), tip.id, out))


def test_a_tip_with_more_files_than_a_form_could_take_is_refused(packed, out):
    tip = Left({str(number): b"" for number in range(101)})

    assert "too many files" in str(refusal(packed(tip), tip.id, out))


def test_nothing_is_left_when_the_last_file_of_a_tip_is_damaged(packed, out, monkeypatch):
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


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_zip(
    path: Path, content: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, octets in content:
            archive.writestr(name, octets)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(BundleError) as caught, bundle.open_bundle(path):
        pass
    return caught.value.code


@every_row(
    "name",
    [
        "../ute.txt", "/etc/passwd", "..\\ute.txt", "C:/ute.txt", "ute.txt", "manifest.json/",
        "MANIFEST.JSON", "{id}/../../ute.age", "{id}/tip.txt", "{id}/HEAD.AGE", "{id}/notes/x.age",
        "{id}/notes/head.age", "{id}/head.age\n", "{id}//head.age", "./{id}/head.age", "__MACOSX/x",
    ],
)  # fmt: skip
def test_an_archive_with_any_other_name_in_it_is_refused(sound, tmp_path, name):
    path, tip_id = sound
    content = [*entries(path).items(), (name.replace("{id}", str(tip_id)), b"x")]

    assert code_of(write_zip(tmp_path / "hostile.zip", content)) == "not_a_bundle"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_a_name_twice_is_refused(sound, tmp_path):
    path, tip_id = sound
    for name in ("manifest.json", f"{tip_id}/body.age"):
        content = [*entries(path).items(), (name, b"x")]
        assert code_of(write_zip(tmp_path / "hostile.zip", content)) == "not_a_bundle"


def test_an_archive_without_a_manifest_is_refused(sound, tmp_path):
    content = [(name, octets) for name, octets in entries(sound[0]).items() if "/" in name]

    assert code_of(write_zip(tmp_path / "hostile.zip", content)) == "missing_file"


def test_an_archive_packed_by_another_program_opens(sound, tmp_path, out):
    path, tip_id = sound
    content = [(f"{tip_id}/", b""), *entries(path).items()]
    again = write_zip(tmp_path / "again.zip", content, zipfile.ZIP_DEFLATED)

    assert (open_tip(again, tip_id, out) / "bild.jpg").read_bytes() == b"bild"


@every_row("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_may_ask_for_much_memory_is_refused(sound, tmp_path, method):
    content = list(entries(sound[0]).items())

    assert code_of(write_zip(tmp_path / "hostile.zip", content, method)) == "not_a_bundle"


def test_a_manifest_that_unpacks_to_gigabytes_is_read_no_further_than_the_limit(tmp_path):
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("manifest.json", "w") as file,
    ):
        for _ in range(200):
            file.write(b" " * 1024 * 1024)

    assert path.stat().st_size < 300_000
    assert code_of(path) == "not_a_bundle"


def test_a_file_that_unpacks_to_more_than_the_manifest_says_is_read_no_further(
    sound, tmp_path, out, monkeypatch
):
    path, tip_id = sound
    content = entries(path)
    name = next(name for name in content if name.count("-") > 4 and "/" in name)
    content[name] += bytes(50 * 1024 * 1024)
    again = write_zip(tmp_path / "bomb.zip", list(content.items()), zipfile.ZIP_DEFLATED)
    taken = []
    read = zipfile.ZipExtFile.read

    def counted(self, size=-1):
        octets = read(self, size)
        taken.append(len(octets))
        return octets

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert refusal(again, tip_id, out).code == "damaged"
    assert sum(taken) < 1024 * 1024


def _manifest(**changes: object) -> bytes:
    tip = {
        "id": str(uuid4()), "state": "read", "received_on": "2026-11-25", "register_no": "",
        "files": [{"name": "head.age", "size": 1, "sha256": "ab" * 32}],
    }  # fmt: skip
    content: dict[str, object] = {"format": "sapo-tips/1", "made_on": "2026-11-26", "tips": [tip]}
    for name, value in changes.items():
        if name.startswith("file_"):
            tip["files"][0][name[5:]] = value
        elif name.startswith("tip_"):
            tip[name[4:]] = value
        else:
            content[name] = value
    return json.dumps(content).encode()


def test_the_plainest_manifest_is_taken(tmp_path):
    path = write_zip(tmp_path / "plain.zip", [("manifest.json", _manifest())])

    with bundle.open_bundle(path) as opened:
        assert len(opened.tips) == 1


@every_row(
    "octets",
    [
        b"", b"\xff", b"null", b"[]", b"[" * 100_000, _manifest(format="sapo-tips/2"),
        _manifest(made_on=None), _manifest(tips={}), _manifest(tips=[None]),
        _manifest(tip_id="../../ute"), _manifest(tip_id=None),
        _manifest(tip_id=str(uuid4()).upper()), _manifest(tip_state="\x1b[2J"),
        _manifest(tip_state=None), _manifest(tip_received_on="i går"),
        _manifest(tip_register_no="a\nb"), _manifest(tip_register_no=None),
        _manifest(tip_files=None), _manifest(tip_files=[None]),
        _manifest(tip_files=[{"name": "head.age", "size": 1, "sha256": "ab" * 32}] * 2),
        _manifest(file_name="../head.age"), _manifest(file_name="tip.txt"),
        _manifest(file_name=None), _manifest(file_name="head.age\n"), _manifest(file_size=0),
        _manifest(file_size=-1), _manifest(file_size=True), _manifest(file_size="1"),
        _manifest(file_size=3 * 1024 * 1024),
        _manifest(file_name=f"{uuid4()}.age", file_size=10**12), _manifest(file_sha256="AB" * 32),
        _manifest(file_sha256=None),
    ],
)  # fmt: skip
def test_a_manifest_of_another_form_is_refused(tmp_path, octets):
    path = write_zip(tmp_path / "hostile.zip", [("manifest.json", octets)])

    assert code_of(path) == "not_a_bundle"


def test_a_manifest_that_names_a_tip_twice_is_refused(tmp_path):
    content = json.loads(_manifest())
    content["tips"] *= 2
    path = write_zip(tmp_path / "twice.zip", [("manifest.json", json.dumps(content).encode())])

    assert code_of(path) == "not_a_bundle"


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "tips.zip"
    for octets in (b"", b"PK", b"hej", b"PK\x05\x06" + bytes(18)[:10], bytes(1000)):
        path.write_bytes(octets)
        assert code_of(path) == "not_a_bundle"


def test_a_path_where_nothing_is_is_an_ordinary_error(tmp_path):
    with pytest.raises(FileNotFoundError), bundle.open_bundle(tmp_path / "nothing.zip"):
        pass


def test_an_archive_with_a_password_is_refused(sound, tmp_path):
    octets = bytearray(sound[0].read_bytes())
    at = -1
    while (at := octets.find(b"PK\x01\x02", at + 1)) >= 0:  # the flag in each entry of the list
        octets[at + 8 : at + 10] = struct.pack("<H", 1)
    (tmp_path / "locked.zip").write_bytes(octets)

    assert code_of(tmp_path / "locked.zip") == "damaged"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_in_a_folder_is_refused(sound, tmp_path, out, kind):
    path, tip_id = sound
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    body = tmp_path / "unpacked" / str(tip_id) / "body.age"
    body.rename(tmp_path / "body.age")
    if kind == "link":
        body.symlink_to(tmp_path / "body.age")
    elif kind == "pipe":
        os.mkfifo(body)
    else:
        body.mkdir()

    assert refusal(tmp_path / "unpacked", tip_id, out).code == "damaged"


def test_a_keyring_that_was_changed_in_the_archive_counts_as_none(sound, tmp_path):
    path, _tip_id = sound
    content = [*entries(path).items(), ("trust/signers-1.json", b"who signs")]
    packed = write_zip(tmp_path / "signed.zip", content)
    packed.write_bytes(packed.read_bytes().replace(b"who signs", b"who lies!"))

    with bundle.open_bundle(packed) as opened:
        assert opened.trust("signers-1.json") is None


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_zip_file_changed_anywhere_opens_as_it_was_or_gives_a_bundle_error(sound, tmp_path, data):
    path, tip_id = sound
    octets = bytearray(path.read_bytes())
    # Most of what can go wrong stands in the list at the end and in the heads of entries.
    places = st.integers(0, len(octets) - 1) | st.integers(len(octets) - 700, len(octets) - 1)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(places)] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        octets = octets[: data.draw(places)]
    changed, out = tmp_path / "changed.zip", tmp_path / "out"
    changed.write_bytes(octets)
    shutil.rmtree(out, ignore_errors=True)

    try:
        folder = open_tip(changed, tip_id, out)
    except BundleError:
        assert not out.exists() or os.listdir(out) == []
    else:
        assert (folder / "bild.jpg").read_bytes() == b"bild"
        assert (
            (folder / "tip.txt")
            .read_text("utf-8")
            .endswith(
                "Bråttom: ja\n\n== Vad ==\nEn bil står utanför.\n\n== Filer ==\nbild.jpg (4 byte)\n"
            )
        )
        assert os.listdir(out) == [str(tip_id)]
