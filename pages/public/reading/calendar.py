"""The calendar file of a press invitation (RFC 5545)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.content.models import BasePage, PressMeeting
from pages.content.tree.addresses import address_of
from pages.public.store.keeping import kept

from .finding import page_in

_LONGEST_LINE = 75  # octets (section 3.1)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")


@require_safe
@kept
@cache_control(public=True, max_age=300)
def calendar(request: HttpRequest, path: str) -> HttpResponse:
    """What the page at this path invites to, as a file for the reader's calendar."""
    language = get_language() or settings.LANGUAGE_CODE
    page = page_in(language, path)
    event: PressMeeting | None = getattr(page, "event", None)
    if page is None or event is None:
        raise Http404
    lines = _lines(page, event, request.build_absolute_uri(address_of(page.url_path)))
    return HttpResponse(
        "".join(f"{_folded(line)}\r\n" for line in lines),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{page.slug}.ics"'},
    )


def _lines(page: BasePage, event: PressMeeting, url: str) -> Iterator[str]:
    changed = _utc(page.last_published_at or timezone.now())
    texts = [page.lead, _register_by(event.register_by) if event.register_by else ""]
    host = url.split("/")[2].partition(":")[0]
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{host}//SV"
    yield "BEGIN:VEVENT"
    yield f"UID:{page.translation_key}-{page.locale.language_code}@{host}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    if event.ends_at:
        yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{_text(page.title)}"
    yield f"LOCATION:{_text(event.place)}"
    yield f"DESCRIPTION:{_text(chr(10).join(filter(None, texts)))}"
    yield f"URL:{url}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _register_by(moment: datetime) -> str:
    return _("Register no later than %(moment)s.") % {
        "moment": date_format(timezone.localtime(moment), r"j F Y H.i")
    }


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A value of the kind TEXT (section 3.3.11)."""
    text = _CONTROL.sub(" ", "\n".join(text.splitlines()))
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces that are no longer than a line may be, and cut no letter."""
    pieces, octets = [""], 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _LONGEST_LINE:
            pieces.append(" ")
            octets = 1
        pieces[-1] += letter
        octets += size
    return "\r\n".join(pieces)
