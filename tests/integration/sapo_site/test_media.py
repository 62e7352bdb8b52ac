"""Uploaded files."""

from operator import attrgetter

import pytest
from django.core.files.base import ContentFile

from pages.library.picture import still_of
from pages.library.public_storage import public_storage
from tests.factories import SiteDocumentFactory, SiteImageFactory


@pytest.mark.django_db
def test_picture_is_served_sandboxed_and_kept_for_long(client):
    rendition = still_of(SiteImageFactory())
    public_storage().take(rendition.file.name)
    response = client.get(rendition.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "immutable" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_film_can_be_wound(client):
    document = SiteDocumentFactory()
    public_storage().take(document.file.name)
    response = client.get(document.file.url, headers={"range": "bytes=10-19"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == b"x" * 10


@pytest.mark.django_db
def test_nothing_outside_the_folder_is_served(client, subtests):
    for path in [
        "../db.sqlite3",
        "..%2f..%2fmanage.py",
        "%2e%2e/secret-key",
        "finns-inte",
        "",
        "a%00b",
    ]:
        with subtests.test(path=path):
            assert client.get(f"/media/{path}").status_code in (400, 404)


@pytest.mark.django_db
def test_file_is_downloaded_under_its_own_name(client):
    document = SiteDocumentFactory()
    public_storage().take(document.file.name)
    response = client.get(document.url)
    assert response.status_code == 200
    assert document.filename in response["Content-Disposition"]
    assert "Content-Encoding" not in response.headers
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_pdf_is_downloaded_and_runs_nothing_at_either_address(client, subtests):
    for address in ["file.url", "url"]:
        with subtests.test(address=address):
            document = SiteDocumentFactory()
            public_storage().take(document.file.name)
            response = client.get(attrgetter(address)(document))
            assert response["Content-Type"] == "application/pdf"
            assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_a_film_and_its_captions_play_in_the_page(client):
    for name in ("film.mp4", "text.vtt"):
        document = SiteDocumentFactory(file=ContentFile(b"x", name))
        public_storage().take(document.file.name)
        assert not client.get(document.file.url).get("Content-Disposition")
        assert client.get(document.url)["Content-Disposition"].startswith("inline")
