"""Links to other websites that did not answer last night."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.checks.models import LinkState

from .asked_addresses import asked_address
from .checked_content import Content
from .findings import Colour, ContentCheck, Finding


class FailedLinks(ContentCheck):
    name = "failed_link"
    colour = Colour.AMBER
    title = _("The link did not answer")
    why = _("%(address)s could not be reached last night (%(answer)s).")
    fix = _("Open the link. Replace it or take it out if it is wrong.")

    def find(self, content: Content) -> Iterator[Finding]:
        asked = {each: address for each in content.addresses if (address := asked_address(each))}
        if not asked:
            return
        states = LinkState.objects.failing().of(set(asked.values()))
        failing = {state.address: state for state in states if state.is_recent}
        for each, address in asked.items():
            if state := failing.get(address):
                yield self.finding(
                    each.spot,
                    words=each.words or address,
                    about=address,
                    said={"address": address, "answer": state.answer},
                )
