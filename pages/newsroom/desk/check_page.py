"""What the checks say of the newest version of an object: as a page, and beside its form."""

from typing import Any

from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.ui.side_panels import BaseSidePanel, ChecksSidePanel

from pages.newsroom.digest import kind_of
from pages.newsroom.matching import what_waits
from pages.newsroom.moments import clock
from pages.newsroom.proposals import title_of
from pages.newsroom.putting_aside import check_together
from pages.newsroom.rule import Sendable

from .findings_part import FindingsPart, findings_part
from .sending_page import found_object
from .ways import editing_address, goes_through_newsroom, way_to_object


@never_cache
@require_safe
def check_page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
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


def _findings_about(request: HttpRequest, stored: Any, kind: str, key: str) -> FindingsPart:
    newest = stored.latest_revision
    if newest is None:
        return FindingsPart([])
    things: list[Sendable] = [newest]
    if (waits := what_waits(kind, key)) is not None:
        # Drafts that were sent together may lead to each other.
        items = waits.items.exclude(kind=kind, key=key).select_related("revision", "proposal")
        things += [thing for item in items if (thing := item.thing)]
    checked = check_together(things)
    address = way_to_object("send", stored) if waits is None else ""
    return findings_part(request, things[:1], checked[:1], send_address=address)


def show_our_checks() -> None:
    """Puts our list in the panel of Wagtail's checks, which would say the same in other words."""
    ChecksSidePanel.title = _("Check before publishing")
    ChecksSidePanel.SidePanelToggle.aria_label = _("Check before publishing")
    ChecksSidePanel.get_context_data = _with_way_to_findings
    ChecksSidePanel.media = Media(
        css={"all": ["css/findings.css"]}, js=["js/findings_beside_form.js"]
    )


def _with_way_to_findings(panel: ChecksSidePanel, parent_context: Any) -> dict[str, Any]:
    context: dict[str, Any] = BaseSidePanel.get_context_data(panel, parent_context)
    if goes_through_newsroom(panel.model):
        # Beside the form of something new the key comes with the first saving.
        address = reverse("newsdesk:check", args=[kind_of(panel.object), "KEY"])
        context["check_address"], context["check_key"] = address, panel.object.pk
    return context
