"""The folders of the sealed files: whole or not there, and silent about when and whose."""

import hashlib
import os
import re
import stat
import threading
import time
import uuid
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.rewrapping import rewrap_header
from tests.rings import ring_for
from tests.tables import every_row
from tips.keeping.arriving import AlreadyReceived
from tips.keeping.sealed_files import ReplacedHeader
from tips.keeping.vault import Vault, vault_now
from tips.sealing import age, heads

DAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC).timestamp()


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "tips")


def _seal(vault, tip_id=None, names=("heads", "body.age"), content=b"sealed"):
    tip_id = tip_id or uuid.uuid4()
    with vault.begin() as arriving:
        for name in names:
            with arriving.create(name) as file:
                file.write(content)
        arriving.settle(DAY)
        arriving.seal_into(tip_id)
    return tip_id


def _incoming(vault):
    return sorted((vault.root / "incoming").iterdir())


def test_the_vault_lies_where_the_settings_say(settings, tmp_path):
    settings.TIPS_DIR = tmp_path / "tips"
    assert _seal(vault_now()) in Vault(tmp_path / "tips").tips()


# Coming in


def test_what_is_sealed_in_is_found_by_its_id(vault):
    tip_id = _seal(vault)
    assert list(vault.tips()) == [tip_id]
    with vault.open(tip_id, "body.age") as file:
        assert file.read() == b"sealed"
    assert _incoming(vault) == []


def test_what_is_not_sealed_in_leaves_nothing(vault):
    with vault.begin() as arriving:
        arriving.create("body.age").write(b"half")
        assert len(_incoming(vault)) == 1
    assert _incoming(vault) == []
    assert list(vault.tips()) == []


def test_an_error_on_the_way_leaves_nothing(vault):
    def fail():
        with vault.begin() as arriving:
            arriving.create("body.age").write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _incoming(vault) == []


def test_what_is_thrown_away_is_gone_at_once_while_its_files_are_open(vault):
    with vault.begin() as arriving, arriving.create("body.age") as file:
        file.write(b"half")
        arriving.discard()
        assert _incoming(vault) == []


def test_a_tip_is_there_once(vault):
    tip_id = _seal(vault, content=b"first")
    with pytest.raises(AlreadyReceived):
        _seal(vault, tip_id, content=b"second")
    with vault.open(tip_id, "body.age") as file:
        assert file.read() == b"first"
    assert _incoming(vault) == []


def test_a_file_is_created_once(vault):
    with vault.begin() as arriving:
        arriving.create("body.age").close()
        with pytest.raises(FileExistsError):
            arriving.create("body.age")


@every_row(
    "name", ["", "../body.age", "foto.jpg", "body.age/..", "HEAD.AGE", "body.age\n", "a.age"]
)
def test_no_name_can_be_chosen_from_outside(vault, name):
    with vault.begin() as arriving, pytest.raises(ValueError, match="not the name"):
        arriving.create(name)
    tip_id = _seal(vault)
    with pytest.raises(FileNotFoundError):
        vault.open(tip_id, name)


def test_what_is_written_does_not_wait_in_memory(vault):
    with vault.begin() as arriving:
        file = arriving.create("body.age")
        file.write(b"sealed")
        assert (arriving.path / "body.age").read_bytes() == b"sealed"
        file.close()


def test_everything_is_on_the_disk_before_the_folder_is_renamed(vault, monkeypatch):
    done = []
    fsync, rename = os.fsync, os.rename

    def record_fsync(descriptor):
        done.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def record_rename(source, target):
        done.append("rename")
        rename(source, target)

    with vault.begin() as arriving:
        arriving.create("heads").close()
        arriving.create("body.age").close()
        monkeypatch.setattr(os, "fsync", record_fsync)
        monkeypatch.setattr(os, "rename", record_rename)
        arriving.settle(DAY)
        arriving.seal_into(uuid.uuid4())
    assert sorted(done[:2]) == ["body.age", "heads"]
    assert done[2:] == [arriving.path.name, "rename", "sealed"]
    assert arriving.is_sealed


def test_no_link_is_followed_to_what_lies_outside(vault, tmp_path):
    (tmp_path / "outside").write_bytes(b"")
    with vault.begin() as arriving:
        (arriving.path / "body.age").symlink_to(tmp_path / "outside")
        with pytest.raises(OSError, match="symbolic links"):
            arriving.settle(DAY)


# What names, times and modes tell


def test_times_tell_the_day_and_no_more(vault):
    tip_id = _seal(vault, names=("heads", "body.age", f"{uuid.uuid4()}.age", "echo"))
    for path in [vault.folder(tip_id), *vault.folder(tip_id).iterdir()]:
        assert path.stat().st_mtime == MIDNIGHT, path
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    for folder in (vault.root, vault.root / "incoming", vault.root / "sealed"):
        assert folder.stat().st_mtime == today, folder
    assert vault.received_on(tip_id) == DAY


