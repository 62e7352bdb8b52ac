"""What a registrar meets in the CMS, and how the records are shown there."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom.gate import note_public
from tests.factories import ArticlePageFactory
from tests.recorded import Was, keep
from tests.registrars import account, logged_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]

AT = "/admin/sa-sag-sidan/"
MORNING = datetime(2027, 3, 3, 12, 41, 7, 500_000, tzinfo=UTC)  # 13.41.07 in Stockholm
MINUTE = timedelta(minutes=1)
NEXT_DAY = datetime(2027, 3, 4, 8, 0, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="sv"><head><title>Valet</title>
<link rel="stylesheet" href="/static/css/site.css"><script src="/static/js/menu.js"></script></head>
<body><main><h1>Valet</h1><p>Vi har utbildat %s kommuner.</p>
<img src="/media/images/valet.webp" srcset="/media/images/valet.webp 1x, https://evil.example/x 2x" alt="Valet">
<a href="/kontakt/?fran=valet">Kontakta oss</a> <a href="https://evil.example/">Bort</a></main></body></html>"""


@pytest.fixture
def desk(ragnhild) -> Client:
    return logged_in(ragnhild)


@pytest.fixture
def two_versions():
    """A page that was changed on the morning of 4 March, and the picture of the first version."""
    picture = (("Content-Type", "image/webp"),)
    keep(
        Was("/verksamheten/valet/", MORNING, PAGE % 210),
        Was("/media/images/valet.webp", MORNING, b"first", headers=picture),
        Was("/verksamheten/valet/", NEXT_DAY, PAGE % 290),
        Was("/media/images/valet.webp", NEXT_DAY, b"second", headers=picture),
    )


def _asked(client: Client, **said: str):
    return client.get(
        AT, {"address": "/verksamheten/valet/", "day": "2027-03-03", "hour": "14.05"} | said
    )


def _frame(answer) -> str:
    return re.search(r'<iframe[^>]* src="([^"]+)"', answer.content.decode())[1].replace(
        "&amp;", "&"
    )


# The role


def test_a_registrar_meets_the_records_and_nothing_else_of_the_cms(desk, section):
    draft = ArticlePageFactory(parent=section, live=False).save_revision()

    assert desk.get("/admin/").url == AT
    for address in (
        "/admin/pages/", "/admin/images/", "/admin/snippets/content/alert/", "/admin/reports/site-history/",
        f"/admin/redaktion/visa/version/{draft.pk}/",
    ):  # fmt: skip
        assert desk.get(address, follow=True).redirect_chain[-1][0] == AT, address
    assert desk.get("/admin/handbok/").status_code == 200
    menu = words_of(desk.get(AT))
    assert "Så såg sidan ut" in menu
    assert "Rapporter" not in menu


def test_a_registrar_cannot_fetch_a_file_that_is_closed(desk, roles):
    from tests.factories import SiteDocumentFactory

    file = SiteDocumentFactory()

    assert desk.get(file.url).status_code == 404
    assert logged_in(account("rolf", EDITORS)).get(file.url).status_code == 200


def test_chief_editors_may_look_and_editors_and_administrators_may_not(roles, admin):
    keep(Was("/", MORNING, PAGE % 1))
    chief = logged_in(account("cecilia", CHIEF_EDITORS))
    others = [logged_in(admin), logged_in(account("rolf", EDITORS)), Client()]
    for way in ["", "andringar/", "gallring/", "visat/20270303T130500.000000Z/"]:
        assert chief.get(AT + way).status_code == 200, way
        assert [client.get(AT + way).status_code for client in others] == [302, 302, 302], way


# One page at a moment


def test_the_registrar_sees_how_the_page_looked_at_an_hour(desk, two_versions):
    answer = _asked(desk)

    said = words_of(answer)
    assert "Så såg sidan ut 3 mars 2027 kl. 14.05. Det här är inte dagens sida." in said
    assert "Version från 3 mars 2027 kl. 13.41.07 till 4 mars 2027 kl. 09.00.00" in said
    assert "komplett" in said
    assert "Vem som frågar antecknas inte." in said
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    framed = desk.get(_frame(answer)).content.decode()
    assert "210 kommuner" in framed
    assert "script" not in framed


def test_an_address_is_taken_as_one_copies_it(desk, two_versions):
    Site.objects.update(hostname="www.example.se")
    for written in [
        "https://www.example.se/verksamheten/valet/?x=1#y", "www.example.se/verksamheten/valet/",
        "http://example.se:8000/verksamheten/valet/",
        "verksamheten/valet/", "/verksamheten/valet",
    ]:  # fmt: skip
        assert "Version från 3 mars 2027" in words_of(_asked(desk, address=written))


