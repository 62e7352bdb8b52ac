"""Uploads in a bucket that answers as Amazon's do, within this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

BUCKET = "sapo-media"
_REGION = "eu-north-1"


@contextmanager
def uploads_in_a_bucket(settings: Any) -> Iterator[Any]:
    with mock_aws():
        bucket = boto3.resource("s3", region_name=_REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": _REGION}
        )
        options = {
            "bucket_name": BUCKET, "region_name": _REGION, "access_key": "nyckel",
            "secret_key": "hemlig", "file_overwrite": False,
        }  # fmt: skip
        settings.MEDIA_BUCKET = BUCKET
        settings.STORAGES = {
            **settings.STORAGES,
            **{
                alias: {
                    "BACKEND": f"sapo_site.media_storage.{storage}",
                    "OPTIONS": {**options, "location": location},
                }
                for alias, storage, location in (
                    ("default", "BucketStorage", "closed"), ("public", "PublicBucket", "public"),
                )
            },
        }  # fmt: skip
        yield bucket
