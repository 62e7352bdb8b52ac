"""From a file to a page, as the command makes it."""

import re
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image
from wagtail.models import Page, Revision

from pages.content.blocks.text import PROSE_FEATURES
from pages.content.models import ArticlePage
from pages.importing import build
from pages.importing.build import article_from, as_edited
from pages.importing.link_targets import resolve_links
from pages.importing.read import read_article
from pages.library.models import SiteImage
from pages.newsroom.models import Publication
from pages.newsroom.submissions import Result, Seen, confirm, open_submission_of
from pages.newsroom.verify import deviations
from tests.factories import ArticlePageFactory
from tests.factories.word_files import link, paragraph, picture, word_file

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
    call_command("import_pages", str(path), "--parent", parent, *arguments, stdout=output)
    return output.getvalue().splitlines()


def _refusal(path: Path, *arguments: str) -> str:
    """Why the file was refused, in one line; nothing may have been made."""
    before = (Page.objects.count(), SiteImage.objects.count(), Revision.objects.count())
    output = StringIO()
    with pytest.raises(CommandError):
        call_command("import_pages", str(path), parent="/verksamheten/", stdout=output)
    assert before == (Page.objects.count(), SiteImage.objects.count(), Revision.objects.count())
    (line,) = [line for line in output.getvalue().splitlines() if line.startswith("1/1 nekad: ")]
    return line


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# The page that comes of it


def test_word_file_becomes_a_published_page_with_every_part_in_its_place(
    client, section, word_of_the_agency, demo, django_capture_on_commit_callbacks
):
    target = ArticlePageFactory(parent=section, title="Hotbedömning", slug="hotbedomning")

    with django_capture_on_commit_callbacks(execute=True):
        lines = _import(word_of_the_agency, "--publish")

    assert lines[0] == "1/1 gjord: samarbete.docx /verksamheten/samarbete-pa-nytt-satt/"
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    assert page.live, lines
    assert page.title == "Samarbete på nytt sätt"
    assert page.lead == "Ingressen i fetstil."
    figure = page.image[0].value
    assert figure.alt_text == "Två personer vid ett bord."
    assert figure.caption_text == "De samtalar."
    assert [block.block_type for block in page.body] == [
        "prose", "link_row", "prose", "link_row",
    ]  # fmt: skip
    outside, inside = page.body[1].value[0].value, page.body[3].value[0].value
    assert (outside.href, outside.text, outside.is_external) == (
        "https://www.example.se/", "Samverkansrådet", True,
    )  # fmt: skip
    assert inside["page"].pk == target.pk
    assert inside.href == "/verksamheten/hotbedomning/"

    html = client.get(page.url).content.decode()
    assert re.search(r"<h1[^>]*>\s*Samarbete på nytt sätt", html)
    assert re.search(r'<h2[^>]* id="nationellt">Nationellt</h2>', html)
    assert 'alt="Två personer vid ett bord."' in html


def test_rich_text_is_already_as_the_editor_stores_it(section, word_of_the_agency):
    _import(word_of_the_agency)
    page = ArticlePage.objects.get(slug="samarbete-pa-nytt-satt")
    source = page.body[0].value.source
    assert as_edited(source, PROSE_FEATURES) == source


def test_taken_address_gets_a_number(section, tmp_path):
    path = _file(tmp_path, "a.txt", "Åtgärder för fred -\n\nIngressen är kort.")
    slugs = [article_from(read_article(path), parent=section).slug for _time in range(3)]
    assert slugs == ["atgarder-for-fred", "atgarder-for-fred-2", "atgarder-for-fred-3"]


def test_parent_may_be_written_in_every_way_an_address_is(section, tmp_path):
    written = ["verksamheten", "/verksamheten", "https://www.säpo.se/verksamheten.html"]
    for number, parent in enumerate(written):
        path = _file(tmp_path, f"{number}.txt", f"Titel {number}\n\nIngressen är kort.")
        made = _import(path, parent=parent)[0]
        assert made == f"1/1 gjord: {number}.txt /verksamheten/titel-{number}/"


# Links


@pytest.fixture
def target(section) -> ArticlePage:
    return ArticlePageFactory(parent=section, title="Hotbedömning", slug="hotbedomning")


