"""Makes blocks of what is pasted into a text that cannot hold all of it."""

import tempfile
from html import escape
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Page

from .build import blocks_of
from .documents import Figure, Heading, ImportedArticle, Notes, Part, Prose
from .reading_apart import article_in_file

# A page that is read has a title and a lead; these stand in for them.
_TITLE, _LEAD = "Inklistrad text utan rubrik", "Inklistrad text utan ingress."
_PAGE = f'<!doctype html><meta charset="utf-8"><h1>{_TITLE}</h1><p class="lead">{_LEAD}</p>'


def pasted_blocks(html: str, *, beside: Page) -> tuple[list[dict[str, object]], Notes]:
    """The blocks that hold what was pasted beside the others of a page, and what was left out.

    Raises RefusedError.
    """
    with tempfile.TemporaryDirectory(prefix="pasted-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder, "inklistrat.html")
        path.write_text(_PAGE + html)
        article = article_in_file(path)
    article.parts = _parts_of(article)
    for what in (_("comments in the code"), _("style sheets")):  # of each paste from Word
        article.notes.dropped.pop(what, None)
    return blocks_of(article, beside=beside), article.notes


def _parts_of(article: ImportedArticle) -> list[Part]:
    """The parts without what stood in for a title and a lead, and without pictures."""
    parts: list[Part] = [] if article.title == _TITLE else [Heading(article.title, 2)]
    for part in [*([article.image] if article.image else []), *article.parts]:
        if isinstance(part, Figure):
            article.notes.drop(_("images"))
        elif not (isinstance(part, Heading) and part.text == _TITLE):
            parts.append(part)
    if lead := article.lead.replace(_LEAD, "").strip():
        below_heading = int(bool(parts) and isinstance(parts[0], Heading))
        parts.insert(below_heading, Prose(f"<p>{escape(lead)}</p>"))
    return parts
