"""The page on which anybody checks what we have said, and the sheets that are signed for it."""

import hashlib
import re
import subprocess
import time
from datetime import UTC, datetime
from html import unescape

import pytest

from pages.records.filing import alone
from pages.records.kept import Records
from pages.records.packs import Packs
from pages.records.sheets import EVERY_SECONDS, Sheets
from pages.records.told_versions import versions_told
from tests.factories import ArticlePageFactory
from tests.records import Was, keep, keep_all

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)
BODY = "<p>Så stod det.</p>".encode()
BODY_SUM = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def records(tmp_path, settings) -> Records:
    settings.RECORDS_ROOT, settings.SAID_ROOT = tmp_path / "records", tmp_path / "said"
    settings.RECORDS_SPOOL = tmp_path / "spool"
    return Records()


@pytest.fixture
def page(section, records):
    page = ArticlePageFactory(parent=section, title="Spaning", slug="spaning")
    for address in ("/verksamheten/spaning/", "/terrorhotniva.json"):
        keep(records, address, BODY, NOON)
    _sheets(records)
    return page


def _sheets(records, *, later: int = 0) -> Sheets:
    sheets = Sheets(records.folder.parent / "said")
    with pytest.MonkeyPatch.context() as patch:
        now = time.time() + later
        patch.setattr("pages.records.sheets.time.time", lambda: now)
        sheets.follow(Packs(records.folder))
    return sheets


def _names(sheets: Sheets) -> list[str]:
    return sorted(path.stem for path in sheets.folder.glob("*Z.txt"))


def _said(client, **asked: str) -> str:
    asked = {"adress": "/verksamheten/spaning/", **asked}
    return unescape(client.get("/kontrollera/", asked).content.decode())


def test_what_a_page_said_is_shown_with_all_that_it_takes_to_check_it(client, page, tmp_path):
    said = _said(client, dag="2026-12-01")
    assert "Från 1 december 2026 12.00.00, och fortfarande så" in said
    assert "Vad som har stått på /verksamheten/spaning/" in said
    assert BODY_SUM in said

    for name, pattern in (
        ("txt", r'href="(/kontrollera/\w+\.txt)">bladet'),
        ("sig", r'"(/\S+\.sig)"'),
    ):
        answer = client.get(re.search(pattern, said)[1])
        (tmp_path / name).write_bytes(b"".join(answer.streaming_content))
    key = b"".join(client.get("/kontrollera/nyckel.pem").streaming_content)
    (tmp_path / "pem").write_bytes(key)
    [line] = re.findall(r"printf .*? \| sha256sum", said, re.DOTALL)
    total = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True).stdout.split()[
        0
    ]
    assert f"sum {total}\n" in (tmp_path / "txt").read_text()
    words = "openssl pkeyutl -verify -pubin -inkey pem -rawin -in txt -sigfile sig"
    assert subprocess.run(words.split(), cwd=tmp_path, capture_output=True).returncode == 0
    assert "Check what we have said" in client.get("/en/kontrollera/").content.decode()


ELSEWHERE = "Adressen hör till en annan webbplats"
UNKNOWN = "Det finns ingen sida på den adressen"
NO_DAY = "Dagen går inte att läsa"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"adress": "https://www.example.org/verksamheten/spaning/"}, ELSEWHERE),
        ({"adress": "example.org/verksamheten/spaning/"}, ELSEWHERE),
        ({"adress": "https://www.sakerhetspolisen.se/verksamheten/spaning.html"}, "Från 1 dec"),
        ({"adress": "http://testserver/Verksamheten/Spaning"}, "Från 1 december 2026"),
        ({"adress": "/terrorhotniva.json"}, "Från 1 december 2026"),
        ({"adress": "http://[x"}, UNKNOWN),
        ({"adress": "/\0/"}, UNKNOWN),
        ({"adress": "/" + "a/" * 400}, UNKNOWN),
        ({"adress": "/finns-inte/", "dag": "x"}, UNKNOWN),
        ({"dag": "2026-13-40"}, NO_DAY),
        ({"dag": "x"}, NO_DAY),
        ({"dag": "0001-01-01"}, "Ingenting från den dagen"),
        ({"dag": "9999-12-31"}, "Ingenting från den dagen"),
    ],
)
def test_each_question_has_an_answer_of_its_own(client, page, asked, answer):
    said = _said(client, **asked)
    assert answer in said
    assert (BODY_SUM in said) == answer.startswith("Från")