@pytest.mark.parametrize("ending", ["discarded", "removed", "swept", "rewrapped"])
def test_the_folders_tell_no_time_afterwards(vault, ending):
    tip_id = _seal(vault)
    with vault.begin() as arriving:
        pass
    if ending == "removed":
        vault.remove(tip_id)
    elif ending == "swept":
        os.mkdir(vault.root / "incoming" / "x")
        assert vault.sweep(0) == 1
    elif ending == "rewrapped":
        _replace_body_s_header(vault)
    for folder in (vault.root, vault.root / "incoming", vault.root / "sealed"):
        assert folder.stat().st_mtime % 86_400 == 0, folder
    assert arriving.path.exists() is False


@pytest.fixture
def far_east(monkeypatch):
    """Where it is always tomorrow already."""
    monkeypatch.setenv("TZ", "EAST-24")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_day_is_the_same_all_over_the_world(vault, far_east):
    tip_id = _seal(vault)
    assert vault.received_on(tip_id) == DAY
    assert vault.folder(tip_id).stat().st_mtime == MIDNIGHT
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    assert vault.root.stat().st_mtime == today


def test_names_are_random(vault, monkeypatch):
    with vault.begin() as one, vault.begin() as other:
        assert re.fullmatch(r"[0-9a-f]{32}", one.path.name)
        assert one.path.name != other.path.name
    renamed, rename = [], os.rename
    tip_id = _seal(vault)
    monkeypatch.setattr(os, "rename", lambda *paths: (renamed.append(paths[1]), rename(*paths)))
    vault.remove(tip_id)
    assert re.fullmatch(r"[0-9a-f]{32}", renamed[0].name)


