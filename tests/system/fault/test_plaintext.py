"""A tip's words are found nowhere but in the browser that sent them and the one that opens them."""

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .leaks import disguises, leaks_in, leaks_in_writes, traced
from .server import FORM, RIPE, Body, Intake, free_port, send, token_in

PHOTO = "image/jpeg"


def _marker() -> str:
    """Words that nobody has written before, with what is written differently in each encoding."""
    return f"Läcka {secrets.token_hex(8)} vid kajen"


def _filled_with(marker: str, size: int) -> bytes:
    """So many bytes in which every stretch of a few hundred holds the marker."""
    word = f"{marker}|".encode()
    return (word * (size // len(word) + 1))[:size]


# The detector


@pytest.mark.parametrize("number", range(len(disguises("Läcka 1"))))
def test_the_detector_sees_the_marker_in_every_disguise(tmp_path, number):
    marker = _marker()
    (tmp_path / "file").write_bytes(secrets.token_bytes(3000) + disguises(marker)[number])
    assert leaks_in(marker, [tmp_path])


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("marker", ["foto.jpg", "Läcka 12", "En drönare"])
def test_the_detector_sees_a_short_marker_within_what_is_in_base64_and_nowhere_by_chance(
    tmp_path, before, marker
):
    assert min(map(len, disguises(marker))) >= 8
    for after in range(4):
        text = secrets.token_bytes(before) + marker.encode() + secrets.token_bytes(after)
        (tmp_path / "file").write_bytes(base64.b64encode(text))
        assert leaks_in(marker, [tmp_path])


def test_the_detector_sees_a_file_that_is_deleted_but_open(tmp_path):
    marker = _marker()
    code = "import sys, os; f = open(sys.argv[1], 'w'); f.write(sys.argv[2]); f.flush(); "
    code += "os.remove(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "gone"), marker],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        assert leaks_in(marker, [tmp_path]) == []
        assert leaks_in(marker, [], [process.pid])
        process.stdin.close()


def test_the_detector_sees_what_an_ordinary_upload_writes(tmp_path, strace):
    """Django's own handler lays what is over 2.5 MB in a temporary file and removes it again."""
    marker, trace, port = _marker(), tmp_path / "trace", free_port()
    (tmp_path / "tmp").mkdir()
    body = Body({"text": marker}, [("foto.jpg", PHOTO, _filled_with(marker, 3_000_000))])
    command = [sys.executable, "-m", "tests.system.fault.ordinary_upload", str(port)]
    server = subprocess.Popen(
        [*traced(strace, trace), *command], start_new_session=True,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path / "tmp")},
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                assert send(port, body).status == 200
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert leaks_in_writes(marker, trace)


# What is written while tips arrive


def test_no_system_call_writes_a_tips_words_to_a_file(make_server, tmp_path, strace):
    marker, trace = _marker(), tmp_path / "trace"
    with make_server(prefix=traced(strace, trace)) as server:
        server.start()
        small, medium, large, many = server.tokens(4)
        text = _filled_with(marker, 15_000).decode("utf-8", "ignore")
        of_ten = [(f"{marker} {n}.jpg", PHOTO, _filled_with(marker, 3_000_000)) for n in range(10)]
        answers = [
            server.send(Body({"token": token, "text": text}, files))
            for token, text, files in (
                (small, marker, []),
                (medium, text, [(f"{marker}.txt", "text/plain", _filled_with(marker, 10))]),
                (large, marker, [(f"{marker}.jpg", PHOTO, _filled_with(marker, 25 * 2**20))]),
                (many, marker, of_ten),
            )
        ]
        assert [answer.is_thanks for answer in answers] == [True] * 4
        assert len(server.rows()) == 4
        assert leaks_in(marker, [server.folder], server.pids()) == []
    assert trace.stat().st_size > 10_000
    assert leaks_in_writes(marker, trace) == []


def test_no_system_call_writes_the_words_of_a_tip_that_was_refused(make_server, tmp_path, strace):
    marker, trace = _marker(), tmp_path / "trace"
    with make_server(prefix=traced(strace, trace)) as server:
        server.start()
        _send_what_is_refused(server, marker)
        assert server.rows() == []
        assert list(server.vault.tips()) == []
        server.manage("tips_janitor", "--grace", "0")
        assert leaks_in(marker, [server.folder], server.pids()) == []
    assert leaks_in_writes(marker, trace) == []


def _send_what_is_refused(server: Intake, marker: str) -> None:
    photo = ("foto.jpg", PHOTO, _filled_with(marker, 4_000_000))
    empty, large, total, broken_off = server.tokens(4)

    invalid = server.send(Body({"token": empty, "text": "", "where": marker}, [photo]))
    assert invalid.status in (200, 400, 422)
    assert marker in invalid.body

    over = [(f"{marker}.mov", "video/quicktime", _filled_with(marker, 26 * 2**20))]
    too_large = server.send(Body({"token": large, "text": marker}, over))
    assert not too_large.is_thanks
    assert marker in too_large.body

    whole = [(f"{n}.jpg", PHOTO, _filled_with(marker, 21 * 2**20)) for n in range(3)]
    too_much = server.send(Body({"token": total, "text": marker}, whole))
    assert not too_much.is_thanks
    assert marker in too_much.body

    forged = server.send(Body({"token": empty[:-2] + "xx", "text": marker}, [photo]))
    assert not forged.is_thanks

    fast = token_in(server.get(FORM).body)
    hurried = server.send(Body({"token": fast, "text": marker}, [photo]))
    assert not hurried.is_thanks

    server.send(Body({"token": broken_off, "text": marker}, [photo]), stop_at=0.6)
    time.sleep(1)


@pytest.mark.fault("disk full")
def test_a_full_disk_leaves_nothing_and_takes_the_next_tip(make_server, mount, acknowledges):
    """The sealed tips lie on a disk of 40 MB; one with more is refused in words."""
    marker = _marker()
    with make_server() as server:
        disk = server.folder / "tips"
        disk.mkdir(exist_ok=True)
        subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=40m,mode=0770", "tmpfs", str(disk)], check=True
        )
        try:
            server.environment["SAPO_TIPS_RESERVE"] = "0"
            server.start()
            first, second = server.tokens(2)
            files = [(f"{n}.jpg", PHOTO, _filled_with(marker, 24 * 2**20)) for n in range(2)]
            full = server.send(Body({"token": first, "text": marker}, files))
            assert full.status == 503
            assert "010-568 70 00" in full.body
            assert marker in full.body
            assert server.rows() == []
            assert [path for path in disk.rglob("*") if path.is_file()] == []
            assert server.send(Body({"token": second, "text": marker})).is_thanks
            acknowledges(1, lost=1 - len(server.rows()))
            assert leaks_in(marker, [server.folder], server.pids()) == []
        finally:
            server.stop()
            subprocess.run([Path(mount).with_name("umount"), disk], check=True)


@pytest.mark.fault("database gone")
def test_without_a_database_nothing_is_kept_and_nothing_is_promised(make_server, acknowledges):
    marker = _marker()
    with make_server() as server:
        server.start()
        (token,) = server.tokens(1)
        database = server.folder / "tips.sqlite3"
        for path in server.folder.glob("tips.sqlite3*"):
            path.unlink()
        database.mkdir()
        photo = ("foto.jpg", PHOTO, _filled_with(marker, 1_000_000))
        # A connection that was opened before lives on; the worker that comes after has none.
        server.stop()
        server.start()
        answer = server.send(Body({"token": token, "text": marker}, [photo]))
        assert answer.status == 503
        assert "114 14" in answer.body
        assert marker in answer.body
        assert list(server.vault.tips()) == []
        assert [path for path in server.vault.root.rglob("*") if path.is_file()] == []
        assert leaks_in(marker, [server.folder], server.pids()) == []
        database.rmdir()
        server.manage("migrate", "tips", "--database", "tips", "--verbosity", "0")
        time.sleep(max(0.0, RIPE - 3))
        assert server.send(Body({"token": token, "text": marker}, [photo])).is_thanks
        acknowledges(1, lost=1 - len(server.rows()))
