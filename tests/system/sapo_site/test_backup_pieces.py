"""What is sent of a machine: sealed to keys that are not there, whole or not at all, and named when it is missing."""

import io
import os
import sys
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sapo_site.operating.backup import __main__ as command
from sapo_site.operating.backup import keeping, standing, walks
from sapo_site.operating.backup.choosing import check_link, choose
from sapo_site.operating.backup.machine import BackupError, MachinePlaces
from sapo_site.operating.backup.pieces import new_piece, opened
from sapo_site.operating.backup.wal import LaidLog
from tests.lacking import need
from tests.system.sapo_site.backup_machine import make_key

_NAME = f"{keeping.stamp_of(datetime.now(UTC))}-more-site.age"


@pytest.fixture
def key() -> tuple[str, str]:
    need("age", "zstd")
    return make_key()


@pytest.fixture
def places(tmp_path: Path, key: tuple[str, str]) -> MachinePlaces:
    places = MachinePlaces(tmp_path / "machine")
    places.settings.mkdir(parents=True)
    places.state.mkdir(parents=True)
    (tmp_path / "kept").mkdir()
    (places.settings / "backup.recipients").write_text(key[1])
    (places.settings / "backup.target").write_text(f"{tmp_path / 'kept'}\n")
    return places


def _send(places: MachinePlaces, content: bytes = b"text" * 100_000, part: str = "site") -> Path:
    with new_piece(places, _NAME, part=part) as piece:
        piece.write(content)
    return Path((places.settings / "backup.target").read_text().strip()) / _NAME


def test_a_piece_is_opened_by_the_key_and_says_nothing_without(places, key):
    sent = _send(places)
    assert b"text" not in sent.read_bytes()
    assert sent.stat().st_mode & 0o777 == 0o600
    with opened(sent, key[0].encode()) as piece:
        assert piece.read() == b"text" * 100_000


def test_a_part_with_keys_of_its_own_is_opened_by_no_other(places, key):
    own, recipient = make_key()
    (places.settings / "backup-tips.recipients").write_text(recipient)
    sent = _send(places, b"tips", part="tips")
    with pytest.raises(BackupError, match=f"{_NAME} är skadad"), opened(sent, key[0].encode()):
        pass
    with opened(sent, own.encode()) as piece:
        assert piece.read() == b"tips"


def test_nothing_is_sent_where_the_key_that_opens_it_lies(places, key):
    (places.settings / "backup.recipients").write_text(key[0])
    with pytest.raises(BackupError, match="hemlig nyckel"):
        _send(places)


@pytest.mark.parametrize(
    ("lost", "said"),
    [("backup.recipients", "saknas: nycklarna"), ("backup.target", "saknas: vart")],
)
def test_what_is_not_set_up_is_said(places, lost, said):
    (places.settings / lost).unlink()
    with pytest.raises(BackupError, match=said):
        _send(places)


@pytest.mark.parametrize(("target", "said"), [("/nowhere", "finns inte"), ("here", "ssh://")])
def test_a_target_that_is_none_is_said(places, target, said):
    (places.settings / "backup.target").write_text(target)
    with pytest.raises(BackupError, match=said):
        _send(places)


def test_a_piece_that_breaks_off_leaves_nothing(places, tmp_path):
    def break_off() -> None:
        with new_piece(places, _NAME, part="site") as piece:
            piece.write(os.urandom(2_000_000))
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        break_off()
    assert os.listdir(tmp_path / "kept") == []


def test_what_is_refused_there_is_told_here(places):
    _send(places)
    with pytest.raises(BackupError, match=f"{_NAME} togs inte emot: {_NAME} finns redan"):
        _send(places, os.urandom(3_000_000))


def test_by_ssh_only_a_name_is_asked_for_and_the_other_machine_must_be_known(
    places, tmp_path, monkeypatch, key
):
    """The program stands in for ssh and the machine at its other end, which runs what it was told to."""
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nfor last; do :; done\n'
        f"SSH_ORIGINAL_COMMAND=$last exec {sys.executable} {keeping.__file__} {tmp_path}/kept\n"
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    (places.settings / "backup.target").write_text("ssh://sapo@kopior.example\n")
    with new_piece(places, _NAME, part="site") as piece:
        piece.write(b"text")
    with opened(tmp_path / "kept" / _NAME, key[0].encode()) as sent:
        assert sent.read() == b"text"
    asked = (tmp_path / "asked").read_text()
    assert asked.endswith(f" ssh://sapo@kopior.example put {_NAME}\n")
    assert "StrictHostKeyChecking=yes" in asked
    assert "BatchMode=yes" in asked


