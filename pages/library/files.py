"""What is said of a file: its type and size beside a link, and its fingerprint."""

import hashlib
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
    """A hash of what is in the file, as long as the column of Wagtail.

    Wagtail takes SHA-1, for which anybody can make two files with the same hash.
    """
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()[:40]
    file.seek(0)
    return found
