"""What an upload may cost: pixels and memory are bounded, and nobody else waits for it."""

import json
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from pages.models import ArticlePage, SiteImage
from tests.factories import ArticlePageFactory, SiteImageFactory

REFUSAL = (
    "Bilden har för många bildpunkter. En JPEG får ha 60 miljoner, en PNG 40 miljoner, "
    "andra bilder 20 miljoner."
)
MOST_MEGABYTES_MORE = 350


def _file(width: int, height: int, image_format: str = "PNG") -> bytes:
    output = BytesIO()
    Image.new("RGB", (width, height), "#113158").save(output, image_format)
    return output.getvalue()


def _that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _upload(client: Client, door: str, content: bytes, name: str = "bild.png") -> str:
    """What the CMS answers, at one of its doors for pictures."""
    field = {"bulk": "files[]", "chooser": "image-chooser-upload-file"}.get(door, "file")
    prefix = "image-chooser-upload-" if door == "chooser" else ""
    address = {
        "add": "/admin/images/add/",
        "bulk": "/admin/images/multiple/add/",
        "chooser": "/admin/images/chooser/create/",
    }.get(door, f"/admin/images/{door}/")
    said = {f"{prefix}title": "Bild", f"{prefix}collection": "1", f"{prefix}shows_people": "no"}
    answer = client.post(address, {**said, field: SimpleUploadedFile(name, content)})
    assert answer.status_code in (200, 302), answer.status_code
    if "json" in answer.headers["Content-Type"]:
        return json.dumps(answer.json(), ensure_ascii=False)
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["add", "bulk", "chooser", "replace"])
def test_a_picture_of_too_many_pixels_is_refused_beside_its_field_at_every_door(
    client, admin, door
):
    client.force_login(admin)
    had = SiteImageFactory()
    for content in (_that_claims(60_000, 60_000), _that_claims(7_700, 7_700)):
        given = _upload(client, str(had.pk) if door == "replace" else door, content)
        assert REFUSAL in given
    assert [image.file.name for image in SiteImage.objects.all()] == [had.file.name]


@pytest.mark.django_db
def test_a_file_that_is_cut_off_is_refused_beside_its_field(client, admin):
    client.force_login(admin)
    given = _upload(client, "add", _file(900, 600)[:-100])
    assert "en korrupt bild" in given
    assert not SiteImage.objects.exists()


@pytest.mark.alone
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Gäller SQLite.")
@pytest.mark.django_db(transaction=True, serialized_rollback=True, databases=["default", "tips"])
def test_while_two_upload_large_pictures_others_save_and_memory_is_bounded(
    section, admin, monkeypatch
):
    """A camera's JPEG of fifty megapixels and the largest PNG that is taken."""
    monkeypatch.setattr("pages.library.renditions.WIDTHS", (400,))
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    files = {"kamera.jpg": _file(8_192, 6_144, "JPEG"), "skiss.png": _file(6_324, 6_324)}
    # What is loaded at a first upload and a first save is not counted.
    _in_the_cms(admin, _file(900, 600), "liten.png")
    _save(admin, article.pk)
    Path("/proc/self/clear_refs").write_text("5")
    before = _megabytes("VmRSS")

    with ThreadPoolExecutor(2) as people:
        uploads = [
            people.submit(_in_the_cms, admin, content, name) for name, content in files.items()
        ]
        waits = []
        while not all(each.done() for each in uploads):
            waits.append(_save(admin, article.pk))
            time.sleep(0.2)
        for each in uploads:
            each.result()

    assert _megabytes("VmHWM") - before < MOST_MEGABYTES_MORE
    assert len(waits) > 2
    assert max(waits) < 1
    sizes = SiteImage.objects.order_by("width").values_list("width", "height")
    assert set(sizes) == {(900, 600), (4_096, 3_072), (3_162, 3_162)}
    assert {image.renditions.count() for image in SiteImage.objects.filter(width__gt=900)} == {4}


def _in_the_cms(person: object, content: bytes, name: str) -> None:
    client = Client()
    client.force_login(person)
    try:
        _upload(client, "add", content, name)
    finally:
        connection.close()


def _save(person: object, pk: int) -> float:
    """How long an editor who opens a page and saves it waits for others who write."""
    client = Client()
    client.force_login(person)
    assert client.get(f"/admin/pages/{pk}/edit/").status_code == 200
    page = ArticlePage.objects.get(pk=pk)
    began = time.monotonic()
    with transaction.atomic():
        waited = time.monotonic() - began
        page.save_revision()
    return waited


def _megabytes(what: str) -> int:
    [line] = [
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what)
    ]
    return int(line.split()[1]) // 1024
