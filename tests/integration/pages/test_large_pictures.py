"""A picture of too many pixels, or one that is cut off, is refused beside its field."""

import json
import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pages.library.models import SiteImage
from tests.factories import SiteImageFactory

REFUSAL = (
    "Bilden har för många bildpunkter. En JPEG får ha 60 miljoner, en PNG 40 miljoner, "
    "andra bilder 20 miljoner."
)


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
    output = BytesIO()
    Image.new("RGB", (900, 600), "#113158").save(output, "PNG")
    given = _upload(client, "add", output.getvalue()[:-100])
    assert "en korrupt bild" in given
    assert not SiteImage.objects.exists()
