"""Stores uploads in a bucket, for several machines (deploy/requirements-s3.txt)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

_LONGEST_KEY = 1024  # bytes, in S3


class BucketStorage(S3Storage):
    """A bucket behind our own addresses: readers ask us, and never learn where the files lie."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        key = self._normalize_name(clean_name(name))
        if clean_name(name) in ("", ".") or len(key.encode()) > _LONGEST_KEY:
            raise FileNotFoundError(name)
        return super()._open(name, mode)

    def url(self, name: str, *_args: Any, **_options: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name) or "")


class PublicBucket(BucketStorage):
    """The part of the bucket that visitors are served from; see `pages.library.public_storage`."""

    def take(self, name: str) -> None:
        """Lets visitors fetch the upload of this name; nothing happens if there is none."""
        source: Any = default_storage
        key = source._normalize_name(clean_name(name))
        here = self.bucket.Object(self._normalize_name(clean_name(name)))
        try:
            here.copy({"Bucket": source.bucket_name, "Key": key})
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in ("404", "NoSuchKey"):
                raise

    def names(self) -> Iterator[str]:
        """The names of all that visitors can fetch."""
        for each in self.bucket.objects.filter(Prefix=f"{self.location}/"):
            yield each.key.removeprefix(f"{self.location}/")
