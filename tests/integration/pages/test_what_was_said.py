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


@pytest.fixture
def records(tmp_path, settings) -> Records:
    settings.RECORDS_ROOT, settings.SAID_ROOT = tmp_path / "records", tmp_path / "said"
    settings.RECORDS_SPOOL = tmp_path / "spool"
    return Records()


@pytest.fixture
def page(section, records):
    page = ArticlePageFactory(parent=section, title="Spaning", slug="spaning")
    keep(records, "/verksamheten/spaning/", BODY, NOON)
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
    assert hashlib.sha256(BODY).hexdigest() in said

    for name, pattern in (
        ("txt", r'href="(/kontrollera/\w+\.txt)">bladet'),
        ("sig", r'"(/\S+\.sig)"'),
    ):
        answer = client.get(re.search(pattern, said)[1])
        (tmp_path / name).write_bytes(b"".join(answer.streaming_content))
    key = b"".join(client.get("/kontrollera/nyckel.pem").streaming_content)
    (tmp_path / "pem").write_bytes(key)
    [line] = re.findall(r"printf .* \| sha256sum", said)
    total = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True).stdout.split()[
        0
    ]
    assert f"sum {total}\n" in (tmp_path / "txt").read_text()
    words = "openssl pkeyutl -verify -pubin -inkey pem -rawin -in txt -sigfile sig"
    assert subprocess.run(words.split(), cwd=tmp_path, capture_output=True).returncode == 0
    assert "Check what we have said" in client.get("/en/kontrollera/").content.decode()


def test_of_another_day_address_or_time_nothing_is_shown(client, page):
    for asked in (
        {"dag": "2026-11-30"}, {"dag": "2026-13-40"}, {"dag": "x"}, {"adress": "/finns-inte/"},
        {"adress": "http://[x"}, {"adress": "/\0/"}, {"adress": "//"}, {"adress": "/" + "a/" * 400},
    ):  # fmt: skip
        assert "Det finns inget att visa" in _said(client, **asked), asked
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
    assert hashlib.sha256(BODY).hexdigest() not in said
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
    assert "Det finns inget att visa" in _said(client, dag="2026-12-01")


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
