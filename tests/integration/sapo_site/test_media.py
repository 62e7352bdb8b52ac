"""Uploaded files."""

import pytest

from tests.factories import SiteDocumentFactory, SiteImageFactory


@pytest.mark.django_db
def test_picture_is_served_sandboxed_and_kept_for_long(client):
    image = SiteImageFactory()
    response = client.get(image.file.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "immutable" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_film_can_be_wound(client):
    url = SiteDocumentFactory().file.url
    response = client.get(url, headers={"range": "bytes=10-19"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == b"x" * 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["../db.sqlite3", "..%2f..%2fmanage.py", "%2e%2e/secret-key", "finns-inte", "", "a%00b"]
)
def test_nothing_outside_the_folder_is_served(client, path):
    assert client.get(f"/media/{path}").status_code in (400, 404)


@pytest.mark.django_db
def test_file_is_downloaded_under_its_own_name(client):
    document = SiteDocumentFactory()
    response = client.get(document.url)
    assert response.status_code == 200
    assert document.filename in response["Content-Disposition"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
