"""What tests/integration/pages/test_registrar.py says, in more cases."""

import re
from datetime import UTC, datetime

import pytest

from tests.factories import ArticlePageFactory
from tests.integration.pages import test_registrar as first
from tests.integration.pages.test_registrar import AT, MORNING, NEXT_DAY, PAGE, _asked, _frame
from tests.recorded import Was, keep
from tests.registrars import logged_in, words_of

desk = first.desk
two_versions = first.two_versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]


def test_an_editor_finds_no_records_in_the_menu(editor):
    assert "Så såg sidan ut" not in words_of(logged_in(editor).get("/admin/"))


def test_one_goes_to_the_version_before_and_the_one_after(desk, two_versions):
    newer = re.search(r'href="([^"]+)" rel="next"', _asked(desk).content.decode())[1]
    then = desk.get(newer.replace("&amp;", "&"))

    assert "Så såg sidan ut 4 mars 2027 kl. 09.00" in words_of(then)
    assert "och så fortfarande" in words_of(then)
    assert "290 kommuner" in desk.get(_frame(then)).content.decode()
    older = re.search(r'href="([^"]+)" rel="prev"', then.content.decode())[1]
    assert "kl. 13.41.07 till" in words_of(desk.get(older.replace("&amp;", "&")))


def test_a_version_that_began_in_the_second_that_was_asked_for_is_shown(desk, two_versions):
    assert "210 kommuner" in desk.get(_frame(_asked(desk, hour="13:41:07"))).content.decode()
    assert "kl. 13.41.06" not in words_of(_asked(desk, hour="13.41.06"))
    assert "känner inte till något" in words_of(_asked(desk, hour="13.41.06"))


def test_bad_addresses_of_our_own_answer_without_a_fault(desk):
    for way in ("?address=/&moment=igår", "?address=%00", "?address=/&day=9999-12-31&hour=23.59",
                "?address=/&day=0001-01-01&hour=00.00", "visat/igår/", "andringar/?after=x~y",
                "andringar/?first=9999-12-31&last=9999-12-31",
                "?address=/&moment=99991231T235959.999999Z",
                "?address=/&moment=00010101T000000.000000Z", "arkiv/x/", "gallra/99999/", "sekretess/?address=/&moment=x"):  # fmt: skip
        assert desk.get(AT + way).status_code in (200, 404, 422), way


def test_an_hour_that_came_twice_is_shown_the_first_time_and_says_so(desk):
    keep(Was("/", datetime(2027, 10, 30, 12, tzinfo=UTC), PAGE % 1))
    keep(Was("/", datetime(2027, 10, 31, 1, 10, tzinfo=UTC), PAGE % 2))  # 02.10, in winter time

    answer = _asked(desk, address="/", day="2027-10-31", hour="02.30")

    assert "kl. 02.30 (sommartid)" in words_of(answer)
    assert "utbildat 1 kommuner" in desk.get(_frame(answer)).content.decode()
    newer = re.search(r'href="([^"]+)" rel="next"', answer.content.decode())[1]
    again = desk.get(newer.replace("&amp;", "&"))
    assert "kl. 02.10 (normaltid)" in words_of(again)
    assert "utbildat 2 kommuner" in desk.get(_frame(again)).content.decode()


def test_the_links_of_the_page_lead_to_the_same_moment(desk, two_versions):
    keep(Was("/kontakt/", MORNING, PAGE % 0))

    found = re.search(r'<li><a href="([^"]+)">Kontakta oss</a>', _asked(desk).content.decode())[1]

    assert "/kontakt/" in words_of(desk.get(found.replace("&amp;", "&")))
    assert "kl. 14.05. Det här" in words_of(desk.get(found.replace("&amp;", "&")))


def test_a_style_sheet_names_the_files_of_its_moment(desk):
    keep(Was("/static/css/site.css", MORNING, "@font-face{src:url(/static/fonts/a.woff2)} b{background:url('../x.svg')}",
             headers=(("Content-Type", "text/css"),)))  # fmt: skip

    style = desk.get(f"{AT}visat/20270303T130500.000000Z/static/css/site.css").content.decode()

    assert "url(/admin/sa-sag-sidan/visat/20270303T130500.000000Z/static/fonts/a.woff2)" in style
    assert "url('../x.svg')" in style


def test_what_is_no_page_and_no_picture_is_downloaded(desk):
    keep(Was("/dokument/1/a.pdf", MORNING, b"%PDF", headers=(("Content-Type", "application/pdf"),)))
    keep(
        Was(
            "/static/js/menu.js",
            MORNING,
            b"alert(1)",
            headers=(("Content-Type", "text/javascript"),),
        )
    )

    for way in ("dokument/1/a.pdf", "static/js/menu.js"):
        answer = desk.get(f"{AT}visat/20270303T130500.000000Z/{way}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "Det var en fil" in words_of(_asked(desk, address="/dokument/1/a.pdf"))


def test_the_very_bytes_can_be_downloaded(desk, two_versions):
    way = re.search(r'href="([^"]+som-fil)"', _asked(desk).content.decode())[1]

    answer = desk.get(way)

    assert answer.content == (PAGE % 210).encode()
    assert 'filename="valet.html"' in answer.headers["Content-Disposition"]


def test_the_frame_is_never_what_lies_there_now(desk, section):
    ArticlePageFactory(parent=section, slug="nu")

    assert desk.get(f"{AT}visat/20990101T000000.000000Z/verksamheten/nu/").status_code == 404


def test_the_frame_is_only_read(desk, two_versions):
    assert desk.post(_frame(_asked(desk))).status_code == 405
    assert desk.post(AT).status_code == 405


def test_a_message_above_the_page_is_among_the_words_that_are_compared(desk):
    message = '<section class="alert"><p>Undvik Sergels torg</p></section><main>'
    keep(
        Was("/verksamheten/valet/", MORNING, PAGE % 210),
        Was("/verksamheten/valet/", NEXT_DAY, (PAGE % 210).replace("<main>", message)),
    )

    said = words_of(_asked(desk, day="2027-03-05"))

    assert re.search(r"<ins>.{0,90}Undvik Sergels torg", said)


def test_a_long_list_continues_after_the_last_entry(desk):
    keep(*(Was(f"/sida-{number:03}/", MORNING, "x") for number in range(205)))

    met, way = [], f"{AT}andringar/?first=2027-03-03&last=2027-03-03"
    while way:
        said = desk.get(way).content.decode()
        met += re.findall(r">(/sida-\d+/)</a>", said)
        more = re.search(r'href="([^"]+)">Visa fler', said)
        way = f"{AT}andringar/{more[1].replace('&amp;', '&')}" if more else ""

    assert met == [f"/sida-{number:03}/" for number in range(205)]
