"""The virus scanner: what is said of a file when it finds something, and when it is away."""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.db.models import FileField
from wagtail.models import UploadedFile

from pages.importing.documents import RefusedError
from pages.importing.reading_apart import article_in_file
from pages.library import virus_scanner
from pages.library.apart import parent
from pages.library.models import SiteDocument, SiteImage, SiteRendition
from pages.library.upload import without_metadata
from pages.library.virus_scanner import NotClearedError, clear_of_viruses
from pages.newsroom.models import Proposal
from tests.factories.pages import picture_file
from tests.tables import every_row
from tests.upload_doors import DOORS, REPLACING, opened, said_in, upload

FOUND = (
    "Filen togs inte emot: virusskyddet hittade Eicar-Test-Signature i den. Öppna den ingenstans, och "
    "hör av dig till dem som ansvarar för it-säkerheten."
)
AWAY = "Filen togs inte emot: virusskyddet svarar inte. Försök igen om en stund."
TOO_LARGE = "Filen togs inte emot: den är större än virusskyddet tar."
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _told(connection: socket.socket) -> bytes:
    """What clamd is told, as its protocol has it: pieces with their lengths, the last one empty."""
    file = connection.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(file.read(4), "big"):
        content += file.read(length)
    return content


def _scans(connection: socket.socket) -> None:
    found = EICAR in _told(connection)
    connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def _answers(answer: bytes) -> Callable[[socket.socket], None]:
    def act(connection: socket.socket) -> None:
        _told(connection)
        connection.sendall(answer)

    return act


def _hangs(connection: socket.socket) -> None:
    """Says what was asked for when nobody should be waiting for it any more."""
    _told(connection)
    connection.settimeout(20)
    with contextlib.suppress(OSError):
        connection.recv(1)
        connection.sendall(b"stream: OK\0")


def _trickles(connection: socket.socket) -> None:
    _told(connection)
    with contextlib.suppress(OSError):
        for letter in b"stream: OK\0":
            time.sleep(0.3)
            connection.sendall(bytes([letter]))


