"""What tests/system/pages/test_import_article.py says, in more cases."""

import re
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from wagtail.contrib.redirects.models import Redirect

from pages.content.models import ArticlePage
from pages.importing.build import article_from
from pages.importing.link_targets import resolve_links
from pages.importing.read import read_article
from pages.library.models import SiteImage
from pages.newsroom.submissions import open_submission_of
from tests.factories import (
    SectionPageFactory,
    SiteDocumentFactory,
    TopicFactory,
)
from tests.factories.word_files import AUTHOR
from tests.system.pages import test_import_article as first
from tests.system.pages.test_import_article import (
    PHOTOGRAPHER,
    _file,
    _files,
    _import,
    _page,
)

media, demo = first.media, first.demo
word_of_the_agency, text = first.word_of_the_agency, first.text
target = first.target


def test_editor_can_open_what_was_imported(client, admin, section, word_of_the_agency):
    _import(word_of_the_agency)
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    client.force_login(admin)
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    assert "stycket." in response.content.decode()


def test_author_and_photographer_are_nowhere(section, media, word_of_the_agency, demo):
    _import(word_of_the_agency, "--publish")
    dumped = StringIO()
    call_command("dumpdata", stdout=dumped)
    for secret in (AUTHOR, PHOTOGRAPHER):
        assert secret not in dumped.getvalue()
        assert not [path for path in _files(media) if secret.encode() in path.read_bytes()]
    assert _files(media)


def test_address_of_the_search_page_and_of_the_english_site_count_as_taken(home, tmp_path):
    search = _file(tmp_path, "a.txt", "Sök\n\nIngressen är kort.")
    english = _file(tmp_path, "b.txt", "En\n\nIngressen är kort.")
    assert article_from(read_article(search), parent=home).slug == "sok-2"
    assert article_from(read_article(english), parent=home).slug == "en-2"


def test_table_and_quote_become_their_blocks(client, section, tmp_path, demo):
    path = _file(
        tmp_path,
        "a.html",
        "<h1>T</h1><p>I.</p><table><caption>Ärenden</caption><tr><th>År<th>Antal<tr><td>2024<td>7"
        "</table><blockquote>Vi skyddar.<footer>Anna</footer></blockquote>",
    )
    _import(path, "--publish")
    html = client.get("/verksamheten/t/").content.decode()
    assert re.search(r"<caption[^>]*>\s*Ärenden", html)
    assert re.search(r'<th[^>]*scope="col"[^>]*>\s*År', html)
    assert "Vi skyddar." in html


def test_address_that_was_redirected_leads_to_its_page(home, target):
    Redirect.add_redirect("/gammal/adress.html", redirect_to=target)
    html, _unresolved = resolve_links('<a href="/gammal/adress.html">Läs</a>', locale=home.locale)
    assert f'id="{target.pk}"' in html


def test_relative_address_starts_from_the_page_above(home, target):
    html, _unresolved = resolve_links(
        '<a href="hotbedomning.html">Läs</a>', locale=home.locale, base="/verksamheten/"
    )
    assert f'id="{target.pk}"' in html


def test_links_lead_to_views_and_files_of_the_site_too(home):
    TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    document = SiteDocumentFactory(file=ContentFile(b"x", name="vagledning.pdf"))
    html, unresolved = resolve_links(
        f'<a href="/tipsa/">a</a><a href="/amnen/kontraterrorism/">b</a><a href="/sok/">c</a>'
        f'<a href="{document.url}">d</a><a href="/en/tipsa/">e</a>',
        locale=home.locale,
    )
    assert re.findall(r'href="([^"]+)"', html) == [
        "/tipsa/", "/amnen/kontraterrorism/", "/sok/", "/en/tipsa/",
    ]  # fmt: skip
    assert 'linktype="document"' in html
    assert unresolved == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<h1>Titel</h1><h2>Avsnitt</h2><p>Text.</p>", "    – Skriv en ingress: filen har ingen."),
        ("<h1>Titel</h1><p>I.</p><!-- hemligt -->", "    – kommentarer i koden: 1"),
    ],
    ids=["unfinished", "left out"],
)
def test_in_the_demo_a_loss_keeps_it_a_draft_and_says_what_to_do(
    section, demo, tmp_path, content, said
):
    lines = _import(_file(tmp_path, "a.html", content), "--publish")
    assert said in lines
    assert "  Den är inte publicerad: något saknas eller föll bort." in lines
    assert not _page().live


def test_below_a_draft_it_is_a_draft_and_says_why(home, demo, text):
    SectionPageFactory(parent=home, title="Hemlig", slug="hemlig", live=False)
    lines = _import(text, "--publish", parent="/hemlig/")
    assert "    – /hemlig/ är inte själv publicerad: publicera den först." in lines
    assert not _page().live


@pytest.mark.parametrize("choices", [("--publish",), ("--as", "chefredaktor")])
def test_what_the_check_stops_stays_a_draft_and_is_named(
    section, demo, chief_editor, tmp_path, choices
):
    words = "Beslut\n\nEn ingress.\n\nTODO: Ring Anna Berg, 850314-2393.\n"
    lines = _import(_file(tmp_path, "beslut.txt", words.encode()), *choices)
    at = lines.index("  Stoppat av publiceringskollen:")
    assert lines[at + 1 : at + 4] == [
        "    – Personnummer: 850314-2393",
        "    – Text som inte är färdig: TODO:",
        "  Den är kvar som utkast.",
    ]
    page = ArticlePage.objects.get(title="Beslut")
    assert not page.live
    assert open_submission_of(page) is None


def test_what_is_not_finished_is_not_sent(section, editor, tmp_path):
    path = _file(tmp_path, "a.html", "<h1>Titel</h1><h2>Avsnitt</h2><p>Text.</p>")
    lines = _import(path, "--as", "redaktor")
    assert "  ”Titel” har inte publicerats. Rätta detta först: Ingress." in lines
    assert open_submission_of(_page()) is None


def test_publish_without_a_name_or_with_a_wrong_one_is_refused(section, admin, text):
    for arguments, why in (
        (["--publish"], "Två personer måste godkänna det som publiceras: ange med --as vem"),
        (["--as", "ingen"], "Det finns inget öppet konto ingen."),
        (["--as", "admin"], "redaktörer"),
    ):
        with pytest.raises(CommandError, match=why):
            _import(text, *arguments)
    assert not ArticlePage.objects.exists()


def test_images_are_drawn_before_anything_holds_the_database(
    monkeypatch, section, media, word_of_the_agency
):
    """SQLite has one writer at a time: a long import would lock all others out."""
    depth_at_start = len(connection.savepoint_ids)
    depths = []
    draw = SiteImage.save

    def drawn(image, *args, **kwargs):
        depths.append(len(connection.savepoint_ids))
        draw(image, *args, **kwargs)

    monkeypatch.setattr(SiteImage, "save", drawn)
    article_from(read_article(word_of_the_agency), parent=section)
    assert set(depths) == {depth_at_start}