def test_what_is_mistyped_withdrawn_or_a_draft_reads_the_same_and_what_is_new_does_not(
    client, page, section
):
    ArticlePageFactory(parent=section, slug="utkast", live=False)
    type(page).objects.filter(pk=page.pk).update(live=False)
    names = ("spaning", "utkast", "finns-inte")
    said = [_said(client, adress=f"/verksamheten/{name}/", dag="2026-12-01") for name in names]
    alike = {each.replace(name, "NAMN") for each, name in zip(said, names, strict=True)}
    assert len(alike) == 1
    assert UNKNOWN in said[0]
    ArticlePageFactory(parent=section, slug="ny")
    assert "Sidan står inte på något blad än" in _said(client, adress="/verksamheten/ny/")


def test_a_day_without_anything_leads_to_the_nearest_before_and_after(client, page, records):
    keep(records, "/verksamheten/spaning/", b"Hemligt", NOON.replace(day=3))
    records.seal("/verksamheten/spaning/", NOON.replace(day=3), by="Rut", reason="sekretess")
    keep(records, "/verksamheten/spaning/", b"Igen", NOON.replace(day=8))
    _sheets(records, later=EVERY_SECONDS + 1)
    links = re.findall(r'href="(\?adress=[^"]+)">([^<]+)<', _said(client, dag="2026-12-05"))
    assert [words for _query, words in links] == ["3 december 2026", "8 december 2026"]
    for query, words in links:
        said = unescape(client.get(f"/kontrollera/{query}").content.decode())
        assert f" {words} 12.00.00" in said
    assert client.get("/kontrollera/20200101T000000Z.txt").status_code == 404


def test_nothing_is_told_of_a_page_that_was_taken_away_or_a_version_that_was_sealed(
    client, page, records
):
    keep(records, "/verksamheten/spaning/", b"Nytt", NOON.replace(hour=12))
    _sheets(records, later=EVERY_SECONDS + 1)
    records.seal("/verksamheten/spaning/", NOON, by="Rut", reason="sekretess")
    keep(records, "/verksamheten/annat/", b"Annat", NOON.replace(hour=13))
    _sheets(records)
    said = _said(client)
    assert BODY_SUM not in said
    assert "Rut" not in said
    assert hashlib.sha256(b"Nytt").hexdigest() in said
    # What was sealed ended what stood before it all the same.
    keep(records, "/verksamheten/spaning/", b"Sist", NOON.replace(hour=14))
    _sheets(records, later=3 * EVERY_SECONDS)
    records.seal("/verksamheten/spaning/", NOON.replace(hour=12), by="Rut", reason="sekretess")
    keep(records, "/verksamheten/annat/", b"Mer", NOON.replace(hour=15))
    _sheets(records, later=3 * EVERY_SECONDS)
    told = versions_told(records.folder.parent / "said", "/verksamheten/spaning/")
    assert [each.salt != "" for each in told] == [False, False, True]
    # Nor of what was before a page was away, also where it came and went between two sheets.
    gone = NOON.replace(hour=16)
    keep_all(records, gone, [Was("/verksamheten/spaning/", gone, b"", 410)])
    keep(records, "/verksamheten/spaning/", b"Igen", NOON.replace(hour=17))
    _sheets(records, later=6 * EVERY_SECONDS)
    said = _said(client)
    assert hashlib.sha256(b"Igen").hexdigest() in said
    assert hashlib.sha256(b"Sist").hexdigest() not in said
    type(page).objects.filter(pk=page.pk).update(live=False)
    assert UNKNOWN in _said(client, dag="2026-12-01")


def test_each_sheet_names_the_one_before_and_none_comes_too_soon(records, page):
    keep(records, "/verksamheten/spaning/", b"Nytt", NOON.replace(hour=12))
    assert len(_names(_sheets(records, later=EVERY_SECONDS - 60))) == 1
    with alone(records.folder):
        assert len(_names(_sheets(records, later=EVERY_SECONDS + 1))) == 1
    sheets = _sheets(records, later=EVERY_SECONDS + 1)
    first, second = _names(sheets)
    before = hashlib.sha256((sheets.folder / f"{first}.txt").read_bytes()).hexdigest()
    assert f"before {first} {before}\n" in (sheets.folder / f"{second}.txt").read_text()
    assert (records.folder / "sheets.key").stat().st_mode & 0o777 == 0o600
