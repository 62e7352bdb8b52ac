"""The reader of files is another user, without a network: here as in a container, by the same program.

On a true machine systemd starts it, with more around it: tests/long/machine/test_2_denied.py.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from pages.importing.documents import Figure
from pages.importing.reading_apart import article_in_file
from pages.library.apart import parent
from pages.library.cleaning.cleaned_files import FileRefused, cleaned
from pages.library.upload import without_metadata
from tests.factories.pages import picture_file
from tests.factories.pdf_files import lines, pdf_of
from tests.lacking import need
from tests.pace import until
from tests.postgres import ROOT
from tests.unit.pages.test_importing import jpeg

USER = 61777  # of no machine
AWAY = "Filen togs inte emot: programmet som läser filer svarar inte. Försök igen om en stund."


@pytest.fixture
def reader(settings) -> Iterator[subprocess.Popen[bytes]]:
    need("setpriv", "unshare", root=True)
    folder = Path(tempfile.mkdtemp(prefix="sapo-reader-"))
    os.chown(folder, USER, USER)
    settings.READER_SOCKET = str(folder / "reader.sock")
    process = subprocess.Popen(
        [need("unshare"), "--net", "--mount", "sh", "-euc", _python_for_all(folder) + 'exec "$@"', "sh", "setpriv",
         f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
         sys.executable, "-m", "tests.listening", settings.READER_SOCKET],
        cwd=ROOT, env={"TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath},
    )  # fmt: skip
    try:
        until(lambda: Path(settings.READER_SOCKET).is_socket())
        yield process
        until(lambda: [each.name for each in folder.iterdir()] == ["reader.sock"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        shutil.rmtree(folder)


def _python_for_all(folder: Path) -> str:
    """Lays Python where others read it, in the reader's own mounts, if it lies in a folder of root's alone."""
    python = Path(sys.base_prefix)
    shut = [each for each in python.parents if not each.stat().st_mode & 0o001]
    if not shut:
        return ""
    return (
        f"mkdir {folder}/python; mount --bind {python} {folder}/python; mount -t tmpfs -o mode=0755 none {shut[-1]};"
        f"mkdir -p {python}; mount --bind {folder}/python {python}; umount {folder}/python; rmdir {folder}/python;"
    )


@pytest.fixture
def port() -> Iterator[int]:
    """Something on this machine that answers whoever calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _look_around(folder: Path, port: int) -> dict[str, Any] | None:
    folder.chmod(0o755)
    key, database = folder / "desk.key", folder / "db.sqlite3"
    for file in (key, database):
        file.write_text("hemlig")
        file.chmod(0o600)
    closed = folder / "closed"
    closed.mkdir(0o700)
    given = {
        "paths": [str(key), str(database), str(closed)], "places": [str(folder), str(ROOT), "/etc", "/usr"],
        "sockets": [], "port": port, "signalled": os.getpid(),
    }  # fmt: skip
    work = Path(tempfile.mkdtemp(dir=folder))
    return parent.ask_child("tests.looking_around:look_around", given, work, parent.Bounds())


def test_a_job_that_has_taken_over_the_reader_reads_nothing_of_ours_and_reaches_no_socket(
    reader, port, tmp_path
):
    told = _look_around(tmp_path, port)
    assert told
    assert told["user"] == USER
    assert set(told["environment"]) <= {"LC_CTYPE", "TMPDIR"}
    # What the reader's own program has, in a container: its user is the same.
    own = [str(each) for each in _processes_of(USER)]
    assert [each for each in told["got"] if not any(f"/proc/{pid}/" in each for pid in own)] == []


def _processes_of(user: int) -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir()
            if each.name.isdecimal() and each.exists() and each.stat().st_uid == user]  # fmt: skip


