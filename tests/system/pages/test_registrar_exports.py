"""What is taken out for the archive: read by the reference reader, and without what may not leave the house."""

import json
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from cdxj_indexer.main import CDXJIndexer
from django.core.management import CommandError, call_command
from lxml import html as lxml_html
from warcio.archiveiterator import ArchiveIterator

from pages.records.kept import Records
from pages.records.registrar.archive import write_archive
from pages.records.registrar.asked_for import period_of
from tests.integration.pages.test_registrar_acts import FIRST, HTML, SECOND
from tests.recorded import Was, keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]

DAY = date(2026, 3, 4)  # that of SECOND


@pytest.fixture
def a_year():
    """Pages, files, a redirect, a removal, and what may not leave the house."""
    keep(
        Was("/valet/", FIRST, HTML % "Valet"),
        Was("/ersatt/", FIRST, HTML % "Ersatt"),
        Was("/static/site.css", FIRST, "h1{color:#000}", headers=(("Content-Type", "text/css"),)),
        Was("/media/valet.webp", FIRST, b"RIFF", headers=(("Content-Type", "image/webp"),)),
        Was("/valet/", SECOND, HTML % "Valet 2027"),
        Was("/borta/", SECOND, HTML % "Sidan finns inte längre", 410),
        Was("/gammal/", SECOND, "", 301, (("Location", "/valet/"),)),
        Was("/åäö (1)/", SECOND, HTML % "Tecken"),
        Was("/hemlig/", SECOND, HTML % "Hemligt namn"),
        Was("/gallrad/", SECOND, HTML % "Gallrat"),
        Was("/ersatt/", SECOND + timedelta(hours=1), HTML % "Ersatt"),
        unmet=["/ersatt/"],
    )
    Records().seal("/hemlig/", SECOND, by="ragnhild", reason="18:1")
    Records().weed("/gallrad/", SECOND, by=("ragnhild", "cecilia"), decision="2027-1")


def test_an_export_is_a_valid_wacz_that_lists_every_page_and_holds_what_it_shows(
    a_year, tmp_path, settings
):
    settings.EDITION_URL = "https://www.example.se"

    target = tmp_path / "mars.wacz"
    said = write_archive(*period_of(DAY, DAY), target).words

    valid = subprocess.run(
        [Path(sys.executable).with_name("wacz"), "validate", "--file", target],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert "Validation succeeded, the passed WACZ is valid" in valid.stdout
    assert "Innehåller 6 sidor och 2 filer." in said
    assert "Utelämnat: sekretessmarkerade: 1, gallrade: 1." in said
    assert "Det finns luckor i arkivet under tiden:" in said
    with zipfile.ZipFile(target) as wacz:
        assert wacz.testzip() is None
        lines = wacz.read("pages/pages.jsonl").decode().splitlines()
        warc = wacz.read("archive/records.warc.gz")
        index = wacz.read("indexes/index.cdx").decode()
        about = json.loads(wacz.read("datapackage.json"))
    assert "sekretessmarkerade: 1" in about["description"]
    listed = {
        (each["url"].removeprefix("https://www.example.se"), each["title"])
        for each in map(json.loads, lines[1:])
    }
    assert listed == {
        ("/valet/", "Valet"), ("/valet/", "Valet 2027"), ("/borta/", "Sidan finns inte längre · Borttagen (410)"),
        ("/gammal/", "/valet/ · Ledde vidare (301)"), ("/%C3%A5%C3%A4%C3%B6%20(1)/", "Tecken"),
        ("/ersatt/", "Ersatt"),
    }  # fmt: skip
    assert b"Hemligt namn" not in _unpacked(warc)
    assert b"Gallrat" not in _unpacked(warc)

    assert index == _index_of(warc, tmp_path)
    _replay(warc)


def _index_of(warc: bytes, folder: Path) -> str:
    """As the reference indexer makes it."""
    (folder / "records.warc.gz").write_bytes(warc)
    output = folder / "index.cdx"
    CDXJIndexer(str(output), [str(folder / "records.warc.gz")], sort=True).process_all()
    return output.read_text()


def _replay(warc: bytes) -> None:
    """Each thing that a page shows is found, from no other host."""
    answers = {}
    records = iter(ArchiveIterator(BytesIO(warc)))
    assert next(records).rec_type == "warcinfo"
    for record in records:
        url, status = record.rec_headers["WARC-Target-URI"], record.http_headers.get_statuscode()
        body = record.content_stream().read()
        assert record.http_headers["Content-Length"] == str(len(body))
        answers[url] = (status, record.http_headers, body)
    assert {url: answers[url][0] for url in answers if "borta" in url or "gammal" in url} == {
        "https://www.example.se/borta/": "410", "https://www.example.se/gammal/": "301",
    }  # fmt: skip
    assert answers["https://www.example.se/gammal/"][1]["Location"] == "/valet/"
    shown = lxml_html.document_fromstring(answers["https://www.example.se/valet/"][2])
    for needed in (shown.find(".//img").get("src"), shown.find(".//link").get("href")):
        assert urljoin("https://www.example.se/valet/", needed) in answers


def _unpacked(warc: bytes) -> bytes:
    return b"".join(record.content_stream().read() for record in ArchiveIterator(BytesIO(warc)))


def test_whoever_runs_the_server_writes_a_period_and_no_file_twice(a_year, tmp_path, capsys):
    file = tmp_path / "mars.wacz"
    call_command("export_records", str(DAY), str(DAY), str(file))
    assert "Innehåller 6 sidor och 2 filer." in capsys.readouterr().out
    assert zipfile.ZipFile(file).testzip() is None
    assert list(tmp_path.glob(".*")) == []

    kept = file.read_bytes()
    for words, said in (
        ((DAY, DAY, file), "finns redan"),
        ((DAY, DAY - timedelta(days=1), tmp_path / "x"), "före den första"),
        (("2025-01-01", "2025-01-01", tmp_path / "x"), "Det finns ingenting från den tiden"),
        ((DAY, DAY, tmp_path / "ingen" / "x"), "går inte att skriva"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("export_records", *map(str, words))
    assert (file.read_bytes(), list(tmp_path.glob("x"))) == (kept, [])