def test_addresses_of_the_agency_lead_to_the_page_itself(home, target):
    for address in [
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
    ]:
        html, unresolved = resolve_links(f'<p><a href="{address}">Läs</a></p>', locale=home.locale)
        assert html == f'<p><a id="{target.pk}" linktype="page">Läs</a></p>' or html == (
            f'<p><a linktype="page" id="{target.pk}">Läs</a></p>'
        )
        assert unresolved == []


SAFELINK = "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.msb.se%2F%3Fa%3D1%26b%3D2"
GOOGLE = "https://www.google.com/url?"


def test_addresses_of_others_are_kept(home):
    for address, kept in [
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
    ]:
        html, unresolved = resolve_links(f'<a href="{address}">Läs</a>', locale=home.locale)
        assert html == f'<a href="{kept}">Läs</a>'
        assert unresolved == []


def test_links_that_lead_nowhere_or_astray_leave_their_text(home):
    for address in [
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
    ]:
        html, unresolved = resolve_links(
            f'<p><a href="{address}">Läs</a> mer</p>', locale=home.locale
        )
        assert html == "<p>Läs mer</p>"
        assert len(unresolved) == 1


def test_link_that_leads_nowhere_or_waits_is_named_in_the_report(section, tmp_path, demo):
    path = _file(
        tmp_path,
        "a.html",
        '<h1>T</h1><p>I.</p><p><a href="/borta.html">Ensam</a></p><p>a <a href="file:///b">b</a></p>',
    )
    lines = _import(path, "--publish")
    assert "    – En länk väntar tills en sida är publik på /borta.html." in lines
    assert "    – En länk leder ingenstans, texten är kvar: file:///b." in lines
    page = ArticlePage.objects.get(slug="t")
    assert not page.live
    body = page.body
    assert [block.block_type for block in body] == ["prose"]
    assert "Ensam" in body[0].value.source


def test_link_to_a_draft_waits_and_is_named_in_the_report(section, tmp_path):
    ArticlePageFactory(parent=section, title="Utkastet", slug="utkastet", live=False)
    path = _file(tmp_path, "a.html", '<h1>T</h1><p>I.</p><p><a href="utkastet">Läs</a></p>')
    lines = _import(path)
    assert "    – En länk väntar tills en sida är publik på /verksamheten/utkastet/." in lines


# How it goes on: to two persons, and in the demo to the readers


def _page() -> ArticlePage:
    return ArticlePage.objects.get(slug="titel")


def test_in_the_demo_it_is_published_and_says_on_which_ground(section, demo, text):
    lines = _import(text, "--publish")
    assert "  Den är publik som innehåll i demot: ingen har godkänt den." in lines
    publication = Publication.objects.get()
    assert (publication.approval.ground, publication.revision) == ("demo", _page().live_revision)
    assert not [each for each in deviations() if "titel" in each.where]


def test_with_a_name_it_is_sent_and_says_who_must_approve(section, editor, chief_editor, text):
    lines = _import(text, "--as", "redaktor")
    assert "  Skickad för godkännande av redaktor. Väntar på: 1 chefredaktör." in lines
    submission = open_submission_of(_page())
    assert (submission.sent_by, _page().latest_revision.user) == (editor, editor)
    assert not _page().live

    seen = {item.pk: Seen(item.digest) for item in submission.items.all()}
    assert confirm(chief_editor, submission, seen).result is Result.PUBLISHED
    assert _page().live


def test_what_the_page_has_lost_is_listed_with_its_place_and_is_not_sent(
    section, editor, monkeypatch, tmp_path
):
    monkeypatch.setattr(build, "as_edited", lambda html, *_given: html.replace("<li>två</li>", ""))
    path = _file(
        tmp_path,
        "a.html",
        "<h1>Titel</h1><p>I.</p><h2>Steg</h2><ol><li>ett</li><li>två</li></ol>"
        '<ol type="a"><li>x</li></ol><form>Sök</form>',
    )
    lines = _import(path, "--as", "redaktor")
    assert lines[lines.index("  Rader i filen som inte står likadant på sidan:") + 1 :] == [
        "    – förlorat, rad 5, under ”Steg”: Finns inte på sidan. 2. två",
        "    – rad 6, under ”Steg”: Numret har blivit text. a. x",
        "    – rad 7, under ”Steg”: Utelämnat: formulär. Sök",
        "  Inte skickad: något i filen gick förlorat på sidan, se ovan.",
        "",
        "1 gjorda, 0 fanns redan, 0 nekade.",
    ]
    assert open_submission_of(_page()) is None


# What is refused, with nothing half made


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
