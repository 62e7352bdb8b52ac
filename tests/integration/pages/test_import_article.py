"""From a file to a page, as an editor does it from the command line."""

import re
from datetime import date
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connection, connections
from django.utils.timezone import localdate
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from pages.importing import build
from pages.importing.build import article_from, as_edited
from pages.importing.link_targets import resolve_links
from pages.importing.read import read_article
from pages.management.commands import import_article
from pages.models import ArticlePage, NewsPage, Publication, SiteImage, Topic
from pages.newsroom.submissions import Result, Seen, confirm, open_submission_of
from pages.newsroom.verify import deviations
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    TopicFactory,
)
from tests.factories.word_files import AUTHOR, link, paragraph, picture, word_file

PHOTOGRAPHER = "Fotograf Hemlig"


def jpeg(color: str = "#113158") -> bytes:
    """A picture whose file names who took it."""
    exif = Image.Exif()
    exif[0x013B] = PHOTOGRAPHER
    output = BytesIO()
    Image.new("RGB", (90, 60), color).save(
        output, "JPEG", exif=exif.tobytes(), comment=PHOTOGRAPHER.encode()
    )
    return output.getvalue()


@pytest.fixture(autouse=True)
def media(tmp_path, settings) -> Path:
    """A media folder of the test's own, so that what is left in it can be counted."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def demo(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def topics(home) -> list[Topic]:
    names = {"Kontraterrorism": "kontraterrorism", "Säkerhetsskydd": "sakerhetsskydd"}
    return [TopicFactory(name=name, slug=slug) for name, slug in names.items()]


@pytest.fixture
def word_of_the_agency(tmp_path) -> Path:
    """A Word file of the shape that the agency's editors have."""
    return _file(
        tmp_path,
        "samarbete.docx",
        word_file(
            paragraph("Samarbete på nytt sätt", style="Title"),
            paragraph("Ingressen i fetstil.", bold=True),
            paragraph(inner=picture(alt="Två personer vid ett bord.")),
            paragraph("De samtalar.", style="Caption"),
            paragraph("Första stycket."),
            paragraph("Nationellt", style="Heading2"),
            paragraph("Andra stycket."),
            paragraph(inner=link("Samverkansrådet", 0)),
            paragraph("Tredje stycket."),
            paragraph(inner=link("Hotbedömning", 1)),
            links=("https://www.example.se/", "/verksamheten/hotbedomning.html"),
            pictures=(jpeg(),),
        ),
    )


@pytest.fixture
def text(tmp_path) -> Path:
    return _file(tmp_path, "a.txt", "Titel\n\nIngressen är kort.")


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _import(path: Path, *arguments: str, parent: str = "/verksamheten/") -> list[str]:
    """The lines that the import prints."""
    output = StringIO()
    call_command("import_article", str(path), "--parent", parent, *arguments, stdout=output)
    return output.getvalue().splitlines()


def _refusal(path: Path | str, *arguments: str, parent: str = "/verksamheten/") -> str:
    """The one line on stderr; nothing may have been made."""
    before = (Page.objects.count(), SiteImage.objects.count(), Revision.objects.count())
    command = import_article.Command(stdout=StringIO(), stderr=StringIO())
    with pytest.raises(SystemExit) as left:
        command.run_from_argv(
            ["manage.py", "import_article", str(path), "--parent", parent, *arguments]
        )
    assert left.value.code == 1
    assert before == (Page.objects.count(), SiteImage.objects.count(), Revision.objects.count())
    return _one_line(command)


