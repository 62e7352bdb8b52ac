"""Many files at once, from a table or a folder: made once, however often the import is begun."""

from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper
from django.db import connections
from wagtail.models import Page

from pages.content.models import ArticlePage, NewsPage
from pages.importing import build
from pages.importing.models import ImportedFile
from pages.importing.read import read_article
from pages.library.models import SiteImage
from pages.moving.management.commands import import_pages
from pages.moving.site_frame import without_frame
from pages.newsroom.models import SubmittedItem
from pages.newsroom.submissions import open_submission_of
from tests.factories import NewsIndexPageFactory, TopicFactory
from tests.system.pages.test_import_article import jpeg

HEAD = "fil;adress;typ;rubrik;ämnen;ändrad;publicerad;språk\n"


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(connections, "close_all", lambda: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    # What a process of its own adds is shown in `test_import_apart`.
    monkeypatch.setattr(import_pages, "article_in_file", _read)


def _read(path: Path, *, job: str, topics: list[str]):
    return read_article(path, frame=partial(without_frame, topics=topics))


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "allt"
    (folder / "press").mkdir(parents=True)
    for name in ("a", "b", "press/c"):
        Path(folder, f"{name}.html").write_text(
            f"<h1>Sidan {name}</h1><p>Ingressen till {name}.</p><p>Text.</p>"
        )
    return folder


def run(path: Path, *arguments: str, fails: bool = False) -> tuple[list[str], str]:
    """The lines that are printed, and the one on stderr if it fails."""
    command = import_pages.Command(stdout=StringIO(), stderr=StringIO())
    argv = ["manage.py", "import_pages", str(path), *arguments]
    if fails:
        with pytest.raises(SystemExit) as left:
            command.run_from_argv(argv)
        assert left.value.code == 1
    else:
        command.run_from_argv(argv)
    assert isinstance(command.stderr, OutputWrapper)
    return command.stdout._out.getvalue().splitlines(), command.stderr._out.getvalue().strip()


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "tabell.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8-sig")
    return path


def test_a_table_makes_pages_and_news_with_their_dates_and_topics(section, home, folder):
    NewsIndexPageFactory(parent=home)
    TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    path = table(
        folder,
        "a.html;/verksamheten/forsta/;;;kontraterrorism;2024-03-21;;sv",
        "b.html;/nyheter/andra/;pressmeddelande;;;;2024-02-01;",
        "press/c.html;/nyheter/tredje/;pressinbjudan;;;;2024-02-02;",
    )
    lines, _error = run(path)
    assert lines[0] == "1/3 gjord: a.html /verksamheten/forsta/"
    assert lines[-1] == "3 gjorda, 0 fanns redan, 0 nekade."
    first = ArticlePage.objects.get(slug="forsta")
    assert first.given_changed_on == date(2024, 3, 21)
    assert [topic.slug for topic in first.latest_revision.as_object().topics] == ["kontraterrorism"]
    second, third = NewsPage.objects.order_by("published_on")
    assert (second.kind, second.published_on) == ("press_release", date(2024, 2, 1))
    assert third.kind == "press_invitation"
    assert not Page.objects.filter(live=True, slug__in=["forsta", "andra", "tredje"]).exists()


def test_a_page_of_the_former_website_brings_its_date_and_topics_but_not_its_frame(section, folder):
    TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    Path(folder, "a.txt").write_text(
        "Titel\n\nIngressen är kort.\n\nText i ett stycke.\n\nSenast ändrad\n\n21 mars 2024\n\n"
        "Kontraterrorism\n\nDela denna artikel"
    )
    run(table(folder, "a.txt;/verksamheten/titel/;;;;;;"))
    page = ArticlePage.objects.get(slug="titel").get_latest_revision_as_object()
    assert page.given_changed_on == date(2024, 3, 21)
    assert [topic.name for topic in page.topics] == ["Kontraterrorism"]
    assert "Dela" not in str(page.body)


def test_begun_again_it_makes_nothing_twice(section, folder):
    first, _error = run(folder, "--parent", "/verksamheten/")
    assert first[-1] == "3 gjorda, 0 fanns redan, 0 nekade."
    pages = Page.objects.count()
    again, _error = run(folder, "--parent", "verksamheten")
    assert again[-1] == "0 gjorda, 3 fanns redan, 0 nekade."
    assert Page.objects.count() == pages


