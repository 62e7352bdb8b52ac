"""The media library as editors meet it: all that is there, and what happens when a file is replaced."""

import html
import json
from pathlib import PurePath

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Locale, Page

from pages.content.models import ArticlePage
from pages.library.picture import still_of
from pages.newsroom.keeping_public import deleting_for_good
from pages.newsroom.models import Proposal
from pages.newsroom.submissions import Result
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.newsroom import approved_by_two


@pytest.fixture
def picture(chief_editor):
    image = SiteImageFactory(
        title="Vakter på ett torg", uploaded_by_user=chief_editor, file=picture_file(120, 80)
    )
    image.tags.add("vakt")
    return image


@pytest.fixture
def file(chief_editor):
    document = SiteDocumentFactory(title="Vakternas handbok", uploaded_by_user=chief_editor)
    document.tags.add("vakt")
    return document


@pytest.fixture
def article(section, picture, file) -> ArticlePage:
    """A page that shows the colleague's picture and offers the file."""
    page = ArticlePageFactory(parent=section, title="Så vaktar vi", live=False)
    figure = {"image": {"image": picture.pk, "alt_text": "Två vakter.", "decorative": False}}
    page.image = json.dumps([{"type": "figure", "value": {**figure, "caption": ""}, "id": "1"}])
    link = f'<p><a linktype="document" id="{file.pk}">Handboken</a></p>'
    page.body = json.dumps([{"type": "prose", "value": link, "id": "2"}])
    page.save_revision().publish()
    return page


def _words(response) -> str:
    return html.unescape(response.content.decode())


def test_an_editor_finds_the_pictures_and_files_of_others_by_word_and_tag(
    client, editor, picture, file
):
    client.force_login(editor)
    for query in [
        "",
        "?q=vakt",
        "?tag=vakt",
        "?tag=vakt&q=vakt",
        "?q=vakt&ordering=-file_size",
        "?q=vakt&usage_count_min=0&usage_count_max=9&tag=vakt&ordering=-title",
        "?collection_id=1&q=vakt&layout=list",
    ]:
        for address, title in (("images", picture.title), ("documents", file.title)):
            for part in ("", "results/", "chooser/results/"):
                response = client.get(f"/admin/{address}/{part}{query}")
                assert title in _words(response), (address, part)


def test_an_editor_sees_where_a_picture_or_file_of_others_is_used(
    client, editor, picture, file, article
):
    client.force_login(editor)
    for address in (f"/admin/images/usage/{picture.pk}/", f"/admin/documents/usage/{file.pk}/"):
        words = _words(client.get(address))
        assert "Användning" in words
        assert article.title in words
        assert f"/admin/pages/{article.pk}/edit/" in words


def test_an_editor_deletes_no_picture_or_file_that_something_public_shows(
    client, editor, picture, file, article
):
    client.force_login(editor)
    client.post(f"/admin/images/{picture.pk}/delete/")
    client.post(f"/admin/bulk/library/siteimage/delete/?id={picture.pk}")
    client.post("/admin/bulk/library/sitedocument/delete/?id=all")
    picture.refresh_from_db()
    file.refresh_from_db()


def test_an_editor_translates_a_page_to_a_draft(client, editor, section, article, english_home):
    english = Locale.objects.get(language_code="en")
    section.copy_for_translation(english).save_revision().publish()
    client.force_login(editor)
    assert "Översätt" in _words(client.get(f"/admin/pages/{article.pk}/edit/"))
    client.post(f"/admin/translation/submit/page/{article.pk}/", {"locales": [english.pk]})
    translation = article.get_translation(english)
    assert not Page.objects.get(pk=translation.pk).live


@pytest.fixture
def replaced(
    client, editor, chief_editor, picture, file, article, django_capture_on_commit_callbacks
):
    """Picture and file, both replaced by two, and the addresses that they had before."""
    pictures = [picture.file.url, *(each.file.url for each in picture.renditions.all())]
    files = [file.url, file.file.url]
    client.force_login(chief_editor)
    forms = {
        f"/admin/images/{picture.pk}/": picture_file(120, 80, name="torg-i-regn.jpg"),
        f"/admin/documents/edit/{file.pk}/": ContentFile(b"ny", name="handbok-2.txt"),
    }
    with django_capture_on_commit_callbacks(execute=True):
        for address, new in forms.items():
            form = {"title": "Ny", "tags": "", "collection": 1, "file": new}
            assert client.post(address, form).status_code == 302
        for proposal in Proposal.objects.all():
            outcome = approved_by_two(chief_editor, editor, proposal)
            assert outcome.result is Result.PUBLISHED
    client.logout()
    picture.refresh_from_db()
    file.refresh_from_db()
    return pictures, files


def _content(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_addresses_of_replaced_files_answer_with_the_new_file(
    client, replaced, picture, file, article
):
    pictures, files = replaced
    for address in files:
        assert _content(client.get(address, follow=True)) == b"ny", address
    now = {each.file.url for each in picture.renditions.all()}
    assert len(pictures) == len(now) + 1 == 5
    for address in pictures:
        response = client.get(address, follow=True)
        there = response.request["PATH_INFO"]
        assert there in now, address
        assert PurePath(there).suffix == PurePath(address).suffix
        assert _content(response)
    assert file.url in client.get(article.url).content.decode()


def test_where_the_new_picture_lacks_a_size_its_largest_stands_in(client, replaced, picture):
    pictures, _files = replaced
    largest = still_of(picture)
    picture.renditions.exclude(pk=largest.pk).delete()
    there = {client.get(address).headers["Location"] for address in pictures}
    assert there == {largest.file.url}


def test_another_picture_never_gets_an_address_that_was_given_out(client, replaced, picture):
    pictures, _files = replaced
    other = SiteImageFactory(file=picture_file(120, 80))
    given_out = {other.file.url, *(each.file.url for each in other.renditions.all())}
    assert given_out.isdisjoint(pictures)


def test_the_number_of_a_document_alone_leads_to_nothing(client, replaced, file):
    assert client.get(f"/dokument/{file.pk}/gissat-namn.pdf").status_code == 404
    with deleting_for_good("a test"):
        file.delete()
    for address in replaced[1]:
        assert client.get(address).status_code == 404