def test_on_a_laptop_it_is_our_own_user_and_the_document_says_so(port, tmp_path):
    told = _look_around(tmp_path, port)
    assert told
    assert {f"reads {tmp_path}/desk.key", f"reads {tmp_path}/closed", "reaches 127.0.0.1"} <= set(
        told["got"]
    )
    assert "as the user who runs it" in (ROOT / "docs/security.md").read_text()


def test_files_go_to_the_reader_and_come_back(reader, tmp_path):
    with cleaned(ContentFile(pdf_of(lines)), "plan.pdf") as kept:
        assert kept.read(5) == b"%PDF-"
    with without_metadata(picture_file(), "kust.jpg") as picture:
        assert picture.header.format_name == "jpeg"
        assert picture.read(2) == b"\xff\xd8"


def test_a_page_is_read_with_the_pictures_below_its_folder_and_no_other_file(reader, tmp_path):
    folder = tmp_path / "sidan"
    (folder / "bilder").mkdir(parents=True)
    (folder / "bilder" / "kust å.jpg").write_bytes(jpeg())
    (tmp_path / "hemlig.jpg").write_bytes(jpeg())
    (folder / "ut.jpg").symlink_to(tmp_path / "hemlig.jpg")
    (folder / "anteckning.txt").write_bytes(jpeg())
    page = folder / "sidan.html"
    page.write_text(
        "<h1>Nyhet</h1><p>Hej.</p><img src='bilder/kust%20%C3%A5.jpg' alt='Kust'>"
        "<img src='../hemlig.jpg' alt='Ute'><img src='ut.jpg' alt='Led'><img src='anteckning.txt' alt='Text'>"
    )
    folder.chmod(0o700)
    article = article_in_file(page)
    assert article.image
    assert article.image.alt_text == "Kust"
    assert [part for part in article.parts if isinstance(part, Figure)] == []


@pytest.mark.parametrize("harm", ["os:abort", "os:_exit", "time:sleep"])
def test_a_reader_that_dies_or_hangs_refuses_the_file_and_reads_the_next(
    reader, tmp_path, monkeypatch, harm
):
    given = {"time:sleep": {"secs": 60}, "os:_exit": {"status": 0}}.get(harm, {})
    bounds = parent.Bounds(seconds=1)
    assert parent.ask_child(harm, given, tmp_path, bounds) is None
    until(lambda: len(_processes_of(USER)) == 1)
    cleaned(ContentFile(b"hej"), "hej.txt").close()


def test_a_reader_that_is_away_is_said_in_words_and_nobody_else_reads_the_file(
    settings, tmp_path, caplog
):
    settings.READER_SOCKET = str(tmp_path / "reader.sock")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with pytest.raises(parent.NoTurnError, match=AWAY):
        cleaned(ContentFile(b"hej"), "hej.txt")
    assert "The reader of files does not answer (FileNotFoundError)" in caplog.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [b"", b"\n", b"nej\n", b"[]\n", b'{"answer"', b'{"answer": []}\n', b'{"file": "target.txt", "size": 4}\nhej',
     b'{"file": "../a", "size": 3}\nhej', b'{"file": "target.txt", "size": 1e99}\n', b"[" * 100_000 + b"\n",
     b'{"step": ["x", "y", 1]}\n', b'{"wants": "\\u0000"}\n' * 3],
)  # fmt: skip
def test_a_reader_that_answers_badly_or_by_half_refuses_the_file_as_before(
    settings, tmp_path, said
):
    settings.READER_SOCKET = str(tmp_path / "reader.sock")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(settings.READER_SOCKET)
        server.listen()

        def answer() -> None:
            end, _address = server.accept()
            with end, end.makefile("rb") as heard:
                while b'"work"' not in heard.readline():
                    pass
                end.sendall(said)

        answers = threading.Thread(target=answer)
        answers.start()
        with pytest.raises(
            FileRefused, match="Filen togs inte emot: den går inte att läsa som txt"
        ):
            cleaned(ContentFile(b"hej\n"), "hej.txt")
        answers.join()