@pytest.mark.parametrize("umask", [0o007, 0])
def test_only_the_group_shares_what_is_there(vault, umask):
    before = os.umask(umask)
    try:
        tip_id = _seal(vault)
    finally:
        os.umask(before)
    for file in vault.folder(tip_id).iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
    for folder in (vault.root, vault.root / "sealed", vault.folder(tip_id)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o2770


# What is there


def test_files_are_listed_head_first_and_without_what_is_not_sealed(vault):
    one, other = sorted(f"{uuid.uuid4()}.age" for _ in range(2))
    tip_id = _seal(vault, names=("echo", other, "body.age", one, "heads"), content=b"12345")
    (vault.folder(tip_id) / "heads.part").write_bytes(b"")
    assert [(file.name, file.size) for file in vault.files(tip_id)] == [
        ("head.age", 5), ("body.age", 5), (one, 5), (other, 5),
    ]  # fmt: skip
    assert vault.echo(tip_id) == b"12345"


def test_an_empty_vault_has_no_tips(vault):
    assert list(vault.tips()) == []
    assert vault.files(uuid.uuid4()) == []
    assert vault.sweep(0) == 0


def test_what_is_no_tip_is_passed_over(vault):
    tip_id = _seal(vault)
    (vault.root / "sealed" / "lost+found").mkdir()
    assert list(vault.tips()) == [tip_id]


def test_free_room_is_known_before_the_folder_is_made(vault, monkeypatch):
    assert vault.free_bytes() > 0
    assert not vault.root.exists()
    room = SimpleNamespace(f_bavail=3, f_bfree=5, f_frsize=4096, f_bsize=512)
    monkeypatch.setattr(os, "statvfs", {vault.root.parent: room}.__getitem__)
    assert vault.free_bytes() == 3 * 4096


def test_the_vault_is_made_with_the_folders_it_lies_in(tmp_path):
    vault = Vault(str(tmp_path / "srv" / "sapo" / "tips"))
    tip_id = _seal(vault)
    assert list(vault.tips()) == [tip_id]


def test_the_digest_is_of_names_and_of_what_is_sealed_and_not_of_headers(vault):
    sealed = _sealed(age.generate_identity())
    tip_id = _seal(vault, content=sealed)
    payload = sealed[len(age.split_header(BytesIO(sealed))) :]
    lines = [f"{name} {hashlib.sha256(payload).hexdigest()}\n" for name in ("body.age", "head.age")]
    digest = hashlib.sha256("".join(lines).encode()).digest()
    assert vault.digest(tip_id) == digest


def test_a_removed_tip_is_gone(vault):
    tip_id = _seal(vault)
    vault.remove(tip_id)
    assert list(vault.tips()) == []
    assert _incoming(vault) == []
    with pytest.raises(FileNotFoundError):
        vault.remove(tip_id)


# Other headers


def _sealed(*identities):
    return age.seal(b"content" * 30_000, [identity.recipient for identity in identities])


def _replace_body_s_header(vault):
    old, new = age.generate_identity(), age.generate_identity()
    sealed = _sealed(old)
    tip_id = _seal(vault, content=sealed)
    header = age.split_header(BytesIO(sealed))
    vault.replace_header(
        tip_id, "body.age", rewrap_header(header, [old], [old.recipient, new.recipient])
    )
    return tip_id, sealed, header, new


def test_another_header_opens_the_same_payload(vault):
    tip_id, sealed, header, new = _replace_body_s_header(vault)
    with vault.open(tip_id, "body.age") as file:
        assert b"".join(age.open_stream(file, [new])) == b"content" * 30_000
    with vault.open(tip_id, "body.age") as file:
        age.split_header(file)
        assert file.read() == sealed[len(header) :]
    assert (vault.folder(tip_id) / "body.age").stat().st_mtime == MIDNIGHT
    assert vault.folder(tip_id).stat().st_mtime == MIDNIGHT
    assert _incoming(vault) == []


def test_what_is_no_header_is_not_put_in_front(vault):
    sealed = _sealed(age.generate_identity())
    tip_id = _seal(vault, content=sealed)
    header = age.split_header(BytesIO(sealed))
    for wrong in (b"", b"hello", header[:-1], header + b"x"):
        with pytest.raises(age.Damaged):
            vault.replace_header(tip_id, "body.age", wrong)
    with vault.open(tip_id, "body.age") as file:
        assert file.read() == sealed


def test_a_header_that_has_no_room_leaves_the_old_one(vault, monkeypatch):
    sealed = _sealed(age.generate_identity())
    tip_id = _seal(vault, content=sealed)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.replace_header(tip_id, "body.age", age.split_header(BytesIO(sealed)))
    with vault.open(tip_id, "body.age") as file:
        assert file.read() == sealed
    assert _incoming(vault) == []


def test_headers_that_were_replaced_are_kept_in_the_order_of_their_versions(vault):
    note = f"note-{uuid.uuid4()}.age"
    headers = [
        ReplacedHeader("body.age", 2, 1), ReplacedHeader("head.age", 2, 1),
        ReplacedHeader(note, 2, 1), ReplacedHeader("head.age", 3, 2),
        ReplacedHeader("body.age", 10, 2), ReplacedHeader("head.age", 10, 3),
    ]  # fmt: skip
    tip_id = _seal(vault)
    (vault.folder(tip_id) / "lost+found").mkdir()
    os.utime(vault.folder(tip_id), (MIDNIGHT, MIDNIGHT))
    for header in reversed(headers):
        vault.keep_header(tip_id, header, header.file_name.encode())
    vault.keep_header(tip_id, headers[0], b"another")
    assert vault.replaced_headers(tip_id) == headers
    for header in headers:
        assert vault.replaced_header(tip_id, header) == header.file_name.encode()
        assert (vault.folder(tip_id) / header.file_name).stat().st_mtime == MIDNIGHT
    assert [file.name for file in vault.files(tip_id)] == ["head.age", "body.age"]
    assert vault.folder(tip_id).stat().st_mtime == MIDNIGHT
    assert _incoming(vault) == []


# Heads


HEAD = b"a head".ljust(1024)


def _ring(*identities):
    return ring_for([each.recipient for each in identities])


def _for_each(header, old, *identities):
    """What is put in front of the payload when a head is wrapped anew for each of them."""
    wrapped = b"".join(rewrap_header(header, [old], [each.recipient]) for each in identities)
    return heads.front_of(heads.for_each(_ring(*identities), wrapped))


def _folder_with_a_head(vault):
    old = age.generate_identity()
    sealed = heads.seal_heads(HEAD, _ring(old))
    tip_id = _seal(vault, content=heads.front_of(sealed.headers) + sealed.payload)
    return tip_id, old, next(iter(sealed.headers.values()))


def test_a_head_is_wrapped_anew_for_each_and_its_digest_stays(vault):
    tip_id, old, header = _folder_with_a_head(vault)
    one, other = age.generate_identity(), age.generate_identity()
    digest = vault.digest(tip_id)

    vault.replace_header(tip_id, "head.age", _for_each(header, old, one, other))

    assert {path.name for path in vault.folder(tip_id).iterdir()} == {"heads", "body.age"}
    assert [file.name for file in vault.files(tip_id)] == ["head.age", "body.age"]
    assert vault.digest(tip_id) == digest
    for identity in (one, other):
        own = vault.heads_of(tip_id).part([heads.entry_id(identity.recipient)])
        assert age.unseal(own, [identity]) == HEAD
        with pytest.raises(age.WrongKey):
            age.unseal(own, [old])
    assert (vault.folder(tip_id) / "heads").stat().st_mtime == MIDNIGHT
    assert _incoming(vault) == []


def test_a_head_that_was_changed_has_another_digest_whichever_header_stands_before_it(vault):
    tip_id, old, header = _folder_with_a_head(vault)
    vault.replace_header(tip_id, "head.age", _for_each(header, old, old))
    digest, path = vault.digest(tip_id), vault.folder(tip_id) / "heads"
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1

    path.write_bytes(octets)

    assert vault.digest(tip_id) != digest


# Locks, and what a crash leaves


def test_one_who_brings_a_tip_in_holds_it_until_all_is_done(vault):
    tip_id, seen = uuid.uuid4(), []
    with vault.begin() as arriving:
        arriving.create("body.age").close()
        arriving.settle(DAY)
        arriving.seal_into(tip_id)

        def wait():
            with vault.held(tip_id) as is_there:
                seen.append(is_there)

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        assert seen == []
        vault.remove(tip_id)
    waiting.join(60)
    assert seen == [False]


def test_a_tip_that_is_there_can_be_held(vault):
    tip_id = _seal(vault)
    with vault.held(tip_id) as is_there:
        assert is_there
    with vault.held(uuid.uuid4()) as is_there:
        assert not is_there


def test_what_is_still_coming_in_is_not_swept(vault):
    with vault.begin() as arriving:
        assert vault.sweep(0) == 0
        assert arriving.path.exists()


def test_what_a_dead_process_left_is_swept(vault):
    _seal(vault)
    child = os.fork()
    if not child:
        vault.begin().create("body.age").write(b"half")
        os._exit(9)
    os.waitpid(child, 0)
    assert len(_incoming(vault)) == 1
    assert vault.sweep(60) == 0  # too young
    assert vault.sweep(0) == 1
    assert _incoming(vault) == []


def _left_behind(vault, *names):
    _seal(vault)
    for name in names:
        os.mkdir(vault.root / "incoming" / name)


def test_all_that_dead_processes_left_is_swept_and_counted(vault):
    _left_behind(vault, "a", "b", "c")
    assert vault.sweep(0) == 3


def test_what_is_old_enough_to_the_second_is_swept(vault, monkeypatch):
    _left_behind(vault, "a")
    os.utime(vault.root / "incoming" / "a", (1000, 1000))
    monkeypatch.setattr(time, "time", lambda: 1059.5)
    assert vault.sweep(60) == 0
    monkeypatch.setattr(time, "time", lambda: 1060.0)
    assert vault.sweep(60) == 1


def test_what_had_its_day_set_in_the_first_hours_of_it_in_sweden_is_swept_as_well(
    vault, monkeypatch
):
    """Just before a tip is moved into place its folder gets its day, which begins later in UTC."""
    _left_behind(vault, "a")
    os.utime(vault.root / "incoming" / "a", (86_400, 86_400))
    monkeypatch.setattr(time, "time", lambda: 86_400.0 - 1800)
    assert vault.sweep(60) == 1


def test_what_another_has_swept_in_the_same_moment_is_no_fault(vault, monkeypatch):
    _left_behind(vault, "a", "b", "c", "d")
    (vault.root / "incoming" / "d" / "body.age").write_bytes(b"half")
    names = os.listdir

    def with_what_is_gone(folder):
        return [*names(folder), *("gone-1", "gone-2", "gone-3")]

    monkeypatch.setattr(os, "listdir", with_what_is_gone)
    assert vault.sweep(0) == 4


def test_a_folder_that_another_deletes_in_the_same_moment_is_no_fault(vault, monkeypatch):
    tip_id, rmdir = _seal(vault), Path.rmdir

    def twice(folder):
        rmdir(folder)
        rmdir(folder)

    monkeypatch.setattr(Path, "rmdir", twice)
    vault.remove(tip_id)
    assert _incoming(vault) == []


def test_what_cannot_be_swept_is_told_and_keeps_nothing_else(vault, monkeypatch):
    _left_behind(vault, "a", "b", "c")
    rmdir = Path.rmdir

    def all_but_b(folder):
        if folder.name == "b":
            raise OSError(16, "Device or resource busy")
        rmdir(folder)

    monkeypatch.setattr(Path, "rmdir", all_but_b)
    with pytest.raises(OSError, match="busy"):
        vault.sweep(0)
    assert [path.name for path in _incoming(vault)] == ["b"]


def test_what_cannot_be_thrown_away_now_is_left_to_be_swept(vault, monkeypatch):
    def busy(folder):
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "rmdir", busy)
    with vault.begin() as arriving:
        arriving.create("body.age").close()
    monkeypatch.undo()
    assert vault.sweep(0) == 1


def test_a_service_that_may_not_change_modes_or_times_of_folders_gets_its_tips_in(
    vault, monkeypatch
):
    def refused(*_words, **_more):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    monkeypatch.setattr(os, "utime", refused)
    tip_id = _seal(vault)
    assert list(vault.tips()) == [tip_id]
