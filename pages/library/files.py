"""What is said of a file: its type and size beside a link, and its fingerprint."""

import hashlib
from base64 import b85encode
from pathlib import PurePath
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents.models import AbstractDocument


def file_note(document: AbstractDocument) -> str:
    """Type and size of a file: "pdf, 1,5 MB"."""
    extension = PurePath(document.file.name).suffix.lstrip(".").lower() or _("file")
    size = document.get_file_size()
    return f"{extension}, {filesizeformat(size)}" if size is not None else extension


def fingerprint_of(file: Any) -> str:
    """SHA-256 of what is in the file, all of it in the forty signs that Wagtail's column has.

    Wagtail takes SHA-1, for which anybody can make two files with the same hash.
    """
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").digest()
    file.seek(0)
    return b85encode(found).decode()