def _one_line(command: import_article.Command) -> str:
    assert isinstance(command.stderr, OutputWrapper)
    lines = command.stderr._out.getvalue().splitlines()
    assert command.stdout._out.getvalue() == ""
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture(autouse=True)
def _connection_stays_open(monkeypatch):
    """Django closes its connections after a command, and the test's transaction with them."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# The page that comes of it


def test_word_file_becomes_a_published_page_with_every_part_in_its_place(
    client, section, topics, word_of_the_agency, demo, django_capture_on_commit_callbacks
):
    target = ArticlePageFactory(parent=section, title="Hotbedömning", slug="hotbedomning")

    with django_capture_on_commit_callbacks(execute=True):
        lines = _import(
            word_of_the_agency, "--publish", "--topic", "kontraterrorism", "Säkerhetsskydd",
            "--changed", "2024-03-21",
        )  # fmt: skip

    assert lines[-1] == "/verksamheten/samarbete-pa-nytt-satt/"
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    assert page.live, lines
    assert page.title == "Samarbete på nytt sätt"
    assert page.lead == "Ingressen i fetstil."
    assert page.changed_on == date(2024, 3, 21)
    assert page.topics == topics
    figure = page.image[0].value
    assert figure.alt_text == "Två personer vid ett bord."
    assert figure.caption_text == "De samtalar."
    assert [block.block_type for block in page.body] == [
        "prose", "heading", "prose", "link_row", "prose", "link_row",
    ]  # fmt: skip
    assert (page.body[1].value["text"], page.body[1].value["level"]) == ("Nationellt", "h2")
    outside, inside = page.body[3].value[0].value, page.body[5].value[0].value
    assert (outside.href, outside.text, outside.is_external) == (
        "https://www.example.se/", "Samverkansrådet", True,
    )  # fmt: skip
    assert inside["page"].pk == target.pk
    assert inside.href == "/verksamheten/hotbedomning/"

    html = client.get(lines[-1]).content.decode()
    assert re.search(r"<h1[^>]*>\s*Samarbete på nytt sätt", html)
    assert 'alt="Två personer vid ett bord."' in html
    assert "21 mars 2024" in html


def test_report_says_what_was_taken(section, topics, target, word_of_the_agency, demo):
    lines = _import(word_of_the_agency, "--publish", "--topic", "kontraterrorism")
    assert lines[0] == "”Samarbete på nytt sätt” är publicerad."
    assert "  – mellanrubriker: 1" in lines
    assert "  – stycken: 3" in lines
    assert "  – bilder: 1" in lines
    assert "  – ämnen: Kontraterrorism" in lines


def test_without_publish_it_is_a_draft_that_an_editor_publishes_with_its_given_date(
    client, admin, section, word_of_the_agency
):
    lines = _import(word_of_the_agency, "--changed", "2024-03-21")
    assert lines[0] == "”Samarbete på nytt sätt” är ett utkast."
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    assert not page.live
    assert client.get(lines[-1]).status_code == 404

    page.get_latest_revision().publish()

    page.refresh_from_db()
    assert page.live
    assert page.changed_on == date(2024, 3, 21)


def test_editor_can_open_what_was_imported(client, admin, section, word_of_the_agency):
    _import(word_of_the_agency)
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    client.force_login(admin)
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    assert "stycket." in response.content.decode()


def test_file_without_lead_becomes_a_draft_that_asks_for_one(section, tmp_path):
    path = _file(tmp_path, "a.html", "<h1>Titel</h1><h2>Avsnitt</h2><p>Text.</p>")
    lines = _import(path)
    assert "  – Skriv en ingress: filen har ingen." in lines
    assert lines[-1] == "/verksamheten/titel/"


def test_rich_text_is_already_as_the_editor_stores_it(section, word_of_the_agency):
    _import(word_of_the_agency)
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    source = page.body[0].value.source
    assert as_edited(source) == source


def test_author_and_photographer_are_nowhere(section, media, word_of_the_agency, demo):
    _import(word_of_the_agency, "--publish")
    dumped = StringIO()
    call_command("dumpdata", stdout=dumped)
    for secret in (AUTHOR, PHOTOGRAPHER):
        assert secret not in dumped.getvalue()
        assert not [path for path in _files(media) if secret.encode() in path.read_bytes()]
    assert _files(media)


def test_taken_address_gets_a_number(section, tmp_path):
    path = _file(tmp_path, "a.txt", "Åtgärder för fred -\n\nIngressen är kort.")
    addresses = [_import(path)[-1] for _time in range(3)]
    assert addresses == [
        "/verksamheten/atgarder-for-fred/",
        "/verksamheten/atgarder-for-fred-2/",
        "/verksamheten/atgarder-for-fred-3/",
    ]


def test_address_of_the_search_page_and_of_the_english_site_count_as_taken(home, tmp_path):
    search = _file(tmp_path, "a.txt", "Sök\n\nIngressen är kort.")
    english = _file(tmp_path, "b.txt", "En\n\nIngressen är kort.")
    assert _import(search, parent="/")[-1] == "/sok-2/"
    assert _import(english, parent="/")[-1] == "/en-2/"


def test_topics_and_date_in_the_text_are_used_unless_others_are_given(section, topics, tmp_path):
    path = _file(
        tmp_path,
        "a.txt",
        "Titel\n\nIngressen är kort.\n\nText i ett stycke.\n\nSenast ändrad\n\n21 mars 2024\n\n"
        "Kontraterrorism Säkerhetsskydd\n\nDela denna artikel",
    )
    assert "  – ämnen: Kontraterrorism, Säkerhetsskydd" in _import(path)
    page = ArticlePage.objects.get(slug="titel").get_latest_revision_as_object()
    assert page.given_changed_on == date(2024, 3, 21)
    lines = _import(path, "--topic", "sakerhetsskydd", "--changed", "2023-01-02")
    assert "  – ämnen: Säkerhetsskydd" in lines
    assert "  – senast ändrad: 2 januari 2023" in lines


def test_image_given_beside_the_file_becomes_the_pages_image(
    section, tmp_path, word_of_the_agency, demo
):
    image = _file(tmp_path, "ny.jpg", jpeg("#aa0000"))
    _import(word_of_the_agency, "--publish", "--image", str(image), "--alt", "En röd yta.")
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    assert page.image[0].value.alt_text == "En röd yta."
    assert page.body[0].block_type == "figure"
    assert page.body[0].value.alt_text == "Två personer vid ett bord."


def test_image_given_again_beside_the_file_is_not_shown_twice(
    section, tmp_path, word_of_the_agency, demo
):
    image = _file(tmp_path, "samma.jpg", jpeg())
    _import(word_of_the_agency, "--publish", "--image", str(image))
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    assert page.image[0].value.alt_text == "Två personer vid ett bord."
    assert SiteImage.objects.count() == 1


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


@pytest.mark.parametrize(
    "parent", ["verksamheten", "/verksamheten", "https://www.säpo.se/verksamheten.html"]
)
def test_parent_may_be_written_in_every_way_an_address_is(section, tmp_path, parent):
    path = _file(tmp_path, "a.txt", "Titel\n\nIngressen är kort.")
    assert _import(path, parent=parent)[-1] == "/verksamheten/titel/"


# Links


@pytest.fixture
def target(section) -> ArticlePage:
    return ArticlePageFactory(parent=section, title="Hotbedömning", slug="hotbedomning")


@pytest.mark.parametrize(
    "address",
    [
        "/verksamheten/hotbedomning/",
        "/verksamheten/hotbedomning",
        "/verksamheten/hotbedomning.html",
        "/verksamheten/hotbedomning-.html?a=1#b",
        "verksamheten/hotbedomning.html",
        "https://sakerhetspolisen.se/verksamheten/hotbedomning.html",
        "http://www.sakerhetspolisen.se/verksamheten/hotbedomning.html",
        "https://www.säkerhetspolisen.se/verksamheten/hotbedomning/",
        "https://xn--skerhetspolisen-0kb.se/verksamheten/hotbedomning/",
        "https://säpo.se/verksamheten/hotbedomning.html",
        "https://xn--spo-qla.se/verksamheten/hotbedomning.html",
        "//sapo.se/verksamheten/hotbedomning/",
        "https://www.securityservice.se/Verksamheten/Hotbed%C3%B6mning/",
        "www.sakerhetspolisen.se/verksamheten/hotbedomning.html",
    ],
)
def test_addresses_of_the_agency_lead_to_the_page_itself(home, target, address):
    html, unresolved = resolve_links(f'<p><a href="{address}">Läs</a></p>', locale=home.locale)
    assert html == f'<p><a id="{target.pk}" linktype="page">Läs</a></p>' or html == (
        f'<p><a linktype="page" id="{target.pk}">Läs</a></p>'
    )
    assert unresolved == []


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


SAFELINK = "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.msb.se%2F%3Fa%3D1%26b%3D2"
GOOGLE = "https://www.google.com/url?"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.riksdagen.se/a?b=1&amp;c=2#d", "https://www.riksdagen.se/a?b=1&amp;c=2#d"),
        ("http://example.se", "http://example.se"),
        ("www.riksdagen.se", "https://www.riksdagen.se"),
        (
            f"{SAFELINK}&amp;data=05%7Canna%40sapo.se&amp;reserved=0",
            "https://www.msb.se/?a=1&amp;b=2",
        ),
        (f"{GOOGLE}q=https://www.msb.se/b%23c&amp;sa=D&amp;usg=x", "https://www.msb.se/b#c"),
        (
            f"https://google.se/url?sa=t&amp;url={quote(unescape(SAFELINK), safe='')}",
            "https://www.msb.se/?a=1&amp;b=2",
        ),
        ("mailto:press@example.se?subject=x", "mailto:press@example.se"),
        ("press@example.se", "mailto:press@example.se"),
        ("tel:+46105687000", "tel:+46105687000"),
    ],
)
def test_addresses_of_others_are_kept(home, address, kept):
    html, unresolved = resolve_links(f'<a href="{address}">Läs</a>', locale=home.locale)
    assert html == f'<a href="{kept}">Läs</a>'
    assert unresolved == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///C:/hemligt.docx",
        r"\\server\hemligt\fil.docx",
        r"C:\hemligt\fil.docx",
        "https://intranat/sida",
        "https://10.0.0.5/sida",
        "https://wiki.sapo.local/",
        "https://user:secret@example.se/",
        "http://[::1",
        "https://eur02.safelinks.protection.outlook.com/?data=05%7Canna%40sapo.se",
        f"{GOOGLE}q=javascript:alert(1)",
        f"{GOOGLE}q={GOOGLE}",
        "/finns/inte.html",
        "/amnen/finns-inte/",
        "/kakor/stang/",
        "https://www.sakerhetspolisen.se/finns-inte/",
    ],
)
def test_links_that_lead_nowhere_or_astray_leave_their_text(home, address):
    html, unresolved = resolve_links(f'<p><a href="{address}">Läs</a> mer</p>', locale=home.locale)
    assert html == "<p>Läs mer</p>"
    assert len(unresolved) == 1


def test_link_that_leads_nowhere_or_waits_is_named_in_the_report(section, tmp_path, demo):
    path = _file(
        tmp_path,
        "a.html",
        '<h1>T</h1><p>I.</p><p><a href="/borta.html">Ensam</a></p><p>a <a href="file:///b">b</a></p>',
    )
    lines = _import(path, "--publish")
    assert "  – En länk väntar tills en sida är publik på /borta.html." in lines
    assert "  – En länk leder ingenstans, texten är kvar: file:///b." in lines
    page = ArticlePage.objects.get(slug="t")
    assert not page.live
    body = page.body
    assert [block.block_type for block in body] == ["prose"]
    assert "Ensam" in body[0].value.source


def test_link_to_a_draft_waits_and_is_named_in_the_report(section, tmp_path):
    ArticlePageFactory(parent=section, title="Utkastet", slug="utkastet", live=False)
    path = _file(tmp_path, "a.html", '<h1>T</h1><p>I.</p><p><a href="utkastet">Läs</a></p>')
    lines = _import(path)
    assert "  – En länk väntar tills en sida är publik på /verksamheten/utkastet/." in lines


# How it goes on: to two persons, and in the demo to the readers


def _page() -> ArticlePage:
    return ArticlePage.objects.get(slug="titel")


def test_without_a_name_it_is_a_draft_that_nobody_is_asked_about(section, text):
    lines = _import(text)
    assert lines[0] == "”Titel” är ett utkast."
    assert not _page().live
    assert open_submission_of(_page()) is None


def test_in_the_demo_it_is_published_and_says_on_which_ground(section, demo, text):
    lines = _import(text, "--publish")
    assert lines[0] == "”Titel” är publicerad."
    assert "Den är publik som innehåll i demot: ingen har godkänt den." in lines
    publication = Publication.objects.get()
    assert (publication.approval.ground, publication.revision) == ("demo", _page().live_revision)
    assert not [each for each in deviations() if "titel" in each.where]

    again = _import(text, "--publish")
    assert again[-1] == "/verksamheten/titel-2/"
    assert Publication.objects.filter(approval__ground="demo").count() == 2


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


def test_with_a_name_it_is_sent_and_says_who_must_approve(section, editor, chief_editor, text):
    lines = _import(text, "--as", "redaktor")
    assert "Skickad för godkännande av redaktor. Väntar på: 1 chefredaktör." in lines
    submission = open_submission_of(_page())
    assert (submission.sent_by, _page().latest_revision.user) == (editor, editor)
    assert not _page().live

    seen = {item.pk: Seen(item.digest) for item in submission.items.all()}
    assert confirm(chief_editor, submission, seen).result is Result.PUBLISHED
    assert _page().live


@pytest.mark.parametrize("choices", [("--publish",), ("--as", "chefredaktor"), ()])
def test_what_the_check_stops_stays_a_draft_and_is_named(
    section, demo, chief_editor, tmp_path, choices
):
    words = "# Beslut\n\nEn ingress.\n\nTODO: Ring Anna Berg, 850314-2393.\n"
    lines = _import(_file(tmp_path, "beslut.md", words.encode()), *choices)
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


def test_what_the_page_has_lost_is_listed_with_its_place_and_is_not_sent(
    section, editor, monkeypatch, tmp_path
):
    monkeypatch.setattr(build, "as_edited", lambda html: html.replace("<li>två</li>", ""))
    path = _file(
        tmp_path,
        "a.html",
        "<h1>Titel</h1><p>I.</p><h2>Steg</h2><ol><li>ett</li><li>två</li></ol>"
        '<ol type="a"><li>x</li></ol><form>Sök</form>',
    )
    lines = _import(path, "--as", "redaktor")
    assert lines[lines.index("Rader i filen som inte står likadant på sidan:") + 1 :] == [
        "  – förlorat, rad 5, under ”Steg”: Finns inte på sidan. 2. två",
        "  – rad 6, under ”Steg”: Numret har blivit text. a. x",
        "  – rad 7, under ”Steg”: Utelämnat: formulär. Sök",
        "Inte skickad: något i filen gick förlorat på sidan, se ovan.",
        "Öppna utkastet i redaktionsverktyget, se efter det som står ovan och skicka det för "
        "godkännande.",
        "/verksamheten/titel/",
    ]
    assert open_submission_of(_page()) is None


def test_what_the_page_has_lost_is_not_published_in_the_demo(section, demo, monkeypatch, text):
    monkeypatch.setattr(build, "as_edited", lambda html: html.replace("<p>Sist.</p>", ""))
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


# What is refused, in one line and with nothing half made


def test_missing_file_is_refused(section, tmp_path):
    assert _refusal(tmp_path / "borta.docx").endswith("borta.docx finns inte.")


def test_parent_that_does_not_exist_is_refused(section, text):
    assert _refusal(text, parent="/finns/inte/") == "Det finns ingen sida på /finns/inte/."


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


def test_unknown_topic_is_refused_with_the_ones_there_are(section, topics, text):
    assert _refusal(text, "--topic", "katter") == (
        "Ämnet ”katter” finns inte: välj bland kontraterrorism, sakerhetsskydd."
    )


@pytest.mark.parametrize("day", ["21 mars", "2024-13-01", "20240321", "2024-02-30", ""])
def test_date_that_is_none_is_refused(section, text, day):
    assert _refusal(text, f"--changed={day}") == (
        f"{day} är inget datum: skriv det som 2024-03-21.".strip()
    )


def test_date_to_come_is_refused(section, text):
    day = localdate().replace(year=localdate().year + 1, day=1).isoformat()
    assert _refusal(text, "--changed", day) == f"Datumet {day} ligger i framtiden."


def test_image_that_is_none_is_refused(section, tmp_path, text):
    assert "är ingen bild" in _refusal(text, "--image", str(text))
    assert "finns inte" in _refusal(text, "--image", str(tmp_path / "borta.jpg"))


def test_image_without_text_alternative_makes_a_draft_that_says_so(section, tmp_path, text):
    image = _file(tmp_path, "bild.jpg", jpeg())
    lines = _import(text, "--image", str(image))
    assert "Att komplettera före publicering:" in lines
    assert "  – Skriv en alternativtext till bild 1 (utan namn)." in lines
    page = ArticlePage.objects.get(slug="titel")
    assert not page.live
    assert page.image[0].value.alt_text == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Något saknas: FILE, --parent."),
        (["a.txt"], "Något saknas: --parent."),
        (["a.txt", "--parent"], "Något saknas efter --parent."),
        (["a.txt", "--parent", "/", "--finns-inte"], "Det finns inget sådant val: --finns-inte."),
    ],
)
def test_arguments_that_do_not_make_sense_are_refused_in_one_line(arguments, sentence):
    command = import_article.Command(stdout=StringIO(), stderr=StringIO())
    with pytest.raises(SystemExit) as left:
        command.run_from_argv(["manage.py", "import_article", *arguments])
    assert left.value.code == 1
    assert _one_line(command) == sentence


def test_command_called_from_code_raises_djangos_own_error(section, tmp_path):
    with pytest.raises(CommandError, match="finns inte"):
        _import(tmp_path / "borta.txt")


def test_nothing_is_left_when_the_last_step_fails(monkeypatch, section, media, word_of_the_agency):
    def fail(*args, **kwargs):
        assert _files(media)  # the image had been stored
        raise RuntimeError

    monkeypatch.setattr(ArticlePage, "save_revision", fail)
    pages = Page.objects.count()
    article = read_article(word_of_the_agency)

    with pytest.raises(RuntimeError):
        article_from(article, parent=section)

    assert Page.objects.count() == pages
    assert SiteImage.objects.count() == 0
    assert _files(media) == []


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
