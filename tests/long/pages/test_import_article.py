"""What tests/system/pages/test_import_article.py says, in more cases."""

import re
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate
from wagtail.contrib.redirects.models import Redirect

from pages.content.models import ArticlePage, NewsPage
from pages.importing import build
from pages.importing.build import article_from
from pages.importing.link_targets import resolve_links
from pages.importing.read import read_article
from pages.library.models import SiteImage
from pages.newsroom.submissions import open_submission_of
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    TopicFactory,
)
from tests.factories.word_files import AUTHOR, paragraph, picture, word_file
from tests.system.pages import test_import_article as first
from tests.system.pages.test_import_article import (
    PHOTOGRAPHER,
    _file,
    _files,
    _import,
    _page,
    _refusal,
    jpeg,
)

media, demo, topics = first.media, first.demo, first.topics
word_of_the_agency, text, _connection_stays_open = (
    first.word_of_the_agency,
    first.text,
    first._connection_stays_open,
)
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
    assert _import(search, parent="/")[-1] == "/sok-2/"
    assert _import(english, parent="/")[-1] == "/en-2/"


def test_table_and_quote_become_their_blocks(client, section, tmp_path, demo):
    path = _file(
        tmp_path,
        "a.html",
        "<h1>T</h1><p>I.</p><table><caption>Ärenden</caption><tr><th>År<th>Antal<tr><td>2024<td>7"
        "</table><blockquote>Vi skyddar.<footer>Anna</footer></blockquote>",
    )
    address = _import(path, "--publish")[-1]
    html = client.get(address).content.decode()
    assert re.search(r"<caption[^>]*>\s*Ärenden", html)
    assert re.search(r'<th[^>]*scope="col"[^>]*>\s*År', html)
    assert "Vi skyddar." in html


def test_article_below_an_english_page_has_english_topics(english_home, tmp_path):
    section = SectionPageFactory(
        parent=english_home, title="Operations", slug="operations", locale=english_home.locale
    )
    topic = TopicFactory(name="Counter-terrorism", slug="ct", locale=english_home.locale)
    path = _file(tmp_path, "a.txt", "Title\n\nThe lead is short.")
    address = _import(path, "--topic", "ct", parent="/en/operations/")[-1]
    page = ArticlePage.objects.child_of(section).get()
    assert address == "/en/operations/title/"
    assert (page.locale, page.topics) == (english_home.locale, [topic])


def test_address_that_was_redirected_leads_to_its_page(home, target):
    Redirect.add_redirect("/gammal/adress.html", redirect_to=target)
    html, _unresolved = resolve_links('<a href="/gammal/adress.html">Läs</a>', locale=home.locale)
    assert f'id="{target.pk}"' in html


def test_relative_address_starts_from_the_page_above(home, target):
    html, _unresolved = resolve_links(
        '<a href="hotbedomning.html">Läs</a>', locale=home.locale, base="/verksamheten/"
    )
    assert f'id="{target.pk}"' in html


def test_links_lead_to_views_and_files_of_the_site_too(home, topics):
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
        ("<h1>Titel</h1><h2>Avsnitt</h2><p>Text.</p>", "  – Skriv en ingress: filen har ingen."),
        ("<h1>Titel</h1><p>I.</p><!-- hemligt -->", "  – kommentarer i koden: 1"),
        (
            '<h1>Titel</h1><p>I.</p><p><a href="http://server.intern/">a</a> b</p>',
            "  – En länk leder ingenstans, texten är kvar: http://server.intern/.",
        ),
    ],
    ids=["unfinished", "left out", "a link lost"],
)
def test_in_the_demo_a_loss_keeps_it_a_draft_and_says_what_to_do(
    section, demo, tmp_path, content, said
):
    lines = _import(_file(tmp_path, "a.html", content), "--publish")
    assert said in lines
    assert lines[-3:-1] == [
        "Den är inte publicerad: något saknas eller föll bort.",
        "Öppna utkastet i redaktionsverktyget, se efter det som står ovan och skicka det för "
        "godkännande.",
    ]
    assert not _page().live


