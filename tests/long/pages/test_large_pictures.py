"""What an upload may cost: pixels and memory are bounded, and nobody else waits for it."""

import json
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from statistics import median

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from pages.models import SiteImage
from tests.factories import SiteImageFactory
from tests.system.pages.cms_service import Watched, cms_service

REFUSAL = (
    "Bilden har för många bildpunkter. En JPEG får ha 60 miljoner, en PNG 40 miljoner, "
    "andra bilder 20 miljoner."
)


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


@pytest.fixture(scope="module")
def cms(tmp_path_factory):
    with cms_service(tmp_path_factory.mktemp("cms") / "var") as service:
        yield service


@pytest.mark.alone
def test_while_two_upload_large_pictures_others_save_and_no_worker_grows(cms):
    """Photographs of 59 megapixels, at a service that runs as it does in production."""
    photograph = _file(8_858, 6_661, "JPEG")
    form = nested_form_data(
        {
            "title": "Samverkan", "slug": "samverkan", "lead": "Ingen skyddar Sverige ensam.",
            "image": streamfield([]), "body": streamfield([("prose", rich_text("<p>Hej.</p>"))]),
            "aside": streamfield([]), "related": streamfield([]), "search_description": "",
            "listing_text": "", "seo_title": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0,
                         "MAX_NUM_FORMS": ""},
        }
    )  # fmt: skip
    address = f"/admin/pages/{cms.article}/edit/"
    save = partial(cms.send, address, form, 2, cms.token(address, 2))
    usual = median(_saved(save) for _turn in range(7))

    with ThreadPoolExecutor(2) as people, Watched(cms.workers()) as watched:
        uploads = [people.submit(_send_picture, cms, who, photograph) for who in range(2)]
        times = []
        while not all(each.done() for each in uploads):
            times.append(_saved(save))
            time.sleep(0.2)

    assert [each.result() for each in uploads] == [302, 302]
    assert len(watched.largest) == 2
    assert max(watched.largest.values()) < 400, watched.largest
    assert len(times) > 2
    assert max(times) - usual < 1, (usual, times)
    count = "from pages.models import *; print(SiteImage.objects.count(), SiteRendition.objects.count())"
    made = cms.run("-c", f"import django; django.setup(); {count}").split()
    assert made == ["2", "20"], "and both are shown in every size"


def _saved(save) -> float:
    status, seconds = save()
    assert status == 302
    return seconds


def _send_picture(cms, who: int, content: bytes) -> int:
    form = {
        "title": "Bild", "description": "", "caption": "", "photographer": "", "collection": "1",
        "shows_people": "no", "tags": "", "file": SimpleUploadedFile("bild.jpg", content),
    }  # fmt: skip
    return cms.send("/admin/images/add/", form, who)[0]
