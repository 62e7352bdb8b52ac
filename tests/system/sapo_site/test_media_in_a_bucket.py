"""Uploaded files in a bucket: readers notice no difference."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from pages.library.picture import still_of
from pages.library.public_storage import public_storage
from tests.factories import SiteDocumentFactory, SiteImageFactory
from tests.in_a_bucket import BUCKET
from tests.integration.pages import test_served_files
from tests.integration.pages.test_served_files import Library
from tests.nginx import free_port
from tests.system.as_service import run_as

VARIABLES = {
    "SAPO_MEDIA_BUCKET": BUCKET, "SAPO_MEDIA_ENDPOINT": "https://s3.example.se",
    "SAPO_MEDIA_REGION": "se-1", "SAPO_MEDIA_KEY": "nyckel", "SAPO_MEDIA_SECRET": "hemlig",
}  # fmt: skip


def test_the_environment_alone_decides_where_files_lie():
    program = (
        "import django; django.setup()\n"
        "from django.core.files.storage import storages\n"
        "files = storages['default']\n"
        "print(type(files).__name__, files.url('images/bild på hav.webp'))\n"
        "print(getattr(files, 'bucket_name', ''), getattr(files, 'endpoint_url', ''))\n"
    )
    address = "/media/images/bild%20p%C3%A5%20hav.webp"
    assert run_as("public,editorial", program, **VARIABLES).split() == [
        "BucketStorage", address, BUCKET, "https://s3.example.se",
    ]  # fmt: skip
    assert run_as("public,editorial", program).split() == ["FileSystemStorage", address]


@pytest.mark.fault("bucket gone")
def test_a_bucket_that_is_gone_is_an_outage():
    program = (
        "import django; django.setup()\n"
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import storages\n"
        "from sapo_site.outages import is_outage\n"
        "for ask in (lambda s: s.open('images/bild.webp'), lambda s: s.save('bild.webp', ContentFile(b'x'))):\n"
        "    try:\n"
        "        ask(storages['default'])\n"
        "    except Exception as error:\n"
        "        print(is_outage(error))\n"
    )
    gone = {**VARIABLES, "SAPO_MEDIA_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    assert run_as("public,editorial", program, **gone).split() == ["True"] * 2


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
def test_what_is_not_in_the_bucket_is_not_found(bucket, client, subtests):
    for path in [
        "../db.sqlite3",
        "finns-inte",
        "%2e%2e/secret-key",
        "%00",
        "a" * 1100,
        "%ff",
        "x/",
        ".",
    ]:
        with subtests.test(path=path):
            assert client.get(f"/media/{path}").status_code in (400, 404)


def test_what_can_be_no_name_in_a_bucket_is_not_asked_for(bucket, monkeypatch, subtests):
    monkeypatch.setattr(S3Storage, "_open", lambda *_arguments: pytest.fail("asked for"))
    for name in [".", "a" * 1025, "å" * 600]:
        with subtests.test(name=name), pytest.raises(FileNotFoundError):
            storages["default"].open(name)


@pytest.mark.django_db
def test_a_second_file_of_the_same_name_leaves_the_first_as_it_is(bucket):
    storage = storages["default"]
    first = storage.save("documents/rapport.pdf", ContentFile(b"ett"))
    second = storage.save("documents/rapport.pdf", ContentFile(b"tva"))
    assert first != second
    with storage.open(first) as file:
        assert file.read() == b"ett"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", test_served_files.STATES, ids=lambda state: state.__name__.strip("_")
)
def test_every_address_of_the_bucket_in_every_state_for_every_role(
    bucket, section, editor, chief_editor, no_editor, client, django_capture_on_commit_callbacks,
    state,
):  # fmt: skip
    library = Library(section, editor, chief_editor, django_capture_on_commit_callbacks)
    test_served_files.assert_each_role_gets_what_it_may(client, library, state, no_editor)
