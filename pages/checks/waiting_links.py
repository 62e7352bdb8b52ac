"""Links that readers meet as words until a page is public at their address."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.content.references.links_to_come import where_they_lead

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import WaitingLink


class WaitingLinks(ContentCheck):
    name = "waiting_link"
    colour = Colour.AMBER
    title = _("The link waits for its page")
    why = _(
        "“%(words)s” becomes a link when something is public at %(address)s. "
        "Until then readers meet the words alone."
    )
    fix = _("Leave it if the page will come. Otherwise choose another, or take it out.")

    def find(self, content: Content) -> Iterator[Finding]:
        for each in links_that_wait(content):
            yield self.finding(
                each.spot,
                words=f"{each.words} ({each.address})",
                about=each.address,
                said={"words": each.words, "address": each.address},
            )


def links_that_wait(content: Content) -> list[WaitingLink]:
    """Those of the content at whose address nothing is public."""
    led = where_they_lead(each.address for each in content.waiting_links)
    return [each for each in content.waiting_links if not led[each.address]]
