"""An editor makes a page of a Word file in the CMS, and completes it there."""

import re
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from wagtail.models import Page

from pages.content.models import ArticlePage, NewsPage
from pages.importing.reading_apart import article_in_upload
from pages.library.models import SiteImage
from pages.library.virus_scanner import NotClearedError
from pages.newsroom.desk import from_file_page
from tests.factories import ArticlePageFactory, NewsIndexPageFactory, TopicFactory
from tests.factories.word_files import paragraph, picture, table, word_file
from tests.system.pages.test_import_article import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """A media folder of the test's own, so that what is left in it can be counted."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def topics(home):
    names = {"Kontraterrorism": "kontraterrorism", "Säkerhetsskydd": "sakerhetsskydd"}
    return [TopicFactory(name=name, slug=slug) for name, slug in names.items()]


@pytest.fixture
def rolf(editor):
    client = Client()
    client.force_login(editor)
    return client


def _word(*, lead="Ingressen i fetstil.", alt="") -> bytes:
    """A text with a picture and a table that say too little."""
    return word_file(
        paragraph("Samverkan i norr", style="Title"),
        *([paragraph(lead, bold=True), paragraph("Första stycket.")] if lead else []),
        paragraph("Nationellt", style="Heading2"),
        paragraph(inner=picture(alt=alt)),
        paragraph("De samtalar.", style="Caption"),
        paragraph("Andra stycket."),
        table(["Klass", "Gäller"], ["1", "Hemligt"]),
        pictures=(jpeg(),),
    )


def _upload(client, parent, content, name="norr.docx", key=None):
    data = {"key": key or uuid.uuid4(), "file": SimpleUploadedFile(name, content)}
    return client.post(f"/admin/redaktion/fran-fil/{parent.pk}/", data)


def _made() -> ArticlePage:
    return ArticlePage.objects.get(title="Samverkan i norr")


def _complete(client, page, people="no", **given):
    about_people = {
        f"people-{block.id}-shows_people": people
        for block in [*_draft(page).body, *getattr(_draft(page), "image", ())]
        if block.block_type == "figure"
    }
    return client.post(f"/admin/redaktion/jamfor/{page.pk}/", about_people | given)


def _draft(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def _block(page, kind):
    return next(block for block in _draft(page).body if block.block_type == kind)


# From the file to the draft


def test_a_word_file_becomes_a_draft_of_the_editors_that_nobody_outside_sees(
    client, rolf, editor, section
):
    answer = _upload(rolf, section, _word())

    page = _made()
    assert (answer.status_code, answer.url) == (302, f"/admin/redaktion/jamfor/{page.pk}/")
    assert (page.live, page.owner) == (False, editor)
    assert page.get_parent().pk == section.pk
    assert client.get(f"{section.url}{page.slug}/").status_code == 404
    assert SiteImage.objects.get().uploaded_by_user == editor


def test_what_the_page_lacks_is_asked_for_and_lands_in_the_draft(rolf, section, topics):
    _upload(rolf, section, _word(lead=""))
    page = _made()
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Bild 1: De samtalar." in html
    assert "Tabell 1: Klass | Gäller" in html

    answer = _complete(
        rolf, page,
        **{
            "lead": "Kort om norr.",
            f"alt_text-{_block(page, 'figure').id}": "Två poliser vid en port.",
            f"caption-{_block(page, 'table').id}": "Säkerhetsklasser",
            "topics": [topics[1].pk],
        },
    )  # fmt: skip

    assert answer.url == f"/admin/pages/{page.pk}/edit/"
    assert _draft(page).lead == "Kort om norr."
    assert _block(page, "figure").value.alt_text == "Två poliser vid en port."
    assert _block(page, "table").value["table_caption"] == "Säkerhetsklasser"
    assert _draft(page).topics == [topics[1]]
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_a_picture_of_a_word_file_is_asked_about_people_and_their_consent(rolf, section):
    _upload(rolf, section, _word(alt="Två poliser vid en port."))
    page = _made()
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Visar bilden människor som går att känna igen?" in html

    answer = _complete(rolf, page, people="")
    assert answer.status_code == 422
    assert "Svara på om bilden visar människor." in answer.content.decode()
    assert (
        "Svara på om de som visas har samtyckt."
        in _complete(rolf, page, people="yes").content.decode()
    )
    assert SiteImage.objects.get().shows_people == ""

    consent = f"people-{_block(page, 'figure').id}-consent"
    assert _complete(rolf, page, people="yes", **{consent: "given"}).status_code == 302
    image = SiteImage.objects.get()
    assert (image.shows_people, image.consent) == ("yes", "given")
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Visar bilden människor" not in html


def test_a_text_that_is_too_long_is_told_at_its_field_and_nothing_is_stored(rolf, section):
    _upload(rolf, section, _word())
    page = _made()
    before = page.revisions.count()
    answer = _complete(rolf, page, **{f"alt_text-{_block(page, 'figure').id}": "x" * 301})

    assert answer.status_code == 422
    assert "som mest 300 tecken" in answer.content.decode()
    assert page.revisions.count() == before


def test_below_the_news_it_becomes_a_news_item(rolf, home):
    index = NewsIndexPageFactory(parent=home)
    answer = _upload(rolf, index, b"<h1>Norr</h1><p>Ingress.</p><p>Text.</p>", "norr.html")

    draft = _draft(NewsPage.objects.get(title="Norr"))
    assert (draft.live, draft.lead) == (False, "Ingress.")
    html = rolf.get(answer.url).content.decode()
    assert (
        "Filen har inget datum: nyheten får dagens. Ändra det i formuläret om det är fel." in html
    )


# The file beside the page


def test_what_the_page_lost_is_named_in_words_beside_the_line_of_the_file(rolf, section):
    _upload(rolf, section, _word())
    page = _made()
    draft = _draft(page)
    draft.body.pop()
    draft.lead = "Ingressen i kursiv."
    draft.save_revision()
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())

    assert "3 rader kom inte med som de var" in text
    assert (
        "I filen: Ingressen i fetstil . På sidan: Ingressen i kursiv . Förlorat: Har andra ord."
        in text
    )
    assert "Klass | Gäller På sidan: ingenting Förlorat: Finns inte på sidan." in text
    assert '<th scope="col">I filen</th>' in html


# What stops it


REFUSED = [
    ("tom.docx", b"", "tom"),
    ("brev.docx", b"%PDF-1.7 ...", "inte vad namnet säger: den är en pdf"),
    ("brev.pdf", b"%PDF-1.7 ...", "av ett slag som inte kan importeras: använd .docx"),
    ("brev.docx", b"PK\x03\x04 trasig", "trasig"),
    ("l" * 200 + "å" * 50 + ".docx", b"inget Word", "Word"),
]


def test_a_file_that_cannot_be_read_is_told_in_one_sentence_and_leaves_nothing(
    rolf, section, media
):
    before = Page.objects.count()
    for name, content, sentence in REFUSED:
        answer = _upload(rolf, section, content, name)

        assert answer.status_code == 422
        (told,) = answer.context["form"].errors["file"]
        assert sentence in told
        assert escape(told) in answer.content.decode()
        assert answer.context["form"]["file"].field.widget.attrs["autofocus"]
        assert (Page.objects.count(), SiteImage.objects.count()) == (before, 0)
        assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_picture_with_a_virus_leaves_no_page_and_no_picture(rolf, section, media, monkeypatch):
    def found(self, **_given):
        raise NotClearedError("Filen togs inte emot: viruskontrollen hittade något i den.")

    monkeypatch.setattr(SiteImage, "save", found)
    before = Page.objects.count()
    assert _upload(rolf, section, _word()).status_code == 422
    assert (Page.objects.count(), SiteImage.objects.count()) == (before, 0)


# Who may, and where


def test_every_editor_finds_it_where_pages_are_added(request, section):
    for name in ["editor", "chief_editor"]:
        client = Client()
        client.force_login(request.getfixturevalue(name))
        address = f"/admin/redaktion/fran-fil/{section.pk}/"
        for place in (f"/admin/pages/{section.pk}/", f"/admin/pages/{section.pk}/add_subpage/"):
            html = client.get(place).content.decode()
            assert address in html, place
            assert "Ny sida från Word" in html
        assert client.get(address).status_code == 200


def test_one_without_rights_below_the_page_gets_nowhere(section):
    nobody = get_user_model().objects.create_user("gast", password="x")
    nobody.groups.add(Group.objects.create(name="Gäster"))
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(nobody)
    draft = ArticlePageFactory(parent=section, live=False, first_published_at=None)
    draft.save_revision()

    assert _upload(client, section, _word()).url == "/admin/"
    assert _complete(client, draft).url == "/admin/"
    assert not ArticlePage.objects.filter(title="Samverkan i norr").exists()


def test_what_has_been_public_is_changed_in_its_form_alone(rolf, section):
    page = ArticlePageFactory(parent=section)
    page.save_revision()
    assert _complete(rolf, page, lead="Nytt").url == f"/admin/pages/{page.pk}/edit/"
    assert _draft(page).lead != "Nytt"


# Once


def test_a_form_that_is_sent_twice_in_the_same_moment_makes_one_page(rolf, section, monkeypatch):
    """The second arrives while the first is being read."""
    key = uuid.uuid4()

    def meanwhile(*given, **more):
        monkeypatch.undo()
        _upload(rolf, section, _word(), key=key)
        return article_in_upload(*given, **more)

    monkeypatch.setattr(from_file_page, "article_in_upload", meanwhile)
    answer = _upload(rolf, section, _word(), key=key)
    assert answer.url == f"/admin/redaktion/jamfor/{_made().pk}/"
    assert SiteImage.objects.count() == 1


# Deleted


def test_it_is_deleted_with_its_pictures(rolf, section):
    _upload(rolf, section, _word())
    page = _made()
    answer = _complete(rolf, page, act="delete")

    assert answer.url == f"/admin/pages/{section.pk}/"
    told = rolf.get(answer.url).content.decode()
    assert "”Samverkan i norr” och dess bilder är raderade." in told
    assert not SiteImage.objects.exists()
    assert not ArticlePage.objects.filter(pk=page.pk).exists()