def _takes_no_more(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")


class Clamd:
    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.act: Callable[[socket.socket], None] = _scans
        self.asked = 0

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.asked += 1
            with connection:
                self.act(connection)


@pytest.fixture(params=["a socket", "a port"])
def clamd(request, tmp_path, settings) -> Iterator[Clamd]:
    if request.param == "a socket":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.ctl"))
        settings.CLAMD = str(tmp_path / "clamd.ctl")
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    scanner = Clamd(listener)
    threading.Thread(target=scanner.serve, daemon=True).start()
    yield scanner
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "rapport.txt"
    path.write_bytes(b"Hej\n" * 100_000)
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(NotClearedError) as refused:
        clear_of_viruses(path, path.name)
    return refused.value.messages[0]


def test_a_file_in_which_nothing_is_found_passes(clamd, file):
    clear_of_viruses(file, file.name)
    assert clamd.asked == 1


def test_a_file_in_which_a_virus_is_found_is_refused_and_the_journal_has_its_name(
    clamd, file, caplog
):
    file.write_bytes(b"Hej\n" + EICAR)
    assert _refusal(file) == FOUND
    line = "The virus scanner found Eicar-Test-Signature in a file that was uploaded"
    assert ("pages.library.virus_scanner", logging.WARNING, line) in caplog.record_tuples


@every_row(
    "act",
    [
        _answers(b""),
        _answers(b"stream: O"),
        _answers(b"stream: OK"),
        _answers(b"stream: OK\0stream: OK\0"),
        _answers(b"stream: Eicar FOUND"),
        _answers(b"UNKNOWN COMMAND\0"),
        _answers(b"stream: x\n2026-11-26 ERROR made up FOUND\0"),
        _answers(b"x" * 5_000),
        lambda connection: None,
        _hangs,
        _trickles,
    ],
    ids=["silent", "cut off", "cut off at its end", "twice", "cut off when found", "another answer",
         "another line", "endless", "shuts", "hangs", "trickles"],
)  # fmt: skip
def test_a_file_of_which_the_scanner_does_not_say_that_it_is_clean_is_refused(
    clamd, file, act, caplog
):
    clamd.act = act
    caplog.clear()
    with patch.object(virus_scanner, "_SECONDS", 1):
        assert _refusal(file) == AWAY
    [line] = caplog.records
    assert line.levelname == "ERROR"
    assert "\n" not in line.getMessage()


def test_a_scanner_that_is_away_is_told_to_who_uploads_and_in_the_journal(
    settings, file, caplog, tmp_path
):
    for away in (str(tmp_path / "borta.ctl"), "127.0.0.1:1"):
        settings.CLAMD = away
        caplog.clear()
        assert _refusal(file) == AWAY
        [line] = caplog.messages
        assert line.startswith("The virus scanner does not answer (")


def test_a_file_that_is_larger_than_the_scanner_takes_is_refused(clamd, file, caplog):
    clamd.act = _takes_no_more
    file.write_bytes(bytes(30_000_000))
    assert _refusal(file) == TOO_LARGE
    assert caplog.messages == ["The virus scanner takes no file of 30000000 bytes"]


@pytest.mark.django_db
@every_row("door", [*DOORS, *REPLACING])
def test_every_way_in_asks_the_scanner_before_anybody_reads_the_file(
    clamd, client, admin, home, door, monkeypatch
):
    client.force_login(admin)
    address = opened(door)
    before = _kept()
    read = _noted(monkeypatch)
    clamd.act, clamd.asked = _answers(b"stream: Eicar-Test-Signature FOUND\0"), 0
    said = said_in(upload(client, address, *_FILES[door.split("/")[0]]))
    assert "virusskyddet hittade Eicar-Test-Signature i den." in unescape(said)
    assert clamd.asked == 1
    assert not read
    assert _kept() == before


@pytest.mark.django_db
@every_row("door", [*DOORS, *REPLACING])
def test_while_the_scanner_is_away_no_door_takes_a_file(client, admin, home, door, settings):
    client.force_login(admin)
    address = opened(door)
    before = _kept()
    settings.CLAMD = "/finns/inte"
    said = said_in(upload(client, address, *_FILES[door.split("/")[0]]))
    assert AWAY in unescape(said)
    assert _kept() == before


_FILES = {"images": ("kust.jpg", picture_file(90, 60).read()), "documents": ("plan.txt", b"Hej\n")}


def _kept() -> list[object]:
    """All that the CMS keeps of files, but for the sizes of pictures that are there."""
    rows = [list(model.objects.order_by("pk").values())
            for model in (SiteImage, SiteDocument, UploadedFile, Proposal)]  # fmt: skip
    root = Path(site_settings.MEDIA_ROOT)
    files = {str(each.relative_to(root)) for each in root.rglob("*") if each.is_file()}
    return [*rows, files.difference(SiteRendition.objects.values_list("file", flat=True))]


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every work of which a child is asked from now on, but for the sizes of pictures that are there."""
    asked: list[str] = []
    run = parent._run

    def noted(work: str, *given: Any) -> int | None:
        if "render" not in work:
            asked.append(work)
        return run(work, *given)

    monkeypatch.setattr(parent, "_run", noted)
    return asked


def test_an_import_asks_the_scanner_before_anybody_reads_the_file(clamd, tmp_path, monkeypatch):
    page = tmp_path / "nyhet.html"
    page.write_text("<h1>Nyhet</h1><p>En text.</p>")
    read = _noted(monkeypatch)

    def finds(connection: socket.socket) -> None:
        found = _told(connection) == page.read_bytes()
        connection.sendall(b"stream: Eicar FOUND\0" if found else b"stream: OK\0")

    clamd.act = finds
    with pytest.raises(RefusedError, match="virusskyddet hittade Eicar"):
        article_in_file(page)
    assert read == []


def test_each_model_that_keeps_files_is_one_of_those_that_take_what_was_cleaned_alone():
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and not model._meta.proxy
    }
    ours = {"library.SiteImage.file", "library.SiteDocument.file", "library.SiteRendition.file",
            "newsroom.Proposal.file", "library.FormerFile.kept"}  # fmt: skip
    # Wagtail's: pictures, files and renditions that ours stand in for, what waits for a title (nothing
    # does: `pages.newsroom.editing.receiving`), and the picture of oneself (which no form asks for).
    wagtails = {"wagtailimages.Image.file", "wagtailimages.Rendition.file", "wagtaildocs.Document.file",
                "wagtailcore.UploadedFile.file", "wagtailusers.UserProfile.avatar"}  # fmt: skip
    assert kept == ours | wagtails


def test_where_no_scanner_is_named_nobody_is_asked(settings, file):
    assert settings.CLAMD == ""
    with patch.object(socket, "socket", side_effect=AssertionError):
        clear_of_viruses(file, file.name)
    assert without_metadata(picture_file(), "kust.jpg").header