def test_a_damaged_piece_is_named(places, key):
    sent = _send(places, os.urandom(500_000))
    content = bytearray(sent.read_bytes())
    content[300_000] ^= 1
    sent.write_bytes(content)
    with pytest.raises(BackupError, match=f"{_NAME} är skadad"), opened(sent, key[0].encode()):
        pass


# Files


@pytest.fixture
def watch(tmp_path: Path) -> walks.FileWatch:
    (tmp_path / "var" / "files").mkdir(parents=True)
    return walks.FileWatch(tmp_path / "var", ("files",), tmp_path / "seen")


def _write(watch: walks.FileWatch, name: str, text: str = "text") -> Path:
    path = watch.var / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    time.sleep(0.06)
    return path


def _sent(watch: walks.FileWatch) -> tuple[list[str], list[str]]:
    change = watch.look()
    watch.remember(change, "20270131T013000.000Z")
    return [path for path in change.paths if (watch.var / path).is_file()], change.gone


def test_a_file_is_sent_once_and_again_when_it_changes(watch):
    path = _write(watch, "files/a/b.pdf")
    assert _sent(watch) == (["files/a/b.pdf"], [])
    assert _sent(watch) == ([], [])
    _write(watch, "files/a/b.pdf", "more")
    assert _sent(watch) == (["files/a/b.pdf"], [])
    path.chmod(0o600)
    time.sleep(0.06)
    assert _sent(watch) == (["files/a/b.pdf"], [])


def test_a_service_that_begins_again_goes_on_where_it_was(watch):
    _write(watch, "files/a")
    assert not watch.begin("20270131T013000.000Z")  # the set that follows has it
    assert _sent(watch) == ([], [])
    _write(watch, "files/b")
    again = walks.FileWatch(watch.var, watch.tops, watch.memory)
    assert again.begin("20270201T013000.000Z")
    assert again.after == "20270131T013000.000Z"
    assert _sent(again) == (["files/b"], [])


def test_what_was_not_sent_is_sent_by_the_next_look(watch):
    _write(watch, "files/a")
    assert watch.look().paths == watch.look().paths != []


def test_a_file_that_is_being_written_waits_for_the_next_look(watch):
    (watch.var / "files" / "a").write_text("half")
    assert _sent(watch) == ([], [])
    time.sleep(0.06)
    assert _sent(watch) == (["files/a"], [])


def test_a_file_is_told_of_as_gone_when_its_row_has_been_so_for_long(watch, monkeypatch):
    path = _write(watch, "files/a")
    _sent(watch)
    path.unlink()
    assert _sent(watch) == ([], [])
    now = time.monotonic()
    monkeypatch.setattr(walks.time, "monotonic", lambda: now + 20)
    assert _sent(watch) == ([], ["files/a"])
    assert _sent(watch) == ([], [])


def test_forms_that_still_arrive_and_what_is_made_anew_stay(tmp_path):
    for name in ("records/index.sqlite3", "records/index.sqlite3-wal", "records/packs/1.log",
                 "records/packs/1.part", "tips/incoming/x/body.age", "tips/sealed/1/body.age"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = walks.walk(tmp_path, ("records", "tips"), time.time() + 60)
    assert sorted(path for path in found if (tmp_path / path).is_file()) == [
        "records/packs/1.log",
        "tips/sealed/1/body.age",
    ]
    assert "tips/incoming" in found


def test_an_archive_lays_out_files_and_modes_and_takes_away_what_is_gone(watch, tmp_path):
    closed = _write(watch, "files/closed/a.pdf")
    closed.chmod(0o640)
    closed.parent.chmod(0o2750)
    (watch.var / "files" / "public").mkdir()
    os.link(closed, watch.var / "files/public/a.pdf")  # the site links it anew
    target = tmp_path / "restored"
    (target / "files" / "old").mkdir(parents=True)
    (target / "files" / "old" / "b.pdf").touch()
    stream = io.BytesIO()
    paths = sorted(walks.walk(watch.var, ("files",), time.time() + 60))
    walks.archive_files(stream, watch.var, paths, gone=["files/old", "files/old/b.pdf"], after="x")
    assert walks.lay_out(io.BytesIO(stream.getvalue()), target)["after"] == "x"
    assert not any((target / "files/public").iterdir())
    assert (target / "files/closed/a.pdf").stat().st_mode & 0o7777 == 0o640
    assert (target / "files/closed").stat().st_mode & 0o7777 == 0o2750
    assert not (target / "files/old").exists()


def test_an_archive_whose_end_is_missing_is_not_taken_for_whole(watch, tmp_path):
    stream = io.BytesIO()
    with tarfile.open(mode="w|", fileobj=stream):
        pass
    with pytest.raises(tarfile.ReadError):
        walks.lay_out(io.BytesIO(stream.getvalue()), tmp_path)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "files/../../x", "out/x"])
