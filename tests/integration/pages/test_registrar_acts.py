"""A registrar seals at once; weeding takes a second person; an export leaves both out and says so."""

import json
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import html as lxml_html
from warcio.archiveiterator import ArchiveIterator

from pages.models import AccountEvent, WeedingProposal
from pages.publishing.roles import CHIEF_EDITORS, REGISTRARS
from pages.records.kept import Records, SealedError, Standing, WeededError
from pages.registrar.archive import program
from pages.registrar.exports import all_exports, make_ordered, order_export
from pages.registrar.stockholm_time import exact_moment
from tests.recorded import Was, keep, use_own_records
from tests.registrars import account, logged_in, words_of

pytestmark = [pytest.mark.django_db]

AT = "/admin/sa-sag-sidan/"
FIRST = datetime(2026, 3, 3, 12, tzinfo=UTC)
SECOND = datetime(2026, 3, 4, 12, tzinfo=UTC)
HTML = """<!DOCTYPE html><html><head><title>%s</title><link rel="stylesheet" href="/static/site.css"></head>
<body><main><h1>Valet</h1><img src="/media/valet.webp" alt=""></main></body></html>"""


@pytest.fixture(autouse=True)
def _own_records(settings, tmp_path):
    use_own_records(settings, tmp_path)


@pytest.fixture
def ragnhild(roles):
    return account("ragnhild", REGISTRARS)


@pytest.fixture
def changed():
    return keep(Was("/valet/", FIRST, HTML % "Valet"), Was("/valet/", SECOND, HTML % "Valet 2027"))[
        1
    ]


def _of(rendering) -> str:
    return f"?address={rendering.address}&moment={exact_moment(rendering.since)}"


# Sealing


def test_a_registrar_seals_a_record_at_once_with_a_reason(ragnhild, changed):
    desk = logged_in(ragnhild)

    short = desk.post(f"{AT}sekretess/{_of(changed)}", {"reason": "18:1", "which": "this"})
    assert short.status_code == 422
    assert "Skriv skälet med minst några ord." in words_of(short)
    sealed = desk.post(
        f"{AT}sekretess/{_of(changed)}",
        {"reason": "Uppgiften röjer en källa, 18:1.", "which": "this"},
        follow=True,
    )

    assert "1 handling är sekretessmarkerad." in words_of(sealed)
    assert "Det som stod här är sekretessmarkerat." in words_of(sealed)
    with pytest.raises(SealedError):
        Records().body(changed)
    assert desk.get(f"{AT}visat/{exact_moment(changed.since)}/valet/").status_code == 404
    assert "<iframe" not in words_of(sealed)
    before = Records().older(changed)
    assert Records().body(before) == (HTML % "Valet").encode()


def test_the_password_is_asked_for_again_before_sealing_and_weeding(ragnhild, changed):
    desk = logged_in(ragnhild)
    session = desk.session
    del session["password_given"]
    session.save()

    for way in (f"sekretess/{_of(changed)}", f"gallra/{_of(changed)}", "gallra/1/"):
        for answer in (
            desk.get(AT + way),
            desk.post(AT + way, {"reason": "Uppgiften röjer en källa.", "which": "this"}),
        ):
            assert answer.status_code == 403
            assert "Lösenord" in words_of(answer)
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_chief_editors_neither_seal_nor_propose_nor_export(roles, changed):
    chief = logged_in(account("cecilia", CHIEF_EDITORS))

    for way in ["sekretess/", "gallra/", "arkiv/"]:
        assert chief.get(AT + way + _of(changed)).status_code == 302
        chief.post(
            AT + way + _of(changed),
            {"reason": "Uppgiften röjer en källa.", "which": "this", "decision": "2027-1"},
        )
        assert Records().at("/valet/", SECOND).standing is Standing.KEPT
        assert not WeedingProposal.objects.exists()


# Weeding


def _proposed(desk: Client, changed) -> WeedingProposal:
    desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "2027-1234-5"})
    return WeedingProposal.objects.get(outcome="open")


@pytest.mark.parametrize("group", [REGISTRARS, CHIEF_EDITORS])
def test_a_second_person_weeds_what_a_registrar_has_proposed(group, ragnhild, changed):
    proposal = _proposed(logged_in(ragnhild), changed)
    second = logged_in(account("cecilia", group))
    assert "Beslutets nummer 2027-1234-5" in re.sub(
        "<[^>]+>|\\s+", " ", words_of(second.get(f"{AT}gallra/{proposal.pk}/"))
    ).replace("  ", " ").replace("  ", " ")

    said = words_of(second.post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"}, follow=True))

    assert "Handlingen är gallrad." in said
    with pytest.raises(WeededError):
        Records().body(Records().at("/valet/", SECOND))
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.answered_by_name) == ("weeded", "cecilia")
    assert "Det som stod här har gallrats enligt ett beslut." in words_of(
        second.get(AT + _of(changed))
    )


