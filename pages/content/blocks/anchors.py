"""The ids of headings. Needs no Wagtail."""

from anyascii import anyascii
from django.utils.text import slugify


def anchor_for(text: str) -> str:
    """The id for links to a heading, before it is made unique on its page."""
    return slugify(anyascii(text)) or "avsnitt"