def test_what_cannot_be_understood_is_said_in_words(desk):
    for said, told in [
        ({"hour": "25.00"}, "Skriv klockslaget som 14.05 eller 14.05.07."),
        ({"day": "2027-02-30"}, "giltigt datum"),
        ({"day": "2027-03-28", "hour": "02.30"}, "Det klockslaget fanns inte den natten"),
        ({"address": "http://[x"}, "Skriv adressen som den står i webbläsaren."),
        ({"address": "/" + "a" * 3000}, "Skriv adressen som den står i webbläsaren."),
        ({"address": "/a\x07"}, "Skriv adressen som den står i webbläsaren."),
        *(
            ({"address": foreign}, "polisen.se är en annan webbplats")
            for foreign in (
                "https://polisen.se/verksamheten/valet/", "polisen.se/verksamheten/valet/",
                "//polisen.se/verksamheten/valet/", "www.polisen.se",
            )
        ),
    ]:  # fmt: skip
        answer = _asked(desk, **said)

        assert answer.status_code == 422, said
        assert told in words_of(answer)


def test_an_hour_is_said_with_or_without_its_minutes(desk, two_versions):
    for written in ["14", "14.00", "14:00:00", "1400"]:
        assert "3 mars 2027 kl. 14.00" in words_of(_asked(desk, hour=written))


def test_what_was_not_whole_removed_and_led_on_is_said_in_words(desk):
    moved = (("Location", "/verksamheten/valet/"),)
    keep(
        Was("/a/", MORNING - timedelta(1), PAGE % 0), Was("/b/", MORNING, PAGE % 0, status=410),
        Was("/c/", MORNING, status=301, headers=moved), unmet=["/a/"],
    )  # fmt: skip

    assert "inte säkert: något publicerades igen innan" in words_of(_asked(desk, address="/a/"))
    assert "Borttagen (410)" in words_of(_asked(desk, address="/b/"))
    led = words_of(_asked(desk, address="/c/"))
    assert "Ledde vidare (301)" in led
    assert "Läsarna fördes till <a href=" in led


def _published(page, at):
    note_public(page, None, "published", revision=page.save_revision(), at=at)


def test_on_a_busy_day_its_own_approvals_say_that_a_page_was_the_same(desk, section):
    page = ArticlePageFactory(parent=section, slug="valet")
    keep(Was(page.url, MORNING, PAGE % 210))
    for minute in range(1, 20):
        keep(Was("/annan/", MORNING + minute * MINUTE, PAGE % minute), unmet=[page.url])
    at = {"address": page.url, "hour": "13.46"}
    assert "inte säkert" in words_of(_asked(desk, **at)), "no approval is known"
    _published(page, MORNING - MINUTE)
    _published(page, MORNING + 10 * MINUTE)
    said = words_of(_asked(desk, **at))
    assert "densamma som den 3 mars 2027 kl. 13.41.07; inget i den ändrades till den 3 mars" in said
    assert "kl. 13.51.07" in said
    assert "inte säkert" not in said
    assert "inte säkert" in words_of(_asked(desk, **{**at, "hour": "13.52"}))
    _published(section, MORNING + 2 * MINUTE)
    assert "inte säkert" in words_of(_asked(desk, **at)), "it may have come with its section"


def test_what_came_to_lie_there_later_says_nothing_of_what_lay_there(desk, section):
    was, other = (ArticlePageFactory(parent=section, slug=each) for each in ("valet", "annat"))
    keep(Was(was.url, MORNING, PAGE % 210))
    keep(Was("/annan/", MORNING + MINUTE, PAGE % 1), unmet=[was.url])
    _published(other, MORNING - MINUTE)
    for page, slug in ((was, "borta"), (other, "valet")):
        page.slug = slug
        page.save()
    _published(other, MORNING + 10 * MINUTE)
    assert "inte säkert" in words_of(_asked(desk, address=other.url, hour="13.46"))


# What stands in the frame


