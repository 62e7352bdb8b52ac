"""What the checks say of the newest version of an object: as a page, and beside its form."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.newsroom.acting import SignedInRequest
from pages.newsroom.matching import what_waits
from pages.newsroom.moments import clock
from pages.newsroom.proposals import title_of
from pages.newsroom.rule import Sendable
from pages.newsroom.waivers import check_together

from .findings_part import FindingsPart, findings_part
from .sending_page import found_object
from .ways import editing_address, way_to_object


@never_cache
@require_safe
def check_page(request: SignedInRequest, kind: str, key: str) -> HttpResponse:
    """The findings about what was saved last; alone, for the panel beside the form, with `?part`."""
    stored = found_object(kind, key)
    context = {
        "findings": _findings_about(request, stored, kind, key),
        "at": clock(timezone.now()),
        "title": title_of(stored),
        "form_address": editing_address(request.user, stored),
    }
    name = "findings" if "part" in request.GET else "check"
    return render(request, f"newsdesk/{name}.html", context)


def _findings_about(request: SignedInRequest, stored: Any, kind: str, key: str) -> FindingsPart:
    newest = stored.latest_revision
    if newest is None:
        return FindingsPart([])
    sendables: list[Sendable] = [newest]
    if (waits := what_waits(kind, key)) is not None:
        # Drafts that were sent together may lead to each other.
        items = waits.items.exclude(kind=kind, key=key).select_related("revision", "proposal")
        sendables += [sendable for item in items if (sendable := item.sendable)]
    checked = check_together(sendables)
    address = way_to_object("send", stored) if waits is None else ""
    return findings_part(request, sendables[:1], checked[:1], send_address=address)


def findings_beside_form() -> str:
    """The script that fetches the findings into the panel of Wagtail's checks, and how they look."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" defer></script>',
        static("css/findings.css"),
        static("js/findings_beside_form.js"),
    )
