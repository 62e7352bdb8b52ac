"""The note on type and size beside the link to a file."""

from pathlib import PurePath

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents.models import AbstractDocument


def file_note(document: AbstractDocument) -> str:
    """Type and size of a file: "pdf, 1,5 MB"."""
    extension = PurePath(document.file.name).suffix.lstrip(".").lower() or _("file")
    size = document.get_file_size()
    return f"{extension}, {filesizeformat(size)}" if size is not None else extension
