"""Every byte that a plain reader got is in the records, and the job says what it lacks."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pages.newsroom.withdrawals import withdraw_page
from pages.records.handing import Handing
from pages.records.kept import Records
from pages.records.lookup import Standing
from tests.factories import ArticlePageFactory, FooterFactory, SiteImageFactory
from tests.recorded import use_own_records

from .store_reader import Given, Reader, a_reader


@pytest.fixture
def handing(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Handing:
    settings.RECORDS_HAND_OVER = True
    use_own_records(settings, tmp_path)
    mine = Handing()
    for module in (
        "pages.public.store.refresh", "pages.public.store.for_records", "pages.management.commands.edition",
    ):  # fmt: skip
        monkeypatch.setattr(f"{module}.handing", mine)
    return mine


@pytest.fixture
def reader(
    db: None, handing: Handing, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Reader]:
    settings.EDITION_DIR = tmp_path / "edition"
    settings.EDITION_URL = "http://testserver"
    settings.WHITENOISE_USE_FINDERS = True  # nothing is collected here
    with a_reader(monkeypatch) as reader:
        for command in ("edition", "file_records"):
            monkeypatch.setattr(
                f"pages.management.commands.{command}.get_internal_wsgi_application",
                lambda: reader.store,
            )
        yield reader


@pytest.fixture
def published(django_capture_on_commit_callbacks: Any) -> Callable[..., None]:
    """Does something in a transaction that is committed."""

    def do(action: Callable[..., Any], *values: Any, **named: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            action(*values, **named)

    return do


def _publish(page: Any, words: str) -> None:
    page.refresh_from_db()
    page.title = words
    page.save_revision().publish()


def _file() -> tuple[str, str]:
    said, faults = StringIO(), StringIO()
    call_command("file_records", stdout=said, stderr=faults)
    return said.getvalue(), faults.getvalue()


def test_every_byte_that_a_reader_got_is_in_the_records(
    reader: Reader, section: Any, published: Any, rounds: Any
) -> None:
    drawn = random.Random(16)
    articles = [
        ArticlePageFactory(parent=section, title=f"Artikel {number}", slug=f"artikel-{number}")
        for number in range(3)
    ]
    footer = FooterFactory(locale=section.locale)
    got: list[tuple[str, datetime, Given]] = []

    for number in range(rounds(9, 1_000)):
        page = drawn.choice(articles)
        match drawn.randrange(4):
            case 0:
                footer.mission = f"Uppdrag {number}"
                published(footer.save)
            case 1:
                page.refresh_from_db()
                if page.live:
                    published(withdraw_page, page, "outdated")
                else:
                    published(_publish, page, "Åter")
            case _:
                published(_publish, page, f"Rubrik {number}")
        for address in {page.url, drawn.choice(["/", "/verksamheten/", articles[0].url])}:
            got.append((address, timezone.now(), reader.get(address)))
        if number % 5 == 4:
            _file()
    _file()

    records = Records()
    for address, moment, given in got:
        found = records.at(address, moment)
        assert found, address
        assert records.body(found) == given.body
        assert found.status == given.status
        assert {name: given.headers.get(name) for name, _value in found.headers} == dict(
            found.headers
        )
    assert {given.status for _address, _moment, given in got} == {200, 410}
    call_command("verify_records", stdout=(said := StringIO()))
    assert "Senaste hashvärdet" in said.getvalue()


def test_pictures_files_and_styles_that_a_page_shows_are_kept_along(
    reader: Reader, section: Any, published: Any
) -> None:
    picture = {"image": SiteImageFactory().pk, "decorative": True, "alt_text": ""}
    article = ArticlePageFactory(
        parent=section, slug="bild", live=False,
        image=json.dumps([{"type": "figure", "value": {"image": picture, "caption": ""}}]),
    )  # fmt: skip
    published(_publish, article, "Med bild")
    page = reader.get(article.url)

    _file()

    records, now = Records(), timezone.now()
    kept = {each.address: each for each in records.standing_at(now)}
    assert records.body(kept[article.url]) == page.body
    styles = [address for address in kept if address.endswith("site.css")]
    pictures = [address for address in kept if address.startswith("/media/")]
    assert styles
    assert pictures
    for address in (*styles, *pictures):
        assert records.body(kept[address]) == reader.get(address).body


def test_once_the_edition_is_written_nothing_of_the_version_is_missing(
    reader: Reader, section: Any, published: Any
) -> None:
    article, other = (
        ArticlePageFactory(parent=section, slug=slug, live=False) for slug in ("artikel", "annan")
    )
    for page in (article, other):
        published(_publish, page, "Först")
    reader.get("/nyheter.rss")
    call_command("edition", stdout=StringIO())
    _file()
    published(_publish, article, "Sedan")
    between = timezone.now()
    published(withdraw_page, article, "outdated")
    call_command("edition", stdout=StringIO())
    _file()

    records = Records()
    gaps = list(records.gaps(between - timedelta(days=1), timezone.now()))
    assert {gap.kind for gap in gaps} == {"superseded"}
    assert gaps[0].sentence.startswith("Något publicerades igen innan alla sidor hade bevarats: ")
    gone, feed = records.at(article.url, timezone.now()), records.at("/nyheter.rss", timezone.now())
    assert gone
    assert gone.status == 410
    assert feed
    assert feed.standing is Standing.KEPT
    unknown = records.at(other.url, between)
    assert unknown
    assert unknown.standing is Standing.UNSURE


@pytest.mark.fault("disk full")
def test_a_full_disk_keeps_no_reader_waiting_and_is_named(
    reader: Reader, section: Any, published: Any, monkeypatch: Any
) -> None:
    published(section.save)
    monkeypatch.setattr("pages.records.handing.RESERVE_BYTES", 1 << 60)
    assert reader.get("/verksamheten/").status == 200
    monkeypatch.setattr("pages.records.handing.RESERVE_BYTES", 0)
    reader.get("/")

    _said, faults = _file()

    assert "1 svar kunde inte lämnas" in faults


def test_a_spoilt_record_is_named_in_one_line(reader: Reader, section: Any, published: Any) -> None:
    published(section.save)
    reader.get("/verksamheten/")
    _file()
    bodies = next((Records().folder / "packs").glob("*.bodies"))
    content = bodies.read_bytes()
    bodies.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(
        CommandError,
        match=r"^Post 1 i packe 1 \(/verksamheten/\) har ändrats eller flyttats, eller så har en före den tagits bort\.$",
    ):
        call_command("verify_records")