def test_the_same_person_does_not_count_twice_also_under_another_account(ragnhild, changed):
    proposal = _proposed(logged_in(ragnhild), changed)
    other = account("ragnhild-2", CHIEF_EDITORS)
    AccountEvent.objects.create(
        account=other, account_name="ragnhild-2", by=ragnhild, what=AccountEvent.What.CREATED
    )

    for user, told in (
        (ragnhild, "Du kan inte vara båda personerna."),
        (other, "Ni räknas som samma person till"),
    ):
        answer = logged_in(user).post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"})
        assert answer.status_code == 422
        assert told in words_of(answer)
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_weeding_takes_the_number_of_a_decision_and_is_proposed_once(ragnhild, changed):
    desk = logged_in(ragnhild)
    assert "Skriv beslutets nummer." in words_of(
        desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "snart"})
    )
    _proposed(desk, changed)

    again = desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "2027-1"})

    assert again.status_code == 422
    assert "Någon har redan föreslagit det här." in words_of(again)


# For the archive


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


def _exported(tmp_path, **said: str) -> tuple[Path, str]:
    target, out = tmp_path / "mars.wacz", StringIO()
    dates = {"first": "2026-03-04", "last": "2026-03-04"} | said
    call_command(
        "export_records",
        "--from",
        dates["first"],
        "--to",
        dates["last"],
        "--out",
        str(target),
        stdout=out,
    )
    return target, out.getvalue()


def test_an_export_is_a_valid_wacz_that_lists_every_page_and_holds_what_it_shows(
    a_year, tmp_path, settings
):
    settings.EDITION_URL = "https://www.example.se"

    target, said = _exported(tmp_path)

    valid = subprocess.run(
        [program(), "validate", "--file", target], capture_output=True, text=True, cwd=tmp_path
    )
    assert "Validation succeeded, the passed WACZ is valid" in valid.stdout
    assert "Innehåller 6 sidor och 2 filer." in said
    assert (
        "Inte med: 1 handling som är sekretessmarkerad. Inte med: 1 handling som är gallrad."
        in said
    )
    assert "Det finns luckor i arkivet under tiden:" in said
    with zipfile.ZipFile(target) as wacz:
        assert wacz.testzip() is None
        lines = wacz.read("pages/pages.jsonl").decode().splitlines()
        warc = wacz.read("archive/records.warc.gz")
        about = json.loads(wacz.read("datapackage.json"))
    assert "sekretessmarkerad" in about["description"]
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

    _replay(warc)


def _replay(warc: bytes) -> None:
    """Each thing that a page shows is found, from no other host."""
    answers = {}
    for record in ArchiveIterator(BytesIO(warc)):
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


def test_the_command_says_in_a_line_why_it_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    for words, told in [
        (["--from", "igår", "--to", "2026-01-01", "--out", "x"], "är ingen dag"),
        (["--from", "2026-01-02", "--to", "2026-01-01", "--out", "x"], "kommer före"),
        (["--from", "2026-01-01", "--to", "2999-01-01", "--out", "x"], "har inte varit än"),
        (["--from", "2026-01-01", "--to", "2026-01-01", "--out", "finns/inte/x"], "finns inte"),
        (["--from", "2026-01-01", "--to", "2026-01-01", "--out", "."], "finns redan"),
        (["--from", "2026-01-01", "--to", "2026-01-01", "--out", "tom.wacz"], "Det finns ingenting från den tiden"),
        (["--from", "2026-01-01"], "Ange --from, --to och --out"),
    ]:  # fmt: skip
        with pytest.raises(CommandError, match=told):
            call_command("export_records", *words)
        assert [each.name for each in tmp_path.iterdir() if each.name != "records"] == []


def test_a_registrar_orders_an_export_that_a_job_makes(ragnhild, a_year):
    desk = logged_in(ragnhild)
    ordered = desk.post(f"{AT}arkiv/", {"first": "2026-03-04", "last": "2026-03-04"}, follow=True)
    assert "Exporten görs nu." in words_of(ordered)
    assert "Görs just nu" in words_of(ordered)
    assert "ragnhild" not in all_exports()[0].order.read_text()

    assert make_ordered() == 1

    page = desk.get(f"{AT}arkiv/")
    assert "Innehåller 6 sidor och 2 filer." in words_of(page)
    file = desk.get(re.search(r'href="([^"]+arkiv/[0-9a-f]{16}/)"', page.content.decode())[1])
    assert (
        file.headers["Content-Disposition"]
        == 'attachment; filename="webbplatsen-2026-03-04--2026-03-04.wacz"'
    )
    assert zipfile.ZipFile(BytesIO(file.getvalue())).testzip() is None
    assert make_ordered() == 0


def test_what_is_sealed_takes_the_exports_that_may_hold_it_along(ragnhild, changed):
    held = order_export(SECOND, SECOND + timedelta(days=1))
    other = order_export(FIRST - timedelta(days=9), FIRST - timedelta(days=8))
    held.file.write_bytes(b"wacz")

    logged_in(ragnhild).post(
        f"{AT}sekretess/{_of(changed)}", {"reason": "Uppgiften röjer en källa.", "which": "this"}
    )

    assert [each.name for each in all_exports()] == [other.name]
    assert not held.file.exists()
