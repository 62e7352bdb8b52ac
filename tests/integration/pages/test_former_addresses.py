"""Tidigare adresser: tables of what former websites had where."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from pages.models import FormerAddresses, Redirection, Submission
from pages.newsroom.proposals import make_proposal
from pages.store.keeping import kept_until
from tests.factories import ArticlePageFactory, SectionPageFactory
from tests.newsroom import approved_by_two, confirm_all
from tests.pace import cpu_seconds

FORM = "/admin/snippets/pages/formeraddresses"


@pytest.fixture
def article(section):
    page = ArticlePageFactory(parent=section, title="Kontraspionage", slug="kontraspionage")
    page.save_revision().publish()
    return page


def _published(lines: str, name: str = "Förr") -> FormerAddresses:
    table = FormerAddresses(name=name, lines=lines, live=False)
    table.clean()
    table.save()
    table.refuse_faults()
    table.save_revision().publish()
    table.refresh_from_db()
    return table


def _location(client, address):
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location", "")


# The story of two


def test_a_table_sent_by_one_leads_readers_when_another_has_confirmed_it(
    client, article, editor, chief_editor, tmp_path, capsys
):
    file = tmp_path / "Förra webbplatsen.csv"
    file.write_text("från;till\n/kontraspionage.html;/verksamheten/kontraspionage/\n")
    call_command("take_in_former_addresses", str(file), "--as", editor.username)
    assert capsys.readouterr().out == ("”Förra webbplatsen” är skickad för godkännande: 1 rader.\n")
    assert client.get("/kontraspionage.html").status_code == 404
    table = FormerAddresses.objects.get()
    client.force_login(chief_editor)
    page = client.get(
        reverse("newsdesk:confirm", args=[Submission.objects.get().pk])
    ).content.decode()
    assert "/kontraspionage.html → /verksamheten/kontraspionage/" in page
    client.logout()
    confirm_all(chief_editor, table)
    assert _location(client, "/kontraspionage.html") == (301, "/verksamheten/kontraspionage/")


def test_the_same_file_once_more_changes_nothing(article, editor, chief_editor, tmp_path, capsys):
    file = tmp_path / "forr.csv"
    file.write_text("/a.html;/verksamheten/kontraspionage/\n")

    def load() -> str:
        call_command("take_in_former_addresses", str(file), "--as", editor.username)
        return capsys.readouterr().out

    load()
    same = "”forr” är som förut: 1 rader. Inget skickas.\n"
    assert load() == same
    table = FormerAddresses.objects.get()
    confirm_all(chief_editor, table)
    assert load() == same
    assert (Submission.objects.count(), table.revisions.count()) == (1, 1)
    file.write_text("/a.html;/verksamheten/\n")
    assert load() == "”forr” är skickad för godkännande: 1 rader.\n"
    table.refresh_from_db()
    assert (table.lines, Submission.objects.count()) == (
        "/a.html → /verksamheten/kontraspionage/", 2,
    )  # fmt: skip


def test_a_large_table_is_read_through_and_confirmed_in_reasonable_time(
    client, section, editor, chief_editor, tmp_path, rounds
):
    for number in range(10):
        ArticlePageFactory(parent=section, title=f"Sida {number}", slug=f"sida-{number}")
    rows = [f"/gammal/{number}.html;/verksamheten/sida-{number % 10}/" for number in range(2_000)]
    rows += [f"/arkiv-{number}/*;/verksamheten/*/" for number in range(50)]
    file = tmp_path / "stor.csv"
    pages = []

    def take_in_twice() -> None:
        for last in ("", "/tillagd.html;/verksamheten/\n"):
            file.write_text("från;till\n" + "\n".join(rows) + f"\n{last}")
            call_command("take_in_former_addresses", str(file), "--as", editor.username)
            client.force_login(chief_editor)
            sent = Submission.objects.filter(outcome=Submission.Outcome.OPEN).get()
            pages.append(client.get(reverse("newsdesk:confirm", args=[sent.pk])).content.decode())
            assert "/gammal/1999.html" in pages[-1] or last
            confirm_all(chief_editor, FormerAddresses.objects.get())

    assert cpu_seconds(take_in_twice) < 20
    assert "/tillagd.html" in pages[-1]
    client.logout()
    assert _location(client, "/gammal/1999.html")[0] == 301
    assert _location(client, "/arkiv-49/sida-3.html") == (301, "/verksamheten/sida-3/")


def test_chief_editor_keeps_the_table_in_the_cms(client, chief_editor, article):
    client.force_login(chief_editor)
    given = {"name": "Förr", "lines": "/a.html;/b/\n/c/ /d/"}
    client.post(f"{FORM}/add/", given)
    table = FormerAddresses.objects.get()
    assert (table.live, table.lines) == (False, "/a.html;/b/\n/c/ /d/")
    edit = f"{FORM}/edit/{table.pk}/"
    answer = client.post(edit, given | {"forward": "send"}).content.decode()
    assert "Rad 2: skriv två adresser" in answer
    answer = client.post(edit, given | {"lines": "/a.html;/b/", "forward": "send"})
    assert "Rad 1: det finns ingen sida på /b/." in answer.content.decode()
    client.post(edit, given | {"lines": "/a.html;/verksamheten/"})
    latest = FormerAddresses.objects.get().latest_revision.as_object()
    assert latest.lines == "/a.html → /verksamheten/"


# What is refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"/a.html;/finns-inte/\n/b.html;/verksamheten/\n", "Rad 1: det finns ingen sida på /finns-inte/"),
        (b"a;b;c\n/a.html;/verksamheten/;1\n", "Rad 1: skriv två adresser"),
        ("/å.html;/verksamheten/".encode("latin-1"), "är inte text i UTF-8: spara den på nytt"),
        (b"PK\x03\x04" + b"\x00" * 60, "är inte"),
        (b"\n\n", "är tom"),
        (b"fr\xc3\xa5n;till\n", "Skriv minst en rad"),
        (b"a" * (20 * 1024 * 1024 + 1), "20 MB"),
        (b"/a.html;/verksamheten/\n" * 60_000, "Tabellen är för lång"),
    ],
    ids=["target", "columns", "encoding", "excel", "empty", "head alone", "huge", "long"],
)  # fmt: skip
def test_a_bad_file_gives_a_sentence_and_nothing_half_made(
    section, editor, tmp_path, content, said
):
    file = tmp_path / "fel.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as told:
        call_command("take_in_former_addresses", str(file), "--as", editor.username)
    assert said in str(told.value)
    assert not FormerAddresses.objects.exists()
    assert not Submission.objects.exists()


def test_a_file_as_swedish_excel_writes_it_is_taken(section, editor, tmp_path, capsys):
    file = tmp_path / "excel.csv"
    file.write_bytes("Gammal adress;Ny adress\r\n/å.html;/verksamheten/\r\n".encode("utf-8-sig"))
    call_command("take_in_former_addresses", str(file), "--as", editor.username)
    assert "skickad" in capsys.readouterr().out


def test_who_may_not_approve_sends_no_table(section, no_editor, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("/a;/verksamheten/")
    for name, said in (
        ("ingen", "Det finns inget öppet konto"),
        (no_editor.username, "Bara redak"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("take_in_former_addresses", str(file), "--as", name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/verksamheten/kontraspionage.html → /verksamheten/",
         "Rad 1: på den adressen ligger sidan ”Kontraspionage”."),
        ("/a → /verksamheten/utkast/", "leder till ”Ett utkast”, som besökare inte kan läsa"),
        ("/a → /b.html\n/b → /verksamheten/", "Rad 1: den leder till en adress som själv leder vidare"),
        ("/abc → /abc/", "Rad 1: den leder till en adress som själv leder vidare"),
        ("/abc/* → /abc/x/", "Rad 1: den leder till en adress som själv leder vidare"),
        ("/a → http://localhost/verksamheten/", "från första snedstrecket"),
        ("/tidigare → /verksamheten/kontraspionage/", "”Äldst” leder samma adress någon annanstans"),
    ],
)  # fmt: skip
def test_a_line_that_hides_a_page_or_leads_nowhere_is_refused(article, section, line, said):
    ArticlePageFactory(parent=section, title="Ett utkast", slug="utkast", live=False)
    _published("/tidigare → /verksamheten/", name="Äldst")
    table = FormerAddresses(name="Nästa", lines=line)
    with pytest.raises(ValidationError) as told:
        table.refuse_faults()
    assert said in " ".join(told.value.messages)


def test_a_line_may_say_what_the_site_does_by_itself_and_lead_to_files_and_others(article):
    _published(
        "/verksamheten/kontraspionage.html → /verksamheten/kontraspionage/\n"
        "/sok.html → /sok/\n/imy.html → https://www.imy.se/"
    )


# What readers meet


@pytest.mark.parametrize(
    "address",
    ["/kontraspionage", "/kontraspionage/", "/Kontraspionage.HTML", "/kontraspionage-.html",
     "/kontraspionage.html?sv.url=12.4&x=1"],
)  # fmt: skip
def test_former_address_leads_on_however_it_is_spelled(client, article, address):
    _published("/kontraspionage.html → /verksamheten/kontraspionage/#hot")
    assert _location(client, address) == (301, "/verksamheten/kontraspionage/#hot")


def test_former_address_of_a_file_leads_to_the_page_about_it(client, article):
    _published("/download/18.*/Arsbok-*.pdf → /verksamheten/kontraspionage/")
    address = "/download/18.43eb507e/1520946780011/Arsbok-2017.pdf"
    assert _location(client, address) == (301, "/verksamheten/kontraspionage/")


def test_pattern_leads_only_where_a_page_lies_and_else_the_next_one_does(client, article):
    _published("/gammalt/* → /verksamheten/\n/gammalt/om/* → /verksamheten/*/")
    assert (
        _location(client, "/gammalt/om/kontraspionage.html")[1] == "/verksamheten/kontraspionage/"
    )
    assert _location(client, "/gammalt/om/annat.html")[1] == "/verksamheten/"


@pytest.mark.parametrize(
    "caught", ["/example.com", "%2Fexample.com", "%5Cexample.com", "@example.com"]
)
def test_no_pattern_leads_away_from_the_site(client, article, caught):
    _published("/gammalt/* → /*/")
    assert client.get(f"/gammalt/{caught}").status_code == 404


@pytest.mark.parametrize("line", ["/gammalt* → /*", "/gammalt* → /*/", "/gammal*/* → /*/*/"])
def test_no_pattern_makes_a_host_of_what_was_asked_for(client, article, line):
    _published(line)
    for asked in ("/gammalt/example.com", "/gammal/example.com/", "/gammalt/%5Bexample.com"):
        assert _location(client, asked)[1] in ("", f"{asked}/")


def test_a_pattern_that_cuts_a_beginning_off_leads_to_the_page(client, article):
    _published("/gammalt* → /*")
    for asked in ("", "%3Fa=b", "%23c"):
        status, location = _location(client, f"/gammalt/verksamheten/kontraspionage{asked}.html")
        assert (status, location) == (
            (404, "") if asked else (301, "/verksamheten/kontraspionage/")
        )


@pytest.mark.parametrize("path", ["//[A", "//A]/", "/A?[//"])
def test_capitals_beside_a_bracket_are_no_fault_of_ours(client, article, path):
    assert client.get("/", PATH_INFO=path).status_code in (301, 404)


def test_capitals_lead_to_the_page_in_small_letters(client, article):
    for address in ("/Verksamheten/Kontraspionage/", "/VERKSAMHETEN/kontraspionage.html"):
        assert _location(client, address) == (301, "/verksamheten/kontraspionage/")
    assert client.get("/Finns-Inte/").status_code == 404


def test_former_address_leads_to_the_page_where_it_lies_now_in_one_step(
    client, article, home, django_capture_on_commit_callbacks
):
    _published("/gammal → /verksamheten/kontraspionage/")
    target = SectionPageFactory(parent=home, slug="om-oss")
    with django_capture_on_commit_callbacks(execute=True):
        article.move(target, pos="last-child")
    assert _location(client, "/gammal.html") == (301, "/om-oss/kontraspionage/")


def test_former_address_of_a_page_that_another_replaced_leads_there(
    client, article, section, editor, chief_editor
):
    _published("/gammal → /verksamheten/kontraspionage/")
    newer = ArticlePageFactory(parent=section, title="Ny", slug="ny")
    given = {"reason": "replaced", "replaced_by": newer.pk}
    approved_by_two(editor, chief_editor, make_proposal("withdraw", article, given, editor))
    assert _location(client, "/gammal.html") == (301, "/verksamheten/ny/")


def test_nobody_is_led_in_a_circle_when_the_page_is_gone(client, article):
    _published("/gammal → /verksamheten/kontraspionage/")
    article.unpublish()
    assert client.get("/gammal/").status_code == 404
    redirection = Redirection(
        old_path="/verksamheten/kontraspionage", address="/gammal/", live=False
    )
    redirection.save()
    redirection.save_revision().publish()
    assert client.get("/gammal/").status_code == 404


def test_what_this_site_knows_of_an_address_comes_before_any_table(client, article, section):
    _published("/gammal → /verksamheten/\n/verksamheten/gone → /verksamheten/")
    Redirect.add_redirect("/gammal", redirect_to=article)
    assert _location(client, "/gammal/")[1] == "/verksamheten/kontraspionage/"
    gone = ArticlePageFactory(parent=section, title="Borta", slug="gone")
    assert client.get("/verksamheten/gone/").status_code == 200
    gone.save_revision().publish()
    gone.unpublish()
    assert client.get("/verksamheten/gone/").status_code == 410


def test_redirect_from_a_former_address_is_kept_like_a_page(client, article):
    page, led = client.get("/verksamheten/kontraspionage/"), None
    _published("/gammal → /verksamheten/kontraspionage/")
    led = client.get("/gammal.html")
    assert led["Cache-Control"] == page["Cache-Control"]
    assert kept_until(led) is not None


def test_a_page_that_exists_asks_no_table(client, article):
    client.get("/verksamheten/kontraspionage/")
    _published("/gammal → /verksamheten/kontraspionage/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/verksamheten/kontraspionage/")
    assert "formeraddresses" not in " ".join(each["sql"] for each in queries)
    client.get("/finns-inte/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/finns-inte-heller/")
    assert "formeraddresses" not in " ".join(each["sql"] for each in queries)


def test_a_draft_of_a_table_and_one_that_is_withdrawn_lead_nobody(client, article):
    table = _published("/gammal → /verksamheten/")
    table.lines = "/annan → /verksamheten/"
    table.save_revision()
    assert client.get("/annan/").status_code == 404
    assert client.get("/gammal/").status_code == 301
    table.unpublish()
    assert client.get("/gammal/").status_code == 404
