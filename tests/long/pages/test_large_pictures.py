"""What an upload may cost: memory is bounded, and nobody else waits for it."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from statistics import median

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.system.pages.cms_service import Watched, cms_service

pytestmark = pytest.mark.alone


def _photograph(width: int, height: int) -> bytes:
    output = BytesIO()
    Image.new("RGB", (width, height), "#113158").save(output, "JPEG")
    return output.getvalue()


@pytest.fixture(scope="module")
def cms(tmp_path_factory):
    with cms_service(tmp_path_factory.mktemp("cms") / "var") as service:
        yield service


def test_while_two_upload_large_pictures_others_save_and_no_worker_grows(cms):
    """Photographs of 59 megapixels, at a service that runs as it does in production."""
    photograph = _photograph(8_858, 6_661)
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
    count = "from pages.content.models import *; print(SiteImage.objects.count(), SiteRendition.objects.count())"
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
