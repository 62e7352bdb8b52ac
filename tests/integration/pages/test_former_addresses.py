"""Tidigare adresser: tables of what former websites had where."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from pages.content.models import ArticlePage, FormerAddresses
from pages.newsroom.leading_on import lead_on
from pages.newsroom.models import Submission
from pages.newsroom.submissions import send
from tests.factories import ArticlePageFactory, SectionPageFactory
from tests.newsroom import confirm_all

FORM = "/admin/snippets/content/formeraddresses"


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


def _sent(lines: str, editor) -> FormerAddresses:
    table = FormerAddresses(name="Förr", lines=lines, live=False)
    table.clean()
    table.save()
    send(editor, [table.save_revision(user=editor)])
    return table


def _location(client, address):
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location", "")


# The story of two


def test_a_table_sent_by_one_leads_readers_when_another_has_confirmed_it(
    client, article, editor, chief_editor
):
    table = _sent("från;till\n/kontraspionage.html;/verksamheten/kontraspionage/\n", editor)
    assert client.get("/kontraspionage.html").status_code == 404
    client.force_login(chief_editor)
    page = client.get(
        reverse("newsdesk:confirm", args=[Submission.objects.get().pk])
    ).content.decode()
    assert "/kontraspionage.html → /verksamheten/kontraspionage/" in page
    client.logout()
    confirm_all(chief_editor, table)
    assert _location(client, "/kontraspionage.html") == (301, "/verksamheten/kontraspionage/")


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


def test_a_line_that_hides_a_page_or_leads_nowhere_is_refused(article, section):
    ArticlePageFactory(parent=section, title="Ett utkast", slug="utkast", live=False)
    _published("/tidigare → /verksamheten/", name="Äldst")
    for line, said in [
            ("/verksamheten/kontraspionage.html → /verksamheten/",
             "Rad 1: på den adressen ligger sidan ”Kontraspionage”."),
            ("/a → /verksamheten/utkast/", "leder till ”Ett utkast”, som besökare inte kan läsa"),
            ("/a → /b.html\n/b → /verksamheten/", "Rad 1: den leder till en adress som själv leder vidare"),
            ("/abc → /abc/", "Rad 1: den leder till en adress som själv leder vidare"),
            ("/abc/* → /abc/x/", "Rad 1: den leder till en adress som själv leder vidare"),
            ("/a → http://localhost/verksamheten/", "från första snedstrecket"),
            ("/tidigare → /verksamheten/kontraspionage/", "”Äldst” leder samma adress någon annanstans"),
        ]:  # fmt: skip
        table = FormerAddresses(name="Nästa", lines=line)
        with pytest.raises(ValidationError) as told:
            table.refuse_faults()
        assert said in " ".join(told.value.messages)


# What readers meet


def test_former_address_leads_on_however_it_is_spelled(client, article):
    _published("/kontraspionage.html → /verksamheten/kontraspionage/#hot")
    for address in ["/kontraspionage", "/kontraspionage/", "/Kontraspionage.HTML", "/kontraspionage-.html",
         "/kontraspionage.html?sv.url=12.4&x=1"]:  # fmt: skip
        assert _location(client, address) == (301, "/verksamheten/kontraspionage/#hot")


def test_no_pattern_leads_away_from_the_site(client, article):
    _published("/gammalt/* → /*/")
    for caught in ["/example.com", "%2Fexample.com", "%5Cexample.com", "@example.com"]:
        assert client.get(f"/gammalt/{caught}").status_code == 404


def test_former_address_leads_to_the_page_where_it_lies_now_in_one_step(
    client, article, home, django_capture_on_commit_callbacks
):
    _published("/gammal → /verksamheten/kontraspionage/")
    target = SectionPageFactory(parent=home, slug="om-oss")
    with django_capture_on_commit_callbacks(execute=True):
        before = ArticlePage.objects.get(pk=article.pk)
        article.move(target, pos="last-child")
        lead_on(ArticlePage.objects.get(pk=article.pk), before)
    assert _location(client, "/gammal.html") == (301, "/om-oss/kontraspionage/")


def test_nobody_is_led_in_a_circle_when_the_page_is_gone(client, article):
    _published("/gammal → /verksamheten/kontraspionage/")
    article.unpublish()
    assert client.get("/gammal/").status_code == 404
    Redirect.add_redirect("/verksamheten/kontraspionage", redirect_to="/gammal/")
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


def test_a_draft_of_a_table_and_one_that_is_withdrawn_lead_nobody(client, article):
    table = _published("/gammal → /verksamheten/")
    table.lines = "/annan → /verksamheten/"
    table.save_revision()
    assert client.get("/annan/").status_code == 404
    assert client.get("/gammal/").status_code == 301
    table.unpublish()
    assert client.get("/gammal/").status_code == 404


def test_redirects_of_wagtail_are_closed_also_to_superusers(client, admin, home):
    client.force_login(admin)
    for below in ["", "add/", "1/", "1/delete/", "import/", "import/process/"]:
        for ask in (client.get, client.post):
            answer = ask(f"/admin/redirects/{below}")
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    html = client.get("/admin/").content.decode()
    assert f'"{FORM}/"' in html
    assert '"/admin/redirects/"' not in html
