"""Uploaded files in a bucket: readers notice no difference."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from pages.library.picture import still_of
from pages.library.public_storage import public_storage
from tests.factories import SiteDocumentFactory, SiteImageFactory


@pytest.mark.django_db
def test_picture_and_its_renditions_lie_in_the_bucket_and_are_met_under_our_name(bucket, client):
    image = SiteImageFactory()
    rendition = still_of(image)
    public_storage().take(rendition.file.name)
    lying = {each.key for each in bucket.objects.all()}
    names = image.file.name, rendition.file.name
    assert {*(f"closed/{name}" for name in names), f"public/{rendition.file.name}"} <= lying
    assert rendition.url.startswith("/media/")
    response = client.get(rendition.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "immutable" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    with rendition.file.open("rb") as file:
        assert b"".join(response.streaming_content) == file.read()


@pytest.mark.django_db
def test_file_is_downloaded_under_its_own_name_from_the_bucket(bucket, client):
    document = SiteDocumentFactory()
    public_storage().take(document.file.name)
    response = client.get(document.url)
    assert response.status_code == 200
    assert document.url.endswith(document.filename)
    assert response["Content-Disposition"].startswith("attachment"), "a PDF can hold scripts"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["../db.sqlite3", "finns-inte", "%2e%2e/secret-key", "%00", "a" * 1100, "%ff", "x/", "."],
)
def test_what_is_not_in_the_bucket_is_not_found(bucket, client, path):
    assert client.get(f"/media/{path}").status_code in (400, 404)


@pytest.mark.parametrize("name", [".", "a" * 1025, "å" * 600])
def test_what_can_be_no_name_in_a_bucket_is_not_asked_for(bucket, monkeypatch, name):
    monkeypatch.setattr(S3Storage, "_open", lambda *_arguments: pytest.fail("asked for"))
    with pytest.raises(FileNotFoundError):
        storages["default"].open(name)


@pytest.mark.django_db
def test_a_second_file_of_the_same_name_leaves_the_first_as_it_is(bucket):
    storage = storages["default"]
    first = storage.save("documents/rapport.pdf", ContentFile(b"ett"))
    second = storage.save("documents/rapport.pdf", ContentFile(b"tva"))
    assert first != second
    with storage.open(first) as file:
        assert file.read() == b"ett"
