"""Stores uploads in a bucket, for several machines (deploy/requirements-s3.txt)."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

_LONGEST_KEY = 1024  # bytes, in S3


class BucketStorage(S3Storage):
    """A bucket behind our own addresses: readers ask us, and never learn where the files lie."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        key = self._normalize_name(clean_name(name))
        if not 0 < len(key.encode()) <= _LONGEST_KEY:
            raise FileNotFoundError(name)
        return super()._open(name, mode)

    def url(self, name: str, *_args: Any, **_options: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name) or "")