@pytest.mark.parametrize("killed_in", ["save_revision", "page"])
def test_stopped_in_the_middle_it_goes_on_with_nothing_half_made(
    section, folder, monkeypatch, killed_in
):
    Path(folder, "bild.jpg").write_bytes(jpeg())
    Path(folder, "b.html").write_text(
        '<h1>Sidan b</h1><p>Ingress.</p><h2>M</h2><p>x</p><img src="bild.jpg" alt="Två stolar">'
    )
    owner = ArticlePage if killed_in == "save_revision" else build._Builder
    whole = getattr(owner, killed_in)

    def killed(self, *args, **kwargs):
        title = getattr(self, "title", "") or self.article.title
        if title == "Sidan b":
            raise KeyboardInterrupt
        return whole(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(owner, killed_in, killed)
        if killed_in == "page":  # as when the process is killed: nobody tidies up
            patch.setattr(build.StoredPictures, "remove", lambda self: None)
        _lines, error = run(folder, "--parent", "/verksamheten/", fails=True)
    assert error == "CommandError: Avbruten. Starta om, så fortsätter den där den var."
    assert ImportedFile.objects.count() == 1
    assert ArticlePage.objects.count() == 1

    lines, _error = run(folder, "--parent", "/verksamheten/")
    assert lines[-1] == "2 gjorda, 1 fanns redan, 0 nekade."
    assert sorted(ArticlePage.objects.values_list("title", flat=True)) == [
        "Sidan a", "Sidan b", "Sidan press/c",
    ]  # fmt: skip
    assert SiteImage.objects.count() == 1


def test_a_bad_row_stops_itself_only_and_says_why_in_one_sentence(section, folder):
    Path(folder, "tom.docx").write_bytes(b"")
    path = table(
        folder,
        "a.html;/verksamheten/ett/;;;;;;",
        "borta.html;/verksamheten/tva/;;;;;;",
        "../../hemligt.html;/verksamheten/tre/;;;;;;",
        "b.html;/finns/inte/;;;;;;",
        "b.html;/verksamheten/fyra/;roman;;;;;",
        "b.html;/verksamheten/fyra/;;;katter;;;",
        "b.html;/verksamheten/fyra/;;;;i går;;",
        "b.html;/verksamheten/fyra/;;;;;;en",
        "b.html;/verksamheten/ett/;;;;;;",
        "b.html;/verksamheten/fel namn/;;;;;;",
        "tom.docx;/verksamheten/fem/;;;;;;",
        "b.html;/verksamheten/fyra/;nyhet;;;;;",
        "press/c.html;/verksamheten/sex/;;;;;;",
    )
    lines, error = run(path, fails=True)
    assert error == "CommandError: 11 av 13 filer nekades, se ovan."
    assert lines[-1] == "2 gjorda, 0 fanns redan, 11 nekade."
    progress = lines[:13]
    for number, words in {
        2: "finns inte.",
        3: "Filen ../../hemligt.html ligger utanför mappen.",
        4: "Det finns ingen sida på /finns/.",
        5: "Sorten ”roman” finns inte: välj bland artikel, ",
        6: "Ämnet ”katter” finns inte",
        7: "i går är inget datum",
        8: "är på ett annat språk än ”en”",
        9: "Det ligger redan något på /verksamheten/ett/.",
        10: "”fel namn” kan inte vara en del av en adress",
        11: "är tom",
        12: "Under /verksamheten/ kan inga nyheter ligga.",
    }.items():
        assert words in progress[number - 1]
    assert ArticlePage.objects.count() == 2


def test_a_table_that_is_none_is_refused_as_a_whole(section, folder):
    path = folder / "tabell.csv"
    for content, sentence in [
        ("fil;pris\na.html;1\n", "Kolumnen ”pris” finns inte: välj bland fil, under, adress, "),
        ("adress\n/x/\n", "har ingen kolumn ”fil”."),
        ("fil\n", "nämner ingen fil att hämta in."),
        ("", "har ingen kolumn ”fil”."),
        ("fil;rubrik\na.html;\0\n", "går inte att läsa."),
    ]:
        path.write_text(content)
        lines, error = run(path, fails=True)
        assert lines == []
        assert sentence in error
        assert len(error.splitlines()) == 1


def test_a_table_as_excel_writes_it_is_read(section, folder):
    path = folder / "tabell.csv"
    path.write_bytes("Fil;Under;Rubrik\r\na.html;/verksamheten/;Åäö\r\n".encode("cp1252"))
    lines, _error = run(path)
    assert lines[0] == "1/1 gjord: a.html /verksamheten/aao/"
    assert ArticlePage.objects.get().title == "Åäö"


def test_a_file_that_has_changed_since_is_refused_until_its_draft_is_thrown_away(
    section, folder, editor
):
    run(folder, "--parent", "/verksamheten/")
    Path(folder, "a.html").write_text("<h1>Sidan a</h1><p>Ny ingress.</p>")
    lines, _error = run(folder, "--parent", "/verksamheten/", fails=True)
    assert "radera det utkastet först" in lines[0]
    ArticlePage.objects.get(title="Sidan a").delete()
    lines, _error = run(folder, "--parent", "/verksamheten/")
    assert lines[-1] == "1 gjorda, 2 fanns redan, 0 nekade."


def test_with_a_name_pages_are_sent_together_once_and_no_loss_goes_along(
    section, folder, editor, monkeypatch
):
    monkeypatch.setattr(build, "as_edited", lambda html, *_given: html.replace("<p>Bort.</p>", ""))
    Path(folder, "b.html").write_text("<h1>Sidan b</h1><p>I.</p><p>x</p><p>Bort.</p>")
    lines, _error = run(folder, "--parent", "/verksamheten/", "--as", "redaktor")
    a, b, c = ArticlePage.objects.order_by("title")
    assert open_submission_of(b) is None
    assert open_submission_of(a) == open_submission_of(c) is not None
    assert "  Inte skickad: något i filen gick förlorat på sidan, se ovan." in lines
    assert any(line.endswith("Finns inte på sidan. Bort.") for line in lines)
    run(folder, "--parent", "/verksamheten/", "--as", "redaktor")
    assert SubmittedItem.objects.count() == 2


def test_in_the_demo_they_are_published_also_those_that_were_drafts_before(
    section, folder, settings
):
    settings.DEMO = True
    run(folder, "--parent", "/verksamheten/")
    lines, _error = run(folder, "--parent", "/verksamheten/", "--publish")
    assert ArticlePage.objects.filter(live=True).count() == 3
    assert lines.count("  Den är publik som innehåll i demot: ingen har godkänt den.") == 3
