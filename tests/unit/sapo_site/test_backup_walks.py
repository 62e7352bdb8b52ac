"""Services write the files that root sends and lays out again: none of them leads it elsewhere, or stops it."""

import io
import os
import shutil
import socket
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sapo_site.operating.backup import walks
from sapo_site.operating.backup.choosing import files_until
from sapo_site.operating.backup.keeping import stamp_of
from sapo_site.operating.backup.machine import BackupError
from sapo_site.operating.backup.restoring import _move_in, _unpack_databases
from tests.tables import every_row


@pytest.fixture(autouse=True)
def _nothing_said() -> None:
    walks._say.cache_clear()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    (tmp_path / "var" / "searches").mkdir(parents=True)
    return tmp_path / "var"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_text("secret")
    return tmp_path / "elsewhere"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "restored").mkdir()
    return tmp_path / "restored"


def _archived(var: Path, *paths: str, **said: Any) -> bytes:
    stream = io.BytesIO()
    walks.archive_files(stream, var, paths, **said)
    return stream.getvalue()


def _names(archive: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return [name for name in opened.getnames() if name != ".sapo.json"]


def _lay(archive: bytes, target: Path) -> dict[str, Any]:
    return walks.lay_out(io.BytesIO(archive), target)


def _walked(var: Path) -> list[str]:
    return sorted(walks.walk(var, ["searches"], float("inf")))


# Read


@pytest.fixture
def swap(monkeypatch: pytest.MonkeyPatch, var: Path, elsewhere: Path) -> Callable[[str], None]:
    """A service that puts a link in a path's place when root has seen it and is about to open it."""

    def swap_at(name: str) -> None:
        real = os.open

        def swapped(path: Any, *rest: Any, **options: Any) -> int:
            place = var / "searches" / name
            if str(path).endswith(name) and not place.is_symlink():
                place.rename(var / "was")
                place.symlink_to(elsewhere / "secret" if (var / "was").is_file() else elsewhere)
            return real(path, *rest, **options)

        monkeypatch.setattr(os, "open", swapped)

    return swap_at


def test_a_folder_that_is_swapped_for_a_link_is_not_walked(var, swap, capsys):
    (var / "searches" / "x").mkdir()
    swap("x")
    assert _walked(var) == ["searches"]
    assert "'searches/x' hoppas över" in capsys.readouterr().err


def test_a_file_that_is_swapped_for_a_link_is_not_read(var, swap):
    (var / "searches" / "x").write_text("mine")
    swap("x")
    assert b"secret" not in _archived(var, "searches", "searches/x")


def test_nothing_is_read_through_a_folder_that_is_a_link_by_then(var, elsewhere):
    (var / "searches" / "x").symlink_to(elsewhere)
    archive = _archived(var, "searches/x", "searches/x/secret")
    assert _names(archive) == ["searches/x"]
    assert b"elsewhere" in archive


def test_only_files_folders_and_links_are_sent(var):
    os.mkfifo(var / "searches" / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(var / "searches" / "socket"))
    assert _names(_archived(var, "searches", "searches/pipe", "searches/socket")) == ["searches"]


@pytest.mark.parametrize("name", ["d" * 250, "å" * 120, "d"])
def test_a_path_that_cannot_be_laid_out_is_passed_over_and_the_others_are_sent(
    var, target, name, capsys
):
    (var / "searches" / "a").touch()
    made = os.open(var / "searches", os.O_RDONLY)
    for _step in range(100):
        os.mkdir(name, dir_fd=made)
        made, above = os.open(name, os.O_RDONLY, dir_fd=made), made
        os.close(above)
    os.close(made)
    paths = _walked(var)
    assert "searches/a" in paths
    assert len(paths) < 40
    assert "för lång" in capsys.readouterr().err
    _lay(_archived(var, *paths), target)
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*")) == paths


def test_a_file_of_terabytes_that_are_not_there_is_passed_over(var, capsys):
    (var / "searches" / "a").touch()
    with (var / "searches" / "sparse").open("wb") as file:
        file.truncate(1024**4)
    assert _names(_archived(var, "searches/sparse", "searches/a")) == ["searches/a"]
    assert "'searches/sparse' hoppas över: filen är nästan bara hål" in capsys.readouterr().err


def test_a_large_file_that_is_there_is_sent(var, monkeypatch):
    monkeypatch.setattr(walks, "_LARGEST", 1000)
    (var / "searches" / "film").write_bytes(os.urandom(100_000))
    assert _names(_archived(var, "searches/film")) == ["searches/film"]


def test_a_file_that_is_cut_off_while_it_is_read_harms_no_other(var, target, monkeypatch):
    for name in ("a", "b"):
        (var / "searches" / name).write_text("text")
    real = tarfile.TarFile.gettarinfo

    def cut_off(*words, **options):
        info = real(*words, **options)
        os.truncate(var / "searches" / "a", 1)
        return info

    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", cut_off)
    _lay(_archived(var, "searches/a", "searches/b"), target)
    assert (target / "searches" / "a").read_text() == "t\0\0\0"
    assert (target / "searches" / "b").read_text() == "text"


def test_a_disk_that_fails_stops_the_backup(var, monkeypatch):
    def fail(*_words, **_options):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(OSError, match="Input/output"):
        _walked(var)


# Swapped between looks


@pytest.fixture
def watch(var: Path, tmp_path: Path) -> walks.FileWatch:
    return walks.FileWatch(var, ("searches",), tmp_path / "seen")


def _sent(watch: walks.FileWatch) -> bytes:
    """What the next look sends, when everything has come to rest."""
    time.sleep(0.06)
    change = watch.look()
    archive = _archived(watch.var, *change.paths, gone=change.gone)
    watch.remember(change, "20270131T013000.000Z")
    return archive


def _make(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
        (path / "child").write_text("child")
    elif kind == "file":
        path.write_text("file")
    else:
        path.symlink_to("/etc")


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "folder" if path.is_dir() else "file"


@pytest.mark.parametrize("before", ["folder", "file", "link"])
@pytest.mark.parametrize("after", ["folder", "file", "link"])
def test_what_becomes_of_another_kind_is_restored_so(watch, target, before, after):
    place = watch.var / "searches" / "x"
    for kind in (before, after):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        _make(place, kind)
        _lay(_sent(watch), target)
    assert _kind(target / "searches" / "x") == after
    assert (target / "searches" / "x" / "child").is_file() == (after == "folder")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_folder_that_is_swapped_while_it_is_sent_stops_no_restore(var, target, kind):
    """The archive has what lies there then, also where the look saw a folder."""
    _make(var / "searches" / "x", "folder")
    _lay(_archived(var, "searches", "searches/x", "searches/x/child"), target)
    shutil.rmtree(var / "searches" / "x")
    _make(var / "searches" / "x", kind)
    _lay(_archived(var, "searches/x"), target)

    # It is swapped back, and the look that missed it tells of what was below.
    shutil.rmtree(var / "searches", ignore_errors=True)
    (var / "searches" / "x").mkdir(parents=True)
    (var / "searches" / "x" / "child").write_text("child")
    _lay(_archived(var, "searches/x/child", gone=["searches/x/other"]), target)
    assert _kind(target / "searches" / "x") == kind


# Laid out


def _forged(*members: tuple[str, bytes, str, int]) -> bytes:
    """An archive that nobody of ours made: name, type, link and mode."""
    stream = io.BytesIO()
    with tarfile.open(mode="w", fileobj=stream) as archive:
        for name, kind, link, mode in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.mode = kind, link, mode
            archive.addfile(info)
        info = tarfile.TarInfo(".sapo.json")
        info.size = len(b"{}")
        archive.addfile(info, io.BytesIO(b"{}"))
    return stream.getvalue()


@every_row("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.LNKTYPE])
def test_no_device_and_no_second_name_is_laid_out(target, kind, capsys):
    _lay(_forged((f"x{ord(kind)}", kind, "/etc/shadow", 0o666)), target)
    assert os.listdir(target) == []
    assert f"'x{ord(kind)}' hoppas över" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE])
def test_nothing_is_laid_out_through_a_link_that_came_before(target, elsewhere, kind):
    _lay(_forged(("x", tarfile.SYMTYPE, str(elsewhere), 0o777), ("x/y", kind, "z", 0o777)), target)
    assert os.listdir(elsewhere) == ["secret"]


@every_row("name", ["/x", "../x", "a/../../x", "."])
def test_a_name_that_leads_out_stops_it(target, name):
    with pytest.raises(BackupError, match="utanför"):
        _lay(_forged((name, tarfile.REGTYPE, "", 0o600)), target)
    assert os.listdir(target.parent) == ["restored"]


def test_folders_keep_the_mark_of_their_group_and_no_file_runs_as_another(target):
    modes = {"a": 0o3730, "b": 0o2770, "c": 0o1730}
    folders = [(name, tarfile.DIRTYPE, "", mode) for name, mode in modes.items()]
    _lay(_forged(*folders, ("d", tarfile.REGTYPE, "", 0o6755)), target)
    laid = {path.name: path.stat().st_mode & 0o7777 for path in target.iterdir()}
    assert laid == {**modes, "d": 0o755}


def test_a_folder_has_its_day_again_whatever_came_into_it_since(var, target, elsewhere):
    (var / "a").mkdir()
    (var / "a" / "b").write_text("b")
    os.utime(var / "a", (0, 86_400))
    _lay(_archived(var, "a", "a/b"), target)
    assert (target / "a").stat().st_mtime == 86_400
    _move_in(target, elsewhere)
    assert (elsewhere / "a").stat().st_mtime == 86_400


@every_row("kind", [tarfile.CHRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_the_databases_are_files_and_folders_alone(target, kind):
    with pytest.raises(BackupError, match="annat än filer: x"):
        _unpack_databases(io.BytesIO(_forged(("x", kind, "/etc/shadow", 0o666))), target)
    assert os.listdir(target) == []


def test_the_databases_are_laid_out_for_postgresql_alone(target):
    archive = _forged(("./base", tarfile.DIRTYPE, "", 0o755), ("base/1", tarfile.REGTYPE, "", 0o4755))  # fmt: skip
    _unpack_databases(io.BytesIO(archive), target)
    modes = [path.stat().st_mode & 0o7777 for path in (target, target / "base", target / "base/1")]
    assert modes == [0o700, 0o700, 0o600]


def test_a_new_folder_is_sent_whole_and_not_before_its_newest_file_is_at_rest(
    var: Path, watch: walks.FileWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sent(watch)
    (var / "searches" / "tip").mkdir()
    (var / "searches" / "tip" / "body").write_text("body")
    time.sleep(0.06)
    (var / "searches" / "tip" / "photo").write_text("photo")
    clock = SimpleNamespace(monotonic=time.monotonic, time=lambda: written + passed)
    monkeypatch.setattr(walks, "time", clock)

    written, passed = (var / "searches" / "tip" / "photo").stat().st_ctime, 0.01
    change = watch.look()
    assert not [path for path in change.paths if "tip" in path]
    passed = 0.06
    assert set(watch.look().paths) >= {"searches/tip", "searches/tip/body", "searches/tip/photo"}


def test_what_was_there_at_a_moment_is_restored_though_the_next_look_came_too_early(
    var: Path, watch: walks.FileWatch
) -> None:
    """A look leaves what is not at rest yet, and is sent all the same where something else has changed."""
    _sent(watch)
    (var / "searches" / "tip").mkdir()
    (var / "searches" / "tip" / "body").write_text("body")
    moment = datetime.now(UTC)
    sent = {}
    for _look in range(6):
        stamp = stamp_of(datetime.now(UTC))
        change = watch.look()
        watch.remember(change, stamp)
        sent[f"{stamp}-more-tips.age"] = change.paths
        time.sleep(0.03)

    restored = files_until(sorted(sent), moment)
    assert "searches/tip/body" in [path for name in restored for path in sent[name]]
    assert len(restored) < len(sent)
