"""Files in which something is painted over, and files that are hard to read.

What is in a file is looked up when it comes in (`SiteDocument.inspection`); here it is only told.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot


def inspected_files(content: Content) -> Iterator[tuple[Spot, AbstractDocument, dict[str, Any]]]:
    """Each file that the content leads to, once, with what was found in it."""
    model = get_document_model()
    known: set[int] = set()
    mentioned = [
        (mention.spot, content.named(model, mention.key))
        for mention in content.mentions
        if mention.model is model
    ]
    if isinstance(content.object, model):
        mentioned.append((Spot("file", "file"), content.object))
    for spot, file in mentioned:
        inspection = getattr(file, "inspection", None)
        if isinstance(inspection, dict) and id(file) not in known:
            known.add(id(file))
            seen = inspection.get("seen")
            yield spot, file, {**inspection, **(seen if isinstance(seen, dict) else {})}


class UnreadableFiles(ContentCheck):
    name = "pdf_access"
    colour = Colour.AMBER
    title = _("The PDF is hard to read with aids")
    why = _("“%(file)s” lacks %(what)s.")
    fix = _("Export it again with tags. Best is to put the text on the page.")

    def find(self, content: Content) -> Iterator[Finding]:
        for spot, file, inspection in inspected_files(content):
            if PurePath(file.filename).suffix.lower() != ".pdf":
                continue
            names = {
                "title": gettext("a title"),
                "language": gettext("a language"),
                "tags": gettext("tags"),
            }
            lacks = [named for name, named in names.items() if inspection.get(name) is False]
            if lacks:
                yield self.finding(
                    spot,
                    words=file.filename,
                    about=", ".join(lacks),
                    said={"file": file.filename, "what": ", ".join(lacks)},
                )


class CoveredScans(ContentCheck):
    name = "covered_scan"
    colour = Colour.AMBER
    title = _("Something is painted over in a scanned PDF")
    why = _("On page %(pages)s a box covers a part of the picture.")
    fix = _("Make sure that what is to be hidden is really gone.")

    def find(self, content: Content) -> Iterator[Finding]:
        for spot, file, inspection in inspected_files(content):
            if covered := [str(each) for each in inspection.get("painted_over") or ()]:
                yield self.finding(
                    spot,
                    words=file.filename,
                    about=f"{', '.join(covered)} {file.file_hash}",  # in another it is not seen yet
                    said={"pages": ", ".join(covered)},
                )
