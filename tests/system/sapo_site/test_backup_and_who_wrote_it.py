"""What a backup holds was written by a site that may have been broken into; and a restore that fails is told."""

import io
import json
import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sapo_site.operating.backup import __main__ as command
from sapo_site.operating.backup import rehearsing, restoring, server, walks
from sapo_site.operating.backup.machine import BackupError, MachinePlaces
from sapo_site.operating.backup.restoring import LaidOut
from sapo_site.operating.backup.sending import release_of
from tests.lacking import need

_SECRET = "SAPO_SECRET_KEY"
# Tells who it is, and what it was given.
_MANAGE = """
import json, os, sys
from pathlib import Path
print(json.dumps({"who": os.getuid(), "words": sys.argv[1:], **os.environ, "in": sys.stdin.read(),
                  "mine": all(path.owner() == "postgres" for path in Path(os.environ["SAPO_VAR"]).rglob("*"))}))
"""


@pytest.fixture
def laid() -> Iterator[LaidOut]:
    """A backup that is laid out where PostgreSQL's user reaches."""
    need(root=True)
    with tempfile.TemporaryDirectory(prefix="sapo-laid-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        settings = folder / "root/etc/sapo"
        settings.mkdir(parents=True)
        (folder / "root/var/lib/sapo/records").mkdir(parents=True)
        own: Any = SimpleNamespace(folder=folder / "own", stop=lambda: None)
        chosen: Any = SimpleNamespace(last_rows="20270131T013000.000Z", said={"postgres": "17"})
        yield LaidOut(chosen, own, folder / "root")


@pytest.fixture
def rehearsed(laid: LaidOut, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Rehearses it, with a site that only tells what it was given."""
    code = laid.root.parent / "code"
    code.mkdir()
    (code / "manage.py").write_text(_MANAGE)

    @contextmanager
    def as_laid(*_words: object, **_places: object) -> Iterator[LaidOut]:
        yield laid

    monkeypatch.setattr(rehearsing, "CODE", code)
    monkeypatch.setattr(rehearsing, "choose", lambda *_words: laid.chosen)
    monkeypatch.setattr(rehearsing, "laid_out", as_laid)

    def rehearse() -> list[dict[str, Any]]:
        assert "går att återställa" in rehearsing.rehearse(Path("/kept"), b"", None)
        return [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    return rehearse


def test_the_site_looks_at_a_restored_copy_as_who_cannot_read_the_key(rehearsed):
    looks = rehearsed()
    assert len(looks) == 8
    assert {look["who"] for look in looks} == {pwd.getpwnam("postgres").pw_uid}
    assert all(look["mine"] for look in looks)


def test_nothing_of_a_backup_s_settings_reaches_the_looks_but_keyrings_and_keys(
    laid, rehearsed, monkeypatch
):
    monkeypatch.setenv("SAPO_OF_OURS", "x")
    settings = laid.root / "etc/sapo"
    (settings / "desk.env").write_text(
        f"SAPO_TIPS_ALARM=/x\nLD_PRELOAD=/x\n$(touch {settings}/ran)\n"
    )
    (settings / f"desk.{_SECRET}.cred.opened").write_text("hemligt")
    for look in rehearsed():
        assert look["SAPO_TIPS_TRUST"] == f"{settings}/trust"
        assert look["SAPO_INTAKE_KEY"] == f"{settings}/intake.key"
        assert look["SAPO_VAR"] == f"{laid.root}/var/lib/sapo"
        assert look["PATH"] == os.defpath
        assert not {"SAPO_TIPS_ALARM", "LD_PRELOAD", "SAPO_OF_OURS"} & look.keys()
        assert look[_SECRET] != "hemligt"
    assert not (settings / "ran").exists()


def test_no_number_of_a_tip_is_told_in_the_journal(rehearsed):
    assert ["tips_janitor"] in [look["words"] for look in rehearsed()]


@pytest.mark.parametrize("output", ["", "Senaste ankomsten: x/4:ab"])
def test_where_the_last_arrival_cannot_be_said_it_is_a_failure_that_the_intake_is_not_told(
    output, capsys
):
    run = []

    def failing(_service: str, words: list[str]) -> Any:
        run.append(words[0])
        return subprocess.CompletedProcess(words, int(words[0] == "tips_status"), output, "")

    looks = (("desk", "tips_status", "--arrival"), ("intake", "tips_restored"), ("desk", "others"))
    done = restoring.looked_at(looks, failing)
    assert [words[0] for words, each in done if each.returncode] == ["tips_status", "tips_restored"]
    assert run == ["tips_status", "others"]
    assert "tips_restored kördes inte" in capsys.readouterr().out


def test_a_secret_that_is_laid_out_follows_no_link(laid, tmp_path, monkeypatch):
    aim = tmp_path / "aim"
    (laid.root / "etc/sapo/desk.X.cred.opened").symlink_to(aim)
    stream = io.BytesIO()
    walks.archive_files(stream, laid.root, [], opened={"desk.X.cred": "aGVtbGlndA=="})

    @contextmanager
    def opened(*_words: object) -> Iterator[io.BytesIO]:
        yield io.BytesIO(stream.getvalue())

    monkeypatch.setattr(restoring, "opened", opened)
    chosen: Any = SimpleNamespace(settings=Path("x"))
    restoring._lay_settings(chosen, laid.root, b"")
    assert not aim.exists()
    assert (laid.root / "etc/sapo/desk.X.cred.opened").read_text() == "hemligt"


def test_a_restored_site_that_looks_at_itself_has_neither_the_key_nor_the_terminal(
    tmp_path, monkeypatch, capsys
):
    manage = tmp_path / "deploy/manage"
    manage.parent.mkdir()
    manage.write_text(
        '#!/bin/sh\necho "read: $(cat), of session: $(cut -d" " -f6 /proc/$$/stat)"\n'
    )
    manage.chmod(0o755)
    (tmp_path / "backup.key").write_text("AGE-SECRET-KEY-1")
    monkeypatch.chdir(tmp_path)
    said = {"release": ""}
    roots = os.dup(0)
    try:
        with (tmp_path / "backup.key").open() as key:
            os.dup2(key.fileno(), 0)
        restoring._afterwards(SimpleNamespace(last_rows="x", last_files="x", said=said))
    finally:
        os.dup2(roots, 0)
        os.close(roots)
    read = [line for line in capsys.readouterr().out.splitlines() if "read: " in line]
    assert len(read) == len(restoring.LOOKS)
    assert all("read: ," in line for line in read)
    assert not [line for line in read if line.split()[-1] == str(os.getsid(0))]


def test_a_backup_of_another_signed_release_says_which(empty, monkeypatch):
    monkeypatch.setattr(restoring, "LOOKS", ())
    monkeypatch.setattr(restoring, "this_machine", lambda: empty)
    assert release_of(empty) == ""
    laid = empty.var / "release/current"
    laid.mkdir(parents=True)
    (laid / "release.txt").write_text("sapo-release/1\nnumber 12\n")
    for number, said in (("12", False), ("11", True), ("", False)):
        chosen: Any = SimpleNamespace(last_rows="x", last_files="x", said={"release": number})
        assert ("Kopian gjordes med release 11." in restoring._afterwards(chosen)) == said


# Half a restore


@pytest.fixture
def empty(tmp_path: Path, laid: LaidOut, monkeypatch: pytest.MonkeyPatch) -> MachinePlaces:
    """A machine that a backup is restored on; each program that is called says so in `called`."""
    places = MachinePlaces(tmp_path / "machine")
    places.state.mkdir(parents=True)
    places.settings.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for name in ("systemctl", "systemd-creds"):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\necho "{name} $1" >> {tmp_path}/called\nexit 1\n')
        program.chmod(0o755)
    (tmp_path / "called").touch()

    @contextmanager
    def as_laid(*_words: object, **_places: object) -> Iterator[LaidOut]:
        yield laid

    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setattr(server, "has_tables", lambda: False)
    monkeypatch.setattr(server, "main_version", lambda: "17")
    monkeypatch.setattr(server, "query", lambda _sql: [str(tmp_path / "data")])
    monkeypatch.setattr(restoring, "choose", lambda *_words: laid.chosen)
    monkeypatch.setattr(restoring, "laid_out", as_laid)
    return places


def _restore(places: MachinePlaces) -> str:
    return restoring.restore_site(places, Path("/kept"), b"", None)


def test_secrets_that_cannot_be_sealed_stop_a_restore_before_anything_is_stopped(
    empty, laid, tmp_path, monkeypatch, capsys
):
    (laid.root / f"etc/sapo/desk.{_SECRET}.cred.opened").write_text("hemligt")
    monkeypatch.setattr(command, "obey", lambda _words: _restore(empty))
    with pytest.raises(SystemExit) as ended:
        command.answer_in_a_line(["restore", "/kept"])
    assert str(ended.value.code).startswith("Ett program misslyckades: ")
    assert "\n" not in str(ended.value.code)
    assert (tmp_path / "called").read_text() == "systemd-creds encrypt\n"


def test_a_folder_of_databases_that_is_a_disk_of_its_own_is_refused_first(
    empty, tmp_path, monkeypatch
):
    monkeypatch.setattr(server, "query", lambda _sql: ["/proc"])
    with pytest.raises(BackupError, match=r"^/proc är en egen disk"):
        _restore(empty)
    assert (tmp_path / "called").read_text() == ""


def test_a_link_to_a_folder_is_something_that_is_there(empty):
    (empty.var / "files").mkdir()
    (empty.var / "files" / "media").symlink_to("/mnt")
    with pytest.raises(BackupError, match="är inte tom"):
        _restore(empty)
