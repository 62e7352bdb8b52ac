"""The headings within a text, and the ids of headings. Needs no Wagtail."""

import re
from collections.abc import Iterator

from anyascii import anyascii
from django.utils.html import strip_tags
from django.utils.text import slugify

_HEADING = re.compile(r"(<h[2-6]\b[^>]*>.*?</h[2-6]>)", re.DOTALL)


def anchor_for(text: str) -> str:
    """The id for links to a heading, before it is made unique on its page."""
    return slugify(anyascii(text)) or "avsnitt"


def divided(html: str) -> Iterator[tuple[int, str]]:
    """What each heading of a rich text holds, with its level; with 0 what stands between two.

    An empty one is none.
    """
    for at, piece in enumerate(_HEADING.split(html)):
        if at % 2 == 0 and piece.strip():
            yield 0, piece
        elif at % 2 and strip_tags(piece).strip():
            yield int(piece[2]), piece[piece.index(">") + 1 : -len("</h2>")]
