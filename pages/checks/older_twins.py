"""Pages in easy Swedish, signed or in another language that the ordinary ones have left behind."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from pages.content.references.shelves import listed_page_with
from pages.content.tree.listed import changed_since

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot


class OlderTwins(ContentCheck):
    name = "older_twin"
    colour = Colour.AMBER
    title = _("The ordinary page has changed since they were compared")
    why = _("“%(title)s” was changed on %(day)s. Readers are told.")
    fix = _("Read both. If they say the same, empty the moment of comparing.")

    def find(self, content: Content) -> Iterator[Finding]:
        key = getattr(content.object, "twin_of_id", None)
        compared_at = getattr(content.object, "compared_at", None)
        original = listed_page_with(key) if key else None
        changed_on = changed_since(original, compared_at)
        if original and changed_on:
            yield self.finding(
                Spot("compared_at", "compared_at"),
                words=original.title,
                said={"title": original.title, "day": date_format(changed_on, "j F Y")},
            )
