"""Links to other websites: which of them are asked each night, and those that did not answer."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from django.utils.translation import gettext_lazy as _

from pages.checks.models import LinkState

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import WrittenAddress
from .own_addresses import own_path


def asked_address(link: WrittenAddress) -> str:
    """The address without its fragment; empty if it is none of another website."""
    address = urldefrag(link.address.strip()).url
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_elsewhere = parts.scheme in ("http", "https") and parts.hostname and not own_path(address)
    return address if is_elsewhere and len(address) <= LinkState.MOST else ""


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
