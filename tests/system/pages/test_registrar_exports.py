"""What a registrar takes out for the archive: read by the reference reader, and without what may not leave the house."""

import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from cdxj_indexer.main import CDXJIndexer
from django.core.management import call_command
from lxml import html as lxml_html
from warcio.archiveiterator import ArchiveIterator

from pages.records.kept import Records
from pages.records.registrar.archive import write_archive
from pages.records.registrar.asked_for import period_of
from pages.records.registrar.exports import all_exports, export_named, make_ordered, order_export
from tests.integration.pages import test_registrar_acts as acts
from tests.integration.pages.test_registrar_acts import AT, FIRST, HTML, SECOND, _of
from tests.recorded import Was, keep
from tests.registrars import logged_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]

DAY = date(2026, 3, 4)  # that of SECOND
changed = acts.changed


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


def test_a_registrar_orders_an_export_that_a_job_makes(ragnhild, a_year):
    desk = logged_in(ragnhild)
    ordered = desk.post(f"{AT}arkiv/", {"first": "2026-03-04", "last": "2026-03-04"}, follow=True)
    assert "Exporten görs nu." in words_of(ordered)
    assert "Görs just nu" in words_of(ordered)
    assert "ragnhild" not in all_exports()[0].order.read_text()

    assert make_ordered() == 1

    page = desk.get(f"{AT}arkiv/")
    assert "Innehåller 6 sidor och 2 filer." in words_of(page)
    file = desk.get(re.search(r'href="([^"]+arkiv/[0-9a-f-]+/)"', page.content.decode())[1])
    assert (
        file.headers["Content-Disposition"]
        == 'attachment; filename="webbplatsen-2026-03-04--2026-03-04.wacz"'
    )
    assert zipfile.ZipFile(BytesIO(file.getvalue())).testzip() is None
    assert make_ordered() == 0


def test_what_is_sealed_takes_the_exports_that_may_hold_it_along(ragnhild, changed):
    held = order_export(DAY, DAY)
    other = order_export(date(2026, 2, 1), date(2026, 2, 2))
    held.file.write_bytes(b"wacz")

    logged_in(ragnhild).post(
        f"{AT}sekretess/{_of(changed)}", {"reason": "Uppgiften röjer en källa.", "which": "this"}
    )

    assert [each.name for each in all_exports()] == [other.name]
    assert not held.file.exists()


def test_what_is_sealed_while_an_export_is_made_is_not_handed_over(changed, monkeypatch):
    export = order_export(DAY, DAY)

    def sealed_meanwhile(start, end, target):
        target.write_bytes(b"wacz")
        export.order.unlink()
        return type("Packed", (), {"words": ""})()

    monkeypatch.setattr("pages.records.registrar.exports.write_archive", sealed_meanwhile)
    make_ordered()

    assert not export.file.exists()


def test_exports_are_thrown_away_after_a_week_and_few_wait_at_a_time(
    ragnhild, changed, monkeypatch
):
    desk = logged_in(ragnhild)
    for _number in range(6):
        last = desk.post(f"{AT}arkiv/", {"first": "2026-03-04", "last": "2026-03-04"}, follow=True)
    assert "5 exporter väntar redan." in words_of(last)
    monkeypatch.setattr(
        "pages.records.registrar.exports.timezone.now",
        lambda: datetime.now(UTC) + timedelta(days=8),
    )

    make_ordered()

    assert all_exports() == []


def test_an_export_overwrites_nothing_that_a_link_was_laid_to(changed, tmp_path):
    export = order_export(DAY, DAY)
    kept = tmp_path / "kept"
    kept.write_text("orört")
    export.order.with_suffix(".part").symlink_to(kept)

    make_ordered()

    assert kept.read_text() == "orört"
    assert all_exports()[0].said


@pytest.mark.parametrize("name", ["x", "2026-02-31--2026-03-01--" + "0" * 16, "../ut"])
def test_an_order_that_is_none_of_ours_stops_no_other(changed, name):
    export = order_export(DAY, DAY)
    export.order.with_name(f"{name.replace('/', '')}.order").write_text("")

    make_ordered()

    assert export_named(name) is None
    assert export_named(export.name).said


def test_a_period_of_which_the_records_hold_nothing_is_said_in_the_list(ragnhild):
    order_export(date(2025, 1, 1), date(2025, 1, 1))

    call_command("export_records")

    page = words_of(logged_in(ragnhild).get(f"{AT}arkiv/"))
    assert "Det finns ingenting från den tiden" in page


def test_what_a_job_that_was_killed_left_of_an_export_is_thrown_away(changed):
    left = order_export(DAY, DAY).order.with_name(".packing-abc")
    left.mkdir()
    (left / "records.warc.gz").write_text("hemligt")
    orphan = left.with_name("2026-03-04--2026-03-04--0.wacz")
    orphan.write_text("hemligt")

    make_ordered()

    assert not left.exists()
    assert not orphan.exists()