def test_below_a_draft_it_is_a_draft_and_says_why(home, demo, text):
    SectionPageFactory(parent=home, title="Hemlig", slug="hemlig", live=False)
    lines = _import(text, "--publish", parent="/hemlig/")
    assert "  – /hemlig/ är inte själv publicerad: publicera den först." in lines
    assert not _page().live


@pytest.mark.parametrize("choices", [("--publish",), ("--as", "chefredaktor"), ()])
def test_what_the_check_stops_stays_a_draft_and_is_named(
    section, demo, chief_editor, tmp_path, choices
):
    words = "Beslut\n\nEn ingress.\n\nTODO: Ring Anna Berg, 850314-2393.\n"
    lines = _import(_file(tmp_path, "beslut.txt", words.encode()), *choices)
    at = lines.index("Stoppat av publiceringskollen:")
    assert lines[at + 1 : at + 3] == [
        "  – Personnummer: 850314-2393",
        "  – Text som inte är färdig: TODO:",
    ]
    assert ("Den är kvar som utkast." in lines) == bool(choices)
    page = ArticlePage.objects.get(title="Beslut")
    assert not page.live
    assert open_submission_of(page) is None


def test_with_a_name_publish_does_no_more_and_says_so(section, chief_editor, text):
    lines = _import(text, "--as", "chefredaktor", "--publish")
    assert "Skickad för godkännande av chefredaktor. Väntar på: en person till." in lines
    assert "--publish publicerar ingenting här: två personer måste godkänna den." in lines
    assert not _page().live


def test_what_is_not_finished_is_not_sent(section, editor, tmp_path):
    path = _file(tmp_path, "a.html", "<h1>Titel</h1><h2>Avsnitt</h2><p>Text.</p>")
    lines = _import(path, "--as", "redaktor")
    assert "”Titel” har inte publicerats. Rätta detta först: Ingress." in lines
    assert open_submission_of(_page()) is None


def test_what_the_page_has_lost_is_not_published_in_the_demo(section, demo, monkeypatch, text):
    monkeypatch.setattr(build, "as_edited", lambda html, *_given: html.replace("<p>Sist.</p>", ""))
    text.write_text("Titel\n\nIngressen är kort.\n\nMitt i.\n\nSist.")
    lines = _import(text, "--publish")
    assert "  – förlorat, rad 4: Finns inte på sidan. Sist." in lines
    assert "Den är inte publicerad: något saknas eller föll bort." in lines
    assert not _page().live


def test_publish_without_a_name_or_with_a_wrong_one_is_refused(section, admin, text):
    assert _refusal(text, "--publish") == (
        "Två personer måste godkänna det som publiceras: ange med --as vem som skickar."
    )
    assert _refusal(text, "--as", "ingen") == "Det finns inget öppet konto ingen."
    assert "redaktörer" in _refusal(text, "--as", "admin")


def test_parent_that_holds_neither_articles_nor_news_is_refused(section, text):
    ArticlePageFactory(parent=section, slug="en-artikel")
    assert _refusal(text, parent="/verksamheten/en-artikel/") == (
        "Under /verksamheten/en-artikel/ kan inga artikelsidor eller nyheter ligga."
    )


def test_below_the_news_the_command_makes_a_news_item(home, text):
    NewsIndexPageFactory(parent=home)
    lines = _import(text, parent="/nyheter/")
    assert "  – Ange nyhetens datum: filen har inget." in lines
    assert lines[-1] == "/nyheter/titel/"
    assert NewsPage.objects.get().kind == "news"


def test_date_to_come_is_refused(section, text):
    day = localdate().replace(year=localdate().year + 1, day=1).isoformat()
    assert _refusal(text, "--changed", day) == f"Datumet {day} ligger i framtiden."


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


def test_an_import_of_several_images_tells_how_far_it_has_come(section, tmp_path):
    pictures = (jpeg("#113158"), jpeg("#eab42b"), jpeg("#7c1d2e"))
    body = [paragraph(inner=picture(number, alt=f"Skiss {number}")) for number in range(3)]
    title = paragraph("Rapport", style="Title")
    path = _file(tmp_path, "rapport.docx", word_file(title, *body, pictures=pictures))
    lines = _import(path)
    assert lines[:3] == ["Bild 1 av 3", "Bild 2 av 3", "Bild 3 av 3"]
