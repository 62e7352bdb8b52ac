"""Where a service's uploaded files lie, and what a bucket that is gone is to it."""

import pytest

from tests.in_a_bucket import BUCKET
from tests.nginx import free_port
from tests.system.as_service import run_as

VARIABLES = {
    "SAPO_MEDIA_BUCKET": BUCKET,
    "SAPO_MEDIA_ENDPOINT": "https://s3.example.se",
    "SAPO_MEDIA_REGION": "se-1",
    "SAPO_MEDIA_KEY": "nyckel",
    "SAPO_MEDIA_SECRET": "hemlig",
}


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
