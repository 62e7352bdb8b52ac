"""What an article lacks before it can be published."""

import re

from django.utils.translation import gettext as _

from .arrange import MAX_CAPTION, is_a_short_line
from .documents import (
    Figure,
    Heading,
    ImportedArticle,
    Notes,
    Paragraph,
    Part,
    Prose,
    Quote,
    Table,
    text_of,
)

MAX_HEADING = 120
MAX_ALT_TEXT = 300
MAX_SOURCE = 120

_ALL_BOLD = re.compile(r"<b>((?:(?!</b>).)+)</b>")
# What programs and tired authors put where a text alternative should be.
_NO_ALT_TEXT = re.compile(
    r"(alt(-?text)?|bild(en)?|image|picture|foto|photo|graphic|placeholder.*)\s*\d*"
    r"|\S+\.(jpe?g|png|gif|webp|avif|tiff?|bmp|emf|wmf)"
    r"|.*(automatiskt genererad beskrivning|description automatically generated).*",
    re.I | re.S,
)


def look_through(article: ImportedArticle) -> None:
    """Notes what stands in the way of publishing the article, and what looks odd."""
    figures = [part for part in article.parts if isinstance(part, Figure)]
    if article.image:
        figures = [article.image, *figures]
    for number, figure in enumerate(figures, 1):
        _look_at_figure(figure, number, article.notes)
    for part in article.parts:
        _look_at_part(part, article.notes)


def _look_at_part(part: Part, notes: Notes) -> None:
    if isinstance(part, Heading) and len(part.text) > MAX_HEADING:
        notes.check(_("Shorten the heading “%(text)s”.") % {"text": part.text[:60]})
    elif isinstance(part, Quote) and len(part.source) > MAX_SOURCE:
        about = {"text": part.source[:60]}
        notes.complete(_("Shorten the source of the quote: “%(text)s”.") % about)
    elif isinstance(part, Table) and not part.caption:
        notes.complete(
            _("Write a caption for the table that begins with “%(text)s”.")
            % {"text": " | ".join(part.rows[0])[:60]},
            has_field=True,
        )
    elif isinstance(part, Prose):
        for html in re.findall(r"<p>(.*?)</p>", part.html):
            bold = _ALL_BOLD.fullmatch(html)
            if bold and is_a_short_line(Paragraph(bold[1])):
                notes.check(
                    _("Perhaps a heading, though only in bold: “%(text)s”.")
                    % {"text": text_of(bold[1])}
                )


def _look_at_figure(figure: Figure, number: int, notes: Notes) -> None:
    if not figure.is_decorative and not usable_alt_text(figure.alt_text):
        about = figure.caption or figure.alt_text
        notes.complete(
            _("Write a text alternative for image %(number)s (%(about)s).")
            % {"number": number, "about": " ".join(about.split())[:60] or _("without a name")},
            has_field=True,
        )
    if len(figure.alt_text) > MAX_ALT_TEXT:
        notes.complete(_("Shorten the text alternative of image %(number)s.") % {"number": number})
    if len(figure.caption) > MAX_CAPTION:
        notes.complete(_("Shorten the caption of image %(number)s.") % {"number": number})


def usable_alt_text(text: str) -> str:
    """The text alternative, or nothing when it says nothing of the image."""
    return "" if _NO_ALT_TEXT.fullmatch(text.strip()) else text.strip()
