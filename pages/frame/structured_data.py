"""Describes a page to search engines in the terms of schema.org (JSON-LD)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import get_language

from pages.models import BasePage, Event
from pages.tree.addresses import address_of

from .navigation import Crumb

AGENCY = {
    "@type": "GovernmentOrganization",
    "name": "Säkerhetspolisen",
    "alternateName": "Swedish Security Service",
    "telephone": settings.PHONE_WITH_HYPHENS,
}


def described_by_schema(
    request: HttpRequest, page: BasePage, crumbs: list[Crumb]
) -> dict[str, Any]:
    """The page's type, name, language, dates and place, and who is behind it."""
    absolute = request.build_absolute_uri
    agency = AGENCY | {"url": absolute("/")}
    about: dict[str, Any] = {
        "@type": page.schema_type,
        "name": page.title,
        "url": absolute(address_of(page.url_path) or request.path),
        "inLanguage": get_language(),
        "publisher": agency,
    }
    if description := page.search_description or page.listing_summary:
        about["description"] = description
    if page.changed_on:
        about["dateModified"] = page.changed_on.isoformat()
    if page.published_time:
        about |= {"headline": page.title, "datePublished": page.published_time}
    if page.topics:
        about["about"] = [{"@type": "Thing", "name": topic.name} for topic in page.topics]
    graph = [about]
    if event := getattr(page, "event", None):
        graph.append(_event(event, about, agency))
    if len(crumbs) > 1:
        graph.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": crumb.title,
                        "item": absolute(crumb.url or request.path),
                    }
                    for position, crumb in enumerate(crumbs, start=1)
                ],
            }
        )
    return {"@context": "https://schema.org", "@graph": graph}


def _event(event: Event, about: dict[str, Any], agency: dict[str, Any]) -> dict[str, Any]:
    described = {
        "@type": "Event",
        **{
            name: about[name]
            for name in ("name", "url", "inLanguage", "description", "image")
            if name in about
        },
        "startDate": localtime(event.starts_at).isoformat(timespec="seconds"),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": event.place, "address": event.place},
        "organizer": agency,
    }
    if event.ends_at:
        described["endDate"] = localtime(event.ends_at).isoformat(timespec="seconds")
    return described
