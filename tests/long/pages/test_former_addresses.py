"""What tests/integration/pages/test_former_addresses.py says, in more cases."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages.newsroom.models import Submission
from pages.newsroom.proposals import make_proposal
from pages.public.store.keeping import kept_until
from tests.factories import ArticlePageFactory
from tests.integration.pages import test_former_addresses as first
from tests.integration.pages.test_former_addresses import _location, _published, _sent
from tests.newsroom import approved_by_two, confirm_all

article = first.article


def test_a_large_table_is_read_through_and_confirmed_in_reasonable_time(
    client, section, editor, chief_editor, rounds
):
    for number in range(10):
        ArticlePageFactory(parent=section, title=f"Sida {number}", slug=f"sida-{number}")
    rows = [f"/gammal/{number}.html;/verksamheten/sida-{number % 10}/" for number in range(2_000)]
    rows += [f"/arkiv-{number}/*;/verksamheten/*/" for number in range(50)]
    began = time.process_time()
    table = _sent("\n".join(rows), editor)
    client.force_login(chief_editor)
    confirm = reverse("newsdesk:confirm", args=[Submission.objects.get().pk])
    assert "/gammal/1999.html" in client.get(confirm).content.decode()
    confirm_all(chief_editor, table)
    assert time.process_time() - began < 20
    client.logout()
    assert _location(client, "/gammal/1999.html")[0] == 301
    assert _location(client, "/arkiv-49/sida-3.html") == (301, "/verksamheten/sida-3/")


def test_a_line_may_say_what_the_site_does_by_itself_and_lead_to_files_and_others(article):
    _published(
        "/verksamheten/kontraspionage.html → /verksamheten/kontraspionage/\n"
        "/sok.html → /sok/\n/imy.html → https://www.imy.se/"
    )


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


def test_capitals_beside_a_bracket_are_no_fault_of_ours(client, article):
    for path in ["//[A", "//A]/", "/A?[//"]:
        assert client.get("/", PATH_INFO=path).status_code in (301, 404)


def test_capitals_lead_to_the_page_in_small_letters(client, article):
    for address in ("/Verksamheten/Kontraspionage/", "/VERKSAMHETEN/kontraspionage.html"):
        assert _location(client, address) == (301, "/verksamheten/kontraspionage/")
    assert client.get("/Finns-Inte/").status_code == 404


def test_former_address_of_a_page_that_another_replaced_leads_there(
    client, article, section, editor, chief_editor
):
    _published("/gammal → /verksamheten/kontraspionage/")
    newer = ArticlePageFactory(parent=section, title="Ny", slug="ny")
    given = {"reason": "replaced", "replaced_by": newer.pk}
    approved_by_two(editor, chief_editor, make_proposal("withdraw", article, given, editor))
    assert _location(client, "/gammal.html") == (301, "/verksamheten/ny/")


def test_redirect_from_a_former_address_is_kept_like_a_page(client, article):
    page, led = client.get("/verksamheten/kontraspionage/"), None
    _published("/gammal → /verksamheten/kontraspionage/")
    led = client.get("/gammal.html")
    assert led["Cache-Control"] == page["Cache-Control"]
    assert kept_until(led) is not None


def test_a_page_that_exists_asks_no_table(client, article):
    client.get("/verksamheten/kontraspionage/")
    _published("/gammal → /verksamheten/kontraspionage/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/verksamheten/kontraspionage/")
    assert "formeraddresses" not in " ".join(each["sql"] for each in queries)
    client.get("/finns-inte/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/finns-inte-heller/")
    assert "formeraddresses" not in " ".join(each["sql"] for each in queries)