def test_the_frame_is_shut_in_and_gives_what_was_recorded_at_the_moment(desk, two_versions):
    answer = _asked(desk)
    assert 'sandbox="allow-same-origin"' in answer.content.decode()
    framed = desk.get(_frame(answer))

    policy = dict(
        part.strip().partition(" ")[::2]
        for part in framed.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["sandbox"] == "allow-same-origin"
    assert {policy[f"{each}-src"] for each in ("img", "style", "font", "media")} == {"'self'"}
    assert "script-src" not in policy
    assert framed.headers["Cache-Control"] == "private, no-store"
    text = framed.content.decode()
    assert "evil.example/x" not in text
    picture = re.search(r'img src="([^"]+)"', text)[1]
    assert picture.startswith("/admin/sa-sag-sidan/visat/")
    assert desk.get(picture).content == b"first"
    assert desk.get(picture).headers["Content-Type"] == "image/webp"
    later = picture.replace("20270303", "20270305")
    assert desk.get(later).content == b"second"


def test_hostile_html_is_led_nowhere(desk):
    keep(Was("/", MORNING, """<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=//evil.example">
        <link rel="stylesheet" href="//evil.example/x.css"></head><body onload="alert(1)" background="https://evil.example/b">
        <iframe src="/admin/"></iframe><object data="//evil.example/o"></object><embed src="x"><svg><script>1</script>
        <image xlink:href="https://evil.example/i"/></svg><form action="/admin/logout/"><button formaction="//evil.example">x</button></form>
        <img src="\\\\evil.example/p"><video poster="https://evil.example/v"><source src="//evil.example/s"></video>
        <a href="javascript:alert(1)" target="_top">x</a></body></html>"""))  # fmt: skip

    framed = desk.get(_frame(_asked(desk, address="/")))

    text = framed.content.decode()
    for banned in (
        "<script",
        "<base",
        "http-equiv",
        "<iframe",
        "<object",
        "<embed",
        "onload",
        'href="javascript',
    ):
        assert banned not in text
    for asked in re.findall(
        r'(?:src|srcset|poster|background|xlink:href|(?<!title)="|<link[^>]*href)="([^"]*)"', text
    ):
        assert asked in ("", "#") or asked.startswith("/admin/sa-sag-sidan/visat/"), asked
    assert "form-action 'none'" in framed.headers["Content-Security-Policy"]


# Nobody is noted


def test_nobody_who_asks_is_noted_anywhere(desk, two_versions, caplog, settings, tmp_path):
    _asked(desk)  # the session has been written
    caplog.set_level(logging.DEBUG)
    before = {path: path.stat().st_mtime_ns for path in Path(tmp_path).rglob("*.json")}
    with CaptureQueriesContext(connection) as asked:
        answer = _asked(desk)
        desk.get(_frame(answer))
        desk.get(f"{AT}andringar/", {"first": "2027-03-01", "last": "2027-03-31"})

    written = [
        each["sql"]
        for each in asked
        if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert written == []
    assert [
        each.getMessage()
        for each in caplog.records
        if "valet" in each.getMessage() and each.name != "django.db.backends"
    ] == []
    assert {path: path.stat().st_mtime_ns for path in Path(tmp_path).rglob("*.json")} == before
    assert "valet" not in str(dict(desk.session))


# The words that differ


def test_the_words_that_differ_from_the_version_before_are_shown_with_its_pictures(
    desk, two_versions
):
    assert "skiljer sig från versionen före" not in words_of(_asked(desk))

    answer = _asked(desk, day="2027-03-05")

    said = words_of(answer)
    assert "Ord som skiljer sig från versionen före" in said
    assert re.search(r"<ins>.{0,90}290", said)
    pictures = re.findall(r'class="difference__picture" src="([^"]*)"', answer.content.decode())
    assert pictures
    assert all(each.startswith(f"{AT}visat/2027") for each in pictures)


# All changes


def test_all_changes_of_a_period_are_listed_also_what_was_removed(desk):
    picture = Was(
        "/media/images/valet.webp", NEXT_DAY, b"x", headers=(("Content-Type", "image/webp"),)
    )
    keep(
        Was("/borta/", MORNING, PAGE % 1), Was("/borta/", NEXT_DAY, PAGE % 2, status=410),
        Was("/verksamheten/valet/", NEXT_DAY, PAGE % 290), picture,
    )  # fmt: skip

    answer = desk.get(f"{AT}andringar/", {"first": "2027-03-04", "last": "2027-03-04"})

    rows = re.findall(
        r"<tr> <td[^>]*>(.*?)</td> <th scope=\"row\"><a href=\"(.*?)\">(.*?)</a>.*?<td[^>]*>(.*?)</td> <td>(.*?)</td>",
        words_of(answer),
    )
    assert [(row[2], row[3], row[4]) for row in rows] == [
        ("/borta/", "fortfarande", "Borttagen (410)"),
        ("/verksamheten/valet/", "fortfarande", ""),
    ]
    assert "Så såg sidan ut 4 mars 2027" in words_of(desk.get(rows[1][1].replace("&amp;", "&")))
    with_files = desk.get(
        f"{AT}andringar/", {"first": "2027-03-04", "last": "2027-03-04", "with_files": "on"}
    )
    assert "/media/images/valet.webp" in words_of(with_files)
