"""A record in words: from when and until when, whole or not, and what readers met."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from pages.records.kept import Records, RecordsError, Rendering
from pages.records.lookup import Standing

from .as_it_stood import own_address, recorded_links
from .asked_for import way_back
from .frames import PAGE, frame_at, type_of
from .own_approvals import unchanged_until
from .stockholm_time import in_words

_MOST_LINKS = 300


@dataclass(frozen=True)
class Link:
    words: str
    address: str


@dataclass(frozen=True)
class Shown:
    """What the pages say of an address at a moment; without a rendering nothing is known of it."""

    address: str
    moment: datetime
    rendering: Rendering | None
    body: bytes | None = None
    missing: str = ""  # why there are no bytes

    @property
    def banner(self) -> str:
        return gettext(
            "This is how the page looked on %(moment)s. It is not the page of today."
        ) % {"moment": in_words(self.moment, seconds=False)}

    @property
    def period(self) -> str:
        return period_in_words(self.rendering) if self.rendering else ""

    @property
    def standing(self) -> str:
        rendering = self.rendering
        if rendering is None:
            return ""
        is_unsure = rendering.standing is Standing.UNSURE
        if is_unsure and (until := unchanged_until(rendering, self.moment)):
            return gettext(
                "the same as on %(since)s; nothing in it was changed until %(until)s. What stands around it, or comes from other pages, may have been another"
            ) % {"since": in_words(rendering.since), "until": in_words(until)}
        return standing_in_words(rendering)

    @property
    def met(self) -> str:
        return met_in_words(self.rendering) if self.rendering else ""

    @property
    def leads_to(self) -> Link | None:
        """Where readers were led, unless it is sealed or weeded."""
        if self.rendering is None or self.missing or not _is_redirect(self.rendering):
            return None
        target = location_of(self.rendering)
        own = own_address(target, self.address)
        return Link(target, at_address(own, self.moment) if own else "")

    @property
    def frame(self) -> str:
        """Where what was shown can be framed; empty for what was no page or picture."""
        if not self.body or self.rendering is None:
            return ""
        is_shown = type_of(self.rendering).startswith((PAGE, "image/"))
        return frame_at(self.address, self.moment) if is_shown else ""

    @property
    def file(self) -> str:
        """Where the very bytes are downloaded."""
        return f"{frame_at(self.address, self.moment)}?som-fil" if self.body else ""

    @property
    def links(self) -> list[Link]:
        if not self.body or self.rendering is None or type_of(self.rendering) != PAGE:
            return []
        found = list(recorded_links(self.body, self.address))[:_MOST_LINKS]
        return [Link(words, at_address(there, self.moment)) for words, there in found]

    @property
    def html(self) -> str:
        """What is compared word by word."""
        is_page = self.rendering is not None and type_of(self.rendering) == PAGE
        return (self.body or b"").decode("utf-8", "replace") if is_page else ""

    @property
    def may_be_sealed(self) -> bool:
        kept = (Standing.KEPT, Standing.UNSURE)
        return self.rendering is not None and self.rendering.standing in kept

    @property
    def may_be_weeded(self) -> bool:
        """Also when it is sealed: there are bytes still."""
        return self.rendering is not None and self.rendering.standing is not Standing.WEEDED


def shown_at(address: str, moment: datetime) -> Shown:
    """What the records know of the address at the moment."""
    records = Records()
    rendering = records.at(address, moment)
    if rendering is None and not address.endswith("/"):
        rendering = records.at(f"{address}/", moment)
    if rendering is None:
        return Shown(address, moment, None)
    try:
        return Shown(rendering.address, moment, rendering, records.body(rendering))
    except RecordsError as error:
        return Shown(rendering.address, moment, rendering, missing=_why(error))


def at_address(address: str, moment: datetime) -> str:
    """Our page that shows the address at exactly this moment."""
    return f"{reverse('registrar:at')}?{urlencode(way_back(address, moment))}"


def period_in_words(rendering: Rendering) -> str:
    since = in_words(rendering.since)
    if rendering.until is None:
        return gettext("Version from %(since)s, and still so") % {"since": since}
    period = {"since": since, "until": in_words(rendering.until)}
    return gettext("Version from %(since)s to %(until)s") % period


def standing_in_words(rendering: Rendering) -> str:
    match rendering.standing:
        case Standing.UNSURE:
            return gettext(
                "not sure: something was published again before all pages had been kept, and this is what had been kept last"
            )
        case Standing.SEALED:
            return gettext("sealed for secrecy")
        case Standing.WEEDED:
            return gettext("weeded")
    return gettext("complete")


def met_in_words(rendering: Rendering) -> str:
    """What readers met, where it was no page."""
    status = rendering.status
    if _is_redirect(rendering):
        return gettext("Led on (%(status)d)") % {"status": status}
    if status == HTTPStatus.GONE:
        return gettext("Removed (%(status)d)") % {"status": status}
    if status == HTTPStatus.NOT_FOUND:
        return gettext("Nothing there (%(status)d)") % {"status": status}
    return "" if status == HTTPStatus.OK else str(status)


def location_of(rendering: Rendering) -> str:
    return next((value for name, value in rendering.headers if name.lower() == "location"), "")


def _is_redirect(rendering: Rendering) -> bool:
    return 300 <= rendering.status < 400


def _why(error: RecordsError) -> str:
    match error.why:
        case Standing.SEALED:
            return gettext(
                "What stood here is sealed for secrecy. It is kept, but shown to nobody."
            )
        case Standing.WEEDED:
            return gettext(
                "What stood here has been weeded under a decision. That it existed is still known."
            )
    return gettext(
        "What stood here can no longer be read: the record is damaged. Tell whoever runs the site at once."
    )