def test_an_archive_writes_nowhere_else(tmp_path, name):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "out").symlink_to(tmp_path)
    with pytest.raises(BackupError, match="utanför"):
        walks.inside(tmp_path / "here", name)


def test_a_file_whose_owner_is_not_here_is_given_to_nobody_else(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(mode="w|", fileobj=stream) as archive:
        info = tarfile.TarInfo("a")
        info.uname = info.gname = "sapo-nobody-knows"
        archive.addfile(info)
    with pytest.raises(BackupError, match="sapo-nobody-knows finns inte här"):
        walks.lay_out(io.BytesIO(stream.getvalue()), tmp_path)


# What is missing


_SEGMENT = 1024
_FIRST = "000000010000000000000004"  # what a set ends with


@pytest.fixture
def log(tmp_path: Path) -> LaidLog:
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal" / _FIRST).write_bytes(b"s" * _SEGMENT)
    return LaidLog(tmp_path)


def _part(at: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{at:016X}"


def test_pieces_of_the_log_are_laid_where_their_bytes_were(log, tmp_path):
    begin = 4 * _SEGMENT
    log.add(_part(begin + 1000), io.BytesIO(b"a" * 100))
    log.add(_part(begin + 1050), io.BytesIO(b"b" * 2000))
    laid = b"".join(path.read_bytes() for path in sorted((tmp_path / "pg_wal").iterdir()))
    assert laid == (b"s" * 1000 + b"a" * 50 + b"b" * 2000).ljust(3 * _SEGMENT, b"\0")
    assert log.until == begin + 3050


def test_a_piece_of_the_log_that_is_missing_is_named(log):
    log.add(_part(5 * _SEGMENT), io.BytesIO(b"a" * 100))
    late = _part(5 * _SEGMENT + 101)
    with pytest.raises(BackupError, match=f"logg saknas: det före {late}"):
        log.add(late, io.BytesIO(b"a"))


def test_what_a_restored_site_wrote_in_a_timeline_of_its_own_is_no_part_of_it(log):
    assert log.is_of_it(_part(0))
    assert not log.is_of_it(_part(0, timeline=2))


def test_an_archive_of_changes_that_is_missing_is_named():
    check_link({"name": "second", "after": "a"}, "a", "second")
    check_link({"name": "after a set that was sent meanwhile", "after": "9"}, "a", "after a set that was sent meanwhile")  # fmt: skip
    with pytest.raises(BackupError, match="den från b, som c bygger på"):
        check_link({"name": "c", "after": "b"}, "a", "c")


@pytest.mark.parametrize("said", [{"after": "a"}, {"name": "b", "after": "a"}])
def test_an_archive_of_changes_under_another_name_is_refused(said):
    with pytest.raises(BackupError, match="c är en annan del"):
        check_link(said, "a", "c")


def test_a_folder_without_a_whole_set_is_said_to_be_so(tmp_path, key):
    (tmp_path / "20270131T013000.000Z-full-site.age").touch()
    with pytest.raises(BackupError, match="ingen hel säkerhetskopia"):
        choose(tmp_path, key[0].encode(), None)
    with pytest.raises(BackupError, match="går inte att läsa"):
        choose(tmp_path / "nowhere", key[0].encode(), None)


# How old


def test_the_last_good_one_is_told_and_an_old_one_is_an_alarm(places):
    with pytest.raises(BackupError, match="ingen hel säkerhetskopia"):
        standing.told(places)
    now = datetime.now(UTC)
    assert now - standing.last_set(places) > timedelta(days=365)
    standing.note_set(places)
    standing.note_good(places, 0x1_0000_0028, now - timedelta(seconds=30))
    moment, position = (places.state / "last_good").read_text().split()
    assert datetime.fromisoformat(moment).tzinfo
    assert position == "1/28"
    assert "databasernas logg till 1/28" in standing.told(places)
    assert abs(now - standing.last_set(places)) < timedelta(minutes=1)
    standing.note_good(places, 0x1_0000_0028, now - timedelta(seconds=301))
    with pytest.raises(BackupError, match="inte bekräftat"):
        standing.told(places)


@pytest.mark.parametrize(
    "words",
    [[], ["backup", "x"], ["restore"], ["restore", "/x", "--moment", "igår"]],
)
def test_a_wish_that_cannot_be_read_is_answered_in_one_line(words):
    with pytest.raises(BackupError) as refused:
        command.obey(words)
    assert "\n" not in str(refused.value)


def test_what_is_no_key_is_said(tmp_path):
    (tmp_path / "key").write_text("age1public")
    with pytest.raises(BackupError, match="ingen age-nyckel"):
        command.obey(["restore", str(tmp_path), "--identity", str(tmp_path / "key")])
